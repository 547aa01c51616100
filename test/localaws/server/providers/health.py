"""Health and genomics stores. No service is behind them: checked against the API, remembered."""

from __future__ import annotations

import hashlib
from typing import Any

from .. import shapes
from ..errors import InvalidRequest
from ..provider import Deployed, Properties, Provider, Result, Scope, tag_map


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
        self.check(properties)
        return self.result(scope, _identity(scope, properties), properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        shapes.validate(self.service, self.operation, self.request(properties))
        self.check(properties)
        return self.result(scope, current.result.handle, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        """A record goes with its resource."""

    def request(self, properties: Properties) -> Properties:
        return properties

    def check(self, properties: Properties) -> None:
        """What the service would refuse beyond the shape of the request."""

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        raise NotImplementedError


def _lower(value: Any) -> Any:
    """Keys with a small first letter, as some APIs write them."""
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: _lower(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_lower(item) for item in value]
    return value


class FhirDatastore(_Store):
    """A HealthLake store. ACTIVE at once, where AWS needs half an hour."""

    type_name = "AWS::HealthLake::FHIRDatastore"
    service = "healthlake"
    operation = "CreateFHIRDatastore"

    def check(self, properties: Properties) -> None:
        encryption = properties.get("SseConfiguration", {}).get("KmsEncryptionConfig", {})
        if encryption.get("CmkType") == "CUSTOMER_MANAGED_KMS_KEY" and not encryption.get(
            "KmsKeyId"
        ):
            raise InvalidRequest("CUSTOMER_MANAGED_KMS_KEY needs a KmsKeyId.")

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        host = f"https://healthlake.{scope.region}.amazonaws.com"
        attributes = {
            "DatastoreId": identity,
            "DatastoreArn": scope.arn("healthlake", f"datastore/fhir/{identity}"),
            "DatastoreEndpoint": f"{host}/datastore/{identity}/r4/",
            "DatastoreStatus": "ACTIVE",
        }
        unkept = {"HealthLake: no store behind it here": properties}
        return Result(identity, attributes, unkept, handle=identity)


class ImagingDatastore(_Store):
    """A HealthImaging store."""

    type_name = "AWS::HealthImaging::Datastore"
    service = "medical-imaging"
    operation = "CreateDatastore"

    def request(self, properties: Properties) -> Properties:
        request: Properties = {**_lower(properties), "clientToken": "localaws"}
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        return request

    def result(self, scope: Scope, identity: str, properties: Properties) -> Result:
        attributes = {
            "DatastoreId": identity,
            "DatastoreArn": scope.arn("medical-imaging", f"datastore/{identity}"),
            "DatastoreStatus": "ACTIVE",
        }
        unkept = {"HealthImaging: no store behind it here": properties}
        return Result(identity, attributes, unkept, handle=identity)


class SequenceStore(_Store):
    """A HealthOmics sequence store."""

    type_name = "AWS::Omics::SequenceStore"
    service = "omics"
    operation = "CreateSequenceStore"

    def request(self, properties: Properties) -> Properties:
        request: Properties = _lower(properties)
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
        request: Properties = _lower(properties)
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
