"""HealthLake."""

from __future__ import annotations

from ..errors import NotUpdatable, ProviderError
from ..provider import (
    Deployed,
    Properties,
    Provider,
    Result,
    Scope,
    only,
    settled,
    tag_map,
    without,
)


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
        return settled(lambda: str(self._look(scope, identity)["DatastoreStatus"]), passing)

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


class DataTransformationProfile(Provider):
    """A profile that makes FHIR of other formats; CloudFormation publishes it."""

    type_name = "AWS::HealthLake::DataTransformationProfile"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = without(properties, "Tags")
        if tags := tag_map(properties):
            request["Tags"] = tags
        made = scope.call("healthlake", "CreateDataTransformationProfile", request)
        identity = {"ProfileId": made["ProfileId"], "SourceFormat": made["SourceFormat"]}
        scope.call("healthlake", "PublishDataTransformationProfile", identity)
        arn = (
            f"arn:aws:healthlake:{scope.region}:{scope.account}"
            f":dataTransformationProfile/{made['ProfileId']}"
        )
        return Result(arn, {"Arn": arn, **only(made, "ProfileId", "TargetFormat")})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn = {"ResourceARN": current.physical_resource_id}
        was, now = tag_map(current.properties), tag_map(properties)
        if gone := sorted(set(was) - set(now)):
            scope.call("healthlake", "UntagResource", {**arn, "TagKeys": gone})
        if now:
            tags = [{"Key": k, "Value": v} for k, v in sorted(now.items())]
            scope.call("healthlake", "TagResource", {**arn, "Tags": tags})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        identity = {"ProfileId": current.result.attributes["ProfileId"]}
        scope.call("healthlake", "DeleteDataTransformationProfile", identity)
