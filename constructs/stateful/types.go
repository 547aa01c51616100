package stateful

// kind is a type of resource that holds something which a new one of it has not.
type kind struct {
	holds       string   // in words
	createOnly  []string // properties whose change makes CloudFormation replace the resource
	conditional []string // properties of which some changes do
}

// dataOf are the types of resources that hold data, keys or access. The
// properties are createOnlyProperties and conditionalCreateOnlyProperties of
// CloudFormation's resource schemas (a test compares them), and for Glue also
// what its pages say: the names within DatabaseInput and TableInput. Of a FHIR store
// the name and the identity provider are there too, which only earlier schemas list.
var dataOf = map[string]kind{
	"AWS::Athena::WorkGroup": {
		holds:      "its saved queries and the history of its queries",
		createOnly: []string{"Name"},
	},
	"AWS::Backup::BackupVault": {
		holds:      "its recovery points",
		createOnly: []string{"BackupVaultName", "EncryptionKeyArn"},
	},
	"AWS::Cognito::UserPool": {
		holds: "its users",
	},
	"AWS::DocDB::DBCluster": {
		holds:      "its databases",
		createOnly: []string{"AvailabilityZones", "DBClusterIdentifier", "DBSubnetGroupName", "KmsKeyId", "MasterUsername", "SnapshotIdentifier", "SourceDBClusterIdentifier", "StorageEncrypted"},
	},
	"AWS::DynamoDB::GlobalTable": {
		holds:       "its items",
		createOnly:  []string{"TableName"},
		conditional: []string{"GlobalTableSourceArn", "KeySchema", "LocalSecondaryIndexes"},
	},
	"AWS::DynamoDB::Table": {
		holds:       "its items",
		createOnly:  []string{"ImportSourceSpecification", "TableName"},
		conditional: []string{"KeySchema"},
	},
	"AWS::EC2::Volume": {
		holds: "its files",
	},
	"AWS::ECR::Repository": {
		holds:      "its images",
		createOnly: []string{"EncryptionConfiguration", "EncryptionConfiguration.EncryptionType", "EncryptionConfiguration.KmsKey", "RepositoryName"},
	},
	"AWS::EFS::FileSystem": {
		holds:      "its files",
		createOnly: []string{"AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode"},
	},
	"AWS::ElastiCache::ReplicationGroup": {
		holds:       "its entries",
		createOnly:  []string{"AtRestEncryptionEnabled", "CacheSubnetGroupName", "DataTieringEnabled", "GlobalReplicationGroupId", "KmsKeyId", "NetworkType", "Port", "PreferredCacheClusterAZs", "ReplicationGroupId", "SnapshotArns", "SnapshotName"},
		conditional: []string{"AuthToken", "NodeGroupConfiguration"},
	},
	"AWS::FSx::FileSystem": {
		holds:      "its files",
		createOnly: []string{"BackupId", "FileSystemType", "KmsKeyId", "SecurityGroupIds", "SubnetIds"},
	},
	"AWS::Glue::Database": {
		holds:      "its tables",
		createOnly: []string{"CatalogId", "DatabaseInput.Name", "DatabaseName"},
	},
	"AWS::Glue::Table": {
		holds:      "its schema and, of an Iceberg table, the only pointer to its data",
		createOnly: []string{"CatalogId", "DatabaseName", "Name", "TableInput.Name"},
	},
	"AWS::HealthImaging::Datastore": {
		holds:      "its image sets",
		createOnly: []string{"DatastoreName", "KmsKeyArn", "Tags"},
	},
	"AWS::HealthLake::FHIRDatastore": {
		holds:       "its FHIR resources",
		createOnly:  []string{"DatastoreTypeVersion", "PreloadDataConfig", "SseConfiguration"},
		conditional: []string{"DatastoreName", "IdentityProviderConfiguration"},
	},
	"AWS::KMS::Key": {
		holds: "the only way to read what it has encrypted",
	},
	"AWS::Kinesis::Stream": {
		holds:      "its records",
		createOnly: []string{"Name"},
	},
	"AWS::LakeFormation::DataLakeSettings": {
		holds: "the administrators of the account",
	},
	"AWS::LakeFormation::Tag": {
		holds:      "the access of everybody who is granted by it",
		createOnly: []string{"CatalogId", "TagKey"},
	},
	"AWS::Logs::LogGroup": {
		holds:      "its log events",
		createOnly: []string{"LogGroupName"},
	},
	"AWS::MSK::Cluster": {
		holds:      "its topics",
		createOnly: []string{"BrokerNodeGroupInfo.BrokerAZDistribution", "BrokerNodeGroupInfo.ClientSubnets", "BrokerNodeGroupInfo.SecurityGroups", "ClusterName", "EncryptionInfo.EncryptionAtRest", "EncryptionInfo.EncryptionInTransit.InCluster"},
	},
	"AWS::Neptune::DBCluster": {
		holds:      "its graph",
		createOnly: []string{"AvailabilityZones", "DBClusterIdentifier", "DBSubnetGroupName", "GlobalClusterIdentifier", "KmsKeyId", "RestoreToTime", "RestoreType", "SnapshotIdentifier", "SourceDBClusterIdentifier", "StorageEncrypted", "UseLatestRestorableTime"},
	},
	"AWS::Omics::AnnotationStore": {
		holds:      "its annotations",
		createOnly: []string{"Name", "Reference", "SseConfig", "StoreFormat", "StoreOptions", "Tags"},
	},
	"AWS::Omics::ReferenceStore": {
		holds:      "its references",
		createOnly: []string{"Description", "Name", "SseConfig", "Tags"},
	},
	"AWS::Omics::SequenceStore": {
		holds:      "its read sets",
		createOnly: []string{"ETagAlgorithmFamily", "SseConfig"},
	},
	"AWS::Omics::VariantStore": {
		holds:      "its variants",
		createOnly: []string{"Name", "Reference", "SseConfig", "Tags"},
	},
	"AWS::Omics::Workflow": {
		holds: "its versions, and the id that runs name",
		createOnly: []string{
			"Accelerators", "ContainerRegistryMap", "ContainerRegistryMapUri", "DefinitionRepository", "DefinitionUri", "Engine", "Main",
			"ParameterTemplate", "ParameterTemplatePath", "StorageCapacity", "WorkflowBucketOwnerId", "readmePath", "readmeUri",
		},
	},
	"AWS::OpenSearchService::Domain": {
		holds:       "its indexes",
		createOnly:  []string{"DomainName", "EngineMode"},
		conditional: []string{"AdvancedSecurityOptions.Enabled", "EncryptionAtRestOptions.Enabled", "EncryptionAtRestOptions.KmsKeyId"},
	},
	"AWS::RDS::DBCluster": {
		holds:       "its databases",
		createOnly:  []string{"ClusterScalabilityType", "DBClusterIdentifier", "DBSubnetGroupName", "DBSystemId", "DatabaseName", "EngineMode", "KmsKeyId", "PubliclyAccessible", "RestoreToTime", "RestoreType", "SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId", "SourceRegion", "StorageEncrypted", "UseLatestRestorableTime"},
		conditional: []string{"AvailabilityZones", "Engine", "GlobalClusterIdentifier", "MasterUsername"},
	},
	"AWS::RDS::DBInstance": {
		holds:       "its databases",
		createOnly:  []string{"BackupTarget", "CharacterSetName", "CustomIAMInstanceProfile", "DBClusterIdentifier", "DBInstanceIdentifier", "DBName", "DBSubnetGroupName", "DBSystemId", "KmsKeyId", "MasterUsername", "NcharCharacterSetName", "SourceRegion", "StorageEncrypted", "Timezone"},
		conditional: []string{"AutoMinorVersionUpgrade", "AvailabilityZone", "BackupRetentionPeriod", "DBClusterSnapshotIdentifier", "DBParameterGroupName", "DBSnapshotIdentifier", "Engine", "MultiAZ", "PerformanceInsightsKMSKeyId", "PreferredMaintenanceWindow", "RestoreTime", "SourceDBClusterIdentifier", "SourceDBInstanceAutomatedBackupsArn", "SourceDBInstanceIdentifier", "SourceDbiResourceId", "UseLatestRestorableTime"},
	},
	"AWS::Redshift::Cluster": {
		holds:      "its databases",
		createOnly: []string{"ClusterIdentifier", "ClusterSubnetGroupName", "DBName", "MasterUsername", "OwnerAccount", "SnapshotClusterIdentifier", "SnapshotIdentifier"},
	},
	"AWS::RedshiftServerless::Namespace": {
		holds:      "its databases",
		createOnly: []string{"NamespaceName"},
	},
	"AWS::S3::Bucket": {
		holds:      "its objects",
		createOnly: []string{"BucketName", "BucketNamePrefix", "BucketNamespace"},
	},
	"AWS::S3Tables::Table": {
		holds:      "its rows",
		createOnly: []string{"IcebergMetadata", "OpenTableFormat", "StorageClassConfiguration", "TableBucketARN", "WithoutMetadata"},
	},
	"AWS::S3Tables::TableBucket": {
		holds:      "its tables",
		createOnly: []string{"TableBucketName"},
	},
	"AWS::SQS::Queue": {
		holds:      "its messages",
		createOnly: []string{"FifoQueue", "QueueName"},
	},
	"AWS::SecretsManager::Secret": {
		holds:      "its value",
		createOnly: []string{"Name"},
	},
}
