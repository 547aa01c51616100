package cdkx_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

type thing struct{ constructs.Construct }

func (t *thing) Name() string { return "thing" }

// A missing scope or id stands beside the problems of the props.
func TestCheckNamesScopeAndID(t *testing.T) {
	stack := cdktest.Stack()
	var list problem.List
	list.Addf("A", "1", "one", "write one")
	const (
		props = "A: got 1; expected one; fix: write one\n"
		scope = "scope: got nothing; expected a construct, such as a stack; fix: pass the construct that this one belongs to"
		id    = `id: got nothing; expected an id; fix: pass one like jsii.String("Lake")`
	)
	for _, test := range []struct {
		scope constructs.Construct
		id    *string
		list  problem.List
		want  string
	}{
		{stack, nil, list, "Test/(no id): " + props + id},
		{nil, jsii.String("Thing"), list, "Thing: " + props + scope},
		{nil, nil, nil, "(no id): " + id + "\n" + scope},
		{(*thing)(nil), jsii.String("Thing"), nil, "Thing: " + scope},
		{&thing{}, jsii.String("Thing"), nil, "Thing: " + scope},
		{stack, jsii.String(""), nil, `Test/(no id): id: got an empty text; expected an id; fix: pass one like jsii.String("Lake")`},
		{stack, awscdk.Aws_REGION(), nil, `Test/(no id): id: got "${Token}"; expected plain text; fix: leave out what is known only at deployment: ids make logical ids`},
	} {
		if got := cdktest.Panic(t, func() { cdkx.Check(test.scope, test.id, test.list) }); got != test.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
		}
	}
}

func TestArgument(t *testing.T) {
	stack := cdktest.Stack()
	var none awsiam.IGrantable
	const want = "Test: grantee: got nothing; expected a role; fix: pass one"
	if got := cdktest.Panic(t, func() { cdkx.Argument(stack, "grantee", none, "a role") }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	cdkx.Argument(stack, "grantee", awsiam.NewAccountRootPrincipal(), "a role")
	cdkx.Argument(stack, "scope", stack, "a construct")
}

func TestMissing(t *testing.T) {
	made := &thing{}
	constructs.NewConstruct_Override(made, cdktest.Stack(), jsii.String("Made"))
	for value, want := range map[any]bool{nil: true, (*thing)(nil): true, &thing{}: true, made: false, 0: false, "": false} {
		if cdkx.Missing(value) != want {
			t.Errorf("Missing(%v) is %t", value, !want)
		}
	}
	if !cdkx.Missing([]string(nil)) || !cdkx.Missing(map[string]int(nil)) || cdkx.Missing([]string{}) {
		t.Error("nil slices and maps are not told from empty ones")
	}
}

// Messages hold no text or number of a token: it differs between processes.
func TestTokensInMessages(t *testing.T) {
	stack := cdktest.Stack()
	number := awscdk.NewCfnParameter(stack, jsii.String("Days"), &awscdk.CfnParameterProps{Type: jsii.String("Number")})
	bucket := "s3://" + *awscdk.Aws_STACK_NAME() + "/ice/"
	members := (*awscdk.NewCfnParameter(stack, jsii.String("Ids"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList())[0]
	for got, want := range map[string]string{
		cdkx.Quote(bucket):                   `"s3://${Token}/ice/"`,
		cdkx.Plain("$" + *members):           `$${Token}`,
		cdkx.Quote(`a "b"`):                  `"a \"b\""`,
		cdkx.Number(*number.ValueAsNumber()): "a number known only at deployment",
		cdkx.Number(1e6):                     "1000000",
		cdkx.Number(-0.5):                    "-0.5",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if !cdkx.HoldsToken(bucket) || !cdkx.HoldsToken(*members) || cdkx.HoldsToken("${AWS::Region}") || cdkx.HoldsToken("{Token[") {
		t.Error("tokens are not told from text")
	}
	if cdkx.IsNumberToken(-1e300) || cdkx.IsNumberToken(0) {
		t.Error("a plain number is taken for a token")
	}

	var list problem.List
	cdkx.CheckWhole(&list, "Days", number.ValueAsNumber(), "days", 1, 14, "change it")
	const want = "Days: got a number known only at deployment; expected a whole number of days from 1 to 14; fix: pass the number itself: it is checked before deployment"
	if list.Error() != want {
		t.Errorf("got %q, want %q", list.Error(), want)
	}
}

func TestCheckWhole(t *testing.T) {
	for value, want := range map[float64]string{
		1: "", 14: "",
		0:   "N: got 0; expected a whole number from 1 to 14; fix: change it",
		1.5: "N: got 1.5; expected a whole number from 1 to 14; fix: change it",
		15:  "N: got 15; expected a whole number from 1 to 14; fix: change it",
	} {
		var list problem.List
		cdkx.CheckWhole(&list, "N", &value, "", 1, 14, "change it")
		cdkx.CheckWhole(&list, "N", nil, "", 1, 14, "change it")
		if list.Error() != want {
			t.Errorf("%v: got %q, want %q", value, list.Error(), want)
		}
	}
	var list problem.List
	cdkx.CheckWhole(&list, "N", jsii.Number(1e12), "bytes", 10, 0, "")
	cdkx.CheckWhole(&list, "N", jsii.Number(9), "bytes", 10, 0, "")
	if got := list.Error(); got != "N: got 9; expected a whole number of bytes from 10" {
		t.Error(got)
	}
}
