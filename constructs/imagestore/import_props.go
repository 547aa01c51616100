package imagestore

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ImportProps configures an Import.
type ImportProps struct {
	// Store that images are imported into. Required.
	Store IImageStore

	// Landing is where DICOM files arrive. Its bucket has to send events to
	// EventBridge: a bucket that this app makes is told to. Required.
	Landing Folder

	// Results is where HealthImaging reports what became of each file.
	// Default: beside Landing, "dicom-import-results/" for "dicom/".
	Results *Folder

	// Quarantine is where a record of each import that failed or refused files is kept.
	// Default: in the bucket of Landing, "quarantine/dicom/" for "dicom/".
	Quarantine *Folder

	// PollInterval is how often the state of a job is asked for, from 10 seconds to an
	// hour. An import may take 1,500 times as long.
	// Default: a minute, for imports of up to 25 hours.
	PollInterval awscdk.Duration

	// AlarmTopic hears of imports that failed. A topic that is encrypted must let
	// CloudWatch use its key, and the workflow too.
	// Default: a new topic, encrypted with the store's key; nobody is subscribed to it.
	AlarmTopic awssns.ITopic
}

// importPlan is ImportProps with its defaults.
type importPlan struct {
	ImportProps
	Landing             workflow.Folder
	Results, Quarantine *workflow.Folder
}

func (p *ImportProps) withDefaults() importPlan {
	out := importPlan{}
	if p != nil {
		out.ImportProps = *p
	}
	out.Landing = out.ImportProps.Landing.place()
	out.Results = placeOr(out.ImportProps.Results, *out.Landing.Beside("-import-results"))
	out.Quarantine = placeOr(out.ImportProps.Quarantine, workflow.Folder{Bucket: out.Landing.Bucket, Prefix: "quarantine/" + out.Landing.Prefix})
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(1))
	}
	return out
}

func (p *importPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthImaging().CheckStore(&list, scope, p.Store)
	p.Landing.Check(&list, "Landing", exampleFolder)
	if p.Landing.Valid() {
		p.Results.Check(&list, "Results", exampleFolder)
		p.Quarantine.Check(&list, "Quarantine", exampleFolder)
		for _, other := range []struct {
			path   string
			folder workflow.Folder
		}{{"Results", *p.Results}, {"Quarantine", *p.Quarantine}} {
			if p.Landing.Overlaps(other.folder) {
				list.Addf(other.path+".Prefix", fmt.Sprintf("%q, which overlaps Landing", other.folder.Prefix), "a folder of its own", "choose another prefix")
			}
		}
		if p.Results.Overlaps(*p.Quarantine) {
			list.Addf("Quarantine.Prefix", fmt.Sprintf("%q, which overlaps Results", p.Quarantine.Prefix), "a folder of its own", "choose another prefix")
		}
	}
	if seconds := p.pollSeconds(); seconds < 10 || seconds > 3600 {
		list.Addf("PollInterval", fmt.Sprintf("%d seconds", seconds), "10 seconds to an hour", "leave it out for a minute")
	}
	return list
}

func (p *importPlan) pollSeconds() int {
	return int(*p.PollInterval.ToSeconds(&awscdk.TimeConversionOptions{Integral: jsii.Bool(false)}))
}
