"""Order, replacement, policies, rollback: what the engine promises for every type."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, OTHER, CloudTest, Resources, client, resource


def database(name: str, **more: object) -> dict[str, object]:
    description = more.pop("Description", None)
    own = {"Name": name, **({"Description": description} if description else {})}
    return resource("AWS::Glue::Database", CatalogId=ACCOUNT, DatabaseInput=own, **more)


def parameter(value: object, **more: object) -> dict[str, object]:
    return resource("AWS::SSM::Parameter", Type="String", Value=value, **more)


def names() -> set[str]:
    return {d["Name"] for d in client("glue").get_databases()["DatabaseList"]}


class Order(CloudTest):
    def test_references_and_depends_on(self) -> None:
        resources: Resources = {
            "Last": parameter({"Fn::Sub": "${Middle}-${AWS::Region}"}),
            "Middle": parameter("x", DependsOn="First"),
            "First": parameter("y"),
        }
        self.deployed(resources)
        self.assertEqual(self._order("CREATE_COMPLETE"), ["First", "Middle", "Last"])
        self.remove()
        self.assertEqual(self._order("DELETE_COMPLETE"), ["Last", "Middle", "First"])

    def test_circle(self) -> None:
        resources: Resources = {
            "A": parameter({"Ref": "B"}),
            "B": parameter("x", DependsOn=["A"]),
        }
        self.refused(resources, "Circular dependency between resources: [A, B]")

    def _order(self, status: str) -> list[str]:
        return [name for name, s in self.events() if s == status and name != self.stack()]


class Functions(CloudTest):
    def test_all(self) -> None:
        value = {
            "Fn::Join": [
                "|",
                [
                    {"Ref": "Given"},
                    {"Fn::If": ["Yes", "yes", "no"]},
                    {"Fn::If": ["No", "dropped", {"Ref": "AWS::NoValue"}]},
                    {"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]},
                    {"Fn::FindInMap": ["Map", "top", "second"]},
                    {"Fn::Sub": ["${one}-${AWS::AccountId}-${!kept}", {"one": "1"}]},
                    {"Fn::ToJsonString": {"k": [1]}},
                    {"Fn::GetAtt": ["Other", "Value"]},
                    "{{resolve:ssm:/functions/dynamic}}",
                ],
            ]
        }
        client("ssm").put_parameter(Name="/functions/dynamic", Value="dyn", Type="String")
        stack = self.deployed(
            {
                "P": parameter(value),
                "Other": parameter("other"),
                "Never": parameter("x", Condition="No"),
            },
            parameters={"Given": "given"},
            Parameters={"Given": {"Type": "String"}},
            Mappings={"Map": {"top": {"second": "mapped"}}},
            Conditions={
                "No": {"Fn::Not": [{"Condition": "Yes"}]},
                "Yes": {"Fn::Equals": [{"Ref": "Given"}, "given"]},
            },
            Outputs={"O": {"Value": {"Fn::GetAtt": "P.Value"}, "Export": {"Name": "functions-o"}}},
        )
        self.assertEqual(
            stack["Outputs"][0]["OutputValue"],
            f'given|yes|b|mapped|1-{ACCOUNT}-${{kept}}|{{"k": [1]}}|other|dyn',
        )
        imported = {"Q": parameter({"Fn::ImportValue": "functions-o"})}
        self.deployed(imported, suffix="-importer")

    def test_unresolved(self) -> None:
        self.refused({"P": parameter({"Ref": "Nowhere"})}, "[Nowhere]")

    def test_unknown_attribute(self) -> None:
        resources = {"P": parameter({"Fn::GetAtt": ["Q", "Nope"]}), "Q": parameter("x")}
        self.refused(resources, "Requested attribute Nope does not exist")


class Failure(CloudTest):
    def test_unknown_type(self) -> None:
        self.refused(
            {"Db": database("failure_unknown"), "X": resource("AWS::Foo::Bar", DependsOn="Db")},
            "Unsupported resource type in the local AWS: AWS::Foo::Bar",
        )
        self.assertNotIn("failure_unknown", names())
        self.assertIn(("X", "CREATE_FAILED"), self.events())
        self.assertIn(("Db", "DELETE_COMPLETE"), self.events())

    def test_custom_resource(self) -> None:
        self.refused({"X": resource("Custom::Thing", ServiceToken="arn")}, "Lambda function")

    def test_unknown_property(self) -> None:
        broken = resource("AWS::SSM::Parameter", Type="String", Value="x", Valeu="y")
        self.refused({"P": broken}, "#: extraneous key [Valeu] is not permitted")

    def test_missing_property(self) -> None:
        self.refused(
            {"P": resource("AWS::SSM::Parameter", Type="String")},
            "#: required key [Value] not found",
        )

    def test_retained_after_failed_create(self) -> None:
        self.refused(
            {
                "Kept": database("failure_kept", DeletionPolicy="Retain"),
                "Gone": database("failure_gone", DeletionPolicy="RetainExceptOnCreate"),
                "X": resource("AWS::Foo::Bar", DependsOn=["Kept", "Gone"]),
            },
            "AWS::Foo::Bar",
        )
        self.assertIn("failure_kept", names())
        self.assertNotIn("failure_gone", names())
        client("glue").delete_database(Name="failure_kept")

    def test_update_is_undone(self) -> None:
        self.deployed({"A": database("undo_a", Description="one"), "R": database("undo_r1")})
        self.refused(
            {
                "A": database("undo_a", Description="two"),
                "R": database("undo_r2"),
                "New": database("undo_new"),
                "X": resource("AWS::Foo::Bar", DependsOn=["A", "R", "New"]),
            },
            "AWS::Foo::Bar",
        )
        self.assertEqual(
            names() & {"undo_a", "undo_r1", "undo_r2", "undo_new"}, {"undo_a", "undo_r1"}
        )
        there = client("glue").get_database(Name="undo_a")["Database"]
        self.assertEqual(there["Description"], "one")
        self.deployed({"A": database("undo_a", Description="three"), "R": database("undo_r1")})

    def test_delete_failure(self) -> None:
        bucket = resource("AWS::S3::Bucket", BucketName="delete-failure")
        pointer = parameter({"Ref": "Bucket"})
        self.deployed({"Bucket": bucket, "Pointer": pointer})
        client("s3").put_object(Bucket="delete-failure", Key="k", Body=b"x")
        self.assertEqual(self.remove(), "DELETE_FAILED")
        self.assertIn(("Bucket", "DELETE_FAILED"), self.events())
        client("s3").delete_object(Bucket="delete-failure", Key="k")
        self.assertEqual(self.remove(), "DELETE_COMPLETE")

    def test_termination_protection(self) -> None:
        stack = self.deployed({"P": parameter("x")})
        cloudformation = client("cloudformation")
        cloudformation.update_termination_protection(
            StackName=stack["StackName"], EnableTerminationProtection=True
        )
        with self.assertRaisesRegex(ClientError, "TerminationProtection"):
            cloudformation.delete_stack(StackName=stack["StackName"])


class Replacement(CloudTest):
    def test_new_before_old(self) -> None:
        self.deployed({"Db": database("replace_one")})
        self.deployed({"Db": database("replace_two")})
        self.assertEqual(names() & {"replace_one", "replace_two"}, {"replace_two"})
        tail = [s for n, s in self.events() if n == "Db"][-4:]
        self.assertEqual(
            tail, ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
        )

    def test_dependants_follow(self) -> None:
        def both(name: str) -> Resources:
            return {"Db": database(name), "P": parameter({"Ref": "Db"})}

        self.deployed(both("follow_one"))
        self.deployed(both("follow_two"))
        value = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        self.assertEqual(value, "follow_two")

    def test_collision_with_itself(self) -> None:
        """A create-only change under a fixed name cannot work, here as on AWS."""

        def rules(table: str) -> Resources:
            return {
                "Q": resource(
                    "AWS::Glue::DataQualityRuleset",
                    Name="collides",
                    Ruleset="Rules = [RowCount > 1]",
                    TargetTable={"DatabaseName": "collide_db", "TableName": table},
                )
            }

        self.deployed(
            {
                "Db": database("collide_db"),
                **{
                    t: resource(
                        "AWS::Glue::Table",
                        CatalogId=ACCOUNT,
                        DatabaseName={"Ref": "Db"},
                        TableInput={"Name": t.lower()},
                    )
                    for t in ("A", "B")
                },
            }
        )
        self.deployed(rules("a"), suffix="-rules")
        self.refused(rules("b"), "already exists", suffix="-rules")

    def test_update_replace_policy(self) -> None:
        self.deployed({"Db": database("keepold_one")})
        self.deployed({"Db": database("keepold_two", UpdateReplacePolicy="Retain")})
        self.assertLessEqual({"keepold_one", "keepold_two"}, names())
        client("glue").delete_database(Name="keepold_one")

    def test_type_change(self) -> None:
        self.deployed({"X": parameter("x")})
        self.refused({"X": database("typechange")}, "Update of resource type is not permitted")

    def test_removed_resources(self) -> None:
        both = {"Stay": parameter("x"), "Db": database("removed_db", DeletionPolicy="Retain")}
        self.deployed({**both, "Gone": database("removed_gone")})
        self.deployed({"Stay": parameter("y")})
        self.assertIn("removed_db", names())
        self.assertNotIn("removed_gone", names())
        client("glue").delete_database(Name="removed_db")

    def test_no_change(self) -> None:
        self.deployed({"P": parameter("x")})
        with self.assertRaisesRegex(ClientError, "No updates are to be performed"):
            self.deploy({"P": parameter("x")})


class Policies(CloudTest):
    def test_deletion_policy(self) -> None:
        self.deployed({"Db": database("policy_kept", DeletionPolicy="Retain"), "P": parameter("x")})
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        self.assertIn(("Db", "DELETE_SKIPPED"), self.events())
        self.assertIn("policy_kept", names())
        # A retained resource is in the way of the next deployment.
        self.refused({"Db": database("policy_kept")}, "already exists", suffix="-again")
        client("glue").delete_database(Name="policy_kept")


class Accounts(CloudTest):
    def test_other_account(self) -> None:
        own = resource(
            "AWS::Glue::Database",
            CatalogId={"Ref": "AWS::AccountId"},
            DatabaseInput={"Name": "other_db"},
        )
        role = resource(
            "AWS::IAM::Role",
            RoleName="other-role",
            AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": []},
        )
        self.deployed({"Db": own, "Role": role}, account=OTHER)
        self.assertNotIn("other_db", names())
        there = client("glue", OTHER).get_database(Name="other_db")["Database"]
        self.assertEqual(there["CatalogId"], OTHER)
        arn = client("iam", OTHER).get_role(RoleName="other-role")["Role"]["Arn"]
        self.assertEqual(arn, f"arn:aws:iam::{OTHER}:role/other-role")
        with self.assertRaises(ClientError):
            client("iam").get_role(RoleName="other-role")


class ChangeSets(CloudTest):
    def test_create_update_and_nothing(self) -> None:
        cloudformation = client("cloudformation")
        name = self.stack()

        def change(kind: str, value: str) -> str:
            template = {
                "Parameters": {
                    "V": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/changeset/v"}
                },
                "Resources": {"P": parameter({"Fn::Sub": f"${{V}}-{value}"})},
            }
            answer = cloudformation.create_change_set(
                StackName=name,
                ChangeSetName="change",
                ChangeSetType=kind,
                TemplateBody=json.dumps(template),
                Parameters=[{"ParameterKey": "V", "UsePreviousValue": True}]
                if kind == "UPDATE"
                else [],
            )
            if kind == "CREATE":
                self._stacks.append((ACCOUNT, answer["StackId"]))
            described = cloudformation.describe_change_set(StackName=name, ChangeSetName="change")
            status: str = described["Status"]
            if status != "FAILED":
                cloudformation.execute_change_set(StackName=name, ChangeSetName="change")
            cloudformation.delete_change_set(StackName=name, ChangeSetName="change")
            return status

        client("ssm").put_parameter(Name="/changeset/v", Value="v", Type="String")
        self.assertEqual(change("CREATE", "one"), "CREATE_COMPLETE")
        self.assertEqual(change("UPDATE", "one"), "FAILED")
        self.assertEqual(change("UPDATE", "two"), "CREATE_COMPLETE")
        value = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        self.assertEqual(value, "v-two")
        with self.assertRaisesRegex(ClientError, "ChangeSetNotFound"):
            cloudformation.describe_change_set(StackName=name, ChangeSetName="change")

    def test_a_repeated_one_replaces_the_first(self) -> None:
        cloudformation = client("cloudformation")
        for name in ("first", "second"):
            self._stacks[:] = [
                (
                    ACCOUNT,
                    cloudformation.create_change_set(
                        StackName=self.stack(),
                        ChangeSetName="change",
                        ChangeSetType="CREATE",
                        TemplateBody=json.dumps({"Resources": {"P": parameter(name)}}),
                    )["StackId"],
                )
            ]
        cloudformation.execute_change_set(StackName=self.stack(), ChangeSetName="change")
        value = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        self.assertEqual(value, "second")
