package entityresolution

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Input is a table whose records are compared.
type Input struct {
	// Table of the Data Catalog, with files of CSV or Parquet; the service names no other
	// format, so no Iceberg. Required.
	Table catalog.ITable

	// Files are those of the table, which the service reads with the role of the
	// workflow. Required.
	Files storage.S3Location

	// Schema says what the columns of the table hold. Required.
	Schema *SchemaMapping

	// AsIs leaves out the service's normalization of names, addresses, phone numbers and
	// e-mail addresses before they are compared, for tables that were normalized before.
	// Default: false.
	AsIs *bool
}

// Rule says that records are one person which agree in all of its keys.
type Rule struct {
	// Name is what the output calls the rule. Required.
	Name *string

	// MatchKeys are 1 to 15 keys of the schemas, all of which have to agree. Required.
	MatchKeys []string
}

// OutputColumn is a column of the inputs that the output repeats.
type OutputColumn struct {
	// Column of the inputs' schemas. Required.
	Column *string

	// ClearText writes the column as it is.
	// Default: false, a hash of it is written.
	ClearText *bool
}

// MatchingWorkflowProps configures a MatchingWorkflow. Exactly one of Rules and
// MachineLearning says how records are compared.
type MatchingWorkflowProps struct {
	// WorkflowName is 1 to 255 letters, digits, underscores and hyphens, once in an
	// account and region, and a plain string. A change makes a new workflow. Required.
	WorkflowName *string

	// Description is at most 255 characters.
	// Default: none.
	Description *string

	// Inputs are 1 to 20 tables. Required.
	Inputs []Input

	// Rules are 1 to 25, tried one after another: a record that one of them has matched
	// is not tried by those after it. Put the strict ones first.
	// Default: none.
	Rules []Rule

	// AcrossColumns also compares columns of one key with each other, such as a home
	// number with the number at work (MANY_TO_MANY). Only with Rules.
	// Default: false, each column is compared with itself (ONE_TO_ONE).
	AcrossColumns *bool

	// MachineLearning lets the service's model compare names, addresses, phone numbers,
	// e-mail addresses and birth dates, all in clear text, and write how confident it is.
	// Default: false.
	MachineLearning *bool

	// Output is where the service writes, encrypted with the bucket's key. Whoever reads
	// it learns which records are one person. Required.
	Output storage.S3Location

	// OutputColumns are columns of the inputs that the output repeats, beside the id of
	// the record, of its table and of its match, which are always written.
	// Default: none.
	OutputColumns []OutputColumn

	// Incremental lets the service run by itself whenever files of the inputs arrive, and
	// compare them with what it keeps of the records before. No state machine sees these
	// runs, so no alarm tells of their failures. The buckets of the inputs send their
	// events to EventBridge. Only with Rules, and without Schedule.
	// Default: false, every run compares all records.
	Incremental *bool

	// Schedule starts a run, a six-field cron such as "cron(15 2 * * ? *)", in UTC.
	// Default: none, a run is started by StateMachineArn.
	Schedule *string

	// PollInterval is how often the state machine asks how a run goes, 1 to 60 minutes.
	// It gives up after 1,500 times.
	// Default: 5 minutes.
	PollInterval awscdk.Duration

	// RoleName fixes the name of the role that the service works with, for a bucket that
	// admits roles by name.
	// Default: CloudFormation generates it.
	RoleName *string

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the output bucket's key.
	AlarmTopic awssns.ITopic
}

const (
	maxInputs    = 20
	maxRules     = 25
	maxMatchKeys = 15
	maxOutput    = 750
)

// matchingPlan is MatchingWorkflowProps with its defaults.
type matchingPlan struct {
	MatchingWorkflowProps
	inputs []workflow.Location
	output workflow.Location
}

func (p *MatchingWorkflowProps) withDefaults() matchingPlan {
	out := matchingPlan{}
	if p != nil {
		out.MatchingWorkflowProps = *p
	}
	out.Inputs, out.Rules, out.OutputColumns = slices.Clone(out.Inputs), slices.Clone(out.Rules), slices.Clone(out.OutputColumns)
	for _, in := range out.Inputs {
		out.inputs = append(out.inputs, workflow.At(in.Files.Bucket, in.Files.Prefix))
	}
	out.output = workflow.At(out.Output.Bucket, out.Output.Prefix)
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(5))
	}
	return out
}

func (p *matchingPlan) problems() problem.List {
	var list problem.List
	cdkx.CheckName(&list, "WorkflowName", p.WorkflowName, entityName, anEntityName)
	checkDescription(&list, p.Description)
	p.checkInputs(&list)
	p.output.Check(&list, "Output", "matches/")
	p.checkTechnique(&list)
	p.checkOutput(&list)
	cdkx.CheckSchedule(&list, "Schedule", p.Schedule)
	if p.Schedule != nil && cdkx.Value(p.Incremental, false) {
		list.Addf("Schedule", "a schedule beside Incremental", "one of the two", "leave one out: incremental runs are started by the service")
	}
	delivery.CheckPollInterval(&list, p.PollInterval, 60)
	return list
}

