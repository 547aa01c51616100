package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every domain and every environment has a dashboard. Each metric that it names is one of
// a topic, of a state machine or of an alarm in a template of the same stage, and each state
// machine whose name is planned is on a dashboard.
func TestDashboardsNameWhatExists(t *testing.T) {
	folder := sampleMesh(t)
	for _, stage := range []string{"dev", "prod"} {
		there, machines, boards := map[string]bool{}, map[string]bool{}, map[string]string{}
		stacks := 0
		for name, text := range templates(t, folder) {
			if !strings.HasPrefix(name, "riverside-"+stage+"-") {
				continue
			}
			var template struct {
				Resources map[string]struct {
					Type       string
					Properties struct {
						TopicName, StateMachineName, DashboardName, DashboardBody string
						Namespace, MetricName                                     string
						Dimensions                                                []struct{ Name, Value any }
					}
				}
			}
			if err := json.Unmarshal(text, &template); err != nil {
				t.Fatal(err)
			}
			for _, r := range template.Resources {
				p := r.Properties
				switch r.Type {
				case "AWS::SNS::Topic":
					there["AWS/SNS TopicName "+p.TopicName] = true
					stacks++
				case "AWS::LakeFormation::DataLakeSettings":
					stacks++
				case "AWS::StepFunctions::StateMachine":
					if strings.HasPrefix(p.StateMachineName, "riverside-") { // planned
						machines["AWS/States StateMachineArn "+p.StateMachineName] = true
					}
				case "AWS::CloudWatch::Alarm":
					metric := p.Namespace + " " + p.MetricName
					for _, d := range p.Dimensions {
						metric += fmt.Sprint(" ", d.Name, " ", d.Value)
					}
					there[metric] = true
				case "AWS::CloudWatch::Dashboard":
					if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`).MatchString(p.DashboardName) {
						t.Errorf("%s has the dashboard %s", name, p.DashboardName)
					}
					boards[name] = p.DashboardBody
				}
			}
		}
		if len(boards) != stacks || stacks == 0 {
			t.Errorf("%d dashboards of %d domains and environments", len(boards), stacks)
		}
		shown := map[string]bool{}
		for name, body := range boards {
			for _, metric := range metricsOf(t, body) {
				shown[metric] = true
				if !there[metric] && !machines[metric] {
					t.Errorf("%s shows %s, which is nowhere in the templates", name, metric)
				}
			}
		}
		for _, machine := range slices.Sorted(maps.Keys(machines)) {
			if !shown[machine] {
				t.Errorf("%s is on no dashboard", machine)
			}
		}
	}
}

// metricsOf are the metrics that a dashboard names; one of a service without its name, and
// with the last word of an ARN for it.
func metricsOf(t *testing.T, body string) []string {
	t.Helper()
	var board struct {
		Widgets []struct {
			Properties struct{ Metrics [][]any }
		}
	}
	if err := json.Unmarshal([]byte(body), &board); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, w := range board.Widgets {
		for _, m := range w.Properties.Metrics {
			words := []string{}
			for _, word := range m[:len(m)-1] { // without its options
				words = append(words, fmt.Sprint(word))
			}
			switch {
			case len(words) == 0: // a formula
				continue
			case strings.HasPrefix(words[0], "AWS/"):
				last := words[3]
				words = []string{words[0], words[2], last[strings.LastIndex(last, ":")+1:]}
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}
