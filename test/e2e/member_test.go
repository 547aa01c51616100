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
// sources have succeeded, and not while one of them has failed.
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
	if got := n.ran(t, "member360.member_360"); got != 1 {
		t.Errorf("%d statements ran while a source had failed", got-1)
	}
	if e := n.run(t, "member360.member_360"); e.Status != "SUCCEEDED" {
		t.Errorf("when its sources are well again: %+v", e)
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
	c := n.cloud[domain.Environment]
	var e execution
	c.call(t, "states", "AWSStepFunctions.StartExecution", map[string]any{"stateMachineArn": job.StateMachineARN, "input": "{}"}, &e)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		c.call(t, "states", "AWSStepFunctions.DescribeExecution", map[string]any{"executionArn": e.ARN}, &e)
		if e.Status != "RUNNING" {
			return e
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not end", name)
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
