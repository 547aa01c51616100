package mesh

import (
	"regexp"
	"strings"
)

// accountWord is the name of an account of the stage where an ARN has its
// account id, in braces.
var accountWord = regexp.MustCompile(`\{([^{}]*)\}`)

// resolveAccount puts the account ids of a stage in the place of account names
// in braces, so that one identifier serves every stage:
// arn:aws:iam::{research}:role/Analyst. Names that the stage does not know stay.
func (d *Definition) resolveAccount(stage, identifier string) string {
	accounts := d.Stages[stage].Accounts
	return accountWord.ReplaceAllStringFunc(identifier, func(word string) string {
		if id, ok := accounts[strings.Trim(word, "{}")]; ok {
			return id
		}
		return word
	})
}

// accountOf is the account id in an ARN, or "".
func accountOf(arn string) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	return fields[4]
}
