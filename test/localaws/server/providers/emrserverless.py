"""EMR Serverless."""

from __future__ import annotations

from ..provider import (
    Deployed,
    Properties,
    Provider,
    Result,
    Scope,
    lower_first,
    only,
    tag_map,
    without,
)


class SparkApplication(Provider):
    """An EMR Serverless application. Its jobs are not run."""

    type_name = "AWS::EMRServerless::Application"

    def create(self, scope: Scope, properties: Properties) -> Result:
        answer = scope.call("emr-serverless", "CreateApplication", self._request(properties))
        identity = answer["applicationId"]
        return self._result(scope, identity, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        request = without(self._request(properties), "name", "type", "tags", "releaseLabel")
        request["applicationId"] = current.physical_resource_id
        self._stop(scope, current.physical_resource_id)  # a started one cannot be changed
        scope.call("emr-serverless", "UpdateApplication", request)
        return self._result(scope, current.physical_resource_id, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._stop(scope, current.physical_resource_id)
        request = {"applicationId": current.physical_resource_id}
        scope.call("emr-serverless", "DeleteApplication", request)

    @staticmethod
    def _stop(scope: Scope, identity: str) -> None:
        request = {"applicationId": identity}
        answer = scope.call("emr-serverless", "GetApplication", request)["application"]
        if answer["state"] == "STARTED":
            scope.call("emr-serverless", "StopApplication", request)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        request: Properties = lower_first(properties)
        request["clientToken"] = "localaws"
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        capacity = properties.get("InitialCapacity")
        if capacity:
            request["initialCapacity"] = {c["Key"]: lower_first(c["Value"]) for c in capacity}
        return request

    @staticmethod
    def _result(scope: Scope, identity: str, properties: Properties) -> Result:
        unkept = only(properties, "MonitoringConfiguration", "RuntimeConfiguration")
        attributes = {
            "ApplicationId": identity,
            "Arn": scope.arn("emr-serverless", f"/applications/{identity}"),
        }
        return Result(identity, attributes, {"EMR Serverless: not kept": unkept})
