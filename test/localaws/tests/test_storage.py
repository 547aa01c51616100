"""Buckets, keys, roles: every property that makes them safe arrives in the service."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, CloudTest, Resources, client, resource

NOBODY = {"Version": "2012-10-17", "Statement": []}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "glue.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def statement(action: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
    }


class Buckets(CloudTest):
    def _safe(self, name: str, **more: Any) -> Resources:
        return {
            "Key": resource("AWS::KMS::Key", KeyPolicy=statement("kms:*")),
            "Logs": resource(
                "AWS::S3::Bucket",
                BucketName=f"{name}-logs",
                OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            ),
            "LogsPolicy": resource(
                "AWS::S3::BucketPolicy",
                Bucket={"Ref": "Logs"},
                PolicyDocument={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "logging.s3.amazonaws.com"},
                            "Action": "s3:PutObject",
                            "Resource": {"Fn::Sub": "${Logs.Arn}/*"},
                        },
                        {
                            "Effect": "Deny",
                            "Principal": {"AWS": "*"},
                            "Action": "s3:*",
                            "Resource": "*",
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        },
                    ],
                },
            ),
            "Queue": resource("AWS::SQS::Queue", QueueName=f"{name}-queue"),
            "Bucket": resource(
                "AWS::S3::Bucket",
                BucketName=name,
                DependsOn="LogsPolicy",
                VersioningConfiguration={"Status": "Enabled"},
                ObjectLockEnabled=True,
                BucketEncryption={
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": "true",
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
                            },
                        }
                    ]
                },
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                LoggingConfiguration={
                    "DestinationBucketName": {"Ref": "Logs"},
                    "LogFilePrefix": "raw/",
                },
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "Id": "keep",
                            "Status": "Enabled",
                            "Prefix": "a/",
                            "ExpirationInDays": "30",
                            "TagFilters": [{"Key": "k", "Value": "v"}],
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                            "NoncurrentVersionExpiration": {
                                "NoncurrentDays": 90,
                                "NewerNoncurrentVersions": 2,
                            },
                            "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}],
                        }
                    ]
                },
                NotificationConfiguration={
                    "EventBridgeConfiguration": {"EventBridgeEnabled": True},
                    "QueueConfigurations": [
                        {
                            "Event": "s3:ObjectCreated:*",
                            "Queue": {"Fn::GetAtt": ["Queue", "Arn"]},
                            "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}},
                        }
                    ],
                },
                CorsConfiguration={
                    "CorsRules": [
                        {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 60}
                    ]
                },
                Tags=[{"Key": "domain", "Value": "clinical"}],
                **more,
            ),
        }

    def _read(self, name: str) -> dict[str, Any]:
        s3 = client("s3")
        found: dict[str, Any] = {}
        for what in (
            "encryption",
            "lifecycle_configuration",
            "logging",
            "notification_configuration",
            "ownership_controls",
            "tagging",
            "versioning",
            "cors",
        ):
            try:
                found[what] = getattr(s3, f"get_bucket_{what}")(Bucket=name)
                del found[what]["ResponseMetadata"]
            except ClientError as error:
                found[what] = error.response["Error"]["Code"]
        try:
            found["public"] = s3.get_public_access_block(Bucket=name)[
                "PublicAccessBlockConfiguration"
            ]
        except ClientError as error:
            found["public"] = error.response["Error"]["Code"]
        return found

    def test_everything_arrives(self) -> None:
        self.deployed(self._safe("everything"))
        there = self._read("everything")
        (rule,) = there["encryption"]["ServerSideEncryptionConfiguration"]["Rules"]
        self.assertTrue(rule["BucketKeyEnabled"])
        key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        self.assertEqual(key, f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{self.physical('Key')}")
        self.assertEqual(there["versioning"]["Status"], "Enabled")
        self.assertEqual(set(there["public"].values()), {True})
        self.assertEqual(there["logging"]["LoggingEnabled"]["TargetBucket"], "everything-logs")
        (owner,) = there["ownership_controls"]["OwnershipControls"]["Rules"]
        self.assertEqual(owner["ObjectOwnership"], "BucketOwnerEnforced")
        (cycle,) = there["lifecycle_configuration"]["Rules"]
        self.assertEqual(cycle["ID"], "keep")
        self.assertEqual(cycle["Expiration"], {"Days": 30})
        self.assertEqual(
            cycle["Filter"]["And"], {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}
        )
        self.assertEqual(cycle["Transitions"], [{"Days": 10, "StorageClass": "GLACIER"}])
        self.assertEqual(cycle["NoncurrentVersionExpiration"]["NoncurrentDays"], 90)
        self.assertEqual(cycle["AbortIncompleteMultipartUpload"], {"DaysAfterInitiation": 7})
        notifications = there["notification_configuration"]
        self.assertEqual(notifications["EventBridgeConfiguration"], {})
        (queue,) = notifications["QueueConfigurations"]
        self.assertEqual(queue["Events"], ["s3:ObjectCreated:*"])
        self.assertEqual(there["tagging"]["TagSet"], [{"Key": "domain", "Value": "clinical"}])
        policy = client("s3").get_bucket_policy(Bucket="everything-logs")["Policy"]
        self.assertIn("arn:aws:s3:::everything-logs/*", policy)
        lock = client("s3").get_object_lock_configuration(Bucket="everything")
        self.assertEqual(lock["ObjectLockConfiguration"]["ObjectLockEnabled"], "Enabled")
        # The deny-without-TLS policy is kept and not enforced: plain HTTP still works.
        client("s3").put_object(Bucket="everything-logs", Key="k", Body=b"")
        client("s3").delete_object(Bucket="everything-logs", Key="k")

    def test_update_and_removal_of_settings(self) -> None:
        self.deployed(self._safe("changing"))
        changed = self._safe("changing")
        bucket = changed["Bucket"]["Properties"]
        for key in (
            "LifecycleConfiguration",
            "LoggingConfiguration",
            "NotificationConfiguration",
            "PublicAccessBlockConfiguration",
            "CorsConfiguration",
        ):
            del bucket[key]
        bucket["Tags"] = [{"Key": "domain", "Value": "research"}]
        self.deployed(changed)
        there = self._read("changing")
        self.assertEqual(there["lifecycle_configuration"], "NoSuchLifecycleConfiguration")
        self.assertEqual(there["logging"], {})
        self.assertEqual(there["notification_configuration"], {})
        self.assertEqual(there["public"], "NoSuchPublicAccessBlockConfiguration")
        self.assertEqual(there["cors"], "NoSuchCORSConfiguration")
        self.assertEqual(there["tagging"]["TagSet"], [{"Key": "domain", "Value": "research"}])
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        with self.assertRaises(ClientError):
            client("s3").head_bucket(Bucket="changing")

    def test_half_an_update_is_set_back(self) -> None:
        self.deployed(self._safe("halfway"))
        changed = self._safe("halfway")
        bucket = changed["Bucket"]["Properties"]
        bucket["VersioningConfiguration"] = {"Status": "Suspended"}
        bucket["LoggingConfiguration"] = {"DestinationBucketName": "nowhere"}
        self.refused(changed, "target bucket for logging does not exist")
        there = self._read("halfway")
        self.assertEqual(there["versioning"]["Status"], "Enabled")
        self.assertEqual(there["logging"]["LoggingEnabled"]["TargetBucket"], "halfway-logs")

    def test_names_and_collisions(self) -> None:
        self.deployed({"B": resource("AWS::S3::Bucket", BucketName="taken-name")})
        again = {"B": resource("AWS::S3::Bucket", BucketName="taken-name")}
        self.refused(again, "taken-name already exists", suffix="-again")
        self.deployed({"B": resource("AWS::S3::Bucket")}, suffix="-generated")
        self.assertRegex(self.physical("B", "-generated"), r"^[a-z0-9-]{3,63}$")

    def test_policy(self) -> None:
        def both(action: str) -> Resources:
            return {
                "B": resource("AWS::S3::Bucket", BucketName="policy-bucket"),
                "P": resource(
                    "AWS::S3::BucketPolicy",
                    Bucket={"Ref": "B"},
                    PolicyDocument=statement(action),
                ),
            }

        self.deployed(both("s3:GetObject"))
        self.deployed(both("s3:PutObject"))
        text = client("s3").get_bucket_policy(Bucket="policy-bucket")["Policy"]
        self.assertIn("s3:PutObject", text)
        second = resource(
            "AWS::S3::BucketPolicy", Bucket="policy-bucket", PolicyDocument=statement("s3:*")
        )
        self.refused({"P": second}, "already exists", suffix="-second")
        missing = resource("AWS::S3::BucketPolicy", Bucket="nowhere", PolicyDocument=NOBODY)
        self.refused({"P": missing}, "EntityNotFoundException", suffix="-missing")
        self.deployed({"B": both("x")["B"]})
        with self.assertRaisesRegex(ClientError, "NoSuchBucketPolicy"):
            client("s3").get_bucket_policy(Bucket="policy-bucket")


class Keys(CloudTest):
    def _key(self, **more: Any) -> Resources:
        more.setdefault("KeyPolicy", statement("kms:*"))
        return {
            "Key": resource("AWS::KMS::Key", **more),
            "Alias": resource(
                "AWS::KMS::Alias", AliasName="alias/keys", TargetKeyId={"Ref": "Key"}
            ),
        }

    def test_key_and_alias(self) -> None:
        kms = client("kms")
        self.deployed(
            self._key(
                EnableKeyRotation=True,
                Description="one",
                PendingWindowInDays=7,
                Tags=[{"Key": "a", "Value": "1"}],
            )
        )
        key = self.physical("Key")
        self.assertTrue(kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])
        self.assertEqual(kms.describe_key(KeyId="alias/keys")["KeyMetadata"]["KeyId"], key)
        self.deployed(
            self._key(Description="two", KeyPolicy=statement("kms:Decrypt"), Enabled=False)
        )
        self.assertEqual(self.physical("Key"), key)
        metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
        self.assertEqual((metadata["Description"], metadata["KeyState"]), ("two", "Disabled"))
        policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        self.assertEqual(policy, statement("kms:Decrypt"))
        self.assertFalse(kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])
        self.assertEqual(kms.list_resource_tags(KeyId=key)["Tags"], [])
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
        self.assertEqual(state, "PendingDeletion")
        names = {a["AliasName"] for a in kms.list_aliases()["Aliases"]}
        self.assertNotIn("alias/keys", names)

    def test_refusals(self) -> None:
        self.deployed(self._key())
        missing = resource("AWS::KMS::Alias", AliasName="alias/x", TargetKeyId="no-such-key")
        self.refused({"A": missing}, "EntityNotFoundException", suffix="-missing")
        self.refused(self._key(), "AlreadyExists", suffix="-again")


class Roles(CloudTest):
    def _role(self, **more: Any) -> Resources:
        more.setdefault("AssumeRolePolicyDocument", NOBODY)
        return resource("AWS::IAM::Role", RoleName="roles-role", **more)

    def test_role(self) -> None:
        iam = client("iam")
        read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        admin = "arn:aws:iam::aws:policy/AdministratorAccess"

        def inline(*names: str) -> list[dict[str, Any]]:
            return [{"PolicyName": n, "PolicyDocument": statement("s3:*")} for n in names]

        self.deployed(
            {
                "R": self._role(
                    Policies=inline("a", "b"),
                    ManagedPolicyArns=[read_only],
                    MaxSessionDuration=7200,
                    PermissionsBoundary=admin,
                    Tags=[{"Key": "k", "Value": "v"}],
                )
            }
        )
        role = iam.get_role(RoleName="roles-role")["Role"]
        self.assertEqual(role["MaxSessionDuration"], 7200)
        self.assertEqual(role["Tags"], [{"Key": "k", "Value": "v"}])
        self.assertEqual(role["PermissionsBoundary"]["PermissionsBoundaryArn"], admin)
        self.deployed(
            {
                "R": self._role(
                    Policies=inline("b", "c"),
                    ManagedPolicyArns=[admin],
                    Description="changed",
                    AssumeRolePolicyDocument=TRUST,
                )
            }
        )
        role = iam.get_role(RoleName="roles-role")["Role"]
        self.assertEqual(role["AssumeRolePolicyDocument"], TRUST)
        self.assertEqual((role["Description"], role.get("Tags", [])), ("changed", []))
        self.assertNotIn("PermissionsBoundary", role)
        names = iam.list_role_policies(RoleName="roles-role")["PolicyNames"]
        self.assertEqual(sorted(names), ["b", "c"])
        attached = iam.list_attached_role_policies(RoleName="roles-role")["AttachedPolicies"]
        self.assertEqual([p["PolicyArn"] for p in attached], [admin])
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        with self.assertRaises(ClientError):
            iam.get_role(RoleName="roles-role")

    def test_refusals(self) -> None:
        self.deployed({"R": self._role()})
        self.refused({"R": self._role()}, "AlreadyExists", suffix="-again")
        wrong = resource(
            "AWS::IAM::Role",
            RoleName="roles-wrong",
            AssumeRolePolicyDocument=NOBODY,
            ManagedPolicyArns=["arn:aws:iam::aws:policy/NoSuchPolicy"],
        )
        self.refused({"R": wrong}, "NoSuchPolicy", suffix="-wrong")
        with self.assertRaises(ClientError):  # not even half of it stays
            client("iam").get_role(RoleName="roles-wrong")

    def test_half_a_policy_is_taken_back(self) -> None:
        policy = resource(
            "AWS::IAM::ManagedPolicy",
            ManagedPolicyName="half",
            PolicyDocument=statement("s3:*"),
            Roles=["no-such-role"],
        )
        self.refused({"P": policy}, "no-such-role")
        own = client("iam").list_policies(Scope="Local")["Policies"]
        self.assertNotIn("half", [p["PolicyName"] for p in own])

    def test_policies(self) -> None:
        iam = client("iam")

        def three(action: str, *roles: str) -> Resources:
            refs = [{"Ref": r} for r in roles]
            return {
                **{
                    r: resource("AWS::IAM::Role", RoleName=r, AssumeRolePolicyDocument=NOBODY)
                    for r in ("PolOne", "PolTwo")
                },
                "Inline": resource(
                    "AWS::IAM::Policy",
                    PolicyName="inline",
                    PolicyDocument=statement(action),
                    Roles=refs,
                ),
                "Managed": resource(
                    "AWS::IAM::ManagedPolicy",
                    ManagedPolicyName="managed",
                    PolicyDocument=statement(action),
                    Roles=refs,
                ),
            }

        self.deployed(three("s3:Get*", "PolOne"))
        for number in range(6):  # more than the five versions that are kept
            self.deployed(three(f"s3:Put{number}", "PolTwo"))
        self.assertEqual(iam.list_role_policies(RoleName="PolOne")["PolicyNames"], [])
        document = iam.get_role_policy(RoleName="PolTwo", PolicyName="inline")["PolicyDocument"]
        self.assertEqual(document, statement("s3:Put5"))
        arn = self.physical("Managed")
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        live = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        self.assertEqual(live["Document"], statement("s3:Put5"))
        attached = iam.list_attached_role_policies(RoleName="PolTwo")["AttachedPolicies"]
        self.assertEqual([p["PolicyName"] for p in attached], ["managed"])
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        with self.assertRaises(ClientError):
            iam.get_policy(PolicyArn=arn)
