"""Athena work groups and named queries."""

from __future__ import annotations

import copy

from .. import shapes
from ..errors import AlreadyExists, InvalidRequest, NotFound
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map


class WorkGroup(Provider):
    """A work group and its settings."""

    type_name = "AWS::Athena::WorkGroup"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = properties["Name"]
        if name in scope.backend("athena").work_groups:
            raise AlreadyExists(f"WorkGroup {name} is already created")
        scope.call("athena", "CreateWorkGroup", self._request(properties))
        self._state(scope, name, properties)
        return Result(name, {"CreationTime": ""})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        # moto has no UpdateWorkGroup, whose request differs from CreateWorkGroup's anyway.
        name = current.physical_resource_id
        request = shapes.validate("athena", "CreateWorkGroup", self._request(properties))
        group = scope.backend("athena").work_groups[name]
        group.description = request.get("Description", "")
        group.configuration = request.get("Configuration", {})
        self._state(scope, name, properties)
        was, now = tag_map(current.properties), tag_map(properties)
        arn = scope.arn("athena", f"workgroup/{name}")
        if set(was) - set(now):
            gone = {"ResourceARN": arn, "TagKeys": sorted(set(was) - set(now))}
            scope.call("athena", "UntagResource", gone)
        if now and now != was:
            tags = [{"Key": k, "Value": v} for k, v in now.items()]
            scope.call("athena", "TagResource", {"ResourceARN": arn, "Tags": tags})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        name = current.physical_resource_id
        backend = scope.backend("athena")
        held: list[str] = scope.call("athena", "ListNamedQueries", {"WorkGroup": name})["NamedQueryIds"]
        group = backend.work_groups[name]
        held += [e.id for e in backend.executions.values() if e.workgroup is group]
        recursive = current.properties.get("RecursiveDeleteOption") in (True, "true")
        if held and not recursive:
            raise InvalidRequest(f"WorkGroup {name} is not empty")
        request = {"WorkGroup": name, "RecursiveDeleteOption": recursive}
        scope.call("athena", "DeleteWorkGroup", request)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        request = only(properties, "Name", "Description", "Tags")
        if "WorkGroupConfiguration" in properties:
            request["Configuration"] = copy.deepcopy(properties["WorkGroupConfiguration"])
            _one_place(request["Configuration"])
        return request

    @staticmethod
    def _state(scope: Scope, name: str, properties: Properties) -> None:
        scope.backend("athena").work_groups[name].state = properties.get("State", "ENABLED")


def _one_place(configuration: Properties) -> None:
    """Refuse results that are to be kept by Athena and in a bucket."""
    managed = configuration.get("ManagedQueryResultsConfiguration", {}).get("Enabled") in (True, "true")
    if managed and "OutputLocation" in configuration.get("ResultConfiguration", {}):
        raise InvalidRequest(
            "ResultConfiguration.OutputLocation cannot be set with ManagedQueryResultsConfiguration"
        )


class NamedQuery(Provider):
    """A saved query."""

    type_name = "AWS::Athena::NamedQuery"

    def create(self, scope: Scope, properties: Properties) -> Result:
        group = properties.get("WorkGroup", "primary")
        if group not in scope.backend("athena").work_groups:
            raise NotFound(f"WorkGroup {group} is not found")
        request = {"Name": scope.name(properties, "Name"), **properties}
        query = scope.call("athena", "CreateNamedQuery", request)["NamedQueryId"]
        return Result(query, {"NamedQueryId": query})

    def delete(self, scope: Scope, current: Deployed) -> None:
        # moto has no DeleteNamedQuery.
        if scope.backend("athena").named_queries.pop(current.physical_resource_id, None) is None:
            raise NotFound(f"NamedQuery {current.physical_resource_id} is not found")
