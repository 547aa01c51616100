const { App, Stack } = require('aws-cdk-lib');
const { Role } = require('aws-cdk-lib/aws-iam');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { Key } = require('aws-cdk-lib/aws-kms');
const ara = require('aws-analytics-reference-architecture');

const app = new App({ analyticsReporting: false, context: { 'aws:cdk:disable-stack-trace': true } });
const at = (account) => ({ env: { account, region: 'eu-west-1' } });

const central = new Stack(app, 'Central', at('111111111111'));
const governance = new ara.CentralGovernance(central, 'Governance', { lfTags: [{ key: 'level', values: ['public', 'phi'] }] });
governance.registerDataDomain('Ward', '222222222222', 'ward', 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:domain-config-abcdef', ara.LfAccessControlMode.TBAC);
governance.registerDataDomain('Lab', '333333333333', 'lab', 'arn:aws:secretsmanager:eu-west-1:333333333333:secret:domain-config-abcdef', ara.LfAccessControlMode.NRAC);

const ward = new Stack(app, 'Ward', at('222222222222'));
new ara.DataDomain(ward, 'Domain', { domainName: 'ward', centralAccountId: '111111111111', crawlerWorkflow: true });

const lab = new Stack(app, 'Lab', at('333333333333'));
new ara.DataLakeCatalog(lab, 'Catalog');
const bucket = new Bucket(lab, 'Old', { bucketName: 'lab-old', encryptionKey: new Key(lab, 'Key') });
new ara.LakeFormationS3Location(lab, 'Location', { s3Location: { bucketName: bucket.bucketName, objectKey: 'results' }, kmsKeyId: bucket.encryptionKey.keyId, accountId: '333333333333' });
ara.LakeFormationAdmin.addCdkExecRole(lab, 'Admin');
app.synth();
