package policy

import "testing"

func TestSampleHasNoUnacknowledgedFindings(t *testing.T) {
	found := sampleMesh(t)
	if len(found.Findings) == 0 {
		t.Fatal("cdk-nag evaluated nothing")
	}
	expect(t, found.Unacknowledged())
}

func TestAcknowledgementsAreNeededAndExplained(t *testing.T) {
	expect(t, sampleMesh(t).BadAcknowledgements())
}

func TestNagFindsAnOpenBucket(t *testing.T) {
	found := synthesize(t, "open", t.TempDir())
	expectSome(t, found.Unacknowledged(),
		"Fixture/Open: HIPAA.Security-S3BucketVersioningEnabled: Non-Compliant",
		"Fixture/Open: AwsSolutions-S10: Non-Compliant")
	expectSome(t, found.BadAcknowledgements(),
		`Excused: HIPAA.Security-S3BucketReplicationEnabled: reason "we need it so" is shorter than 40 characters`,
		"Needless: AwsSolutions-IAM5: acknowledged, but there is no such finding")
}
