"""HealthImaging."""

from __future__ import annotations

import uuid

from ..errors import ProviderError
from ..provider import (
    Deployed,
    Properties,
    Provider,
    Result,
    Scope,
    lower_first,
    settled,
    tag_map,
    without,
)


class ImagingDatastore(Provider):
    """A HealthImaging store. Its creation ends when the store is ACTIVE.

    Everything but tags is create-only, and the resource type has no handler for tags either:
    every change is a new store.
    """

    type_name = "AWS::HealthImaging::Datastore"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request: Properties = {**lower_first(without(properties, "Tags")), "clientToken": str(uuid.uuid4())}
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
        return settled(lambda: str(self._look(scope, identity)["datastoreStatus"]), passing)

    @staticmethod
    def _look(scope: Scope, identity: Properties) -> Properties:
        found = scope.call("medical-imaging", "GetDatastore", identity)
        store: Properties = found["datastoreProperties"]
        return store
