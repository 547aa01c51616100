// N domains with what aws-analytics-reference-architecture has: storage, catalog and
// registered locations; crawlers and grants by the CDK's own constructs.
const { App, Stack, aws_glue: glue, aws_iam: iam, aws_lakeformation: lf } = require('aws-cdk-lib');
const ara = require('aws-analytics-reference-architecture');

const app = new App({ outdir: process.env.OUT });
for (let i = 0; i < Number(process.env.N); i++) {
  const stack = new Stack(app, `Domain${i}`, { env: { account: '111111111111', region: 'eu-west-1' } });
  const storage = new ara.DataLakeStorage(stack, 'Storage');
  const catalog = new ara.DataLakeCatalog(stack, 'Catalog');
  ara.LakeFormationAdmin.addCdkExecRole(stack, 'LfAdmin');
  const zones = [
    ['raw', storage.rawBucket, catalog.rawDatabase],
    ['clean', storage.cleanBucket, catalog.cleanDatabase],
    ['transform', storage.transformBucket, catalog.transformDatabase],
  ];
  for (const [zone, bucket, database] of zones) {
    new ara.LakeFormationS3Location(stack, `Location${zone}`, {
      s3Location: { bucketName: bucket.bucketName, objectKey: 'data' }, kmsKeyId: bucket.encryptionKey.keyId,
    });
    const role = new iam.Role(stack, `CrawlerRole${zone}`, {
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSGlueServiceRole')],
    });
    bucket.grantRead(role);
    new glue.CfnCrawler(stack, `Crawler${zone}`, {
      role: role.roleArn, databaseName: database.databaseName, targets: { s3Targets: [{ path: `s3://${bucket.bucketName}/data` }] },
    });
    const catalogId = stack.account, name = database.databaseName;
    const grant = (id, permissions, resource) => new lf.CfnPrincipalPermissions(stack, `${id}${zone}`, {
      principal: { dataLakePrincipalIdentifier: role.roleArn }, permissions, permissionsWithGrantOption: [], resource,
    });
    grant('Database', ['CREATE_TABLE', 'DESCRIBE'], { database: { catalogId, name } });
    grant('Tables', ['SELECT', 'ALTER', 'DESCRIBE'], { table: { catalogId, databaseName: name, tableWildcard: {} } });
    grant('Files', ['DATA_LOCATION_ACCESS'], { dataLocation: { catalogId, resourceArn: `${bucket.bucketArn}/data/*` } });
  }
}
app.synth();
