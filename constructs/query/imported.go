package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WorkGroupNames says which workgroup is meant. All of them are required; the
// key's ARN may be a token.
type WorkGroupNames struct {
	Name          string
	ResultsBucket string
	KeyARN        string
}

// WorkGroupFromNames refers to a workgroup that another stack owns. It makes and
// changes nothing, and Cfn is nil: let the stack depend on the owner's.
//
// It panics with every problem of the names at once.
func WorkGroupFromNames(scope constructs.Construct, id *string, names *WorkGroupNames) *WorkGroup {
	n := cdkx.Value(names, WorkGroupNames{})
	var list problem.List
	for _, field := range []struct{ path, value string }{{"Name", n.Name}, {"ResultsBucket", n.ResultsBucket}, {"KeyARN", n.KeyARN}} {
		if field.value == "" {
			list.Addf(field.path, "nothing", "that of the workgroup", "set "+field.path)
		}
	}
	cdkx.CheckPartition(&list, scope, "KeyARN", n.KeyARN)
	cdkx.Check(scope, id, list)

	w := &WorkGroup{name: n.Name}
	constructs.NewConstruct_Override(w, scope, id)
	w.key = awskms.Key_FromKeyArn(w, jsii.String("Key"), jsii.String(n.KeyARN))
	w.results = awss3.Bucket_FromBucketAttributes(w, jsii.String("Results"), &awss3.BucketAttributes{
		BucketName: jsii.String(n.ResultsBucket), EncryptionKey: w.key,
	})
	return w
}
