package entityresolution

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsentityresolution"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// AttributeType is what a column holds.
type AttributeType string

// Types of columns. Of names, addresses and phone numbers the parts can be said instead of
// the whole; parts of one whole have the same Group.
// Source: "AWS::EntityResolution::SchemaMapping SchemaInputAttribute".
const (
	UniqueID          AttributeType = "UNIQUE_ID" // of the record in its table, at most 38 characters
	Name              AttributeType = "NAME"
	NameFirst         AttributeType = "NAME_FIRST"
	NameMiddle        AttributeType = "NAME_MIDDLE"
	NameLast          AttributeType = "NAME_LAST"
	Address           AttributeType = "ADDRESS"
	AddressStreet1    AttributeType = "ADDRESS_STREET1"
	AddressStreet2    AttributeType = "ADDRESS_STREET2"
	AddressStreet3    AttributeType = "ADDRESS_STREET3"
	AddressCity       AttributeType = "ADDRESS_CITY"
	AddressState      AttributeType = "ADDRESS_STATE"
	AddressCountry    AttributeType = "ADDRESS_COUNTRY"
	AddressPostalCode AttributeType = "ADDRESS_POSTALCODE"
	Phone             AttributeType = "PHONE"
	PhoneNumber       AttributeType = "PHONE_NUMBER"
	PhoneCountryCode  AttributeType = "PHONE_COUNTRYCODE"
	EmailAddress      AttributeType = "EMAIL_ADDRESS"
	Date              AttributeType = "DATE" // such as the birth date
	String            AttributeType = "STRING"
)

func attributeTypes() []AttributeType {
	return []AttributeType{
		UniqueID, Name, NameFirst, NameMiddle, NameLast, Address, AddressStreet1, AddressStreet2, AddressStreet3, AddressCity, AddressState,
		AddressCountry, AddressPostalCode, Phone, PhoneNumber, PhoneCountryCode, EmailAddress, Date, String,
	}
}

// whole is what a part belongs to: NAME of NAME_FIRST, and "" of what has no parts.
func (t AttributeType) whole() string {
	for _, family := range []AttributeType{Name, Address, Phone} {
		if t == family || strings.HasPrefix(string(t), string(family)+"_") {
			return string(family)
		}
	}
	return ""
}

// Field says what a column of an input table is.
type Field struct {
	// Column is the name of the column in the table. Required.
	Column *string

	// Type is what the column holds. Required.
	Type AttributeType

	// MatchKey is the name that rules compare the column by; the parts of a group have
	// the same. Columns of different tables are compared where their keys are the same.
	// Default: none, the column is passed through.
	MatchKey *string

	// Group joins parts of one name, address or phone number, such as "home".
	// Default: none.
	Group *string

	// Hashed says that the column holds hashes already, so that it is compared as it is.
	// The model compares no hashed columns.
	// Default: false, clear text.
	Hashed *bool
}

// SchemaMappingProps configures a SchemaMapping.
type SchemaMappingProps struct {
	// SchemaName is 1 to 255 letters, digits, underscores and hyphens, once in an account
	// and region. A change makes a new mapping. Required.
	SchemaName *string

	// Description is at most 255 characters.
	// Default: none.
	Description *string

	// Fields are 2 to 35 columns, one of them the UniqueID. Required.
	Fields []Field
}

var (
	entityName    = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
	attributeName = regexp.MustCompile(`^[a-zA-Z0-9_ \t-]{1,255}$`)
)

const (
	anEntityName    = "1 to 255 letters, digits, underscores and hyphens"
	anAttributeName = "1 to 255 letters, digits, underscores, hyphens and spaces"
	minFields       = 2
	maxFields       = 35
	maxDescription  = 255
)

func (p *SchemaMappingProps) problems() problem.List {
	var list problem.List
	cdkx.CheckName(&list, "SchemaName", p.SchemaName, entityName, anEntityName)
	checkDescription(&list, p.Description)
	if n := len(p.Fields); n < minFields || n > maxFields {
		list.Addf("Fields", fmt.Sprint(n), fmt.Sprintf("%d to %d", minFields, maxFields), "name the columns that are compared, and no more")
	}
	ids := 0
	groups, columns := map[string]Field{}, map[string]bool{}
	for i, f := range p.Fields {
		path := fmt.Sprintf("Fields[%d]", i)
		f.check(&list, path)
		if f.Type == UniqueID {
			ids++
		}
		column := cdkx.Value(f.Column, "")
		if columns[column] {
			list.Addf(path+".Column", fmt.Sprintf("%q again", column), "each column once", "leave it out")
		}
		columns[column] = true
		if group := cdkx.Value(f.Group, ""); group != "" {
			if first, known := groups[group]; known && (first.Type.whole() != f.Type.whole() || cdkx.Value(first.MatchKey, "") != cdkx.Value(f.MatchKey, "")) {
				list.Addf(path+".Group", fmt.Sprintf("%q of %s with the key %q, and of %s with the key %q", group, first.Type, cdkx.Value(first.MatchKey, ""), f.Type, cdkx.Value(f.MatchKey, "")),
					"parts of one name, address or phone number, with one key", "give it another group, or the same MatchKey")
			} else if !known {
				groups[group] = f
			}
		}
	}
	if ids != 1 {
		list.Addf("Fields", fmt.Sprintf("%d columns of type %s", ids, UniqueID), "one, which identifies a record in its table", "say which column it is")
	}
	return list
}

