"""HealthOmics. No service is behind its stores: checked against the API, remembered."""

from __future__ import annotations

import hashlib

from .. import shapes
from ..provider import Deployed, Properties, Provider, Result, Scope, lower_first, tag_map


def _identity(scope: Scope, properties: Properties) -> str:
    """A stable id: the same stack gives the same store id in every run."""
    seed = f"{scope.account}/{scope.region}/{scope.stack_name}/{scope.logical_id}/{properties!r}"
    return hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()


class _Store(Provider):
    """A store that exists only as a record."""

    service = ""
    operation = ""
    reason = ""

    def create(self, scope: Scope, properties: Properties) -> Result:
        shapes.validate(self.service, self.operation, self.request(properties))
        return self.result(scope, _identity(scope, properties), properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        shapes.validate(self.service, self.operation, self.request(properties))
        return self.result(scope, current.result.handle, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        """A record goes with its resource."""

    def request(self, properties: Properties) -> Properties:
        return properties

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        raise NotImplementedError


class SequenceStore(_Store):
    """A HealthOmics sequence store."""

    type_name = "AWS::Omics::SequenceStore"
    service = "omics"
    operation = "CreateSequenceStore"

    def request(self, properties: Properties) -> Properties:
        request: Properties = lower_first(properties)
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        if "accessLogLocation" in request:
            request["s3AccessConfig"] = {"accessLogLocation": request.pop("accessLogLocation")}
        request.pop("s3AccessPolicy", None)
        return request

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        identity = str(int(identity[:10], 16) % 10**10).zfill(10)
        attributes = {
            "SequenceStoreId": identity,
            "Arn": scope.arn("omics", f"sequenceStore/{identity}"),
            "S3Uri": f"s3://{scope.account}-localaws/{identity}/",
            "S3AccessPointArn": scope.arn("s3", f"accesspoint/{scope.account}-{identity}"),
            "Status": "ACTIVE",
        }
        unkept = {"HealthOmics: no store behind it here": properties}
        return Result(identity, attributes, unkept, handle=identity)


class ReferenceStore(_Store):
    """A HealthOmics reference store."""

    type_name = "AWS::Omics::ReferenceStore"
    service = "omics"
    operation = "CreateReferenceStore"

    def request(self, properties: Properties) -> Properties:
        request: Properties = lower_first(properties)
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        return request

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        identity = str(int(identity[:10], 16) % 10**10).zfill(10)
        attributes = {
            "ReferenceStoreId": identity,
            "Arn": scope.arn("omics", f"referenceStore/{identity}"),
        }
        unkept = {"HealthOmics: no store behind it here": properties}
        return Result(identity, attributes, unkept, handle=identity)
