package omics

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// The service that acts with the roles of this package.
const service = "omics.amazonaws.com"

// aGrantee is whom a grant is for.
const aGrantee = "a role, a user or what else has a principal"

// How long HealthOmics lets names and descriptions be: those of stores, and all others.
const (
	storeName, storeDescription = 127, 255
	maxName, maxDescription     = 128, 256
)

// checkName reports a name that is missing, known only at deployment, or none.
func checkName(list *problem.List, name *string, most int) {
	switch {
	case name == nil:
		list.Addf("Name", "nothing", fmt.Sprintf("1 to %d characters", most), "set Name")
	case cdkx.HoldsToken(*name):
		list.Addf("Name", "a value known only at deployment", "a plain string", "pass the name itself: it must never change")
	default:
		checkText(list, "Name", name, most)
	}
}

// checkText reports a text that is empty, too long, or has other characters than
// letters, marks, numbers, punctuation, symbols and spaces.
func checkText(list *problem.List, path string, text *string, most int) {
	if text == nil || cdkx.HoldsToken(*text) {
		return
	}
	if n := utf8.RuneCountInString(*text); n < 1 || n > most || strings.ContainsFunc(*text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
		got := fmt.Sprintf("%q", *text)
		if n > most {
			got = fmt.Sprintf("%d characters", n)
		}
		list.Addf(path, got, fmt.Sprintf("1 to %d characters in one line", most), "correct it")
	}
}

// checkRegion reports a stack in a region without what is to be made.
func checkRegion(list *problem.List, scope constructs.Construct, what string, given, known []string) {
	if len(given) == 0 {
		given = known
	}
	if cdkx.Missing(scope) {
		return
	}
	if region := *cdkx.Region(scope); !cdkx.HoldsToken(region) && !slices.Contains(given, region) {
		list.Addf("Regions", "a stack in "+region, "one of "+strings.Join(given, ", "),
			"move the stack; name the region in Regions if "+what+" of HealthOmics have come to it")
	}
}

// location is a place in S3 that props may name; nil where they do not.
func location(list *problem.List, path, example string, at *storage.S3Location) *workflow.Location {
	if at == nil {
		return nil
	}
	out := workflow.At(at.Bucket, at.Prefix)
	out.Check(list, path, example)
	return &out
}

// keyOf is the key of the props, or one that is made for a store.
func keyOf(scope constructs.Construct, given awskms.IKey) awskms.IKey {
	if !cdkx.Missing(given) {
		return given
	}
	key := awskms.NewKey(scope, jsii.String("Key"), &awskms.KeyProps{
		Description:       jsii.String("Encrypts the store " + cdkx.Path(scope)),
		EnableKeyRotation: jsii.Bool(true),
	})
	cdkx.Retain(cdkx.L1(key))
	cdkx.RegistryOf(scope).Guard(scope, key)
	return key
}

// numbered is the ARN of whatever HealthOmics numbers itself in the account and region of
// a construct, such as its runs.
func numbered(scope constructs.Construct, kind string) string {
	return cdkx.ARN(scope, "omics", kind+"/*")
}
