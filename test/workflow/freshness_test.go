package workflow

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// The age of a product is that of the oldest of its sources: a workflow that has run, one
// that has not, two tables of which Athena says the ages, folders with files and without.
func TestFreshness(t *testing.T) {
	stack := newStack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	machine := func(name string) string {
		awsstepfunctions.NewCfnStateMachine(stack, jsii.String("Machine-"+name), &awsstepfunctions.CfnStateMachineProps{
			StateMachineName: jsii.String(name), DefinitionString: jsii.String(`{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}`),
			RoleArn: awsiam.NewRole(stack, jsii.String("Role-"+name), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil)}).RoleArn(),
		})
		return "arn:aws:states:" + region + ":" + account + ":stateMachine:" + name
	}
	table := func(name string) catalog.ITable {
		return catalog.TableFromName(stack, jsii.String("Table-"+name), jsii.String("lake"), jsii.String(name))
	}
	awss3.NewBucket(stack, jsii.String("Files"), &awss3.BucketProps{BucketName: jsii.String("river-files")})
	files := awss3.Bucket_FromBucketName(stack, jsii.String("Folders"), jsii.String("river-files"))
	folder := func(prefix string) storage.S3Location {
		return storage.S3Location{Bucket: files, Prefix: jsii.String(prefix)}
	}
	made := machine("made")
	product := func(name string) monitoring.FreshProduct {
		return monitoring.FreshProduct{Name: jsii.String(name), Minutes: jsii.Number(60)}
	}
	ran, never, loaded, arrived, empty := product("ran"), product("never"), product("loaded"), product("arrived"), product("empty")
	ran.StateMachineARNs = []string{made}
	never.StateMachineARNs = []string{made, machine("idle")}
	loaded.Tables = []catalog.ITable{table("results"), table("notes")}
	arrived.Folders = []storage.S3Location{folder("plates/")}
	empty.Folders = []storage.S3Location{folder("plates/"), folder("none/")}
	monitoring.NewFreshness(stack, jsii.String("Freshness"), &monitoring.FreshnessProps{
		Mesh: jsii.String("river"), Domain: jsii.String("lab"), Key: lake.Key(),
		WorkGroup: query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("ages"), Key: lake.Key()}),
		Products:  []monitoring.FreshProduct{ran, never, loaded, arrived, empty},
	})
	text := render(t, stack)
	c := launch(t)
	c.deploy(t, text)

	row := func(values ...string) object {
		var data []object
		for _, v := range values {
			data = append(data, object{"VarCharValue": v})
		}
		return object{"Data": data}
	}
	c.answer(t, row("product", "age"), row("loaded", "17"), row("loaded", "4711"))
	c.ended(t, c.start(t, made, object{}), "SUCCEEDED", "")
	for _, key := range []string{"plates/a.csv", "plates/b.csv"} {
		c.put(t, "river-files", key, "x")
	}
	c.ended(t, c.start(t, c.id(t, machineType, "FreshnessM"), object{}), "SUCCEEDED", "")

	since1970 := float64(time.Now().Unix() / 60)
	for name, want := range map[string]float64{"ran": 0, "never": since1970, "loaded": 4711, "arrived": 0, "empty": since1970} {
		var got struct {
			Datapoints []struct{ Maximum, SampleCount float64 }
		}
		c.call(t, "monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", object{
			"Namespace": monitoring.Namespace, "MetricName": monitoring.AgeMinutes, "Period": 3600, "Statistics": []string{"Maximum", "SampleCount"},
			"StartTime": time.Now().Add(-time.Hour).Unix(), "EndTime": time.Now().Add(time.Hour).Unix(),
			"Dimensions": []object{{"Name": "Mesh", "Value": "river"}, {"Name": "Domain", "Value": "lab"}, {"Name": "Product", "Value": name}},
		}, &got)
		if len(got.Datapoints) != 1 || got.Datapoints[0].Maximum < want-1 || got.Datapoints[0].Maximum > want+2 {
			t.Errorf("%s is %+v minutes old, want about %v", name, got.Datapoints, want)
		}
	}
}

// answer is what the local Athena, which runs no SQL, says to the next query.
func (c *cloud) answer(t *testing.T, rows ...object) {
	t.Helper()
	body, err := json.Marshal(object{"account_id": account, "region": region, "results": []object{{"rows": rows, "column_info": []object{}}}})
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.Endpoint()+"/moto-api/static/athena/query-results", bytes.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	must(t, response.Body.Close())
	if response.StatusCode != http.StatusCreated {
		t.Fatal(response.Status)
	}
}
