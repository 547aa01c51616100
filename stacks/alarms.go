package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// addAlarms makes the topic that all alarms and failures of the domain arrive at, before
// whatever has one. Every construct that takes an AlarmTopic is given it: here the topic
// itself, in stacks beside this one what newAlarmTopic returns.
func (s *DomainStack) addAlarms() {
	s.storage.AllowWorkflows()
	props := &monitoring.AlarmTopicProps{TopicName: jsii.String(s.plan.Alarms.Topic), Key: s.storage.Key()}
	if s.plan.Alarms.Email != "" {
		props.Emails = []string{s.plan.Alarms.Email}
	}
	s.alarms = monitoring.NewAlarmTopic(s, jsii.String("Alarms"), props)
}

// Alarms is where all alarms and failures of the domain arrive.
func (s *DomainStack) Alarms() *monitoring.AlarmTopic { return s.alarms }

// newAlarmTopic is what a stack beside the domain's own knows of the domain's topic.
func newAlarmTopic(scope awscdk.Stack, plan *mesh.DomainPlan) awssns.ITopic {
	return awssns.Topic_FromTopicArn(scope, jsii.String("Alarms"), jsii.String(plan.Alarms.TopicARN))
}
