package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// night drives jobs of the mesh, each in its own account.
type night struct {
	life  *life
	plan  *mesh.Plan
	cloud map[mesh.Environment]cloud
}

// checkMember runs the jobs of a night: member_360 is made when the jobs of its three
// sources have succeeded and their quality was evaluated, and not while one of them has failed
// or a rule of severity error has.
func checkMember(t *testing.T, l *life, plan *mesh.Plan) {
	n := night{life: l, plan: plan, cloud: map[mesh.Environment]cloud{}}
	for _, f := range plan.Foundations {
		own, err := l.app.Server.CredentialsFor(t.Context(), f.Environment.Account)
		l.must(t, err)
		n.cloud[f.Environment] = cloud{endpoint: l.app.Server.Endpoint(), region: f.Environment.Region, key: own.AccessKeyID}
	}
	sources := []string{"clinical.fhir", "membership.members", "claims.claim_lines"}

	// Nobody has filled what it would be made from.
	if e := n.run(t, "member360.member_360"); e.Status != "FAILED" || e.Error != "EarlierJobNeverRan" {
		t.Errorf("before its sources: %+v", e)
	}
	if got := n.ran(t, "member360.member_360"); got != 0 {
		t.Errorf("%d statements ran before its sources", got)
	}
	for _, source := range sources {
		if e := n.run(t, source); e.Status != "SUCCEEDED" {
			t.Fatalf("%s: %+v", source, e)
		}
		if e := n.evaluate(t, source); e.Status != "SUCCEEDED" {
			t.Fatalf("the quality of %s: %+v", source, e)
		}
	}
	if e := n.run(t, "member360.member_360"); e.Status != "SUCCEEDED" {
		t.Fatalf("after its sources: %+v", e)
	}
	if got := n.ran(t, "member360.member_360"); got != 1 {
		t.Errorf("%d statements ran", got)
	}
	for _, source := range sources {
		domain, job := n.job(t, source)
		l.must(t, l.app.Server.Script(t.Context(), localaws.Step{Operation: "StartQueryExecution", Account: domain.Environment.Account, Status: "FAILED"}))
		if e := n.run(t, source); e.Status != "FAILED" {
			t.Fatalf("%s, whose query fails: %+v", source, e)
		}
		e := n.run(t, "member360.member_360")
		if e.Status != "FAILED" || e.Error != "EarlierJobFailed" || !strings.Contains(e.Cause, job.StateMachineARN) {
			t.Errorf("while %s has failed: %+v", source, e)
		}
		if e := n.run(t, source); e.Status != "SUCCEEDED" {
			t.Fatalf("%s, started anew: %+v", source, e)
		}
	}
	n.checkQuality(t)
	if got := n.ran(t, "member360.member_360"); got != 1 {
		t.Errorf("%d statements ran while a source had failed", got-1)
	}
	if e := n.run(t, "member360.member_360"); e.Status != "SUCCEEDED" {
		t.Errorf("when its sources are well again: %+v", e)
	}
}

// checkQuality lets a rule of severity error fail, which stops what is made from the product
// in another domain, and one that only warns.
func (n night) checkQuality(t *testing.T) {
	const source = "clinical.fhir"
	clinical, _ := n.plan.Domain("clinical")
	fails := func(rule string) execution {
		n.life.must(t, n.life.app.Server.Script(t.Context(), localaws.Step{Operation: "StartQueryExecution", Account: clinical.Environment.Account, Message: rule}))
		return n.evaluate(t, source)
	}
	if e := fails("encounters_end_after_they_start"); e.Status != "FAILED" || e.Error != "QualityRulesFailed" || !strings.Contains(e.Cause, "encounter: encounters_end_after_they_start") {
		t.Errorf("a rule of severity error failed: %+v", e)
	}
	if e := n.run(t, "member360.member_360"); e.Status != "FAILED" || e.Error != "EarlierJobFailed" || !strings.Contains(e.Cause, "clinical-fhir-quality") {
		t.Errorf("while a rule of its source fails: %+v", e)
	}
	if e := fails("laboratory_results_have_a_value"); e.Status != "SUCCEEDED" {
		t.Errorf("a rule failed that only warns: %+v", e)
	}
}

// job is the job that makes tables of a product by queries.
func (n night) job(t *testing.T, name string) (*mesh.DomainPlan, *mesh.JobPlan) {
	t.Helper()
	domain, product, _ := strings.Cut(name, ".")
	d, _ := n.plan.Domain(domain)
	i := slices.IndexFunc(d.Products, func(p mesh.ProductPlan) bool { return p.Name == product })
	if i < 0 || d.Products[i].Materialization == nil {
		t.Fatalf("no job makes %s", name)
	}
	return &d, d.Products[i].Materialization
}

// run is one execution of a job, from start to end.
func (n night) run(t *testing.T, name string) execution {
	t.Helper()
	domain, job := n.job(t, name)
	return n.execute(t, domain, job.StateMachineARN)
}

// evaluate is one execution of what evaluates the quality of a product.
func (n night) evaluate(t *testing.T, name string) execution {
	t.Helper()
	domain, product, _ := strings.Cut(name, ".")
	d, _ := n.plan.Domain(domain)
	i := slices.IndexFunc(d.Products, func(p mesh.ProductPlan) bool { return p.Name == product && p.Quality != nil })
	if i < 0 {
		t.Fatalf("nothing evaluates %s", name)
	}
	return n.execute(t, &d, d.Products[i].Quality.StateMachineARN)
}

func (n night) execute(t *testing.T, domain *mesh.DomainPlan, machine string) execution {
	t.Helper()
	c := n.cloud[domain.Environment]
	var e execution
	c.call(t, "states", "AWSStepFunctions.StartExecution", map[string]any{"stateMachineArn": machine, "input": "{}"}, &e)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		c.call(t, "states", "AWSStepFunctions.DescribeExecution", map[string]any{"executionArn": e.ARN}, &e)
		if e.Status != "RUNNING" {
			return e
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not end", machine)
		}
	}
}

// ran is how many statements the workgroup of a job was given.
func (n night) ran(t *testing.T, name string) int {
	t.Helper()
	domain, job := n.job(t, name)
	var listed struct{ QueryExecutionIDs []string }
	n.cloud[domain.Environment].call(t, "athena", "AmazonAthena.ListQueryExecutions", map[string]any{"WorkGroup": job.WorkGroup}, &listed)
	return len(listed.QueryExecutionIDs)
}