func (f *Field) check(list *problem.List, path string) {
	cdkx.CheckName(list, path+".Column", f.Column, attributeName, anAttributeName)
	if !slices.Contains(attributeTypes(), f.Type) {
		list.Addf(path+".Type", fmt.Sprintf("%q", f.Type), fmt.Sprintf("one of %v", attributeTypes()), "choose one; identifiers of providers are not served here")
	}
	if f.Group != nil && f.Type.whole() == "" {
		list.Addf(path+".Group", fmt.Sprintf("a group of %s", f.Type), "groups of names, addresses and phone numbers", "leave it out")
	}
	if f.Type == UniqueID && f.MatchKey != nil {
		list.Addf(path+".MatchKey", "a key of the "+string(UniqueID), "none, as it identifies the record and no person", "leave it out")
	}
	for name, value := range map[string]*string{".MatchKey": f.MatchKey, ".Group": f.Group} {
		if value != nil && !attributeName.MatchString(*value) {
			list.Addf(path+name, cdkx.Quote(*value), anAttributeName, "correct it")
		}
	}
}

func checkDescription(list *problem.List, text *string) {
	if n := len([]rune(cdkx.Value(text, ""))); n > maxDescription {
		list.Addf("Description", fmt.Sprintf("%d characters", n), fmt.Sprintf("at most %d", maxDescription), "shorten it")
	}
}

// SchemaMapping says what the columns of a table hold.
type SchemaMapping struct {
	constructs.Construct

	resource awsentityresolution.CfnSchemaMapping
	fields   []Field
}

// NewSchemaMapping makes a schema mapping, which several tables of the same columns can
// share. Its columns can be changed while no workflow uses it.
//
// It panics with every problem of the props at once.
// Sources: "AWS::EntityResolution::SchemaMapping"; "Preparing first-party input data".
func NewSchemaMapping(scope constructs.Construct, id *string, props *SchemaMappingProps) *SchemaMapping {
	p := cdkx.Value(props, SchemaMappingProps{})
	cdkx.Check(scope, id, p.problems())

	s := &SchemaMapping{fields: slices.Clone(p.Fields)}
	cdkx.Add(s, scope, id)
	fields := make([]any, len(p.Fields))
	for i, f := range p.Fields {
		fields[i] = &awsentityresolution.CfnSchemaMapping_SchemaInputAttributeProperty{
			FieldName: f.Column, Type: jsii.String(string(f.Type)), MatchKey: f.MatchKey, GroupName: f.Group, Hashed: jsii.Bool(cdkx.Value(f.Hashed, false)),
		}
	}
	s.resource = awsentityresolution.NewCfnSchemaMapping(s, jsii.String("Resource"), &awsentityresolution.CfnSchemaMappingProps{
		SchemaName: p.SchemaName, Description: p.Description, MappedInputFields: &fields,
	})
	return s
}

// SchemaARN is the ARN of the mapping.
func (s *SchemaMapping) SchemaARN() *string { return s.resource.AttrSchemaArn() }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (s *SchemaMapping) Cfn() awsentityresolution.CfnSchemaMapping { return s.resource }

// uniqueID is the column that identifies a record.
func (s *SchemaMapping) uniqueID() string {
	for _, f := range s.fields {
		if f.Type == UniqueID {
			return *f.Column
		}
	}
	return ""
}

// keys are the match keys of the mapping.
func (s *SchemaMapping) keys() []string {
	var out []string
	for _, f := range s.fields {
		if f.MatchKey != nil && !slices.Contains(out, *f.MatchKey) {
			out = append(out, *f.MatchKey)
		}
	}
	return out
}

// column is the field of a column, if the mapping has it.
func (s *SchemaMapping) column(name string) (Field, bool) {
	for _, f := range s.fields {
		if *f.Column == name {
			return f, true
		}
	}
	return Field{}, false
}
