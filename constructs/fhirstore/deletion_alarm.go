package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// DeletionAlarmProps configures a DeletionAlarm.
type DeletionAlarmProps struct {
	// Store that is watched. Required.
	Store IFhirStore

	// AlarmTopic hears of it. A topic of this app lets EventBridge publish; to the policy
	// of another one, and of its key, add events.amazonaws.com.
	// Default: a new topic, encrypted with the store's key.
	AlarmTopic awssns.ITopic
}

// DeletionAlarm tells a topic that a store is deleted.
type DeletionAlarm struct {
	constructs.Construct

	rule  awsevents.CfnRule
	topic awssns.ITopic
}

// NewDeletionAlarm tells a topic when HealthLake begins to delete the store and when it
// has, whoever asked for it: CloudFormation, the console or the API. It stops nothing;
// what forbids it is in the policies of roles. Remove it with the store and not before.
//
// HealthLake counts requests in CloudWatch, too, in AWS/HealthLake. Its pages disagree on
// the names of these metrics and of their dimensions, so no alarm of this package depends
// on them.
//
// It panics with every problem of the props at once.
// Source: "AWS HealthLake events" of EventBridge.
func NewDeletionAlarm(scope constructs.Construct, id *string, props *DeletionAlarmProps) *DeletionAlarm {
	p := cdkx.Value(props, DeletionAlarmProps{})
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	cdkx.Check(scope, id, list)

	a := &DeletionAlarm{}
	cdkx.Add(a, scope, id)
	a.topic = workflow.AlarmTopic(a, p.AlarmTopic, p.Store.Key())
	// Whether EventBridge tells a topic which rule it speaks for is not documented clearly
	// enough to depend on: a condition could silence the alarm.
	cdkx.AddToTopicPolicy(a.topic, &awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{cdkx.Service(a, "events.amazonaws.com")},
		Actions:    jsii.Strings("sns:Publish"),
		Resources:  &[]*string{cdkx.TopicARN(a.topic)},
	})
	name := *p.Store.DatastoreName()
	a.rule = awsevents.NewCfnRule(a, jsii.String("Rule"), &awsevents.CfnRuleProps{
		Description: jsii.String("Tells that the FHIR store " + name + " is deleted"),
		State:       jsii.String("ENABLED"),
		EventPattern: map[string]any{
			"source": []any{"aws.healthlake"}, "detail-type": []any{"Data Store Deleting", "Data Store Deleted"},
			"detail": map[string]any{"datastoreId": []any{p.Store.DatastoreID()}},
		},
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Topic"), Arn: cdkx.TopicARN(a.topic),
			InputTransformer: &awsevents.CfnRule_InputTransformerProperty{
				InputPathsMap: &map[string]*string{"what": jsii.String("$.detail-type"), "when": jsii.String("$.time")},
				InputTemplate: jsii.String(`"FHIR store ` + name + `: <what> at <when>. Its resources are gone but for exports; CloudTrail says who called DeleteFHIRDatastore."`),
			},
		}},
	})
	return a
}

// Alarms is the topic that hears of it.
func (a *DeletionAlarm) Alarms() awssns.ITopic { return a.topic }

// Cfn is the rule.
func (a *DeletionAlarm) Cfn() awsevents.CfnRule { return a.rule }
