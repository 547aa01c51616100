package localaws_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/lakemesh/lakemesh/test/localaws"
)

const (
	own    = "111111111111"
	other  = "222222222222"
	region = "us-east-1"
)

type object = map[string]any

// TestCDK drives the stock CDK command line: two accounts, updates, a failure, and the way back.
// The cloud assembly is written by hand, so no app has to be built.
func TestCDK(t *testing.T) {
	cli := &cdk{t: t, server: start(t), bin: filepath.Join(root(t), "node_modules", ".bin"), folder: t.TempDir()}
	if _, err := os.Stat(filepath.Join(cli.bin, "cdk")); err != nil {
		t.Fatal("not installed: run make test, which installs what tests need")
	}
	away, err := cli.server.EnvFor(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	cli.ok(cli.server.Env(), "bootstrap", "aws://"+own+"/"+region)
	cli.ok(away, "bootstrap", "aws://"+other+"/"+region)

	deploy := []string{"deploy", "--all", "--require-approval", "never"}
	cli.assembly(stack{"Here", own, database("one", "first")}, stack{"There", other, database("far", "first")})
	cli.ok(cli.server.Env(), deploy...)
	cli.databases(own, "one: first")
	cli.databases(other, "far: first")

	if out := cli.ok(cli.server.Env(), deploy...); strings.Count(out, "(no changes)") != 2 {
		t.Errorf("deploying again is no empty change:\n%s", out)
	}

	cli.assembly(stack{"Here", own, database("two", "replaced")}, stack{"There", other, database("far", "changed")})
	cli.ok(cli.server.Env(), append(deploy, "--method", "direct")...)
	cli.databases(own, "two: replaced")
	cli.databases(other, "far: changed")

	broken := database("two", "broken")
	broken["Clash"] = broken["Db"]
	cli.assembly(stack{"Here", own, broken}, stack{"New", own, object{"Odd": object{"Type": "AWS::Odd::Thing"}}})
	out := cli.fails("deploy", "Here", "--require-approval", "never")
	if !strings.Contains(out, "Database already exists") {
		t.Errorf("cdk does not say what collided:\n%s", out)
	}
	cli.databases(own, "two: replaced")
	out = cli.fails("deploy", "New", "--require-approval", "never")
	if !strings.Contains(out, "Unsupported resource type in the local AWS: AWS::Odd::Thing") {
		t.Errorf("cdk does not name the unknown type:\n%s", out)
	}

	cli.assembly(stack{"Here", own, object{}}, stack{"There", other, object{}})
	cli.ok(cli.server.Env(), "destroy", "--all", "--force")
	cli.databases(own)
	cli.databases(other)
}

func database(name, description string) object {
	return object{"Db": object{
		"Type": "AWS::Glue::Database",
		"Properties": object{
			"CatalogId":     object{"Ref": "AWS::AccountId"},
			"DatabaseInput": object{"Name": name, "Description": description},
		},
	}}
}

type stack struct {
	name, account string
	resources     object
}

type cdk struct {
	t      *testing.T
	server *localaws.Server
	bin    string
	folder string
}

func (c *cdk) run(env []string, args ...string) (string, error) {
	if args[0] != "bootstrap" {
		args = append(args, "--app", c.folder)
	}
	command := exec.CommandContext(c.t.Context(), filepath.Join(c.bin, "cdk"), append(args, "--ci", "--no-notices", "--no-color")...) //nolint:gosec // the pinned tool of this repository
	command.Dir = c.folder
	command.Env = append(localaws.Environ(env), "PATH="+c.bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	return out.String(), err
}

func (c *cdk) ok(env []string, args ...string) string {
	c.t.Helper()
	out, err := c.run(env, args...)
	if err != nil {
		c.t.Fatalf("cdk %s: %v\n%s", args[0], err, out)
	}
	return out
}

func (c *cdk) fails(args ...string) string {
	c.t.Helper()
	out, err := c.run(c.server.Env(), args...)
	if err == nil {
		c.t.Fatalf("cdk %s worked, and should not have:\n%s", args[0], out)
	}
	return out
}

// databases compares the Glue databases of an account, read with the AWS SDK, with "name: description".
func (c *cdk) databases(account string, want ...string) {
	c.t.Helper()
	client := glue.NewFromConfig(c.config(account))
	answer, err := client.GetDatabases(c.t.Context(), &glue.GetDatabasesInput{})
	if err != nil {
		c.t.Fatal(err)
	}
	var got []string
	for i := range answer.DatabaseList {
		d := &answer.DatabaseList[i]
		got = append(got, aws.ToString(d.Name)+": "+aws.ToString(d.Description))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		c.t.Errorf("account %s has the databases %q, want %q", account, got, want)
	}
}

func (c *cdk) config(account string) aws.Config {
	c.t.Helper()
	env, err := c.server.EnvFor(c.t.Context(), account)
	if err != nil {
		c.t.Fatal(err)
	}
	values := map[string]string{}
	for _, entry := range env {
		key, value, _ := strings.Cut(entry, "=")
		values[key] = value
	}
	cfg, err := awsconfig.LoadDefaultConfig(context.Background(),
		awsconfig.WithRegion(region),
		awsconfig.WithBaseEndpoint(values["AWS_ENDPOINT_URL"]),
		awsconfig.WithSharedConfigFiles(nil),
		awsconfig.WithSharedCredentialsFiles(nil),
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(
			values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"], values["AWS_SESSION_TOKEN"])),
	)
	if err != nil {
		c.t.Fatal(err)
	}
	return cfg
}

// assembly writes what cdk synth would have: templates as assets, and the roles of a bootstrapped
// environment.
func (c *cdk) assembly(stacks ...stack) {
	c.t.Helper()
	artifacts := object{}
	for _, s := range stacks {
		role := func(kind string) string {
			return fmt.Sprintf("arn:${AWS::Partition}:iam::%[1]s:role/cdk-hnb659fds-%[2]s-role-%[1]s-%[3]s", s.account, kind, region)
		}
		bucket := fmt.Sprintf("cdk-hnb659fds-assets-%s-%s", s.account, region)
		template := c.write(s.name+".template.json", object{
			"Resources": s.resources,
			// The version check of every real CDK template.
			"Parameters": object{"BootstrapVersion": object{
				"Type":    "AWS::SSM::Parameter::Value<String>",
				"Default": "/cdk-bootstrap/hnb659fds/version",
			}},
			"Rules": object{"CheckBootstrapVersion": object{"Assertions": []any{}}},
		})
		digest := fmt.Sprintf("%x", sha256.Sum256(template))
		c.write(s.name+".assets.json", object{
			"version": "36.0.0",
			"files": object{digest: object{
				"source": object{"path": s.name + ".template.json", "packaging": "file"},
				"destinations": object{"there": object{
					"bucketName": bucket, "objectKey": digest + ".json", "region": region,
					"assumeRoleArn": role("file-publishing"),
				}},
			}},
			"dockerImages": object{},
		})
		bootstrap := object{"requiresBootstrapStackVersion": 6, "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version"}
		assets := object{"file": s.name + ".assets.json"}
		properties := object{
			"templateFile":                   s.name + ".template.json",
			"assumeRoleArn":                  role("deploy"),
			"cloudFormationExecutionRoleArn": role("cfn-exec"),
			"stackTemplateAssetObjectUrl":    fmt.Sprintf("s3://%s/%s.json", bucket, digest),
			"additionalDependencies":         []string{s.name + ".assets"},
		}
		for key, value := range bootstrap {
			assets[key], properties[key] = value, value
		}
		artifacts[s.name+".assets"] = object{"type": "cdk:asset-manifest", "properties": assets}
		artifacts[s.name] = object{
			"type":         "aws:cloudformation:stack",
			"environment":  "aws://" + s.account + "/" + region,
			"properties":   properties,
			"dependencies": []string{s.name + ".assets"},
		}
	}
	c.write("manifest.json", object{"version": "36.0.0", "artifacts": artifacts})
}

func (c *cdk) write(name string, value any) []byte {
	c.t.Helper()
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.folder, name), text, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return text
}
