package workflow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
)

const variantsBucket = "riverside-variants-raw"

// core is a deployed variant lake.
type core struct {
	*cloud
	machine, application string
}

func newCore(t *testing.T) core {
	t.Helper()
	context := flags.Recommended()
	stack := awscdk.NewStack(awscdk.NewApp(&awscdk.AppProps{Context: &context, AnalyticsReporting: jsii.Bool(false)}), jsii.String("Test"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
		Synthesizer:           awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{GenerateBootstrapVersionRule: jsii.Bool(false)}),
		TerminationProtection: jsii.Bool(true),
	})
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{AllowFullTableAccess: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		BucketNames: &storage.BucketNames{Raw: jsii.String(variantsBucket), Curated: jsii.String("riverside-variants-curated")},
	})
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Curated().BucketArn(), Key: lake.Key()})
	location.Cfn().AddResourceDependency(settings.Cfn(), nil)
	database := catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("genomics")})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	variants.NewVariantLake(stack, jsii.String("Variants"), &variants.VariantLakeProps{
		Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("vcf/")}, Files: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("variants/")},
		Database: database, Locations: []governance.ILocation{location},
	})
	c := core{cloud: launch(t)}
	c.deploy(t, render(t, stack))
	c.machine = c.id(t, machineType, "VariantsLoad")
	c.application = c.id(t, "AWS::EMRServerless::Application", "Variants")
	return c
}

// submitted are the runs of Spark, the oldest first, with the arguments of the script.
func (c core) submitted(t *testing.T) (states []string, arguments [][]string) {
	t.Helper()
	get := func(path string, into any) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.server.Endpoint()+"/applications/"+c.application+"/jobruns"+path, nil)
		must(t, err)
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=localaws/20260101/"+region+"/emr-serverless/aws4_request, SignedHeaders=host, Signature=0")
		c.send(t, request, into)
	}
	var listed struct {
		JobRuns []struct{ ID, State string } `json:"jobRuns"`
	}
	get("", &listed)
	for _, r := range listed.JobRuns {
		var shown struct {
			JobRun struct {
				JobDriver struct {
					SparkSubmit struct{ EntryPointArguments []string }
				}
			}
		}
		get("/"+r.ID, &shown)
		states = append(states, r.State)
		arguments = append(arguments, shown.JobRun.JobDriver.SparkSubmit.EntryPointArguments)
	}
	return states, arguments
}

// manifest are the objects that a manifest names, sorted.
func (c core) manifest(t *testing.T, run string) []string {
	t.Helper()
	var out []string
	for _, part := range c.keys(t, variantsBucket, "vcf-runs/"+run+"/") {
		for line := range strings.Lines(c.text(t, variantsBucket, "vcf-runs/"+run+"/"+part)) {
			var object struct {
				URI, ETag string
				Size      int
			}
			must(t, json.Unmarshal([]byte(line), &object))
			if object.ETag == "" || object.Size == 0 {
				t.Errorf("%s", line)
			}
			out = append(out, object.URI)
		}
	}
	slices.Sort(out)
	return out
}

// What arrives is collected into one run, whatever it is and however often it is told of;
// what fails is tried again, and what failed twice can be loaded by its manifest.
func TestArrivalsBecomeOneRun(t *testing.T) {
	c := newCore(t)
	c.ended(t, c.start(t, c.machine, object{}), "SUCCEEDED", "")
	if states, _ := c.submitted(t); len(states) > 0 {
		t.Fatalf("%d runs of nothing", len(states))
	}

	const vcf = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
	var want []string
	for i := range 12 {
		key := fmt.Sprintf("vcf/study 1/%02d é.vcf", i)
		c.put(t, variantsBucket, key, vcf)
		want = append(want, "s3://"+variantsBucket+"/"+key)
	}
	for _, other := range []string{"vcf/readme.txt", "vcf/a.vcf.gz.tbi", "other/b.vcf"} {
		c.put(t, variantsBucket, other, vcf)
	}
	loaded := c.start(t, c.machine, object{})
	c.ended(t, loaded, "SUCCEEDED", "")
	if got := c.manifest(t, loaded.Name); !slices.Equal(got, want) {
		t.Errorf("the manifest has %q, want %q", got, want)
	}
	states, arguments := c.submitted(t)
	if len(states) != 1 {
		t.Fatalf("runs %v", states)
	}
	if want := []string{"--manifest", "s3://" + variantsBucket + "/vcf-runs/" + loaded.Name + "/", "--database", "glue_catalog.genomics", "--run", loaded.Name, "--max-malformed", "0.01"}; !slices.Equal(arguments[0], want) {
		t.Errorf("the job is given %q, want %q", arguments[0], want)
	}
	c.ended(t, c.start(t, c.machine, object{}), "SUCCEEDED", "") // the queue is empty

	c.put(t, variantsBucket, "vcf/late.vcf.gz", vcf)
	c.script(t, object{"operation": "StartJobRun", "status": "FAILED", "times": 3})
	failed := c.start(t, c.machine, object{})
	c.ended(t, failed, "FAILED", "NotLoaded")
	again := c.start(t, c.machine, object{"manifest": "s3://" + variantsBucket + "/vcf-runs/" + failed.Name + "/"})
	c.ended(t, again, "SUCCEEDED", "")
	states, arguments = c.submitted(t)
	if !slices.Equal(states, []string{"SUCCESS", "FAILED", "FAILED", "FAILED", "SUCCESS"}) || arguments[4][1] != arguments[1][1] {
		t.Errorf("runs %v with %q", states, arguments)
	}
}
