package mesh_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func TestS3AccessProblems(t *testing.T) {
	d := small()
	d.Domains[0].S3Access = []mesh.S3Access{
		{Principal: "Gateway"},
		{Principal: "arn:aws:iam::{main}:role/*"},
		{Principal: "arn:aws:iam::{main}:role/Analyst"},
		{Principal: "arn:aws-cn:iam::{main}:role/Gateway"},
		{Principal: "arn:aws:iam::{main}:role/Gateway", Zones: []string{"gold", "raw", "raw"}},
	}
	err := d.Validate()
	for _, want := range []string{
		`s3Access[0].principal: got "Gateway"; expected the ARN of an IAM role or user`,
		`s3Access[1].principal: got "arn:aws:iam::{main}:role/*"; expected a name, or a part of one`,
		`s3Access[2].principal: got "arn:aws:iam::{main}:role/Analyst", which reads through Lake Formation as a principal of the mesh`,
		`s3Access[3].principal: got "arn:aws-cn:iam::{main}:role/Gateway"; expected an ARN that begins with arn:aws`,
		`s3Access[4].zones[0]: got "gold"; expected one of raw, curated, analytics`,
		`s3Access[4].zones[2]: got "raw" again`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in\n%v", want, err)
		}
	}
}

// Somebody can always repair files: the account's root where a mesh names nobody.
func TestFilesHaveAnAdministrator(t *testing.T) {
	d := small()
	if got := plan(t, d, "dev").Domains[0].Files.Administrators; strings.Join(got, " ") != "arn:aws:iam::111111111111:role/LakeAdmin" {
		t.Errorf("got %v", got)
	}
	d.Admins = nil
	if got := plan(t, d, "dev").Domains[0].Files.Administrators; strings.Join(got, " ") != "arn:aws:iam::111111111111:root" {
		t.Errorf("got %v", got)
	}
}

// The policy of a bucket holds so many names, of jobs and of others together.
func TestFilesAreReachedByNoMoreThanAPolicyHolds(t *testing.T) {
	var queries [][2]string
	for i := range 46 {
		queries = append(queries, [2]string{fmt.Sprintf("product_with_a_long_name_%02d", i), "SELECT * FROM {registry.patient}"})
	}
	d := products(queries...)
	plan(t, d, "dev")
	for i := range 50 {
		d.Domains[0].S3Access = append(d.Domains[0].S3Access, mesh.S3Access{
			Principal: fmt.Sprintf("arn:aws:iam::{lake}:role/%s%02d", strings.Repeat("gateways/", 12), i), Zones: []string{"curated"},
		})
	}
	_, err := d.Plan("dev")
	if err == nil || !strings.Contains(err.Error(), "domains[0].s3Access: got 1") || !strings.Contains(err.Error(), "expected at most 11000 characters, as a bucket policy holds 20 KB") {
		t.Errorf("got %v", err)
	}
	d.Domains[0].S3Access = d.Domains[0].S3Access[:20]
	plan(t, d, "dev")
}
