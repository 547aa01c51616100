"""A local AWS for tests, and a short way to deploy a template to it."""

from __future__ import annotations

import json
import os
import threading
import unittest
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from server.clock import PATIENCE

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

ACCOUNT = "111111111111"
OTHER = "222222222222"
REGION = "us-east-1"

Resources = dict[str, Any]


@cache
def endpoint() -> str:
    """Start one server for all tests of the process."""
    from server.motonames import set_default_account

    set_default_account(ACCOUNT)
    from server import app
    from server.provider import Endpoint

    app.set_log(os.devnull)
    server = app.build(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Endpoint.url


@cache
def client(service: str, account: str = ACCOUNT) -> Any:
    """An SDK client in an account."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    if account != ACCOUNT:
        role = f"arn:aws:iam::{account}:role/test"
        answer = client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        keys = {
            "aws_access_key_id": answer["AccessKeyId"],
            "aws_secret_access_key": answer["SecretAccessKey"],
            "aws_session_token": answer["SessionToken"],
        }
    patient = Config(
        connect_timeout=PATIENCE, read_timeout=PATIENCE, retries={"total_max_attempts": 1}
    )
    return boto3.client(
        service, region_name=REGION, endpoint_url=endpoint(), config=patient, **keys
    )


def resource(type_name: str, /, **properties: Any) -> dict[str, Any]:
    """A resource definition. DependsOn and the policies may stand among the properties."""
    outer = ("DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Condition")
    definition = {"Type": type_name, **{k: properties.pop(k) for k in outer if k in properties}}
    return {**definition, "Properties": properties}


class CloudTest(unittest.TestCase):
    """Deploys stacks and removes them after each test."""

    maxDiff = None

    def setUp(self) -> None:
        self._stacks: list[tuple[str, str]] = []

    def tearDown(self) -> None:
        for account, stack_id in reversed(self._stacks):
            cloudformation = client("cloudformation", account)
            cloudformation.update_termination_protection(
                StackName=stack_id, EnableTerminationProtection=False
            )
            cloudformation.delete_stack(StackName=stack_id)

    def stack(self, suffix: str = "") -> str:
        return f"{type(self).__name__}-{self._testMethodName.replace('_', '-')}{suffix}"[:120]

    def deploy(
        self,
        resources: Resources,
        *,
        account: str = ACCOUNT,
        suffix: str = "",
        parameters: dict[str, str] | None = None,
        **sections: Any,
    ) -> dict[str, Any]:
        """Create the test's stack, or update it; returns its description."""
        cloudformation = client("cloudformation", account)
        name = self.stack(suffix)
        request = {
            "StackName": name,
            "TemplateBody": json.dumps({"Resources": resources, **sections}),
            "Parameters": [
                {"ParameterKey": k, "ParameterValue": v} for k, v in (parameters or {}).items()
            ],
        }
        there = [s for s in cloudformation.describe_stacks()["Stacks"] if s["StackName"] == name]
        if there:
            cloudformation.update_stack(**request)
            stack_id = there[0]["StackId"]
        else:
            stack_id = cloudformation.create_stack(**request)["StackId"]
            self._stacks.append((account, stack_id))
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]
        return stack

    def deployed(self, resources: Resources, **options: Any) -> dict[str, Any]:
        """Deploy, and expect it to work."""
        stack = self.deploy(resources, **options)
        self.assertIn(
            stack["StackStatus"],
            ("CREATE_COMPLETE", "UPDATE_COMPLETE"),
            stack.get("StackStatusReason"),
        )
        return stack

    def refused(self, resources: Resources, reason: str, **options: Any) -> dict[str, Any]:
        """Deploy, and expect it to be rolled back for a reason."""
        stack = self.deploy(resources, **options)
        self.assertIn(stack["StackStatus"], ("ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"))
        self.assertIn(reason, stack["StackStatusReason"])
        return stack

    def remove(self, suffix: str = "", account: str = ACCOUNT) -> str:
        """Delete the test's stack; returns the status it ends in."""
        cloudformation = client("cloudformation", account)
        stack_id = cloudformation.describe_stacks(StackName=self.stack(suffix))["Stacks"][0][
            "StackId"
        ]
        cloudformation.delete_stack(StackName=stack_id)
        status: str = cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
        return status

    def events(self, suffix: str = "", account: str = ACCOUNT) -> list[tuple[str, str]]:
        """(logical id, status) in the order they happened."""
        name = self.stack(suffix)
        stack_id = next(i for _, i in self._stacks if f"/{name}/" in i)
        page = client("cloudformation", account).describe_stack_events(StackName=stack_id)
        return [
            (e["LogicalResourceId"], e["ResourceStatus"]) for e in reversed(page["StackEvents"])
        ]

    def physical(self, logical_id: str, suffix: str = "", account: str = ACCOUNT) -> str:
        detail = client("cloudformation", account).describe_stack_resource(
            StackName=self.stack(suffix), LogicalResourceId=logical_id
        )
        found: str = detail["StackResourceDetail"]["PhysicalResourceId"]
        return found
