package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LakeStorageNames says where an existing lake is.
type LakeStorageNames struct {
	// BucketNames are its buckets. At least one zone; tokens are taken.
	BucketNames BucketNames

	// KeyARN is the ARN of the key that encrypts the zones, without which grants
	// would not decrypt; a token is taken, an alias is not. Required.
	KeyARN string
}

// ImportedLake is the storage of a lake that another stack, or no stack, owns.
type ImportedLake struct {
	constructs.Construct

	key   awskms.IKey
	logs  awss3.IBucket
	zones map[ontology.Zone]awss3.IBucket
}

// LakeStorageFromNames refers to the storage of a lake that exists. It makes and
// changes nothing: neither the policies of its buckets nor that of its key, so
// grants work where those let IAM of the account decide, as LakeStorage's do.
//
// It panics with every problem of the names at once.
func LakeStorageFromNames(scope constructs.Construct, id *string, names *LakeStorageNames) *ImportedLake {
	n := cdkx.Value(names, LakeStorageNames{})
	cdkx.Check(scope, id, n.problems())

	l := &ImportedLake{zones: map[ontology.Zone]awss3.IBucket{}}
	constructs.NewConstruct_Override(l, scope, id)
	l.key = awskms.Key_FromKeyArn(l, jsii.String("Key"), jsii.String(n.KeyARN))
	if n.BucketNames.Logs != "" {
		l.logs = awss3.Bucket_FromBucketName(l, jsii.String("Logs"), jsii.String(n.BucketNames.Logs))
	}
	for _, zone := range ontology.Zones() {
		if name := n.BucketNames.zone(zone); name != "" {
			l.zones[zone] = awss3.Bucket_FromBucketAttributes(l, jsii.String(zoneID(zone)), &awss3.BucketAttributes{
				BucketName: jsii.String(name), EncryptionKey: l.key,
			})
		}
	}
	return l
}

func (n LakeStorageNames) problems() problem.List {
	list := n.BucketNames.problems()
	if n.BucketNames.Raw == "" && n.BucketNames.Curated == "" && n.BucketNames.Analytics == "" {
		list.Addf("BucketNames", "none", "the name of at least one zone's bucket", "name the buckets of the lake")
	}
	if !cdkx.IsToken(n.KeyARN) && !keyARN.MatchString(n.KeyARN) {
		list.Addf("KeyARN", fmt.Sprintf("%q", n.KeyARN), "the ARN of a KMS key, not of an alias", "copy it from the lake")
	}
	return list
}

// Raw is the bucket for data as it arrives, nil when it has no name.
func (l *ImportedLake) Raw() awss3.IBucket { return l.zones[ontology.Raw] }

// Curated is the bucket for typed and checked data, nil when it has no name.
func (l *ImportedLake) Curated() awss3.IBucket { return l.zones[ontology.Curated] }

// Analytics is the bucket for data shaped for consumers, nil when it has no name.
func (l *ImportedLake) Analytics() awss3.IBucket { return l.zones[ontology.Analytics] }

// Zone is the bucket of a zone, nil for a zone that has no name.
func (l *ImportedLake) Zone(zone ontology.Zone) awss3.IBucket { return l.zones[zone] }

// Logs is the bucket for access logs, nil when it has no name.
func (l *ImportedLake) Logs() awss3.IBucket { return l.logs }

// Key is the key that encrypts the zones.
func (l *ImportedLake) Key() awskms.IKey { return l.key }

// GrantRead lets the grantee read the objects of a zone by IAM. See
// LakeStorage.GrantRead for when not to use it.
func (l *ImportedLake) GrantRead(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	return l.zone(zone).GrantRead(grantee, nil)
}

// GrantReadWrite lets the grantee read, write and delete the objects of a zone
// by IAM. See LakeStorage.GrantRead for when not to use it.
func (l *ImportedLake) GrantReadWrite(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	return l.zone(zone).GrantReadWrite(grantee, nil)
}

func (l *ImportedLake) zone(zone ontology.Zone) awss3.IBucket {
	bucket, known := l.zones[zone]
	switch {
	case !zone.Valid():
		cdkx.Fail(l, unknownZone(zone))
	case !known:
		cdkx.Fail(l, fmt.Errorf("BucketNames.%s: got none; expected the bucket's name; fix: name it", zoneID(zone)))
	}
	return bucket
}
