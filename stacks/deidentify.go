package stacks

import (
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// addKeys makes the table of the domain's de-identification key, in a bucket that no
// other role of the domain reaches: with a folder of the lake for it, whoever owns
// the files of the lake could read it, or make a table of it.
func (s *DomainStack) addKeys(locationRole *governance.LocationRole) {
	if s.plan.Deidentify == nil || s.plan.Deidentify.Keys == nil {
		return
	}
	keys := s.plan.Deidentify.Keys
	s.keys = storage.NewKeyBucket(s, jsii.String("Keys"), &storage.KeyBucketProps{
		BucketName: jsii.String(keys.Bucket),
		Key:        s.storage.Key(),
		AccessLogs: s.storage.Logs(),
		Access: &storage.LakeFormationAccess{
			BreakGlassARNs: s.plan.Files.Administrators,
			RoleARNs:       []string{s.plan.LocationRoleARN, s.plan.Deidentify.RoleARN},
		},
	})
	location := governance.NewLocation(s, jsii.String("Location-"+keys.Location), &governance.LocationProps{
		ARN: jsii.String(keys.Location), Role: locationRole, Key: s.storage.Key(),
	})
	location.Node().AddDependency(s.keys)
	s.locations[keys.Location] = location.Cfn()

	database := catalog.NewDatabase(s, jsii.String("Database-keys"), &catalog.DatabaseProps{
		Name:        jsii.String(keys.Database),
		Description: jsii.String("The de-identification key of " + s.plan.Name),
		LocationURI: jsii.String(s3uri.Location{Bucket: keys.Bucket}.URI()),
	})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	s.databases[keys.Database] = database
	table := catalog.NewTable(s, jsii.String("Table-keys"), &catalog.TableProps{
		Database: database,
		Table:    &keys.Table.Table,
		Location: jsii.String(keys.Table.Location),
	})
	s.tables[keys.Database+"."+keys.Table.Table.Name] = table.Cfn()
}
