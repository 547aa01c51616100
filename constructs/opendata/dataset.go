package opendata

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// DatasetProps configures a Dataset.
type DatasetProps struct {
	// Dataset is the id of a data set of registry.Datasets that has tables: clinvar.
	// Required.
	Dataset *string

	// Database that the tables stand in. Required.
	Database catalog.IDatabase

	// Location is the s3://bucket/prefix/ of a copy, with a folder for each table. The
	// bucket's policy admits the role of the location.
	// Default: the place of the publisher, who must host the data set.
	Location *string

	// Tables are the names of the tables that are made.
	// Default: all of the data set.
	Tables []string

	// Role that serves the location; share one among the locations of a domain.
	// Default: a role of its own.
	Role *governance.LocationRole

	// Key that encrypts the files of a copy.
	// Default: none; then files that are encrypted with SSE-KMS cannot be read.
	Key awskms.IKey
}

// Dataset is an open data set in the catalog: external tables, and the location of their
// files, which is registered to be read only.
type Dataset struct {
	constructs.Construct

	contract *contract.Contract
	location *governance.Location
	tables   []*catalog.Table
}

// NewDataset makes the tables of an open data set. The tables wait for the registration of the
// folder that they are in, which is one for all of them, and their partitions are projected.
//
// It panics with every problem of the props at once: an unknown data set or table, one without
// tables, one that nobody hosts and no location, and what governance.NewLocation says of a
// place that is registered already.
//
// Sources: "Registering an Amazon S3 location in another AWS account"; "Partition projection
// with Amazon Athena".
func NewDataset(scope constructs.Construct, id *string, props *DatasetProps) *Dataset {
	p := cdkx.Value(props, DatasetProps{})
	product, problems := p.contract(scope)
	cdkx.Check(scope, id, problems)

	d := &Dataset{contract: product}
	cdkx.Add(d, scope, id)
	partition := publishers
	if p.Location != nil {
		partition = *cdkx.Partition(d)
	}
	place := s3uri.Parse(product.Tables[0].Registered)
	d.location = governance.NewLocation(d, jsii.String("Location"), &governance.LocationProps{
		ARN:  jsii.String(place.ARN(partition)),
		Role: p.Role, Key: p.Key, ReadOnly: jsii.Bool(true),
	})
	for i := range product.Tables {
		t := &product.Tables[i]
		d.tables = append(d.tables, catalog.NewTable(d, jsii.String("Table-"+t.Name), &catalog.TableProps{
			Database: p.Database, Table: t, Contract: product, After: []awscdk.CfnResource{d.location.Cfn()},
		}))
	}
	return d
}

// Contract is that of the data set as it is used.
func (d *Dataset) Contract() *contract.Contract { return d.contract }

// Location is the registered folder.
func (d *Dataset) Location() *governance.Location { return d.location }

// Tables are the tables, in the order of the catalogue.
func (d *Dataset) Tables() []*catalog.Table { return append([]*catalog.Table(nil), d.tables...) }

// Table is the table of that name, or nil.
func (d *Dataset) Table(name string) *catalog.Table {
	for _, t := range d.tables {
		if *t.TableName() == name {
			return t
		}
	}
	return nil
}

// GrantRead lets the principal read every table of the data set. It does not keep anybody from
// reading the files where their publisher shows them.
func (d *Dataset) GrantRead(principal governance.Principal) *governance.Grant {
	var out *governance.Grant
	for _, t := range d.tables {
		made := t.GrantRead(principal)
		if out == nil {
			out = made
		} else {
			out = out.Combine(made)
		}
	}
	return out
}

// publishers is the partition that the publishers' buckets are in.
const publishers = "aws"

// contract is that of the data set, with what is wrong with the props.
func (p *DatasetProps) contract(scope constructs.Construct) (*contract.Contract, problem.List) {
	var list problem.List
	if p.Database == nil {
		list.Addf("Database", "nothing", "a database", "pass one of the app, or catalog.DatabaseFromName")
	}
	id := cdkx.Value(p.Dataset, "")
	set, ok := registry.Find(id)
	if !ok {
		list.Addf("Dataset", cdkx.Quote(id), problem.OneOf(registry.IDs()), problem.DidYouMean(id, registry.IDs(), "name a data set of the catalogue"))
		return nil, list
	}
	out, err := set.Contract(registry.Use{Location: cdkx.Value(p.Location, ""), Tables: p.Tables})
	for _, found := range problem.Of(err) {
		found.Path = strings.ToUpper(found.Path[:1]) + found.Path[1:]
		list.Add(found)
	}
	if p.Location == nil && err == nil {
		cdkx.CheckPartition(&list, scope, "Location", s3uri.Parse(set.Location).ARN(publishers))
	}
	return out, list
}
