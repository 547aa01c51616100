"""EventBridge Scheduler."""

from __future__ import annotations

from ..provider import Deployed, Properties, Provider, Result, Scope, only


class Schedule(Provider):
    """An EventBridge schedule. It never fires."""

    type_name = "AWS::Scheduler::Schedule"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name", limit=64)
        request = {**properties, "Name": name}
        arn = scope.call("scheduler", "CreateSchedule", request)["ScheduleArn"]
        return Result(name, {"Arn": arn})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        request = {**properties, "Name": current.physical_resource_id}
        scope.call("scheduler", "UpdateSchedule", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {"Name": current.physical_resource_id, **only(current.properties, "GroupName")}
        scope.call("scheduler", "DeleteSchedule", request)
