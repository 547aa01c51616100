package imagestore

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// ImportProps configures an Import.
type ImportProps struct {
	// Store that images are imported into. Required.
	Store IImageStore

	// Landing is where DICOM files arrive. Its bucket has to send events to
	// EventBridge: a bucket that this app makes is told to. Required.
	Landing storage.S3Location

	// Results is where HealthImaging reports what became of each file.
	// Default: beside Landing, "dicom-import-results/" for "dicom/".
	Results *storage.S3Location

	// Quarantine is where a record of each import that failed or refused files is kept.
	// Default: in the bucket of Landing, "quarantine/dicom/" for "dicom/".
	Quarantine *storage.S3Location

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
	at delivery.Locations
}

func (p *ImportProps) withDefaults() importPlan {
	out := importPlan{}
	if p != nil {
		out.ImportProps = *p
	}
	prefix := cdkx.Value(out.Landing.Prefix, "")
	out.at = delivery.LocationsOf(out.Landing, out.Results, out.Quarantine, strings.TrimSuffix(prefix, "/")+"-import-results/", "quarantine/"+prefix)
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(1))
	}
	return out
}

func (p *importPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthImaging().CheckStore(&list, scope, p.Store)
	p.at.Check(&list, examplePrefix)
	if p.at.Results.Overlaps(p.at.Quarantine) {
		list.Addf("Quarantine.Prefix", fmt.Sprintf("%q, which overlaps Results", p.at.Quarantine.Prefix), "a prefix of its own", "choose another prefix")
	}
	delivery.CheckPollInterval(&list, p.PollInterval, 10)
	return list
}

const examplePrefix = "dicom/"
