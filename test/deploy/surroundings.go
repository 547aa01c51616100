package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// Surroundings makes what a mesh expects to find: the roles of its
// administrators and readers, and the buckets of others that its tables read.
func Surroundings(ctx context.Context, server *localaws.Server, plan *mesh.Plan) error {
	for _, f := range plan.Foundations {
		cfg, err := Config(ctx, server, f.Environment)
		if err != nil {
			return err
		}
		for _, role := range roles(plan, f) {
			if err := makeRole(ctx, cfg, role); err != nil {
				return err
			}
		}
		for _, bucket := range foreignBuckets(plan, f.Environment) {
			client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
			if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
				return fmt.Errorf("bucket %s: %w", bucket, err)
			}
		}
	}
	return nil
}

// makeRole makes a role of the surroundings. The SDK repeats a request whose answer was
// lost, so a role that is there already was made by the first.
func makeRole(ctx context.Context, cfg aws.Config, name string) error {
	_, err := iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(name),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
			`"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	var made *types.EntityAlreadyExistsException
	if err != nil && !errors.As(err, &made) {
		return fmt.Errorf("role %s: %w", name, err)
	}
	return nil
}

// roles are the names of the roles of an environment's account that a mesh file
// names and the mesh does not make.
func roles(plan *mesh.Plan, f mesh.Foundation) []string {
	made := map[string]bool{}
	for i := range plan.Domains {
		for _, job := range plan.Domains[i].Jobs() {
			made[job] = true
		}
	}
	var out []string
	add := func(arn string) {
		account := ":" + f.Environment.Account + ":role/"
		if _, name, ok := strings.Cut(arn, account); ok && !made[arn] {
			out = append(out, name[strings.LastIndex(name, "/")+1:])
			made[arn] = true
		}
	}
	for _, role := range append(slices.Clone(f.AccessRoles), f.EndingRole) {
		made["arn:aws:iam::"+f.Environment.Account+":role/"+role] = true
	}
	for _, admin := range f.Admins {
		add(admin)
	}
	for _, store := range plan.FhirStores {
		for _, reader := range store.Readers {
			add(reader.Identifier)
		}
	}
	for _, consumer := range plan.Consumers {
		for _, grant := range consumer.Grants {
			add(grant.Principal)
		}
	}
	return out
}

func foreignBuckets(plan *mesh.Plan, environment mesh.Environment) []string {
	var out []string
	seen := map[string]bool{}
	for i := range plan.Domains {
		for _, location := range plan.Domains[i].Locations {
			_, path, _ := strings.Cut(location.ARN, ":::")
			bucket, _, _ := strings.Cut(path, "/")
			if location.ReadOnly && plan.Domains[i].Environment == environment && !seen[bucket] {
				seen[bucket] = true
				out = append(out, bucket)
			}
		}
	}
	return out
}
