"""Parameters, workflows, schedules, applications, and CDK's own metadata."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.stepfunctions.responses import get_backend

from ..errors import AlreadyExists, InvalidRequest
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, without


class Metadata(Provider):
    """CDK's usage metadata. AWS does nothing with it either."""

    type_name = "AWS::CDK::Metadata"

    def create(self, scope: Scope, properties: Properties) -> Result:
        return Result(scope.name({}, "Name"))

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        """There is nothing to delete."""


class WaitConditionHandle(Metadata):
    """A handle nobody waits on; CDK uses one for an otherwise empty stack."""

    type_name = "AWS::CloudFormation::WaitConditionHandle"


class Parameter(Provider):
    """An SSM parameter."""

    type_name = "AWS::SSM::Parameter"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name", limit=1011)
        tags = [{"Key": k, "Value": v} for k, v in tag_map(properties).items()]
        request = {**without(properties, "Tags"), "Name": name}
        scope.call("ssm", "PutParameter", {**request, **({"Tags": tags} if tags else {})})
        return self._result(name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = current.physical_resource_id
        request = {**without(properties, "Tags"), "Name": name, "Overwrite": True}
        scope.call("ssm", "PutParameter", request)
        return self._result(name, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("ssm", "DeleteParameter", {"Name": current.physical_resource_id})

    @staticmethod
    def _result(name: str, properties: Properties) -> Result:
        return Result(name, {"Type": properties["Type"], "Value": properties["Value"]})


class StateMachine(Provider):
    """A Step Functions state machine."""

    type_name = "AWS::StepFunctions::StateMachine"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "StateMachineName", limit=80)
        arn = scope.arn("states", f"stateMachine:{name}")
        known = get_backend(scope.account, scope.region).state_machines
        if arn in {machine.arn for machine in known}:
            raise AlreadyExists(f"State machine {name} already exists")
        request = self._request(properties)
        request["name"] = name
        request["type"] = properties.get("StateMachineType", "STANDARD")
        request["tags"] = [{"key": k, "value": v} for k, v in tag_map(properties).items()]
        scope.call("stepfunctions", "CreateStateMachine", request)
        return Result(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": "INITIAL"})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn = {"stateMachineArn": current.physical_resource_id}
        scope.call("stepfunctions", "UpdateStateMachine", {**arn, **self._request(properties)})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        arn = {"stateMachineArn": current.physical_resource_id}
        scope.call("stepfunctions", "DeleteStateMachine", arn)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        definition = properties.get("DefinitionString")
        if definition is None:
            if "Definition" not in properties:
                raise InvalidRequest("Only Definition and DefinitionString are supported here.")
            definition = json.dumps(properties["Definition"])
        substitutions = properties.get("DefinitionSubstitutions", {})
        definition = re.sub(
            r"\$\{([A-Za-z0-9_]+)\}",
            lambda m: str(substitutions.get(m.group(1), m.group(0))),
            definition,
        )
        request: Properties = {"definition": definition, "roleArn": properties["RoleArn"]}
        for own, api in (
            ("LoggingConfiguration", "loggingConfiguration"),
            ("TracingConfiguration", "tracingConfiguration"),
            ("EncryptionConfiguration", "encryptionConfiguration"),
        ):
            if own in properties:
                request[api] = lower_first(properties[own])
        return request


def lower_first(value: Any) -> Any:
    """Keys with a small first letter, as some APIs write them."""
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: lower_first(v) for k, v in value.items()}
    if isinstance(value, list):
        return [lower_first(item) for item in value]
    return value


class Schedule(Provider):
    """An EventBridge schedule. It never fires."""

    type_name = "AWS::Scheduler::Schedule"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name", limit=64)
        request = {**properties, "Name": name}
        arn = scope.call("scheduler", "CreateSchedule", request)["ScheduleArn"]
        return Result(name, {"Arn": arn})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        request = {**properties, "Name": current.physical_resource_id}
        scope.call("scheduler", "UpdateSchedule", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {"Name": current.physical_resource_id, **only(current.properties, "GroupName")}
        scope.call("scheduler", "DeleteSchedule", request)


class SparkApplication(Provider):
    """An EMR Serverless application. Its jobs are not run."""

    type_name = "AWS::EMRServerless::Application"

    def create(self, scope: Scope, properties: Properties) -> Result:
        answer = scope.call("emr-serverless", "CreateApplication", self._request(properties))
        identity = answer["applicationId"]
        return self._result(scope, identity, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        request = without(self._request(properties), "name", "type", "tags", "releaseLabel")
        request["applicationId"] = current.physical_resource_id
        self._stop(scope, current.physical_resource_id)  # a started one cannot be changed
        scope.call("emr-serverless", "UpdateApplication", request)
        return self._result(scope, current.physical_resource_id, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._stop(scope, current.physical_resource_id)
        request = {"applicationId": current.physical_resource_id}
        scope.call("emr-serverless", "DeleteApplication", request)

    @staticmethod
    def _stop(scope: Scope, identity: str) -> None:
        request = {"applicationId": identity}
        answer = scope.call("emr-serverless", "GetApplication", request)["application"]
        if answer["state"] == "STARTED":
            scope.call("emr-serverless", "StopApplication", request)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        request: Properties = lower_first(properties)
        request["clientToken"] = "localaws"
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        capacity = properties.get("InitialCapacity")
        if capacity:
            request["initialCapacity"] = {c["Key"]: lower_first(c["Value"]) for c in capacity}
        return request

    @staticmethod
    def _result(scope: Scope, identity: str, properties: Properties) -> Result:
        unkept = only(properties, "MonitoringConfiguration", "RuntimeConfiguration")
        attributes = {
            "ApplicationId": identity,
            "Arn": scope.arn("emr-serverless", f"/applications/{identity}"),
        }
        return Result(identity, attributes, {"EMR Serverless: not kept": unkept})
