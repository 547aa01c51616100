"""CloudTrail."""

from __future__ import annotations

from ..errors import AlreadyExists
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, taken_back


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
