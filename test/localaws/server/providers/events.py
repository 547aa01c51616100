"""EventBridge."""

from __future__ import annotations

import json

from ..errors import AlreadyExists
from ..provider import Deployed, Properties, Provider, Result, Scope, only, taken_back, without


class Rule(Provider):
    """An EventBridge rule and its targets."""

    type_name = "AWS::Events::Rule"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name", limit=64)
        bus = self._bus(properties)
        if (
            name
            in scope.backend("events")
            .event_buses[bus.get("EventBusName", "default").split("/")[-1]]
            .rules
        ):
            raise AlreadyExists(f"Rule {name} already exists")
        arn = self._put(scope, name, properties)
        with taken_back(lambda: scope.call("events", "DeleteRule", {"Name": name, **bus})):
            self._targets(scope, name, {}, properties)
        shown = name if not bus else f"{bus['EventBusName']}|{name}"
        return Result(shown, {"Arn": arn}, handle=name)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._put(scope, current.result.handle, properties)
        self._targets(scope, current.result.handle, current.properties, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        name = current.result.handle
        self._targets(scope, name, current.properties, {})
        scope.call("events", "DeleteRule", {"Name": name, **self._bus(current.properties)})

    @staticmethod
    def _bus(properties: Properties) -> Properties:
        return only(properties, "EventBusName")

    @staticmethod
    def _put(scope: Scope, name: str, properties: Properties) -> str:
        request = without(properties, "Targets", "Name")
        if isinstance(request.get("EventPattern"), dict):
            request["EventPattern"] = json.dumps(request["EventPattern"])
        arn: str = scope.call("events", "PutRule", {**request, "Name": name})["RuleArn"]
        return arn

    def _targets(self, scope: Scope, name: str, old: Properties, new: Properties) -> None:
        rule = {"Rule": name, **self._bus(new or old)}
        wanted = new.get("Targets", [])
        ids = {target["Id"] for target in wanted}
        gone = [t["Id"] for t in old.get("Targets", []) if t["Id"] not in ids]
        if gone:
            scope.call("events", "RemoveTargets", {**rule, "Ids": gone})
        if wanted:
            scope.call("events", "PutTargets", {**rule, "Targets": wanted})
