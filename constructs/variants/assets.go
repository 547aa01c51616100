package variants

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// newAsset makes an asset of a file that this package carries. Its hash is that of the
// bytes, so that every machine synthesizes the same template.
func newAsset(scope constructs.Construct, id, name string, content []byte) awss3assets.Asset {
	folder, err := os.MkdirTemp("", "variants-")
	cdkx.Fail(scope, err)
	defer os.RemoveAll(folder) // the CDK has its copy then
	file := filepath.Join(folder, name)
	cdkx.Fail(scope, os.WriteFile(file, content, 0o600))
	sum := sha256.Sum256(content)
	return awss3assets.NewAsset(scope, &id, &awss3assets.AssetProps{
		Path: &file, AssetHashType: awscdk.AssetHashType_CUSTOM, AssetHash: jsii.String(hex.EncodeToString(sum[:])),
	})
}

// readAssets is a statement that allows reading these assets.
func readAssets(sid string, assets ...awss3assets.Asset) cdkx.Statement {
	var objects []string
	for _, asset := range assets {
		objects = append(objects, *cdkx.BucketARN(asset.Bucket())+"/"+*asset.S3ObjectKey())
	}
	return cdkx.Allow(sid, objects, "s3:GetObject")
}
