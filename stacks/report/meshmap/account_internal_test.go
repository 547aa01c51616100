package meshmap

import "testing"

func TestAccountOfPrincipals(t *testing.T) {
	for principal, want := range map[string]string{
		"arn:aws:iam::111111111111:role/Nurse":                         "111111111111",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Researcher": "${AWS::AccountId}",
		"222222222222":           "222222222222",
		"IAM_ALLOWED_PRINCIPALS": "any account",
	} {
		if got := accountOf(principal); got != want {
			t.Errorf("%s: got %s, want %s", principal, got, want)
		}
	}
}
