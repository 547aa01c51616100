package imagestore

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ImportProps configures an Import.
type ImportProps struct {
	// Store that images are imported into. Required.
	Store *ImageStore

	// Landing is where DICOM files arrive, in a bucket that sends its events to
	// EventBridge (EnableEventBridge of a zone in package storage). Required.
	Landing Folder

	// Reports is where HealthImaging writes what became of each file.
	// Default: beside Landing, "dicom-reports/" for "dicom/".
	Reports *Folder

	// Quarantine is where a record of each import that failed or refused files is kept.
	// Default: beside Landing, "dicom-quarantine/" for "dicom/".
	Quarantine *Folder

	// PollSeconds is how often the state of a job is asked for, from 10 to 3600. An
	// import may take 1,500 times as long.
	// Default: 60, for imports of up to 25 hours.
	PollSeconds *float64

	// AlarmTopic hears of imports that failed. A topic that is encrypted must let
	// CloudWatch use its key, and the workflow too.
	// Default: a new topic, encrypted with the store's key; nobody is subscribed to it.
	AlarmTopic awssns.ITopic
}

func (p *ImportProps) withDefaults() ImportProps {
	out := ImportProps{}
	if p != nil {
		out = *p
	}
	if out.Reports == nil {
		out.Reports = out.Landing.beside("-reports")
	}
	if out.Quarantine == nil {
		out.Quarantine = out.Landing.beside("-quarantine")
	}
	if out.PollSeconds == nil {
		seconds := 60.0
		out.PollSeconds = &seconds
	}
	return out
}

func (p *ImportProps) problems() problem.List {
	var list problem.List
	if p.Store == nil {
		list.Addf("Store", "nothing", "a store", "set Store")
	}
	p.Landing.check(&list, "Landing")
	if p.Landing.Bucket != nil && folderPrefix.MatchString(p.Landing.Prefix) {
		p.Reports.check(&list, "Reports")
		p.Quarantine.check(&list, "Quarantine")
		for _, other := range []struct {
			path   string
			folder Folder
		}{{"Reports", *p.Reports}, {"Quarantine", *p.Quarantine}} {
			if p.Landing.overlaps(other.folder) {
				list.Addf(other.path+".Prefix", fmt.Sprintf("%q, which overlaps Landing", other.folder.Prefix), "a folder of its own", "choose another prefix")
			}
		}
		if p.Reports.overlaps(*p.Quarantine) {
			list.Addf("Quarantine.Prefix", fmt.Sprintf("%q, which overlaps Reports", p.Quarantine.Prefix), "a folder of its own", "choose another prefix")
		}
	}
	if s := *p.PollSeconds; s < 10 || s > 3600 || s != float64(int(s)) {
		list.Addf("PollSeconds", fmt.Sprint(s), "a whole number from 10 to 3600", "leave it out for 60")
	}
	return list
}
