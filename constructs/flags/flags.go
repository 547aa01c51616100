package flags

// Recommended returns the CDK feature flags LakeMesh is built and tested
// with: everything the pinned CDK command line recommends for a new app. The
// same map is the context in cdk.json, so that an app deployed by the command
// line and one built in a test or by another program yield the same templates.
//
// Pass it as the context of the app. Each call returns a map of its own, to
// which a caller may add.
func Recommended() map[string]any {
	return map[string]any{
		"@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver":                          true,
		"@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId":                                true,
		"@aws-cdk/aws-apigateway:disableCloudWatchRole":                                              true,
		"@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard":                              true,
		"@aws-cdk/aws-apigateway:requestValidatorUniqueId":                                           true,
		"@aws-cdk/aws-appsync:appSyncGraphQLAPIScopeLambdaPermission":                                true,
		"@aws-cdk/aws-appsync:useArnForSourceApiAssociationIdentifier":                               true,
		"@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig":                       true,
		"@aws-cdk/aws-batch:defaultToAL2023":                                                         true,
		"@aws-cdk/aws-cloudfront:defaultFunctionRuntimeV2_0":                                         true,
		"@aws-cdk/aws-cloudfront:defaultViewerProtocolPolicyRedirectToHttps":                         true,
		"@aws-cdk/aws-cloudwatch-actions:changeLambdaPermissionLogicalIdForLambdaAction":             true,
		"@aws-cdk/aws-codedeploy:removeAlarmsFromDeploymentGroup":                                    true,
		"@aws-cdk/aws-codepipeline-actions:useNewDefaultBranchForCodeCommitSource":                   true,
		"@aws-cdk/aws-codepipeline:crossAccountKeyAliasStackSafeResourceName":                        true,
		"@aws-cdk/aws-codepipeline:crossAccountKeysDefaultValueToFalse":                              true,
		"@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2":                                          true,
		"@aws-cdk/aws-dynamodb:resourcePolicyPerReplica":                                             true,
		"@aws-cdk/aws-dynamodb:retainTableReplica":                                                   true,
		"@aws-cdk/aws-ec2:bastionHostUseAmazonLinux2023ByDefault":                                    true,
		"@aws-cdk/aws-ec2:ebsDefaultGp3Volume":                                                       true,
		"@aws-cdk/aws-ec2:ec2SumTImeoutEnabled":                                                      true,
		"@aws-cdk/aws-ec2:launchTemplateDefaultUserData":                                             true,
		"@aws-cdk/aws-ec2:requirePrivateSubnetsForEgressOnlyInternetGateway":                         true,
		"@aws-cdk/aws-ec2:restrictDefaultSecurityGroup":                                              true,
		"@aws-cdk/aws-ec2:uniqueImdsv2TemplateName":                                                  true,
		"@aws-cdk/aws-ecs-patterns:secGroupsDisablesImplicitOpenListener":                            true,
		"@aws-cdk/aws-ecs-patterns:uniqueTargetGroupId":                                              true,
		"@aws-cdk/aws-ecs:arnFormatIncludesClusterName":                                              true,
		"@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker":                      true,
		"@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions":                                     true,
		"@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm":                                              true,
		"@aws-cdk/aws-ecs:removeEmptyLoadBalancers":                                                  true,
		"@aws-cdk/aws-efs:denyAnonymousAccess":                                                       true,
		"@aws-cdk/aws-efs:mountTargetOrderInsensitiveLogicalId":                                      true,
		"@aws-cdk/aws-eks:defaultToAL2023":                                                           true,
		"@aws-cdk/aws-eks:nodegroupNameAttribute":                                                    true,
		"@aws-cdk/aws-eks:useNativeOidcProvider":                                                     true,
		"@aws-cdk/aws-elasticloadbalancingV2:albDualstackWithoutPublicIpv4SecurityGroupRulesDefault": true,
		"@aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault":          true,
		"@aws-cdk/aws-elasticloadbalancingv2:usePostQuantumTlsPolicy":                                true,
		"@aws-cdk/aws-events:eventsTargetQueueSameAccount":                                           true,
		"@aws-cdk/aws-events:requireEventBusPolicySid":                                               true,
		"@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName":                                    true,
		"@aws-cdk/aws-iam:minimizePolicies":                                                          true,
		"@aws-cdk/aws-iam:oidcRejectUnauthorizedConnections":                                         true,
		"@aws-cdk/aws-kms:aliasNameRef":                                                              true,
		"@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal":                                  true,
		"@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope":                                       true,
		"@aws-cdk/aws-lambda-nodejs:sdkV3ExcludeSmithyPackages":                                      true,
		"@aws-cdk/aws-lambda-nodejs:useLatestRuntimeVersion":                                         true,
		"@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy":                                   false,
		"@aws-cdk/aws-lambda:recognizeLayerVersion":                                                  true,
		"@aws-cdk/aws-lambda:useCdkManagedLogGroup":                                                  true,
		"@aws-cdk/aws-opensearchservice:enableOpensearchMultiAzWithStandby":                          true,
		"@aws-cdk/aws-rds:auroraClusterChangeScopeOfInstanceParameterGroupWithEachParameters":        true,
		"@aws-cdk/aws-rds:databaseProxyUniqueResourceName":                                           true,
		"@aws-cdk/aws-rds:preventRenderingDeprecatedCredentials":                                     true,
		"@aws-cdk/aws-rds:setCorrectValueForDatabaseInstanceReadReplicaInstanceResourceId":           true,
		"@aws-cdk/aws-redshift:columnId":                                                             true,
		"@aws-cdk/aws-route53-patterns:useDistribution":                                              true,
		"@aws-cdk/aws-route53-patters:useCertificate":                                                true,
		"@aws-cdk/aws-route53-targets:userPoolDomainNameMethodWithoutCustomResource":                 true,
		"@aws-cdk/aws-s3:createDefaultLoggingPolicy":                                                 true,
		"@aws-cdk/aws-s3:keepNotificationInImportedBucket":                                           false,
		"@aws-cdk/aws-s3:publicAccessBlockedByDefault":                                               true,
		"@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy":                                            true,
		"@aws-cdk/aws-s3:setUniqueReplicationRoleName":                                               true,
		"@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments":      true,
		"@aws-cdk/aws-signer:signingProfileNamePassedToCfn":                                          true,
		"@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption":                                      true,
		"@aws-cdk/aws-stepfunctions-tasks:enableEmrServicePolicyV2":                                  true,
		"@aws-cdk/aws-stepfunctions-tasks:fixRunEcsTaskPolicy":                                       true,
		"@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2":                                 true,
		"@aws-cdk/core:annotationsInValidationReport":                                                true,
		"@aws-cdk/core:aspectPrioritiesMutating":                                                     true,
		"@aws-cdk/core:cfnIncludeRejectComplexResourceUpdateCreatePolicyIntrinsics":                  true,
		"@aws-cdk/core:checkSecretUsage":                                                             true,
		"@aws-cdk/core:defaultCrossStackReferences":                                                  "weak",
		"@aws-cdk/core:enableAdditionalMetadataCollection":                                           true,
		"@aws-cdk/core:enablePartitionLiterals":                                                      true,
		"@aws-cdk/core:explicitStackTags":                                                            true,
		"@aws-cdk/core:includePrefixInUniqueNameGeneration":                                          true,
		"@aws-cdk/core:target-partitions":                                                            []any{"aws", "aws-cn"},
		"@aws-cdk/core:validateAgainstDefaultRules":                                                  true,
		"@aws-cdk/core:validateSnapshotRemovalPolicy":                                                true,
		"@aws-cdk/custom-resources:logApiResponseDataPropertyTrueDefault":                            false,
		"@aws-cdk/customresources:installLatestAwsSdkDefault":                                        false,
		"@aws-cdk/s3-notifications:addS3TrustKeyPolicyForSnsSubscriptions":                           true,
	}
}

// NoRecords returns the context that stops what the CDK records about how an app was
// made, and no deployment reads: traces of its JavaScript, in which no line of a Go
// program stands, and the parameters of constructs, which AWS counts. It is a tenth of
// what a synthesis costs.
//
// Pass it as the PostCliContext of the app, together with TreeMetadata set to false: the
// context of cdk.json does not change it then. Each call returns a map of its own.
func NoRecords() map[string]any {
	return map[string]any{
		"@aws-cdk/core:enableAdditionalMetadataCollection": false,
		"aws:cdk:disable-creation-stack-traces":            true,
		"aws:cdk:disable-stack-trace":                      true,
	}
}
