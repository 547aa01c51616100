package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// addEvaluator makes the workgroup and the role of the evaluations of all products of the
// domain: a role for each would need grants that come one after another.
func (s *DomainStack) addEvaluator() {
	plan := s.plan.Evaluator
	if plan == nil {
		return
	}
	description := "Evaluates the quality of products of the domain " + s.plan.Name
	group := s.newWorkGroup("QualityWorkGroup", plan.WorkGroup, description, false)
	role, policy := query.NewEvaluatorRole(s, jsii.String("QualityRole"), &query.EvaluatorRoleProps{
		Owner:     jsii.String("the domain " + s.plan.Name),
		WorkGroup: group,
		Results: &query.WrittenTable{
			Table:  catalog.TableFromName(s, jsii.String("QualityResults"), jsii.String(plan.Database), jsii.String(measure.ResultsTable)),
			Bucket: s.zoneBucket(s.plan.Buckets[plan.Zone]),
			Prefix: jsii.String(s3uri.Parse(plan.Location).Folder()),
		},
		StateMachinePrefix: jsii.String(plan.StateMachinePrefix),
		RoleName:           jsii.String(plan.Role),
	})
	s.evaluator = role
	s.principals[plan.RoleARN] = []awscdk.CfnResource{resourceOf(role), resourceOf(policy)}
}

// Evaluator is the role that quality rules are evaluated with; nil without any.
func (s *DomainStack) Evaluator() awsiam.Role { return s.evaluator }

// addQuality makes what evaluates the quality rules of the product.
func (s *ProductStack) addQuality(domain *mesh.DomainPlan) {
	plan := s.plan.Quality
	if plan == nil {
		return
	}
	s.knowLake(domain)
	s.evaluator = domain.Evaluator.RoleARN
	s.quality = query.NewEvaluation(s, jsii.String("Quality"), &query.EvaluationProps{
		WorkGroup: query.WorkGroupFromAttributes(s, jsii.String("QualityWorkGroup"), &query.WorkGroupAttributes{
			WorkGroupName: jsii.String(domain.Evaluator.WorkGroup), Key: s.lake.Key(),
		}),
		Role:             awsiam.Role_FromRoleArn(s, jsii.String("QualityRole"), jsii.String(s.evaluator), nil),
		Product:          jsii.String(plan.Metric),
		Inserts:          plan.Inserts,
		Summary:          jsii.String(plan.Summary),
		Rules:            jsii.Number(plan.Rules),
		Schedules:        plan.Schedules,
		After:            plan.After,
		StateMachineName: jsii.String(plan.StateMachine),
		AlarmTopic:       s.alarms,
	})
}

// Quality is what evaluates the product's quality rules; nil without rules that are measured.
func (s *ProductStack) Quality() *query.Evaluation { return s.quality }
