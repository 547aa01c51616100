"""Lambda functions: their definition is kept, they are never run.

There is nothing here to run them with. An invocation by a rule is listed among the deliveries;
a queue or stream that feeds a function is only recorded.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..errors import InvalidRequest
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, without

NOT_RUN = "Lambda: functions are not run here"

_CONFIGURATION = (
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "Handler",
    "KMSKeyArn",
    "MemorySize",
    "Role",
    "Runtime",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)

# An update sets what the template no longer names back to these.
_DEFAULTS: Properties = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {"Variables": {}},
    "MemorySize": 128,
    "Timeout": 3,
    "VpcConfig": {},
}


def _code(properties: Properties) -> Properties:
    code = properties["Code"]
    if "ZipFile" in code:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("index"), code["ZipFile"])
        return {"ZipFile": packed.getvalue()}
    found = only(code, "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri")
    if not found:
        raise InvalidRequest("Code needs a ZipFile, an S3Bucket or an ImageUri.")
    return found


class Function(Provider):
    """A Lambda function."""

    type_name = "AWS::Lambda::Function"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "FunctionName", limit=64)
        request = only(properties, *_CONFIGURATION, "PackageType", "Architectures")
        request |= {"FunctionName": name, "Code": _code(properties), "Tags": tag_map(properties)}
        scope.call("lambda", "CreateFunction", request)
        return self._result(scope, name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = {"FunctionName": current.physical_resource_id}
        if properties["Code"] != current.properties["Code"]:
            scope.call("lambda", "UpdateFunctionCode", {**name, **_code(properties)})
        gone = {k: v for k, v in _DEFAULTS.items() if k in current.properties}
        request = {**name, **gone, **only(properties, *_CONFIGURATION)}
        scope.call("lambda", "UpdateFunctionConfiguration", request)
        arn = {"Resource": current.result.attributes["Arn"]}
        was, now = tag_map(current.properties), tag_map(properties)
        if set(was) - set(now):
            scope.call("lambda", "UntagResource", {**arn, "TagKeys": sorted(set(was) - set(now))})
        if now:
            scope.call("lambda", "TagResource", {**arn, "Tags": now})
        return self._result(scope, current.physical_resource_id, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("lambda", "DeleteFunction", {"FunctionName": current.physical_resource_id})

    @staticmethod
    def _result(scope: Scope, name: str, properties: Properties) -> Result:
        shown = without(properties, "Code", "Tags")
        return Result(name, {"Arn": scope.arn("lambda", f"function:{name}")}, {NOT_RUN: shown})


class Permission(Provider):
    """Who may invoke a function."""

    type_name = "AWS::Lambda::Permission"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name({}, "Id", limit=100)
        keys = ("Action", "FunctionName", "Principal", "SourceAccount", "SourceArn")
        request = {**only(properties, *keys), "StatementId": name}
        scope.call("lambda", "AddPermission", request)
        return Result(name, {"Id": name})

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {
            "FunctionName": current.properties["FunctionName"],
            "StatementId": current.physical_resource_id,
        }
        scope.call("lambda", "RemovePermission", request)


class EventInvokeConfig(Provider):
    """What happens to a function's failed asynchronous invocations."""

    type_name = "AWS::Lambda::EventInvokeConfig"

    def create(self, scope: Scope, properties: Properties) -> Result:
        scope.call("lambda", "PutFunctionEventInvokeConfig", properties)
        return Result(f"{properties['FunctionName']}|{properties['Qualifier']}", {})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        scope.call("lambda", "PutFunctionEventInvokeConfig", properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = only(current.properties, "FunctionName", "Qualifier")
        scope.call("lambda", "DeleteFunctionEventInvokeConfig", request)


class EventSourceMapping(Provider):
    """A queue or stream that feeds a function. It only is recorded: nothing polls it."""

    type_name = "AWS::Lambda::EventSourceMapping"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = _short(properties["FunctionName"])
        scope.call("lambda", "GetFunction", {"FunctionName": name})  # it must be there
        identity = scope.name({}, "Id", limit=64)
        arn = scope.arn("lambda", f"event-source-mapping:{identity}")
        attributes: dict[str, Any] = {"Id": identity, "EventSourceMappingArn": arn}
        return Result(identity, attributes, {NOT_RUN: properties})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        return Result(
            current.physical_resource_id, current.result.attributes, {NOT_RUN: properties}
        )

    def delete(self, scope: Scope, current: Deployed) -> None:
        """A record goes with its resource."""


def _short(function: str) -> str:
    return function.split(":function:")[-1]
