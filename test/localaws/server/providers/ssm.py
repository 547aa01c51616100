"""Systems Manager."""

from __future__ import annotations

from ..provider import Deployed, Properties, Provider, Result, Scope, tag_map, without


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
