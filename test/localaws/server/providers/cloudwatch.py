"""CloudWatch."""

from __future__ import annotations

from ..errors import AlreadyExists
from ..provider import Deployed, Properties, Provider, Result, Scope


class Alarm(Provider):
    """A metric alarm. It has no metrics to watch."""

    type_name = "AWS::CloudWatch::Alarm"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "AlarmName")
        there = scope.call("cloudwatch", "DescribeAlarms", {"AlarmNames": [name]})
        if there["MetricAlarms"]:
            raise AlreadyExists(f"Alarm {name} already exists")
        self._put(scope, name, properties)
        return Result(name, {"Arn": scope.arn("cloudwatch", f"alarm:{name}")})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._put(scope, current.physical_resource_id, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {"AlarmNames": [current.physical_resource_id]}
        scope.call("cloudwatch", "DeleteAlarms", request)

    @staticmethod
    def _put(scope: Scope, name: str, properties: Properties) -> None:
        scope.call("cloudwatch", "PutMetricAlarm", {**properties, "AlarmName": name})
