package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
)

// assetHash is the SHA-256 by which the CDK names an asset in a template.
var assetHash = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// hashPlaceholder stands for the hash of any asset.
const hashPlaceholder = "[asset]"

// cdkMetadata is the resource that the CDK adds for its own usage statistics.
const cdkMetadata = "AWS::CDK::Metadata"

// normalize returns a template as a snapshot has it: indented, keys sorted, and
// without what the CDK adds for itself.
func normalize(rendered []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(rendered))
	decoder.UseNumber()
	var t map[string]any
	if err := decoder.Decode(&t); err != nil {
		return nil, fmt.Errorf("got no JSON object (%w); expected a CloudFormation template", err)
	}
	dropEntry(t, "Parameters", "BootstrapVersion")
	dropEntry(t, "Rules", "CheckBootstrapVersion")
	dropEntry(t, "Conditions", "CDKMetadataAvailable")
	if resources, ok := t["Resources"].(map[string]any); ok {
		for id, r := range resources {
			resource, ok := r.(map[string]any)
			if !ok {
				continue
			}
			if resource["Type"] == cdkMetadata {
				delete(resources, id)
				continue
			}
			for _, key := range []string{"aws:cdk:path", "aws:asset:path", "aws:asset:property", "aws:asset:is-bundled", "aws:asset:original-path", "aws:asset:dockerfile-path"} {
				dropEntry(resource, "Metadata", key)
			}
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(t); err != nil {
		return nil, err
	}
	return assetHash.ReplaceAll(out.Bytes(), []byte(hashPlaceholder)), nil
}

// dropEntry removes an entry of a section, and the section when nothing is left.
func dropEntry(in map[string]any, section, key string) {
	entries, ok := in[section].(map[string]any)
	if !ok {
		return
	}
	if delete(entries, key); len(entries) == 0 {
		delete(in, section)
	}
}
