package template

import (
	"regexp"
	"strings"
)

// nameProperty is the property that Ref gives back, for the types whose name a
// template can fix.
var nameProperty = map[string]string{
	"AWS::Athena::WorkGroup":  "Name",
	"AWS::Glue::Database":     "DatabaseInput.Name",
	"AWS::Glue::Table":        "TableInput.Name",
	"AWS::IAM::Group":         "GroupName",
	"AWS::IAM::Role":          "RoleName",
	"AWS::IAM::User":          "UserName",
	"AWS::KMS::Alias":         "AliasName",
	"AWS::LakeFormation::Tag": "TagKey",
	"AWS::S3::Bucket":         "BucketName",
	ssmType:                   "Name",
}

// Key returns "account/region/name", which no other stack has.
func (s *Stack) Key() string { return s.Account + "/" + s.Region + "/" + s.Name }

// name puts names into the properties of resources that have none of their own.
func (s *Stack) name(names map[string]string) {
	for id, name := range names {
		res, known := s.Resources[id]
		path := nameProperty[res.Type]
		if !known || path == "" || Property(res.Properties, path) != nil {
			continue
		}
		if res.Properties == nil {
			res.Properties = map[string]any{}
			s.Resources[id] = res
		}
		within := res.Properties
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			next, _ := within[key].(map[string]any)
			if next == nil {
				next = map[string]any{}
				within[key] = next
			}
			within = next
		}
		within[keys[len(keys)-1]] = name
	}
}

const (
	maxDepth = 16   // stops names that refer to each other in a circle
	maxNames = 4096 // stops names that each refer to several others
)

// mayAsk reports whether the value of another name may be asked for, and counts it.
func (r *Resolver) mayAsk() bool {
	if r.depth == 0 {
		*r.asked = 0
	}
	*r.asked++
	return r.depth < maxDepth && *r.asked <= maxNames
}

// physicalID returns what Ref gives for a resource, when the template fixes it.
func (r *Resolver) physicalID(res Resource, place string) (string, bool) {
	if res.Type == "AWS::LakeFormation::DataCellsFilter" {
		parts := make([]string, 4)
		for i, property := range []string{"TableCatalogId", "DatabaseName", "TableName", "Name"} {
			var ok bool
			if parts[i], ok = r.property(res, property, place); !ok {
				return "", false
			}
		}
		return strings.Join(parts, "|"), true
	}
	if res.Type == tableBucket {
		name, ok := r.property(res, "TableBucketName", place)
		return "arn:" + r.partition() + ":s3tables:" + r.stack.Region + ":" + r.stack.Account + ":bucket/" + name, ok
	}
	return r.property(res, nameProperty[res.Type], place)
}

// tableBucket is the type of buckets of S3 Tables, which Ref gives the ARN of.
const tableBucket = "AWS::S3Tables::TableBucket"

// partition is the partition of the stack's region, a marker where that is not known.
func (r *Resolver) partition() string {
	if IsUnresolved(r.stack.Region) {
		return "${AWS::Partition}"
	}
	return PartitionOf(r.stack.Region).Name
}

// property returns a text property of another resource.
func (r *Resolver) property(res Resource, path, place string) (string, bool) {
	if !r.mayAsk() {
		return "", false
	}
	r.depth++
	defer func() { r.depth-- }()
	return scalar(r.value(Property(res.Properties, path), place))
}

// attribute resolves Fn::GetAtt.
func (r *Resolver) attribute(id, attribute, place string) any {
	if value, ok := r.nestedOutput(id, attribute, place); ok {
		return value
	}
	res, ok := r.stack.Resources[id]
	if !ok {
		reason := "no such resource in the template"
		if function, isRole := strings.CutSuffix(id, "Role"); isRole && r.stack.Resources[function].Type == "AWS::Serverless::Function" {
			reason = "the role that the transform makes for the function " + function
		}
		return r.Marker(r.stack.Name+"."+id+"."+attribute, place, reason)
	}
	if value, ok := r.storedAttribute(res, attribute, place); ok {
		return value
	}
	if arn, ok := r.arn(res, attribute, place); ok {
		if IsUnresolved(r.stack.Region) {
			r.OnUnresolved(Unresolved{Place: place, Text: arn, Reason: NoFixedPlace})
		}
		return arn
	}
	return r.Marker(r.stack.Name+"."+id+"."+attribute, place, "only known when "+res.Type+" is deployed")
}

func (r *Resolver) arn(res Resource, attribute, place string) (string, bool) {
	if res.Type == tableBucket && attribute == "TableBucketARN" {
		return r.physicalID(res, place)
	}
	if attribute != "Arn" {
		return "", false
	}
	name, ok := r.physicalID(res, place)
	if !ok {
		return "", false
	}
	prefix := "arn:" + r.partition() + ":"
	switch res.Type {
	case "AWS::S3::Bucket":
		return prefix + "s3:::" + name, true
	case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
		path := "/"
		if _, set := res.Properties["Path"]; set {
			if path, ok = r.property(res, "Path", place); !ok {
				return "", false
			}
		}
		kind := strings.ToLower(strings.TrimPrefix(res.Type, "AWS::IAM::"))
		return prefix + "iam::" + r.stack.Account + ":" + kind + path + name, true
	}
	return "", false
}

var ofOneIdentity = regexp.MustCompile(`^arn:(?:[a-z-]+|\$\{AWS::Partition\}):iam::(?:\d*|\$\{AWS::AccountId\}):(role|user|group)/(?:[^$]*/)?\$\{([^{}]+)\.([A-Za-z0-9]+)\}$`)

// oneIdentity returns the marker of the ARN of a role, user or group for an ARN that is
// put together from the marker of its name: both mean the same.
func (r *Resolver) oneIdentity(text, place string) string {
	m := ofOneIdentity.FindStringSubmatch(text)
	if m == nil || m[2] != r.stack.Name || r.stack.Resources[m[3]].Type != "AWS::IAM::"+strings.ToUpper(m[1][:1])+m[1][1:] {
		return text
	}
	return r.Marker(m[2]+"."+m[3]+".Arn", place, "only known when it is deployed")
}