func (p *matchingPlan) checkInputs(list *problem.List) {
	if n := len(p.Inputs); n < 1 || n > maxInputs {
		list.Addf("Inputs", fmt.Sprint(n), fmt.Sprintf("1 to %d", maxInputs), "name the tables whose records are compared")
	}
	for i, in := range p.Inputs {
		path := fmt.Sprintf("Inputs[%d]", i)
		if cdkx.Missing(in.Table) {
			list.Addf(path+".Table", "nothing", "a table of the catalog", "set it, for example by catalog.TableFromName")
		}
		if in.Schema == nil {
			list.Addf(path+".Schema", "nothing", "what its columns hold", "make it with NewSchemaMapping")
		}
		p.inputs[i].Check(list, path+".Files", "persons/")
		if p.inputs[i].Overlaps(p.output) {
			list.Addf("Output.Prefix", fmt.Sprintf("%q beside %s at %q", p.output.Prefix, path, p.inputs[i].Prefix), "prefixes apart from each other", "choose another: what a run writes must not be compared")
		}
	}
}

func (p *matchingPlan) checkTechnique(list *problem.List) {
	learning := cdkx.Value(p.MachineLearning, false)
	if learning == (len(p.Rules) > 0) {
		list.Addf("Rules", fmt.Sprintf("%d rules, MachineLearning: %v", len(p.Rules), learning), "exactly one of the two", "write rules, or let the model compare")
	}
	if learning {
		for path, set := range map[string]bool{"AcrossColumns": cdkx.Value(p.AcrossColumns, false), "Incremental": cdkx.Value(p.Incremental, false)} {
			if set {
				list.Addf(path, "true with MachineLearning", "rules with it", "leave it out")
			}
		}
		p.checkLearning(list)
		return
	}
	if n := len(p.Rules); n > maxRules {
		list.Addf("Rules", fmt.Sprint(n), fmt.Sprintf("at most %d", maxRules), "join rules")
	}
	names := map[string]bool{}
	for i, rule := range p.Rules {
		path := fmt.Sprintf("Rules[%d]", i)
		name := cdkx.Value(rule.Name, "")
		switch {
		case !attributeName.MatchString(name):
			list.Addf(path+".Name", cdkx.Quote(name), anAttributeName, "name what agrees")
		case names[name]:
			list.Addf(path+".Name", fmt.Sprintf("%q again", name), "each name once", "rename it")
		}
		names[name] = true
		p.checkKeys(list, path+".MatchKeys", rule.MatchKeys)
	}
}

// checkKeys reports keys that a schema lacks: its records would never match by the rule.
func (p *matchingPlan) checkKeys(list *problem.List, path string, keys []string) {
	if n := len(keys); n < 1 || n > maxMatchKeys {
		list.Addf(path, fmt.Sprint(n), fmt.Sprintf("1 to %d", maxMatchKeys), "name the keys that have to agree")
	}
	for j, key := range keys {
		at := fmt.Sprintf("%s[%d]", path, j)
		if slices.Contains(keys[:j], key) {
			list.Addf(at, fmt.Sprintf("%q again", key), "each key once", "leave it out")
			continue
		}
		for i, in := range p.Inputs {
			if in.Schema != nil && !slices.Contains(in.Schema.keys(), key) {
				list.Addf(at, fmt.Sprintf("%q, which the schema of Inputs[%d] has not", key, i), fmt.Sprintf("one of %v", in.Schema.keys()), "give a column this MatchKey, or take the key out")
			}
		}
	}
}

// checkLearning reports schemas that the model has nothing to compare in.
func (p *matchingPlan) checkLearning(list *problem.List) {
	for i, in := range p.Inputs {
		if in.Schema == nil {
			continue
		}
		path, compares := fmt.Sprintf("Inputs[%d].Schema", i), false
		for _, f := range in.Schema.fields {
			compares = compares || f.Type.whole() != "" || f.Type == EmailAddress || f.Type == Date
			if cdkx.Value(f.Hashed, false) {
				list.Addf(path, "the hashed column "+*f.Column, "clear text, as the model compares no hashes", "leave the column out, or write rules")
			}
		}
		if !compares {
			list.Addf(path, "no name, address, phone number, e-mail address or date", "at least one of them", "say what the columns hold")
		}
	}
}

func (p *matchingPlan) checkOutput(list *problem.List) {
	if n := len(p.OutputColumns); n > maxOutput-1 {
		list.Addf("OutputColumns", fmt.Sprint(n), fmt.Sprintf("at most %d", maxOutput-1), "repeat fewer")
	}
	for i, column := range p.OutputColumns {
		name := cdkx.Value(column.Column, "")
		for j, in := range p.Inputs {
			if in.Schema == nil {
				continue
			}
			if f, known := in.Schema.column(name); !known || f.Type == UniqueID {
				list.Addf(fmt.Sprintf("OutputColumns[%d].Column", i), cdkx.Quote(name), fmt.Sprintf("a column of the schema of Inputs[%d] beside its %s", j, UniqueID), "correct it, or leave it out")
			}
		}
	}
}
