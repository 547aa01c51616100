"""HealthOmics. Nothing is behind it: checked against the API, remembered."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from .. import shapes
from ..errors import AlreadyExists, InvalidRequest
from ..provider import Deployed, Properties, Provider, Result, Scope, lower_first, tag_map


def _identity(scope: Scope, properties: Properties) -> str:
    """A stable id: the same stack gives the same id in every run."""
    seed = f"{scope.account}/{scope.region}/{scope.stack_name}/{scope.logical_id}/{properties!r}"
    digest = hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()
    return str(int(digest[:10], 16) % 10**10).zfill(10)


class _Recorded(Provider):
    """Something that exists only as a record."""

    operation = ""
    requested: ClassVar[dict[str, Any]] = {}

    def create(self, scope: Scope, properties: Properties) -> Result:
        shapes.validate("omics", self.operation, self.request(properties))
        return self._result(scope, _identity(scope, properties), properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        shapes.validate("omics", self.operation, self.request(properties))
        return self._result(scope, current.result.handle, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        """A record goes with its resource."""

    def request(self, properties: Properties) -> Properties:
        request: Properties = {**lower_first(properties), **self.requested}
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        return request

    def _result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        unkept = {"HealthOmics: nothing behind it here": properties}
        attributes = self.attributes(scope, identity, properties)
        return Result(self.physical_id(identity, attributes), attributes, unkept, handle=identity)

    def physical_id(self, identity: str, attributes: dict[str, Any]) -> str:
        return identity

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        raise NotImplementedError


class SequenceStore(_Recorded):
    """A HealthOmics sequence store."""

    type_name = "AWS::Omics::SequenceStore"
    operation = "CreateSequenceStore"

    def request(self, properties: Properties) -> Properties:
        request = super().request(properties)
        if "accessLogLocation" in request:
            request["s3AccessConfig"] = {"accessLogLocation": request.pop("accessLogLocation")}
        request.pop("s3AccessPolicy", None)
        return request

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        return {
            "SequenceStoreId": identity,
            "Arn": scope.arn("omics", f"sequenceStore/{identity}"),
            "S3Uri": f"s3://{scope.account}-localaws/{identity}/",
            "S3AccessPointArn": scope.arn("s3", f"accesspoint/{scope.account}-{identity}"),
            "Status": "ACTIVE",
        }


class ReferenceStore(_Recorded):
    """A HealthOmics reference store."""

    type_name = "AWS::Omics::ReferenceStore"
    operation = "CreateReferenceStore"

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        return {
            "ReferenceStoreId": identity,
            "Arn": scope.arn("omics", f"referenceStore/{identity}"),
        }


class RunGroup(_Recorded):
    """Limits of runs."""

    type_name = "AWS::Omics::RunGroup"
    operation = "CreateRunGroup"
    requested: ClassVar[dict[str, Any]] = {"requestId": "1"}

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        return {"Id": identity, "Arn": scope.arn("omics", f"runGroup/{identity}")}


class RunCache(_Recorded):
    """A cache of the results of tasks."""

    type_name = "AWS::Omics::RunCache"
    operation = "CreateRunCache"
    requested: ClassVar[dict[str, Any]] = {"requestId": "1"}

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        return {
            "Id": identity,
            "Arn": scope.arn("omics", f"runCache/{identity}"),
            "Status": "ACTIVE",
        }


def _definition(request: Properties, properties: Properties) -> Properties:
    """The request for a definition: names of parameters are the workflow's own."""
    if "ParameterTemplate" in properties:
        template = properties["ParameterTemplate"]
        request["parameterTemplate"] = {name: lower_first(p) for name, p in template.items()}
    return request


class Workflow(_Recorded):
    """A workflow and its first definition."""

    type_name = "AWS::Omics::Workflow"
    operation = "CreateWorkflow"
    requested: ClassVar[dict[str, Any]] = {"requestId": "1"}

    def request(self, properties: Properties) -> Properties:
        return _definition(super().request(properties), properties)

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        return {
            "Id": identity,
            "Arn": scope.arn("omics", f"workflow/{identity}"),
            "Status": "ACTIVE",
            "Type": "PRIVATE",
        }


class WorkflowVersion(_Recorded):
    """Another definition of a workflow, under a name that it keeps for ever."""

    type_name = "AWS::Omics::WorkflowVersion"
    operation = "CreateWorkflowVersion"
    requested: ClassVar[dict[str, Any]] = {"requestId": "1"}
    there: ClassVar[set[str]] = set()

    def create(self, scope: Scope, properties: Properties) -> Result:
        result = super().create(scope, properties)
        if result.physical_id in self.there:
            raise AlreadyExists(f"ConflictException: {result.physical_id} exists")
        self.there.add(result.physical_id)
        return result

    def delete(self, scope: Scope, current: Deployed) -> None:
        self.there.discard(current.physical_resource_id)

    def request(self, properties: Properties) -> Properties:
        return _definition(super().request(properties), properties)

    def attributes(self, scope: Scope, identity: str, properties: Properties) -> dict[str, Any]:
        path = f"workflow/{properties['WorkflowId']}/version/{properties['VersionName']}"
        return {"Arn": scope.arn("omics", path), "Status": "ACTIVE", "Type": "PRIVATE"}

    def physical_id(self, identity: str, attributes: dict[str, Any]) -> str:
        arn: str = attributes["Arn"]
        return arn


class _Closed(Provider):
    """A store that HealthOmics makes for customers who had one before, only."""

    def create(self, scope: Scope, properties: Properties) -> Result:
        raise InvalidRequest(
            f"{self.type_name} is closed to new customers since 7 November 2025:"
            " keep it in Iceberg tables, as variants.NewVariantLake does"
        )

    def delete(self, scope: Scope, current: Deployed) -> None:
        """None is ever made."""


class VariantStore(_Closed):
    """A store of variants."""

    type_name = "AWS::Omics::VariantStore"


class AnnotationStore(_Closed):
    """A store of annotations."""

    type_name = "AWS::Omics::AnnotationStore"
