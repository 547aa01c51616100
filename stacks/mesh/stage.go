package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Stage is one set of environments that the mesh is deployed to.
type Stage struct {
	Region   string            `yaml:"region"`   // name of the AWS region
	Accounts map[string]string `yaml:"accounts"` // 12-digit account ids by name
	Sharing  Sharing           `yaml:"sharing"`  // how shares between accounts are accepted

	// DeploymentRole is the role that CloudFormation works with, which is made an
	// administrator of Lake Formation: its name, after its path where it has one, the
	// same in every account of the stage; or its ARN where the stage has one account.
	// Default: the execution role of the synthesizer, which cdk bootstrap makes. A
	// synthesizer that deploys with the credentials of the command line has none.
	DeploymentRole string `yaml:"deploymentRole"`

	// NonProduction marks a stage that never holds data of real patients. Only there
	// are FHIR stores filled with synthetic ones.
	NonProduction bool `yaml:"nonProduction"`

	// Alarms is who hears of alarms and failures by mail: AlarmOwners, AlarmNobody, or the
	// e-mail address of who hears of those of every domain. Each address confirms it once.
	// Default: AlarmOwners; AlarmNobody in a stage that is marked nonProduction, where
	// things fail on purpose.
	Alarms string `yaml:"alarms"`
}

// Sharing says how an account of a stage comes to accept what another shares
// with it. Lake Formation shares through AWS Resource Access Manager, and
// CloudFormation cannot accept an invitation (rule 5.4). A stage whose
// subscriptions cross accounts sets one of the two.
type Sharing struct {
	// Organization is the ARN of the AWS organization that holds every account of
	// the stage, with sharing switched on in Resource Access Manager: shares then
	// need no acceptance.
	Organization string `yaml:"organization"`

	// Acceptance says who accepts invitations by hand, and where that is written down.
	Acceptance string `yaml:"acceptance"`
}

// Stages are where a mesh runs, by stage name.
type Stages map[string]Stage

// Names are the names of the stages, sorted.
func (s Stages) Names() []string { return slices.Sorted(maps.Keys(s)) }

// environment is the environment of an account, by its name in a stage.
func (s Stages) environment(stage, account string) Environment {
	return Environment{Account: s[stage].Accounts[account], Region: s[stage].Region}
}

// resolve puts the account ids of a stage in the place of account names in braces,
// so that one identifier serves every stage: arn:aws:iam::{research}:role/Analyst.
// Names that the stage does not know stay.
func (s Stages) resolve(stage, identifier string) string {
	return accountWord.ReplaceAllStringFunc(identifier, func(word string) string {
		if id, ok := s[stage].Accounts[strings.Trim(word, "{}")]; ok {
			return id
		}
		return word
	})
}

// foundationWord tells the stacks of a stage apart that exist once per environment: the
// name of the environment's account, or "" when the stage has one environment. Of two
// names for one account the first in the alphabet is taken.
func (s Stages) foundationWord(stage string, env Environment) string {
	accounts := s[stage].Accounts
	distinct := map[string]bool{}
	var word string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(accounts))) {
		distinct[accounts[name]] = true
		if accounts[name] == env.Account {
			word = name
		}
	}
	if len(distinct) < 2 {
		return ""
	}
	return word
}

// Environment is an account and a region.
type Environment struct {
	Account string // 12-digit id
	Region  string // name of the AWS region
}

// String names the environment as people say it: account/region.
func (e Environment) String() string { return fmt.Sprintf("%s/%s", e.Account, e.Region) }

func compareEnvironments(a, b Environment) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// accountWord is the name of an account of the stage where an ARN has its
// account id, in braces.
var accountWord = regexp.MustCompile(`\{([^{}]*)\}`)

// accountOf is the account id in an ARN, or "".
func accountOf(arn string) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	return fields[4]
}

// Regions returns every AWS region that a stage can name, sorted. A mesh names its
// region in full, and a misspelt one would only be noticed by the deployment.
func Regions() []string {
	return []string{
		"af-south-1",
		"ap-east-1", "ap-east-2",
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
		"ap-south-1", "ap-south-2",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
		"ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1",
		"cn-north-1", "cn-northwest-1",
		"eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
		"eu-west-1", "eu-west-2", "eu-west-3",
		"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
		"us-east-1", "us-east-2",
		"us-gov-east-1", "us-gov-west-1",
		"us-west-1", "us-west-2",
	}
}

// Partition returns the AWS partition of a region, such as aws or aws-us-gov.
func Partition(region string) string { return template.PartitionOf(region).Name }
