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

// ILakeStorage is the storage of a lake, made here by NewLakeStorage or referred
// to by LakeStorageFromAttributes.
type ILakeStorage interface {
	constructs.IConstruct

	// Raw is the bucket for data as it arrives, nil where an imported lake has none.
	Raw() awss3.IBucket

	// Curated is the bucket for typed and checked data, nil where an imported lake
	// has none.
	Curated() awss3.IBucket

	// Analytics is the bucket for data shaped for consumers, nil where an imported
	// lake has none.
	Analytics() awss3.IBucket

	// Zone is the bucket of a zone, nil for one that the lake does not have.
	Zone(zone ontology.Zone) awss3.IBucket

	// Logs is the bucket for access logs, nil where an imported lake has none.
	Logs() awss3.IBucket

	// Key is the key that encrypts the zones.
	Key() awskms.IKey

	// GrantRead lets the grantee read the objects of a zone by IAM.
	GrantRead(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant

	// GrantReadWrite lets the grantee read, write and delete the objects of a zone
	// by IAM.
	GrantReadWrite(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant
}

// LakeStorageAttributes says where an existing lake is.
type LakeStorageAttributes struct {
	// BucketNames are its buckets. At least one zone; tokens are taken. Required.
	BucketNames *BucketNames

	// KeyARN is the ARN of the key that encrypts the zones, without which grants
	// would not decrypt; a token is taken, an alias is not. Required.
	KeyARN *string
}

// importedLake is the storage of a lake that another stack, or no stack, owns.
type importedLake struct {
	constructs.Construct

	key   awskms.IKey
	logs  awss3.IBucket
	zones map[ontology.Zone]awss3.IBucket
}

// LakeStorageFromAttributes refers to the storage of a lake that exists. It makes
// and changes nothing: neither the policies of its buckets nor that of its key,
// so grants work where those let IAM of the account decide, as LakeStorage's do.
//
// It panics with every problem of the attributes at once.
func LakeStorageFromAttributes(scope constructs.Construct, id *string, attributes *LakeStorageAttributes) ILakeStorage {
	a := cdkx.Value(attributes, LakeStorageAttributes{})
	list := a.problems()
	cdkx.CheckPartition(&list, scope, "KeyARN", cdkx.Value(a.KeyARN, ""))
	cdkx.Check(scope, id, list)

	l := &importedLake{zones: map[ontology.Zone]awss3.IBucket{}}
	cdkx.Add(l, scope, id)
	l.key = awskms.Key_FromKeyArn(l, jsii.String("Key"), a.KeyARN)
	if a.BucketNames.Logs != nil {
		l.logs = awss3.Bucket_FromBucketName(l, jsii.String("Logs"), a.BucketNames.Logs)
	}
	for _, zone := range ontology.Zones() {
		if name := a.BucketNames.zone(zone); name != nil {
			l.zones[zone] = awss3.Bucket_FromBucketAttributes(l, jsii.String(zoneID(zone)), &awss3.BucketAttributes{
				BucketName: name, EncryptionKey: l.key,
			})
		}
	}
	return l
}

func (a LakeStorageAttributes) problems() problem.List {
	names := cdkx.Value(a.BucketNames, BucketNames{})
	list := names.problems()
	if names.Raw == nil && names.Curated == nil && names.Analytics == nil {
		list.Addf("BucketNames", "none", "the name of at least one zone's bucket", "name the buckets of the lake")
	}
	if arn := cdkx.Value(a.KeyARN, ""); !cdkx.HoldsToken(arn) && !keyARN.MatchString(arn) {
		list.Addf("KeyARN", cdkx.Quote(arn), "the ARN of a KMS key, not of an alias", "copy it from the lake")
	}
	return list
}

func (l *importedLake) Raw() awss3.IBucket { return l.Zone(ontology.Raw) }

func (l *importedLake) Curated() awss3.IBucket { return l.Zone(ontology.Curated) }

func (l *importedLake) Analytics() awss3.IBucket { return l.Zone(ontology.Analytics) }

func (l *importedLake) Zone(zone ontology.Zone) awss3.IBucket { return l.zones[zone] }

func (l *importedLake) Logs() awss3.IBucket { return l.logs }

func (l *importedLake) Key() awskms.IKey { return l.key }

// GrantRead lets the grantee read the objects of a zone by IAM. See
// LakeStorage.GrantRead for when not to use it.
func (l *importedLake) GrantRead(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	return l.bucket(zone, grantee).GrantRead(grantee, nil)
}

// GrantReadWrite lets the grantee read, write and delete the objects of a zone
// by IAM. See LakeStorage.GrantRead for when not to use it.
func (l *importedLake) GrantReadWrite(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	return l.bucket(zone, grantee).GrantReadWrite(grantee, nil)
}

func (l *importedLake) bucket(zone ontology.Zone, grantee awsiam.IGrantable) awss3.IBucket {
	cdkx.Argument(l, "grantee", grantee, anyGrantee)
	bucket, known := l.zones[zone]
	switch {
	case !zone.Valid():
		cdkx.Fail(l, unknownZone(zone))
	case !known:
		cdkx.Fail(l, fmt.Errorf("BucketNames.%s: got none; expected the bucket's name; fix: name it", zoneID(zone)))
	}
	return bucket
}
