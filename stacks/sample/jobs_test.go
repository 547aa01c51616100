package sample_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// TestTablesAreMadeBySQL holds the jobs of all domains with their statements, which are the same
// in every stage.
func TestTablesAreMadeBySQL(t *testing.T) {
	definition := load(t)
	for _, stage := range definition.Stages.Names() {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		domain, _ := plan.Domain("clinical")
		jobs := []*mesh.JobPlan{domain.Keys.Job}
		for _, d := range plan.Domains {
			for _, p := range d.Products {
				for _, job := range []*mesh.JobPlan{p.Materialization, p.Deidentify} {
					if job != nil {
						jobs = append(jobs, job)
					}
				}
			}
		}
		var text strings.Builder
		for _, job := range jobs {
			text.Write(script(job))
		}
		golden.Check(t, "testdata/jobs.golden.sql", []byte(strings.TrimSuffix(text.String(), "\n")))
	}
}

// script is a job's schedule, what it comes after, and its statements, each with what it reads.
func script(job *mesh.JobPlan) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s, %s\n", job.StateMachine, job.Schedule)
	var after []string
	for _, foreign := range append(job.AfterElsewhere, mesh.ForeignMachines{StateMachineARNs: job.After}) {
		for _, machine := range foreign.StateMachineARNs {
			after = append(after, machine[strings.LastIndex(machine, ":")+1:])
		}
	}
	for _, machine := range slices.Sorted(slices.Values(after)) {
		fmt.Fprintf(&b, "-- after %s\n", machine)
	}
	b.WriteString("\n")
	for _, s := range job.Statements {
		sources := s.Reads
		if s.ReadsFhirStore {
			sources = append([]string{"the FHIR store"}, sources...)
		}
		for _, r := range s.Subscribed {
			sources = append(sources, r.String())
		}
		if len(sources) == 0 {
			sources = []string{"nothing"}
		}
		fmt.Fprintf(&b, "-- %s from %s\n%s;\n\n", s.Database+"."+s.Table, strings.Join(sources, ", "), s.SQL)
	}
	return []byte(b.String())
}
