"""Health stores, through their services, and genomics stores.

No service is behind the genomics stores: checked against the API, remembered.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from .. import shapes
from ..clock import CLOCK
from ..errors import NotUpdatable, ProviderError
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, without


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


def _lower(value: Any) -> Any:
    """Keys with a small first letter, as some APIs write them."""
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: _lower(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_lower(item) for item in value]
    return value


# How long CloudFormation waits for a store, and how often it looks (of the server's clock).
_PATIENCE = 4 * 3600
_INTERVAL = 60


def _await(look: Callable[[], str], while_in: tuple[str, ...]) -> str:
    """The status of a store once it has left the passing ones."""
    status = look()
    for _ in range(_PATIENCE // _INTERVAL):
        if status not in while_in:
            break
        CLOCK.wait(_INTERVAL)
        status = look()
    return status


class FhirDatastore(Provider):
    """A HealthLake store. Its creation and its updates end when the store is ACTIVE."""

    type_name = "AWS::HealthLake::FHIRDatastore"

    # What UpdateFHIRDatastore changes and schemas does not say to mean replacement.
    _changeable = ("AnalyticsConfiguration", "NlpConfiguration", "ProfileConfiguration")

    def create(self, scope: Scope, properties: Properties) -> Result:
        answer = scope.call("healthlake", "CreateFHIRDatastore", properties)
        identity = {"DatastoreId": answer["DatastoreId"]}
        if self._wait(scope, identity, ("CREATING",)) != "ACTIVE":
            cause = self._look(scope, identity).get("ErrorCause", {})
            scope.call("healthlake", "DeleteFHIRDatastore", identity)
            raise ProviderError(cause.get("ErrorMessage", "The data store did not become ACTIVE."))
        return self._result(self._look(scope, identity))

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn = {"ResourceARN": current.result.attributes["DatastoreArn"]}
        was, now = tag_map(current.properties), tag_map(properties)
        changed = {k: v for k, v in properties.items() if v != current.properties.get(k)}
        gone = set(current.properties) - set(properties) - {"Tags"}
        if gone or set(changed) - {*self._changeable, "Tags"}:
            # What HealthLake does to a setting that a template no longer gives is not known.
            raise NotUpdatable(
                f"{self.type_name}: {', '.join(self._changeable)} and Tags can be updated, "
                "and none but Tags taken away"
            )
        if request := without(changed, "Tags"):
            identity = {"DatastoreId": current.physical_resource_id}
            scope.call("healthlake", "UpdateFHIRDatastore", {**identity, **request})
            if self._wait(scope, identity, ("UPDATING",)) != "ACTIVE":
                cause = self._look(scope, identity).get("ErrorCause", {})
                raise ProviderError(cause.get("ErrorMessage", "The data store was not updated."))
        if set(was) - set(now):
            untagged = sorted(set(was) - set(now))
            scope.call("healthlake", "UntagResource", {**arn, "TagKeys": untagged})
        if now:
            tags = [{"Key": k, "Value": v} for k, v in sorted(now.items())]
            scope.call("healthlake", "TagResource", {**arn, "Tags": tags})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        identity = {"DatastoreId": current.physical_resource_id}
        if self._look(scope, identity)["DatastoreStatus"] != "DELETED":
            scope.call("healthlake", "DeleteFHIRDatastore", identity)
        if self._wait(scope, identity, ("ACTIVE", "DELETING")) != "DELETED":
            raise ProviderError("The data store was not deleted.")

    def _wait(self, scope: Scope, identity: Properties, passing: tuple[str, ...]) -> str:
        return _await(lambda: str(self._look(scope, identity)["DatastoreStatus"]), passing)

    @staticmethod
    def _look(scope: Scope, identity: Properties) -> Properties:
        found: Properties = scope.call("healthlake", "DescribeFHIRDatastore", identity)
        store: Properties = found["DatastoreProperties"]
        return store

    @staticmethod
    def _result(store: Properties) -> Result:
        keys = ("DatastoreId", "DatastoreArn", "DatastoreEndpoint", "DatastoreStatus")
        created = int(store["CreatedAt"].timestamp())
        attributes = {
            **only(store, *keys),
            "CreatedAt.Seconds": str(created),
            "CreatedAt.Nanos": 0,
        }
        return Result(store["DatastoreId"], attributes)


class ImagingDatastore(Provider):
    """A HealthImaging store. Its creation ends when the store is ACTIVE.

    Everything but tags is create-only, and the resource type has no handler for tags either:
    every change is a new store.
    """

    type_name = "AWS::HealthImaging::Datastore"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request: Properties = {**_lower(without(properties, "Tags")), "clientToken": _token()}
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        answer = scope.call("medical-imaging", "CreateDatastore", request)
        identity = {"datastoreId": answer["datastoreId"]}
        if self._wait(scope, identity, ("CREATING",)) != "ACTIVE":
            scope.call("medical-imaging", "DeleteDatastore", identity)
            raise ProviderError("The data store did not become ACTIVE.")
        store = self._look(scope, identity)
        attributes = {
            "DatastoreId": store["datastoreId"],
            "DatastoreArn": store["datastoreArn"],
            "DatastoreStatus": store["datastoreStatus"],
            "CreatedAt": store["createdAt"].isoformat(),
            "UpdatedAt": store["updatedAt"].isoformat(),
        }
        return Result(store["datastoreId"], attributes)

    def delete(self, scope: Scope, current: Deployed) -> None:
        identity = {"datastoreId": current.physical_resource_id}
        if self._look(scope, identity)["datastoreStatus"] != "DELETED":
            scope.call("medical-imaging", "DeleteDatastore", identity)
        if self._wait(scope, identity, ("ACTIVE", "DELETING")) != "DELETED":
            raise ProviderError("The data store was not deleted.")

    def _wait(self, scope: Scope, identity: Properties, passing: tuple[str, ...]) -> str:
        return _await(lambda: str(self._look(scope, identity)["datastoreStatus"]), passing)

    @staticmethod
    def _look(scope: Scope, identity: Properties) -> Properties:
        found = scope.call("medical-imaging", "GetDatastore", identity)
        store: Properties = found["datastoreProperties"]
        return store


def _token() -> str:
    return str(uuid.uuid4())


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
