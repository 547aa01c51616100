package assembly

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// other says what a resource of another type may do to access that nobody can read.
func (r *reader) other(res template.Resource, place string) {
	say := func(text, reason string) {
		r.OnUnresolved(access.Unresolved{Place: place, Text: text, Reason: reason})
	}
	switch kind := res.Type; {
	case kind == "Custom::AWS":
		r.sdkCalls(res, place, say)
	case strings.HasPrefix(kind, "Custom::") || kind == "AWS::CloudFormation::CustomResource":
		if !harmless[kind] {
			say(kind+" "+r.written(res, place, "ServiceToken"), "a custom resource, whose code may grant anything")
		}
	case kind == machineType:
		r.workflow(res, place, say)
	case kind == "AWS::CloudFormation::StackSet":
		r.stackSet(res, place, say)
	case kind == "AWS::RAM::ResourceShare":
		r.resourceShare(res, place, say)
	case kind == "AWS::S3::AccessPoint":
		if res.Properties["Policy"] != nil {
			say(kind+" "+r.written(res, place), "the policy of an access point lets in whom it names as far as that of its bucket lets requests through it")
		}
	case kind == "AWS::S3::Bucket":
		r.replication(res, place, say)
		if acl := template.Text(r.quietly(res.Properties, place), "AccessControl"); slices.Contains(openACLs, acl) {
			say("AccessControl "+acl, "an access control list that lets everybody read, where the bucket does not ignore it")
		}
	case beside[kind] != "":
		say(kind+" "+r.written(res, place), beside[kind])
	case strings.HasSuffix(kind, "::MODULE"):
		say(kind+" "+r.written(res, place), "a module, which CloudFormation replaces by resources that may grant anything")
	case strings.HasPrefix(kind, "AWS::LakeFormation::"):
		say(kind+" "+r.written(res, place), "a type of Lake Formation that is not read")
	case kind != "" && !strings.HasPrefix(kind, "AWS::"):
		say(kind+" "+r.written(res, place), "not a type of AWS: what it does is not known")
	}
}

// beside are types of AWS that let somebody see tables or their files beside the grants of
// Lake Formation, or that make what does.
var beside = map[string]string{
	"AWS::CleanRooms::ConfiguredTable":                      "a table of a collaboration of Clean Rooms, whose members see what its analysis rules let them",
	"AWS::DataZone::Connection":                             "DataZone grants its projects what they subscribe to",
	"AWS::DataZone::DataSource":                             "DataZone grants its projects what they subscribe to",
	"AWS::DataZone::Environment":                            "DataZone grants its projects what they subscribe to",
	"AWS::DataZone::Project":                                "DataZone grants its projects what they subscribe to",
	"AWS::DataZone::SubscriptionTarget":                     "DataZone grants its projects what they subscribe to",
	"AWS::RAM::PrincipalAssociation":                        "shares what is in a share of AWS RAM, which gives what its permissions say beside Lake Formation's grants",
	"AWS::RAM::ResourceAssociation":                         "shares by AWS RAM, which gives what its permissions say beside Lake Formation's grants",
	"AWS::S3::AccessGrant":                                  "a grant of S3 Access Grants, which lets its grantee reach files beside Lake Formation",
	"AWS::S3::MultiRegionAccessPointPolicy":                 "a policy of an access point, which lets in whom it names as far as the policies of its buckets let requests through it",
	"AWS::S3Tables::TableBucketPolicy":                      "a policy of S3 Tables, which lets whom it names read tables beside Lake Formation",
	"AWS::S3Tables::TablePolicy":                            "a policy of S3 Tables, which lets whom it names read a table beside Lake Formation",
	"AWS::QuickSight::DataSet":                              "whoever Amazon QuickSight shows the data set to sees what its owner reads",
	"AWS::SecurityLake::Subscriber":                         "Amazon Security Lake grants its tables to the subscriber",
	"AWS::Serverless::Application":                          "an application, whose template is not read and may grant anything",
	"AWS::ServiceCatalog::CloudFormationProvisionedProduct": "a product of Service Catalog, whose template may grant anything",
}

// harmless are the custom resources of the CDK's own library that give nobody access to
// a table.
var harmless = map[string]bool{
	"Custom::CDKBucketDeployment":              true,
	"Custom::CloudwatchLogResourcePolicy":      true,
	"Custom::CrossRegionExportReader":          true,
	"Custom::CrossRegionExportWriter":          true,
	"Custom::CrossRegionStringParameterReader": true,
	"Custom::ECRAutoDeleteImages":              true,
	"Custom::LogRetention":                     true,
	"Custom::S3AutoDeleteObjects":              true,
	"Custom::S3BucketNotifications":            true,
	"Custom::VpcRestrictDefaultSG":             true,
}

// written returns the properties of a resource without some of them, as a short text.
func (r *reader) written(res template.Resource, place string, without ...string) string {
	properties := maps.Clone(res.Properties)
	for _, name := range without {
		delete(properties, name)
	}
	return template.Written(r.quietly(properties, place))
}

// quietly resolves a piece of the template and does not say what is unresolved in it.
func (r *reader) quietly(in any, place string) any {
	return template.NewResolver(r.stack).Value(in, place)
}

// sdkCall is a call of the AWS SDK, as the CDK's AwsCustomResource writes it.
type sdkCall struct {
	Service, Action string
	Parameters      map[string]any
}

// decisive are the services whose calls decide who reads tables or their files.
var decisive = []string{"athena", "glue", "iam", "kms", "lakeformation", "ram", "s3", "s3control", "s3tables"}

