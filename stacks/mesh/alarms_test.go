package mesh_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func TestAlarmsReachWhomTheStageNames(t *testing.T) {
	const owner = "lab@example.org"
	for _, c := range []struct {
		stage mesh.Stage
		want  string
	}{
		{mesh.Stage{}, owner},
		{mesh.Stage{NonProduction: true}, ""},
		{mesh.Stage{NonProduction: true, Alarms: mesh.AlarmOwners}, owner},
		{mesh.Stage{Alarms: mesh.AlarmNobody}, ""},
		{mesh.Stage{Alarms: "on-call@example.org"}, "on-call@example.org"},
	} {
		c.stage.Region, c.stage.Accounts = "eu-west-1", map[string]string{"main": "111111111111"}
		plan, err := (&mesh.Definition{
			APIVersion: mesh.APIVersion, Name: "river", Stages: mesh.Stages{"dev": c.stage},
			Admins:  []string{"arn:aws:iam::{main}:role/Admin"},
			Domains: []mesh.Domain{{Name: "lab", Account: "main", Owner: owner}},
		}).Plan("dev")
		if err != nil {
			t.Fatal(err)
		}
		want := mesh.AlarmsPlan{Topic: "river-lab-alarms", TopicARN: "arn:aws:sns:eu-west-1:111111111111:river-lab-alarms", Email: c.want}
		if got := plan.Domains[0].Alarms; got != want {
			t.Errorf("%+v is planned as %+v, want %+v", c.stage, got, want)
		}
	}
}
