package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// What a point of a line stands for: jobs run every night, ages are measured every hour.
const (
	hour = 60 * 60
	day  = 24 * hour
)

// addDashboard makes the dashboard of the domain, of names that are planned: what it
// shows stands in other stacks too, which come later.
func (s *DomainStack) addDashboard() {
	var ages, errors, others, failed, timedOut, succeeded []monitoring.Metric
	if s.plan.Freshness != nil {
		for _, p := range s.plan.Freshness.Products {
			ages = append(ages, monitoring.Age(s.mesh.Mesh, s.plan.Name, p.Product, p.Minutes))
		}
	}
	for _, p := range s.plan.Products {
		if p.Quality != nil {
			rules := func(metric string) monitoring.Metric {
				return monitoring.Metric{Namespace: query.QualityNamespace, Name: metric, Dimensions: [][2]string{{query.QualityProduct, p.Quality.Metric}}, Label: p.Name}
			}
			errors, others = append(errors, rules(query.FailedErrorRules)), append(others, rules(query.FailedOtherRules))
		}
	}
	for _, w := range s.mesh.Workflows(s.plan.Name) {
		executions := func(metric, label string) monitoring.Metric {
			return monitoring.Metric{Namespace: "AWS/States", Name: metric, Dimensions: [][2]string{{"StateMachineArn", w.ARN}}, Label: label}
		}
		failed = append(failed, executions("ExecutionsFailed", w.Name))
		timedOut = append(timedOut, executions("ExecutionsTimedOut", w.Name))
		succeeded = append(succeeded, executions("ExecutionsSucceeded", w.Name))
	}
	text := fmt.Sprintf("# %s\n\nOwner: %s. Alarms and failures arrive at the topic %s. CloudFormation writes this dashboard: what is changed here is lost.",
		s.plan.Name, s.plan.Owner, s.plan.Alarms.Topic)
	newDashboard(s, s.plan.Dashboard, s.plan.Environment, text, []monitoring.Graph{
		{Title: "Age of products, % of what is promised", Stat: "Maximum", Seconds: hour, Metrics: ages},
		{Title: "Alarms and failures told", Stat: "Sum", Seconds: hour, Metrics: []monitoring.Metric{
			told("NumberOfMessagesPublished", s.plan, "told"), told("NumberOfNotificationsFailed", s.plan, "not delivered"),
		}},
		{Title: "Failed quality rules of severity error", Stat: "Maximum", Seconds: day, Metrics: errors},
		{Title: "Other failed quality rules", Stat: "Maximum", Seconds: day, Metrics: others},
		{Title: "Workflows that failed", Stat: "Sum", Seconds: day, Metrics: failed},
		{Title: "Workflows that timed out", Stat: "Sum", Seconds: day, Metrics: timedOut},
		{Title: "Workflows that succeeded", Stat: "Sum", Seconds: day, Metrics: succeeded},
	})
}

// addDashboard makes the dashboard of the environment's domains, a line for each.
func (s *FoundationStack) addDashboard(of *mesh.Plan, plan *mesh.Foundation) {
	var published, failed []monitoring.Metric
	for i := range of.Domains {
		if d := &of.Domains[i]; d.Environment == plan.Environment {
			published = append(published, told("NumberOfMessagesPublished", d, d.Name))
			failed = append(failed, told("NumberOfNotificationsFailed", d, d.Name))
		}
	}
	text := fmt.Sprintf("# Data mesh %s\n\nDomains in account %s, %s; each has a dashboard %s-*domain*-%[3]s. CloudFormation writes this dashboard: what is changed here is lost.",
		of.Mesh, plan.Environment.Account, plan.Environment.Region, of.Mesh)
	newDashboard(s, plan.Dashboard, plan.Environment, text, []monitoring.Graph{
		{Title: "Alarms and failures told", Stat: "Sum", Seconds: day, Metrics: published},
		{Title: "Told, and not delivered", Stat: "Sum", Seconds: day, Metrics: failed},
	})
}

// told is a metric of a domain's topic.
func told(metric string, domain *mesh.DomainPlan, label string) monitoring.Metric {
	return monitoring.Metric{Namespace: "AWS/SNS", Name: metric, Dimensions: [][2]string{{"TopicName", domain.Alarms.Topic}}, Label: label}
}

func newDashboard(scope awscdk.Stack, name string, env mesh.Environment, text string, graphs []monitoring.Graph) {
	awscloudwatch.NewCfnDashboard(scope, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String(name), DashboardBody: jsii.String(monitoring.DashboardBody(env.Region, text, graphs)),
	})
}