// sdkCalls says which calls of those services an AwsCustomResource makes.
func (r *reader) sdkCalls(res template.Resource, place string, say func(text, reason string)) {
	seen := map[string]bool{}
	for _, event := range []string{"Create", "Update"} {
		text, isText := r.quietly(res.Properties[event], place).(string)
		if !isText && res.Properties[event] == nil || seen[text] {
			continue
		}
		seen[text] = true
		var call sdkCall
		if err := json.Unmarshal([]byte(text), &call); err != nil || call.Service == "" || template.IsUnresolved(call.Service) {
			say(event+" "+template.Written(res.Properties[event]), "a call of an AWS service that could not be read")
			continue
		}
		if service := serviceOf(call.Service); slices.Contains(decisive, service) && !reading.MatchString(call.Action) {
			say(event+" calls "+service+":"+call.String(), "a custom resource calls the service; what it leads to is not read")
		}
	}
}

// reading are the names of calls that change nothing.
var reading = regexp.MustCompile(`^(?i:describe|get|head|list)`)

var notName = regexp.MustCompile(`[^a-z0-9]`)

// serviceOf returns the name of a service for each of the ways to write it, such as
// @aws-sdk/client-lakeformation, LakeFormation and lake-formation.
func serviceOf(name string) string {
	name = strings.ToLower(name)
	if _, client, isClient := strings.Cut(name, "client-"); isClient {
		name = client
	}
	return notName.ReplaceAllString(name, "")
}

// String says what is called, and of a grant who gets what.
func (c sdkCall) String() string {
	permissions, isGrant := c.Parameters["Permissions"]
	principal := template.Text(c.Parameters, "Principal.DataLakePrincipalIdentifier")
	target, problems := lakeformation.FromCloudFormation(c.Parameters["Resource"])
	if !isGrant || principal == "" || len(problems) > 0 {
		return c.Action + " " + template.Written(c.Parameters)
	}
	return fmt.Sprintf("%s %v to %s on %s", c.Action, permissions, principal, target.Key())
}

// granting are the calls of a workflow that give somebody access.
var granting = regexp.MustCompile(`aws-sdk:(lakeformation:(?:grant|batchGrant|put|add|create|update|register|deregister)\w*|glue:putResourcePolicy|ram:createResourceShare)`)

// workflow says which calls a state machine makes that give access when it runs.
func (r *reader) workflow(res template.Resource, place string, say func(text, reason string)) {
	text := r.quietly(res.Properties["DefinitionString"], place)
	if text == nil {
		text = r.quietly(res.Properties["Definition"], place)
	}
	definition, isText := text.(string)
	if !isText {
		if data, err := json.Marshal(text); err == nil {
			definition = string(data)
		}
	}
	var calls []string
	for _, m := range granting.FindAllStringSubmatch(definition, -1) {
		calls = append(calls, m[1])
	}
	slices.Sort(calls)
	if calls = slices.Compact(calls); len(calls) > 0 {
		say("calls "+strings.Join(calls, ", "), "a state machine, which gives access when it runs; to whom and on what is not read")
	}
}

type stackSetProperties struct {
	StackSetName        string
	TemplateBody        string
	TemplateURL         string
	StackInstancesGroup []struct {
		DeploymentTargets any
		Regions           []string
	}
}

var bearing = regexp.MustCompile(`AWS::(?:Glue|IAM|LakeFormation|RAM)::\w+`)

func (r *reader) stackSet(res template.Resource, place string, say func(text, reason string)) {
	var p stackSetProperties
	quiet := template.NewResolver(r.stack)
	quiet.Decode(res.Properties, &p, place)
	var where []string
	for _, group := range p.StackInstancesGroup {
		where = append(where, fmt.Sprintf("%s in %v", template.Written(group.DeploymentTargets), group.Regions))
	}
	what := "of " + cmp.Or(p.TemplateURL, "a template that could not be read")
	if p.TemplateBody != "" {
		types := bearing.FindAllString(p.TemplateBody, -1)
		slices.Sort(types)
		what = fmt.Sprintf("with %v", slices.Compact(types))
	}
	say(fmt.Sprintf("stack set %s %s to %s", p.StackSetName, what, cmp.Or(strings.Join(where, ", "), "accounts that it does not name")),
		"it deploys a template to other accounts and regions, which is not read")
}

// resourceShare says which Glue or Lake Formation resources are shared with whom.
func (r *reader) resourceShare(res template.Resource, place string, say func(text, reason string)) {
	var p struct{ ResourceArns, Principals []string }
	template.NewResolver(r.stack).Decode(res.Properties, &p, place)
	ofCatalog := func(arn string) bool {
		return strings.Contains(arn, ":glue:") || strings.Contains(arn, ":lakeformation:") || strings.HasPrefix(arn, "${") || template.IsDynamic(arn)
	}
	if slices.ContainsFunc(p.ResourceArns, ofCatalog) {
		say(fmt.Sprintf("shares %v with %v", p.ResourceArns, p.Principals), "a share of AWS RAM, which gives what its permissions say beside Lake Formation's grants")
	}
}

// openACLs are canned access control lists that let in who has no account's permission.
// Source: "Access control list (ACL) overview: canned ACL".
var openACLs = []string{"AuthenticatedRead", "PublicRead", "PublicReadWrite"}

// replication says where a bucket copies its objects: who may read the copy is not read.
func (r *reader) replication(res template.Resource, place string, say func(text, reason string)) {
	var p struct {
		ReplicationConfiguration struct {
			Rules []struct {
				Status      string
				Destination struct{ Bucket string }
			}
		}
	}
	template.NewResolver(r.stack).Decode(res.Properties, &p, place)
	for _, rule := range p.ReplicationConfiguration.Rules {
		if rule.Status != "Disabled" {
			say("copies its objects to "+rule.Destination.Bucket, "who may read them there is shown only as far as that is a registered location too")
		}
	}
}
