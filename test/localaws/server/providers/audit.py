"""CloudTrail, CloudWatch alarms and log groups."""

from __future__ import annotations

from ..errors import AlreadyExists
from ..provider import (
    Deployed,
    Properties,
    Provider,
    Result,
    Scope,
    only,
    tag_map,
    taken_back,
    without,
)


class Trail(Provider):
    """A trail and its event selectors. Nothing is ever written to its bucket."""

    type_name = "AWS::CloudTrail::Trail"

    _plain = (
        "CloudWatchLogsLogGroupArn",
        "CloudWatchLogsRoleArn",
        "EnableLogFileValidation",
        "IncludeGlobalServiceEvents",
        "IsMultiRegionTrail",
        "IsOrganizationTrail",
        "S3BucketName",
        "S3KeyPrefix",
        "SnsTopicName",
    )

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "TrailName", limit=128)
        if name in scope.backend("cloudtrail").trails:
            raise AlreadyExists(f"Trail {name} already exists")
        request = self._request(name, properties)
        request["TagsList"] = [{"Key": k, "Value": v} for k, v in tag_map(properties).items()]
        arn = scope.call("cloudtrail", "CreateTrail", request)["TrailARN"]
        with taken_back(lambda: scope.call("cloudtrail", "DeleteTrail", {"Name": name})):
            self._follow(scope, name, properties)
        return self._result(name, arn, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = current.physical_resource_id
        scope.call("cloudtrail", "UpdateTrail", self._request(name, properties))
        self._follow(scope, name, properties)
        return self._result(name, current.result.attributes["Arn"], properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("cloudtrail", "DeleteTrail", {"Name": current.physical_resource_id})

    def _request(self, name: str, properties: Properties) -> Properties:
        request = {**only(properties, *self._plain), "Name": name}
        if "KMSKeyId" in properties:
            request["KmsKeyId"] = properties["KMSKeyId"]
        return request

    @staticmethod
    def _follow(scope: Scope, name: str, properties: Properties) -> None:
        logging = properties.get("IsLogging") in (True, "true")
        scope.call("cloudtrail", "StartLogging" if logging else "StopLogging", {"Name": name})
        selectors = only(properties, "EventSelectors", "AdvancedEventSelectors")
        if selectors:
            scope.call("cloudtrail", "PutEventSelectors", {"TrailName": name, **selectors})
        insights = only(properties, "InsightSelectors")
        if insights:
            scope.call("cloudtrail", "PutInsightSelectors", {"TrailName": name, **insights})

    @staticmethod
    def _result(name: str, arn: str, properties: Properties) -> Result:
        unkept = only(properties, "AggregationConfigurations")
        topic = properties.get("SnsTopicName", "")
        return Result(name, {"Arn": arn, "SnsTopicArn": topic}, {"CloudTrail: not kept": unkept})


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
