"""CloudWatch."""

from __future__ import annotations

import json
import re

from ..errors import AlreadyExists, InvalidRequest
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


class Dashboard(Provider):
    """A dashboard. Its name is unique in the account, whatever the region."""

    type_name = "AWS::CloudWatch::Dashboard"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "DashboardName")
        there = scope.call("cloudwatch", "ListDashboards", {"DashboardNamePrefix": name})
        if any(found["DashboardName"] == name for found in there["DashboardEntries"]):
            raise AlreadyExists(f"Dashboard {name} already exists")
        self._put(scope, name, properties)
        return Result(name)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._put(scope, current.physical_resource_id, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {"DashboardNames": [current.physical_resource_id]}
        scope.call("cloudwatch", "DeleteDashboards", request)

    @staticmethod
    def _put(scope: Scope, name: str, properties: Properties) -> None:
        """CloudWatch refuses a name of other characters, and a body without widgets."""
        body = properties["DashboardBody"]
        try:
            widgets = json.loads(body)["widgets"]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidRequest(f"The dashboard body is invalid: {error}") from error
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name) or len(widgets) > 500:
            raise InvalidRequest("The dashboard name or the number of its widgets is invalid")
        scope.call("cloudwatch", "PutDashboard", {"DashboardName": name, "DashboardBody": body})
