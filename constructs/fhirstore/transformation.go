package fhirstore

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SourceFormat is what a transformation profile makes FHIR of.
type SourceFormat string

// Source formats that HealthLake converts.
// Source: "AWS::HealthLake::DataTransformationProfile".
const (
	CCDA SourceFormat = "CCDA" // Consolidated Clinical Document Architecture, XML
	CSV  SourceFormat = "CSV"  // files with one line for each row
)

// CcdaStarterKit is the profile that AWS publishes for the usual C-CDA documents.
// Source: "Getting started with the SDK and AWS CLI" of HealthLake's data transformation.
const CcdaStarterKit = "ccda-starter-kit-v1"

// ProfileVersion is a version of a transformation profile that exists in the account.
type ProfileVersion struct {
	ProfileID *string  // 32 small hexadecimal digits, or a token. Required.
	Version   *float64 // 0, the draft, to 99. Required.
}

// TransformationProfileProps configures a TransformationProfile. Exactly one of
// StarterProfile, Mapping and Clone says what the profile is made of. Nothing but tags
// can be changed: any other change makes a new profile with a new id and deletes the
// old one, with whatever was published of it by hand since.
type TransformationProfileProps struct {
	// ProfileName is 1 to 256 characters. Required.
	ProfileName *string

	// Description is at most 1000 characters.
	// Default: none.
	Description *string

	// SourceFormat is CCDA or CSV. Required.
	SourceFormat SourceFormat

	// StarterProfile is a profile that AWS publishes, such as CcdaStarterKit. Only for
	// CCDA.
	// Default: none.
	StarterProfile *string

	// Mapping is the text of each file of the profile by its path: Velocity templates
	// such as "Resources/Patient.vm" for CCDA, a mapping in YAML for CSV. HealthLake
	// documents no path for the latter. The template of the stack holds it, so it counts
	// for CloudFormation's limit of 1,000,000 bytes. HealthLake reads it first when the
	// profile is made.
	// Default: none.
	Mapping map[string]string

	// Clone copies a version of another profile, for example one that was made in the
	// console with HealthLake's agent.
	// Default: none.
	Clone *ProfileVersion

	// Key encrypts the profile. Who deploys needs kms:CreateGrant, kms:GenerateDataKey,
	// kms:Decrypt and kms:DescribeKey on it. Required: mappings of a hospital's own
	// documents say what it keeps of people.
	Key awskms.IKey
}

var profileID = regexp.MustCompile(`^[a-f0-9]{32}$`)

const aProfileID = "the id of a profile, 32 digits and letters a to f"

func checkSourceFormat(list *problem.List, format SourceFormat) {
	if format != CCDA && format != CSV {
		list.Addf("SourceFormat", fmt.Sprintf("%q", format), fmt.Sprintf("%s or %s", CCDA, CSV), "say what is converted")
	}
}

func (p *TransformationProfileProps) problems() problem.List {
	var list problem.List
	checkLength(&list, "ProfileName", cdkx.Value(p.ProfileName, ""), 1, 256)
	checkLength(&list, "Description", cdkx.Value(p.Description, ""), 0, 1000)
	checkSourceFormat(&list, p.SourceFormat)
	var sources []string
	if p.StarterProfile != nil {
		sources = append(sources, "StarterProfile")
		checkLength(&list, "StarterProfile", *p.StarterProfile, 1, math.MaxInt)
		if p.SourceFormat == CSV {
			list.Addf("StarterProfile", cdkx.Quote(*p.StarterProfile)+" for CSV", "none, because AWS publishes profiles for CCDA only", "write the Mapping, or clone a profile")
		}
	}
	if p.Mapping != nil {
		sources = append(sources, "Mapping")
		p.checkMapping(&list)
	}
	if p.Clone != nil {
		sources = append(sources, "Clone")
		p.Clone.check(&list)
	}
	if len(sources) != 1 {
		list.Addf("Mapping", fmt.Sprintf("%d sources %v", len(sources), sources), "exactly one of StarterProfile, Mapping and Clone", "set one of them")
	}
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a customer managed key", "set Key, for example to that of the lake")
	}
	return list
}

func (p *TransformationProfileProps) checkMapping(list *problem.List) {
	if len(p.Mapping) == 0 {
		list.Addf("Mapping", "no file", "at least one", "give the text of each file by its path")
	}
	for _, path := range slices.Sorted(maps.Keys(p.Mapping)) {
		if path == "" || p.Mapping[path] == "" {
			list.Addf(fmt.Sprintf("Mapping[%q]", path), fmt.Sprintf("%d bytes", len(p.Mapping[path])), "a path with a text", "write it, or leave the path out")
		}
	}
}

func (v *ProfileVersion) check(list *problem.List) {
	checkProfileID(list, "Clone.ProfileID", v.ProfileID)
	if n := cdkx.Value(v.Version, -1); n < 0 || n > 99 || n != math.Trunc(n) {
		list.Addf("Clone.Version", fmt.Sprint(n), "a whole number from 0, the draft, to 99", "name the version that was published")
	}
}

func checkProfileID(list *problem.List, path string, id *string) {
	if text := cdkx.Value(id, ""); !cdkx.HoldsToken(text) && !profileID.MatchString(text) {
		list.Addf(path, cdkx.Quote(text), aProfileID, "copy it from aws healthlake list-data-transformation-profiles")
	}
}

// checkLength reports a text that is too short or too long; tokens are not counted.
func checkLength(list *problem.List, path, text string, least, most int) {
	if n := utf8.RuneCountInString(text); !cdkx.HoldsToken(text) && (n < least || n > most) {
		list.Addf(path, fmt.Sprintf("%d characters", n), fmt.Sprintf("%d to %d", least, most), "correct it")
	}
}

