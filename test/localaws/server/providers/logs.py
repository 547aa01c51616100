"""CloudWatch Logs."""

from __future__ import annotations

from ..provider import Deployed, Properties, Provider, Result, Scope, tag_map, taken_back, without


class LogGroup(Provider):
    """A log group with its key and retention."""

    type_name = "AWS::Logs::LogGroup"
    _kept = ("LogGroupName", "KmsKeyId", "RetentionInDays", "Tags", "LogGroupClass")

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "LogGroupName", limit=512)
        request: Properties = {"logGroupName": name}
        for own, api in (("KmsKeyId", "kmsKeyId"), ("LogGroupClass", "logGroupClass")):
            if own in properties:
                request[api] = properties[own]
        if "Tags" in properties:
            request["tags"] = tag_map(properties)
        scope.call("logs", "CreateLogGroup", request)
        with taken_back(lambda: scope.call("logs", "DeleteLogGroup", {"logGroupName": name})):
            self._retain(scope, name, {}, properties)
        return self._result(scope, name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name, old = current.physical_resource_id, current.properties
        self._retain(scope, name, old, properties)
        if properties.get("KmsKeyId") != old.get("KmsKeyId"):
            # moto has no AssociateKmsKey.
            scope.backend("logs").groups[name].kms_key_id = properties.get("KmsKeyId")
        arn = scope.arn("logs", f"log-group:{name}")
        was, now = tag_map(old), tag_map(properties)
        if set(was) - set(now):
            gone = {"resourceArn": arn, "tagKeys": sorted(set(was) - set(now))}
            scope.call("logs", "UntagResource", gone)
        if now and now != was:
            scope.call("logs", "TagResource", {"resourceArn": arn, "tags": now})
        return self._result(scope, name, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("logs", "DeleteLogGroup", {"logGroupName": current.physical_resource_id})

    @staticmethod
    def _retain(scope: Scope, name: str, old: Properties, new: Properties) -> None:
        days = new.get("RetentionInDays")
        if days is not None and days != old.get("RetentionInDays"):
            request = {"logGroupName": name, "retentionInDays": days}
            scope.call("logs", "PutRetentionPolicy", request)
        elif days is None and "RetentionInDays" in old:
            scope.call("logs", "DeleteRetentionPolicy", {"logGroupName": name})

    def _result(self, scope: Scope, name: str, properties: Properties) -> Result:
        attributes = {"Arn": scope.arn("logs", f"log-group:{name}:*")}
        unkept = without(properties, *self._kept)
        return Result(name, attributes, {"CloudWatch Logs: not kept": unkept})
