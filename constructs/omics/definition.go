package omics

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Engine is the language that a workflow is written in.
type Engine string

// The languages that HealthOmics runs.
// Source: "AWS::Omics::Workflow".
const (
	WDL      Engine = "WDL"
	Nextflow Engine = "NEXTFLOW"
	CWL      Engine = "CWL"
)

// Parameter is one that a run of a workflow takes.
type Parameter struct {
	// Description is at most 256 characters.
	// Default: none.
	Description *string

	// Optional lets a run leave it out.
	// Default: false.
	Optional *bool
}

// Definition is what a run of a workflow does. It can never be changed.
type Definition struct {
	// Path is a folder of the definition's files, or a zip file of them. The CDK uploads
	// it, and its digest is part of the template.
	// Default: none; either Path or URI is required.
	Path *string

	// URI is a zip file in S3 that is there already, such as
	// "s3://riverside-workflows/germline-1.4.0.zip", at most 256 characters. Never write
	// another file in its place: nothing would notice.
	// Default: none; either Path or URI is required.
	URI *string

	// Engine is the language. Required.
	Engine Engine

	// Main is the file of the zip that a run begins with, at most 128 characters.
	// Default: HealthOmics finds main.wdl, main.nf or main.cwl.
	Main *string

	// Parameters are those that a run takes, at most 1,000.
	// Default: HealthOmics reads them from the definition.
	Parameters map[string]Parameter

	// StorageCapacity is the file system of each run in GiB, from 1 to 100,000;
	// HealthOmics rounds it up to 1,200 or a multiple of 2,400. It is faster and cheaper
	// for each GiB than one that grows, is paid for whole, and a run that fills it fails.
	// Default: a file system that grows with the run (DYNAMIC).
	// Source: "Run storage types in HealthOmics workflows".
	StorageCapacity *float64
}

// What CloudFormation takes of a definition.
const maxURI, maxMain, maxParameters, maxCapacity = 256, 128, 1000, 100_000

var zipURI = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+\.zip$`)

func (d *Definition) check(list *problem.List) {
	const either = "the folder or the zip file of a definition"
	switch {
	case d.Path == nil && d.URI == nil:
		list.Addf("Definition.Path", "nothing", either, "set Path, or URI for a zip file that is in S3")
	case d.Path != nil && d.URI != nil:
		list.Addf("Definition.URI", cdkx.Quote(*d.URI)+" beside Path", either, "leave one of the two out")
	case d.Path != nil:
		if info, err := os.Stat(*d.Path); err != nil || !info.IsDir() && !strings.HasSuffix(*d.Path, ".zip") {
			list.Addf("Definition.Path", cdkx.Quote(*d.Path)+", which is neither", either, "correct it; it is looked for from where the program runs")
		}
	case !cdkx.HoldsToken(*d.URI) && (!zipURI.MatchString(*d.URI) || len(*d.URI) > maxURI):
		list.Addf("Definition.URI", cdkx.Quote(*d.URI), fmt.Sprintf("a zip file in S3, at most %d characters", maxURI), `write it like "s3://riverside-workflows/germline-1.4.0.zip"`)
	}
	if engines := []Engine{WDL, Nextflow, CWL}; !slices.Contains(engines, d.Engine) {
		list.Addf("Definition.Engine", cdkx.Quote(d.Engine), "WDL, NEXTFLOW or CWL", "take one of the constants")
	}
	checkText(list, "Definition.Main", d.Main, maxMain)
	cdkx.CheckWhole(list, "Definition.StorageCapacity", d.StorageCapacity, "GiB", 1, maxCapacity, "leave it out for a file system that grows")
	if n := len(d.Parameters); n > maxParameters {
		list.Addf("Definition.Parameters", fmt.Sprintf("%d parameters", n), fmt.Sprintf("at most %d", maxParameters), "let files say the rest")
	}
	for _, name := range slices.Sorted(maps.Keys(d.Parameters)) {
		path := fmt.Sprintf("Definition.Parameters[%q]", name)
		checkText(list, path, &name, maxName)
		cdkx.CheckLength(list, path+".Description", d.Parameters[name].Description, maxDescription)
	}
}

// rendered is a definition as CloudFormation takes it.
type rendered struct {
	uri, engine, main, storage *string
	capacity                   *float64
	parameters                 any
	digest                     string // of the definition, where the CDK uploads its files
}

// render uploads the files of a definition where they are in a folder.
func (d *Definition) render(scope constructs.Construct) rendered {
	out := rendered{uri: d.URI, engine: jsii.String(string(d.Engine)), main: d.Main, storage: jsii.String("DYNAMIC"), capacity: d.StorageCapacity}
	if d.Path != nil {
		asset := awss3assets.NewAsset(scope, jsii.String("Definition"), &awss3assets.AssetProps{Path: d.Path})
		sum := sha256.New()
		fmt.Fprintf(sum, "%s %s %q", *asset.AssetHash(), d.Engine, cdkx.Value(d.Main, ""))
		for _, name := range slices.Sorted(maps.Keys(d.Parameters)) {
			fmt.Fprintf(sum, " %q %q %t", name, cdkx.Value(d.Parameters[name].Description, ""), cdkx.Value(d.Parameters[name].Optional, false))
		}
		out.uri, out.digest = asset.S3ObjectUrl(), hex.EncodeToString(sum.Sum(nil))
	}
	if d.StorageCapacity != nil {
		out.storage = jsii.String("STATIC")
	}
	if len(d.Parameters) > 0 {
		parameters := map[string]any{}
		for name, p := range d.Parameters {
			parameter := map[string]any{"optional": cdkx.Value(p.Optional, false)}
			if p.Description != nil {
				parameter["description"] = *p.Description
			}
			parameters[name] = parameter
		}
		out.parameters = parameters
	}
	return out
}

// keepDefinition retains what runs name: a result is only understood with the definition
// that it came from.
func keepDefinition(owner constructs.Construct, resource awscdk.CfnResource) {
	cdkx.Retain(resource)
	cdkx.RegistryOf(owner).Guard(owner, resource)
}
