package delivery

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Locations are those of an import.
type Locations struct {
	Landing    workflow.Location // where files arrive
	Results    workflow.Location // what became of each file
	Quarantine workflow.Location // records of what was not imported
}

// LocationsOf returns the locations that props name. Results and quarantine are nil by
// default, and are then below their prefixes in the bucket of the landing location.
func LocationsOf(landing storage.S3Location, results, quarantine *storage.S3Location, resultsPrefix, quarantinePrefix string) Locations {
	location := func(given *storage.S3Location, prefix string) workflow.Location {
		if given == nil {
			return workflow.Location{Bucket: landing.Bucket, Prefix: prefix}
		}
		return workflow.At(given.Bucket, given.Prefix)
	}
	return Locations{location(&landing, ""), location(results, resultsPrefix), location(quarantine, quarantinePrefix)}
}

// MarkerPrefix begins the keys of completion marker objects. It stands beside the
// import prefixes, because a service tries to import whatever is below one.
func (l Locations) MarkerPrefix() string { return l.Landing.Prefix + "_complete/" }

// Check reports what is wrong with the locations; example is a prefix to write instead.
func (l Locations) Check(list *problem.List, example string) {
	l.Landing.Check(list, "Landing", example)
	if l.Landing.Bucket == nil {
		return
	}
	for _, other := range []struct {
		path     string
		location workflow.Location
	}{{"Results", l.Results}, {"Quarantine", l.Quarantine}} {
		other.location.Check(list, other.path, example)
		if other.location.Overlaps(l.Landing) {
			list.Addf(other.path+".Prefix", fmt.Sprintf("%q beside the landing prefix %q", other.location.Prefix, l.Landing.Prefix),
				"prefixes apart from each other", "choose another prefix: what a job writes must not be imported")
		}
	}
}

// Seconds returns a poll interval in seconds.
func Seconds(interval awscdk.Duration) int {
	return int(*interval.ToSeconds(&awscdk.TimeConversionOptions{Integral: jsii.Bool(false)}))
}

// CheckPollInterval reports an interval that is shorter than least or longer than an hour.
func CheckPollInterval(list *problem.List, interval awscdk.Duration, least int) {
	if seconds := Seconds(interval); seconds < least || seconds > 3600 {
		list.Addf("PollInterval", fmt.Sprintf("%d seconds", seconds), fmt.Sprintf("%d seconds to an hour", least), "leave it out")
	}
}
