package registry

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Use says how a data set is used.
type Use struct {
	// Location is the s3://bucket/prefix/ of a copy with the folders of the tables.
	// Default: the place of the publisher, who must host the data set.
	Location string

	// Tables are the names of those that are used.
	// Default: all of the data set.
	Tables []string
}

// ContractFile is the name of the file with the contract of the data set.
func (d *Dataset) ContractFile() string { return path.Join("contracts", d.ID+".odcs.yaml") }

// ContractText returns the contract of all tables of the data set in the Open Data Contract
// Standard, at the place of the publisher where there is one; nil of a data set without tables.
func (d *Dataset) ContractText() []byte {
	data, err := files.ReadFile(d.ContractFile())
	if err != nil {
		return nil
	}
	return data
}

// Contract returns the contract of a data set as it is used: external tables that are read and
// never written. Every column is public. Their places are registered with Lake Formation as
// one: the folder that they are all in.
//
// The error is a problem.List with everything that is wrong with the use at once: a data set
// without tables, a place that is none or is missing and its publisher does not host the data
// set, an unknown table. Paths are location and tables.
func (d *Dataset) Contract(use Use) (*contract.Contract, error) {
	if err := d.check(use).Err(); err != nil {
		return nil, err
	}
	out, err := contract.Parse("opendata/"+path.Base(d.ContractFile()), d.ContractText())
	if err != nil {
		return nil, err
	}
	if use.Tables != nil {
		out.Tables = slices.DeleteFunc(out.Tables, func(t contract.Table) bool { return !slices.Contains(use.Tables, t.Name) })
	}
	place := strings.TrimSuffix(cmp.Or(use.Location, d.Location), "/") + "/"
	for i := range out.Tables {
		out.Tables[i].Registered, out.Tables[i].Location, out.Tables[i].Locations = place, place+out.Tables[i].Name+"/", nil
	}
	return out.Resolve(), nil
}

func (d *Dataset) check(use Use) problem.List {
	var list problem.List
	if len(d.Tables) == 0 {
		list.Addf("tables", d.ID+", which has no tables", "a data set with tables", "bring its files into the lake by a job: "+d.LeftOut)
		return list
	}
	if use.Location == "" && d.Status != Open {
		list.Addf("location", "nothing, and "+d.ID+" is "+string(d.Status)+" ("+d.StatusSource+")",
			"the place of a copy, as whoever gets a bucket of that name next could put other files into it",
			"write location: s3://bucket/prefix/ of a bucket that you trust, with a folder for each table")
	}
	if use.Location != "" && !s3uri.IsFolder(strings.TrimSuffix(use.Location, "/")+"/") {
		list.Addf("location", fmt.Sprintf("%q", use.Location), "s3://bucket/prefix/", "write the prefix that the folders of the tables are under")
	}
	if use.Tables != nil && len(use.Tables) == 0 {
		list.Addf("tables", "an empty list", "names of tables", "list them, or leave it out for all")
	}
	for i, name := range use.Tables {
		if d.Table(name) == nil {
			list.Addf(problem.Index("tables", i), fmt.Sprintf("%q", name), problem.OneOf(d.TableNames()), problem.DidYouMean(name, d.TableNames(), "write one of them"))
		}
	}
	return list
}