// ITransformationProfile is a transformation profile of HealthLake: one that this app
// makes, by NewTransformationProfile, or one that exists, by
// TransformationProfileFromAttributes.
type ITransformationProfile interface {
	constructs.Construct

	// ProfileID is the id that HealthLake gave the profile.
	ProfileID() *string
	// ProfileARN is the ARN of the profile.
	ProfileARN() *string
	// SourceFormat is what the profile converts.
	SourceFormat() SourceFormat
}

// TransformationProfile is a transformation profile that this app makes.
type TransformationProfile struct {
	constructs.Construct

	resource awscdk.CfnResource
	id, arn  string
	format   SourceFormat
}

var _ ITransformationProfile = (*TransformationProfile)(nil)

// NewTransformationProfile makes a profile by which HealthLake makes FHIR R4 resources
// of C-CDA documents or CSV files, for ImportProps.Profile. CloudFormation publishes it,
// and jobs take the version that was published last. An account has at most 20 profiles
// of 99 versions.
//
// HealthLake calls this a preview, whose interface may change and whose price is not
// published; it converts and does not judge: have clinicians look at what comes out.
// A profile that was made in the console with HealthLake's agent is cloned, or referred
// to by TransformationProfileFromAttributes.
//
// It panics with every problem of the props at once.
// Sources: "AWS::HealthLake::DataTransformationProfile"; "Transforming healthcare data".
// Nothing here was deployed to an account by this project.
func NewTransformationProfile(scope constructs.Construct, id *string, props *TransformationProfileProps) *TransformationProfile {
	p := cdkx.Value(props, TransformationProfileProps{})
	cdkx.Check(scope, id, p.problems())

	t := &TransformationProfile{format: p.SourceFormat}
	cdkx.Add(t, scope, id)
	properties := map[string]any{
		"ProfileName": p.ProfileName, "SourceFormat": string(p.SourceFormat), "KmsKeyId": cdkx.KeyARN(p.Key), "Source": p.source(),
	}
	if p.Description != nil {
		properties["ProfileDescription"] = p.Description
	}
	// The oldest CDK that this library supports has no class for the type.
	t.resource = awscdk.NewCfnResource(t, jsii.String("Resource"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::HealthLake::DataTransformationProfile"), Properties: &properties,
	})
	t.id, t.arn = cdkx.Attribute(t.resource, "ProfileId"), cdkx.Attribute(t.resource, "Arn")
	return t
}

func (p *TransformationProfileProps) source() map[string]any {
	switch {
	case p.StarterProfile != nil:
		return map[string]any{"StarterProfile": map[string]any{"StarterProfileName": p.StarterProfile}}
	case p.Clone != nil:
		return map[string]any{"ExistingVersionedProfileId": map[string]any{"ProfileId": p.Clone.ProfileID, "Version": p.Clone.Version}}
	default:
		files := map[string]any{}
		for path, text := range p.Mapping {
			files[path] = text
		}
		return map[string]any{"ProfileMapping": map[string]any{"ProfileMapping": files}}
	}
}

// ProfileID is the id that HealthLake gave the profile.
func (t *TransformationProfile) ProfileID() *string { return jsii.String(t.id) }

// ProfileARN is the ARN of the profile.
func (t *TransformationProfile) ProfileARN() *string { return jsii.String(t.arn) }

// SourceFormat is what the profile converts.
func (t *TransformationProfile) SourceFormat() SourceFormat { return t.format }

// Cfn is the CloudFormation resource. Its tags are those of this construct only: tags
// of an app or a stack do not reach a resource that the CDK has no class for.
func (t *TransformationProfile) Cfn() awscdk.CfnResource { return t.resource }

// TransformationProfileAttributes says which profile is meant.
type TransformationProfileAttributes struct {
	// ProfileID is the id of the profile in the account and region of the stack; a token
	// is taken. Required.
	ProfileID *string

	// SourceFormat is what the profile converts, CCDA or CSV. Required.
	SourceFormat SourceFormat
}

// importedProfile is a profile that this app does not make.
type importedProfile struct {
	constructs.Construct
	id, arn string
	format  SourceFormat
}

// TransformationProfileFromAttributes refers to a transformation profile that exists,
// such as one that was made in the console with HealthLake's agent. Publish it before
// something is imported with it: jobs take no draft.
//
// It panics with every problem of the attributes at once.
func TransformationProfileFromAttributes(scope constructs.Construct, id *string, attributes *TransformationProfileAttributes) ITransformationProfile {
	a := cdkx.Value(attributes, TransformationProfileAttributes{})
	var list problem.List
	checkProfileID(&list, "ProfileID", a.ProfileID)
	checkSourceFormat(&list, a.SourceFormat)
	cdkx.Check(scope, id, list)

	t := &importedProfile{id: *a.ProfileID, format: a.SourceFormat}
	cdkx.Add(t, scope, id)
	t.arn = cdkx.ARN(t, "healthlake", "dataTransformationProfile/"+t.id)
	return t
}

func (t *importedProfile) ProfileID() *string         { return jsii.String(t.id) }
func (t *importedProfile) ProfileARN() *string        { return jsii.String(t.arn) }
func (t *importedProfile) SourceFormat() SourceFormat { return t.format }

// useProfile is what an import with a profile needs beside the import itself: it starts
// a transformation. IAM's list names the store alone for the import; which of these the
// service asks for is not documented, and they reach no other profile.
func useProfile(profile ITransformationProfile) awsiam.PolicyStatement {
	return workflow.Allow([]string{*profile.ProfileARN()}, "healthlake:GetDataTransformationProfile", "healthlake:StartDataTransformationJob")
}
