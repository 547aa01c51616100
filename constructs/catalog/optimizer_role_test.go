package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// A role that serves a database whole is the same with no table as with a hundred; a
// table elsewhere is added to it.
func TestOptimizerRoleOfWholeDatabases(t *testing.T) {
	rendered := func(tables int) (policy string, waits []string) {
		stack := cdktest.Stack()
		database := catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("lab"))
		role := catalog.NewOptimizerRole(stack, jsii.String("Role"), &catalog.OptimizerRoleProps{
			Databases: []catalog.OptimizedDatabase{{Database: database, Location: jsii.String("s3://lab-curated/")}},
		})
		for i := range tables {
			name := fmt.Sprintf("results_%03d", i)
			catalog.NewTableOptimizer(stack, jsii.String("Optimizer"+name), &catalog.TableOptimizerProps{
				Role: role,
				Table: catalog.NewTable(stack, jsii.String(name), &catalog.TableProps{Database: database, Table: results(func(table *contract.Table) {
					table.Name, table.Format, table.Location = name, contract.FormatIceberg, "s3://lab-curated/results/"+name+"/"
				})}),
				Retention: &catalog.Retention{Disabled: jsii.Bool(true)}, OrphanFiles: &catalog.OrphanFiles{Disabled: jsii.Bool(true)},
			})
		}
		template := cdktest.Of(t, stack)
		policies := template.Type("AWS::IAM::ManagedPolicy")
		if len(policies) != 1 {
			t.Fatalf("%d policies for %d tables", len(policies), tables)
		}
		for _, optimizer := range template.Type("AWS::Glue::TableOptimizer") {
			waits = optimizer.DependsOn
		}
		return policies[0].JSON("PolicyDocument"), append(waits, policies[0].ID)
	}
	none, _ := rendered(0)
	many, waits := rendered(100)
	if none != many {
		t.Errorf("the policy changes with the tables:\n%s\n%s", none, many)
	}
	if policy := waits[len(waits)-1]; len(waits) != 3 || !slices.Contains(waits[:2], policy) {
		t.Errorf("an optimizer waits for %v, not for the table and %s", waits[:len(waits)-1], policy)
	}
	for _, part := range []string{`:table/lab/*`, `:s3:::lab-curated/*`, `:database/lab"`} {
		if !strings.Contains(none, part) {
			t.Errorf("no %s in %s", part, none)
		}
	}

	stack := cdktest.Stack()
	elsewhere := catalog.NewOptimizerRole(stack, jsii.String("Role"), &catalog.OptimizerRoleProps{Databases: []catalog.OptimizedDatabase{{
		Database: catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("lab")), Location: jsii.String("s3://lab-curated/lab/"),
	}}})
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{Role: elsewhere, Table: catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		DatabaseName: jsii.String("lab"), Table: sorted(), Location: jsii.String("s3://lab-curated/other/"),
	})})
	if n := len(elsewhere.Policies()); n != 2 {
		t.Errorf("%d policies for a table outside the database's location, want 2", n)
	}
}

// The longest names fit into the policy.
func TestPolicyOfWholeDatabasesFits(t *testing.T) {
	stack := cdktest.Stack()
	props := &catalog.OptimizerRoleProps{}
	for i := range 5 {
		props.Databases = append(props.Databases, catalog.OptimizedDatabase{
			Database: catalog.DatabaseFromName(stack, jsii.String(fmt.Sprintf("Database%d", i)), jsii.String(strings.Repeat("d", 254)+fmt.Sprint(i))),
			Location: jsii.String("s3://" + strings.Repeat("b", 62) + fmt.Sprint(i) + "/" + strings.Repeat("p", 60) + "/"),
		})
	}
	catalog.NewOptimizerRole(stack, jsii.String("Role"), props)
	for _, policy := range cdktest.Of(t, stack).Type("AWS::IAM::ManagedPolicy") {
		if n := len(policy.JSON("PolicyDocument")); n > 6144 {
			t.Errorf("%d characters", n)
		}
	}
}

// An optimizer in another stack names the role, and adds nothing.
func TestOptimizerRoleFromRoleArn(t *testing.T) {
	const arn = "arn:aws:iam::111111111111:role/lab-optimizer"
	stack := cdktest.Stack()
	role := catalog.OptimizerRoleFromRoleArn(stack, jsii.String("Role"), jsii.String(arn))
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Role: role, Table: catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: sorted()}),
	})
	if *role.Role().RoleArn() != arn || len(role.Policies()) != 0 {
		t.Errorf("role %s with %d policies", *role.Role().RoleArn(), len(role.Policies()))
	}
	template := cdktest.Of(t, stack)
	if n := len(template.Type("AWS::IAM::ManagedPolicy")) + len(template.Type("AWS::IAM::Role")) + len(template.Type("AWS::IAM::Policy")); n != 0 {
		t.Errorf("%d resources of IAM", n)
	}
	made := template.One(t, "AWS::Glue::TableOptimizer", "OptimizerRetention")
	made.Want(t, map[string]string{"TableOptimizerConfiguration.RoleArn": `"` + arn + `"`})
	if len(made.DependsOn) != 1 {
		t.Errorf("the optimizer waits for %v, not for the table alone", made.DependsOn)
	}
}

func TestOptimizerRoleProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.OptimizerRoleFromRoleArn(stack, jsii.String("Role"), jsii.String("lab-optimizer"))
	}), `Test/Role: roleArn: got "lab-optimizer"; expected the ARN of an IAM role; fix: write for example arn:aws:iam::111111111111:role/optimizer`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewOptimizerRole(stack, jsii.String("Role"), &catalog.OptimizerRoleProps{Databases: make([]catalog.OptimizedDatabase, 6)})
	}), `Test/Role: Databases: got 6 databases; expected at most 5, of which the policy of a role can speak; fix: make a second OptimizerRole
`+strings.Join(problemsOfEmptyDatabases(6), "\n"))
}

func problemsOfEmptyDatabases(n int) []string {
	var out []string
	for i := range n {
		out = append(out,
			fmt.Sprintf("Databases[%d].Database: got nothing; expected a database; fix: set Database", i),
			fmt.Sprintf(`Databases[%d].Location: got ""; expected s3://, a bucket's name, which may be a token, and a plain prefix; fix: write where the files of the tables are`, i))
	}
	return out
}
