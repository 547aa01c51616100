package rules

import (
	"regexp"
	"slices"
	"strings"
)

// cdkMade are the resources that the CDK makes for itself, without data of the lake:
// the artifact stores of pipelines, in every region that they deploy to, with their
// keys, and the buckets that assets are staged in. The rules about data leave them
// alone. A registered location is a lake's, whoever uses its bucket beside.
type cdkMade map[*object]bool

// stagingBucket is how the CDK names the buckets of assets.
var stagingBucket = regexp.MustCompile(`^cdk-[a-z0-9-]+-(assets|staging)-`)

// findMade looks for what the CDK made in the stacks of an app.
func (a *app) findMade() cdkMade {
	made := cdkMade{}
	for _, bucket := range a.artifactStores() {
		made[bucket] = true
	}
	for _, bucket := range a.byType[typeBucket] {
		if stagingBucket.MatchString(bucket.ref()) {
			made[bucket] = true
		}
	}
	for bucket := range made {
		if a.isLocation(bucket) {
			delete(made, bucket)
		}
	}
	if len(made) == 0 {
		return made
	}
	for _, key := range a.byType[typeKey] {
		if users := a.encrypted(key); len(users) > 0 && !slices.ContainsFunc(users, func(b *object) bool { return !made[b] }) {
			made[key] = true
		}
	}
	return made
}

// artifactStores are the buckets that pipelines keep their artifacts in.
func (a *app) artifactStores() []*object {
	var out []*object
	for _, pipeline := range a.byType["AWS::CodePipeline::Pipeline"] {
		stores := []any{get(pipeline.props, "ArtifactStore")}
		for _, regional := range list(pipeline.props, "ArtifactStores") {
			stores = append(stores, get(regional, "ArtifactStore"))
		}
		for _, store := range stores {
			if bucket := a.named[name("bucket", text(store, "Location"))]; bucket != nil && has(store, "Location") {
				out = append(out, bucket)
			}
		}
	}
	return out
}

// isLocation reports whether a bucket, or a part of it, is registered with Lake
// Formation.
func (a *app) isLocation(bucket *object) bool {
	return slices.ContainsFunc(a.byType[typeLocation], func(location *object) bool {
		arn := text(location.props, "ResourceArn")
		return arn == bucket.arn() || strings.HasPrefix(arn, bucket.arn()+"/")
	})
}

// encrypted are the buckets whose default encryption is a key, by itself or by an alias.
func (a *app) encrypted(key *object) []*object {
	names := []string{key.ref(), key.arn()}
	for _, alias := range a.byType["AWS::KMS::Alias"] {
		if slices.Contains(names[:2], text(alias.props, "TargetKeyId")) {
			names = append(names, text(alias.props, "AliasName"))
		}
	}
	var out []*object
	for _, bucket := range a.byType[typeBucket] {
		for _, rule := range list(bucket.props, "BucketEncryption.ServerSideEncryptionConfiguration") {
			used := text(rule, "ServerSideEncryptionByDefault.KMSMasterKeyID")
			if _, alias, isARN := strings.Cut(used, ":alias/"); isARN {
				used = "alias/" + alias
			}
			if used != "" && slices.Contains(names, used) {
				out = append(out, bucket)
			}
		}
	}
	return out
}
