package snapshot

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// Every alarm, and every notice of a rule or a workflow, goes to the one topic of the
// domain that its stack is of; a mail goes to the domain's owner in prod and to nobody in dev.
func TestAlarmsGoToTheTopicOfTheirDomain(t *testing.T) {
	folder := sampleMesh(t)
	topics, mails, alarms := 0, 0, 0
	for name, text := range templates(t, folder) {
		var template struct {
			Resources map[string]struct {
				Type       string
				Properties map[string]any
			}
		}
		if err := json.Unmarshal(text, &template); err != nil {
			t.Fatal(err)
		}
		own := "" // the topic, where it stands in this stack
		for id, r := range template.Resources {
			switch r.Type {
			case "AWS::SNS::Topic":
				if own != "" {
					t.Errorf("%s has a second topic, %s", name, id)
				}
				own = id
				topics++
			case "AWS::SNS::Subscription":
				mails++
				if !strings.HasPrefix(name, "riverside-prod-") {
					t.Errorf("%s sends mail", name)
				}
			}
		}
		planned := regexp.MustCompile(`^arn:aws:sns:us-east-1:\d{12}:riverside-(\w+)-alarms$`)
		for id, r := range template.Resources {
			if r.Type != "AWS::CloudWatch::Alarm" {
				continue
			}
			alarms++
			to, err := json.Marshal(r.Properties["AlarmActions"])
			if err != nil {
				t.Fatal(err)
			}
			if own != "" {
				if string(to) != `[{"Ref":"`+own+`"}]` {
					t.Errorf("%s: %s tells %s", name, id, to)
				}
				continue
			}
			var arns []string
			if err := json.Unmarshal(to, &arns); err != nil {
				t.Errorf("%s: %s tells %s", name, id, to)
				continue
			}
			found := planned.FindStringSubmatch(strings.Join(arns, " "))
			if found == nil || !strings.Contains(name+"-", "-"+found[1]+"-") {
				t.Errorf("%s: %s tells %s", name, id, to)
			}
		}
	}
	if mails == 0 || topics != 2*mails || alarms == 0 {
		t.Errorf("%d topics in two stages, of which %d tell by mail in prod, for %d alarms", topics, mails, alarms)
	}
}
