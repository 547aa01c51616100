package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// The rules of a product are evaluated after its job, by a role that all products of the
// domain share; what reads the product comes after that.
func TestQualityIsDeployedAsPlanned(t *testing.T) {
	definition := registry(token, gender)
	patients := definition.Domains[0].Contracts[0]
	patients.Tables[0].Quality = []contract.QualityRule{
		{Metric: "rowCount", Operator: "mustBeGreaterThan", Values: []string{"0"}, Severity: "error", Dimension: "coverage"},
		{Column: "mrn", Metric: "nullValues", Operator: "mustBe", Values: []string{"0"}},
	}
	patients.Tables = append(patients.Tables, contract.Table{
		Name: "admission", Format: contract.FormatIceberg, TransformLogic: "SELECT p.mrn FROM {registry.patient} AS p",
		Columns: []contract.Column{{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber, PrimaryKey: 1}},
		Quality: []contract.QualityRule{{Name: "short", Type: contract.QualitySQL, Query: "SELECT count(*) FROM {object} WHERE length(mrn) < 3", Operator: "mustBe", Values: []string{"0"}}},
	})
	plan, dir, _ := synthesized(t, definition)
	asPlanned(t, plan, dir)

	domain := plan.Domains[0]
	registered, resources := product(t, domain, dir, "registry")
	job, _ := machine(t, resources, `quality_results`)
	waits(t, resources, job, domain.Evaluator.RoleARN, 2) // two tables to read; what is written is granted by the stack of the results
	if rules := idsOf(resources, "AWS::Events::Rule", "cron(17 1 * * ? *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}
	results, written := product(t, domain, dir, "quality")
	if !slices.Contains(dependencies(t, dir, registered.StackName), results.StackName) {
		t.Errorf("rules are evaluated before there is a table for the results: %v", dependencies(t, dir, registered.StackName))
	}
	if grants := idsOf(written, grantType, domain.Evaluator.RoleARN); len(grants) != 2 {
		t.Errorf("the results are written by %v", grants)
	}
	if roles := idsOf(resourcesOf(t, templateText(t, dir, domain.StackName)), "AWS::IAM::Role", "-evaluator-"); len(roles) != 1 {
		t.Errorf("roles: %v", roles)
	}
	research, _ := product(t, domain, dir, "research")
	if !slices.ContainsFunc(research.Deidentify.After, func(arn string) bool { return strings.HasSuffix(arn, registered.Quality.StateMachine) }) {
		t.Errorf("what is made from the product does not come after its evaluation: %v", research.Deidentify.After)
	}
}
