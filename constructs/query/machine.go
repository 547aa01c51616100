package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkWorkGroup reports a workgroup that a workflow cannot run statements in.
func checkWorkGroup(list *problem.List, group IWorkGroup) {
	switch {
	case cdkx.Missing(group):
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	case group.Key() == nil:
		list.Addf("WorkGroup", "a workgroup whose key is not known", "one with a key, which encrypts the job's logs", "import it by WorkGroupFromAttributes, with Key")
	}
}

// newMachine makes a state machine that runs statements in a workgroup and writes
// tables, and the topic for its alarms where none is given. The workgroup's key
// encrypts its logs. Its role may look for other executions, so that one works at a time.
func newMachine(scope constructs.Construct, group IWorkGroup, topic awssns.ITopic, tables []workflow.Written, finds string, props *workflow.MachineProps) (*workflow.Machine, awssns.ITopic) {
	topic = workflow.AlarmTopic(scope, topic, group.Key())
	props.Key = group.Key()
	props.Statements = group.QueryStatements()
	for _, table := range tables {
		props.Statements = append(props.Statements, table.Statements(scope, group.Key())...)
	}
	machine := workflow.NewMachine(scope, "Machine", props)
	// Of its own, as the machine waits for its other policy.
	awsiam.NewManagedPolicy(scope, jsii.String("OthersPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String(finds),
		Roles:       &[]awsiam.IRole{machine.Role()},
		Statements:  &[]awsiam.PolicyStatement{workflow.Allow([]string{*machine.ARN()}, "states:ListExecutions")},
	})
	return machine, topic
}
