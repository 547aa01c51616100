"""SNS."""

from __future__ import annotations

import json

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
    text,
    without,
)


class Topic(Provider):
    """An SNS topic."""

    type_name = "AWS::SNS::Topic"

    _attributes = (
        "ContentBasedDeduplication",
        "DisplayName",
        "FifoTopic",
        "KmsMasterKeyId",
        "SignatureVersion",
        "TracingConfig",
    )

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "TopicName")
        arn = scope.arn("sns", name)
        if arn in scope.backend("sns").topics:
            raise AlreadyExists(f"Topic {name} already exists")
        values = only(properties, *self._attributes).items()
        request = {
            "Name": name,
            "Attributes": {k: text(v) for k, v in values},
            "Tags": [{"Key": k, "Value": v} for k, v in tag_map(properties).items()],
        }
        scope.call("sns", "CreateTopic", request)
        with taken_back(lambda: scope.call("sns", "DeleteTopic", {"TopicArn": arn})):
            for subscription in properties.get("Subscription", []):
                scope.call("sns", "Subscribe", {"TopicArn": arn, **subscription})
        return self._result(arn, name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn, old = current.physical_resource_id, current.properties
        for key in self._attributes:
            if properties.get(key) != old.get(key):
                request = {
                    "TopicArn": arn,
                    "AttributeName": key,
                    "AttributeValue": text(properties.get(key, "")),
                }
                scope.call("sns", "SetTopicAttributes", request)
        was, now = tag_map(old), tag_map(properties)
        if set(was) - set(now):
            gone = sorted(set(was) - set(now))
            scope.call("sns", "UntagResource", {"ResourceArn": arn, "TagKeys": gone})
        if now and now != was:
            tags = [{"Key": k, "Value": v} for k, v in now.items()]
            scope.call("sns", "TagResource", {"ResourceArn": arn, "Tags": tags})
        return self._result(arn, current.result.attributes["TopicName"], properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("sns", "DeleteTopic", {"TopicArn": current.physical_resource_id})

    def _result(self, arn: str, name: str, properties: Properties) -> Result:
        kept = (*self._attributes, "TopicName", "Tags", "Subscription")
        unkept = {"SNS: not kept": without(properties, *kept)}
        return Result(arn, {"TopicArn": arn, "TopicName": name}, unkept)


class TopicPolicy(Provider):
    """One policy on several topics; deleting it puts the owner's default back."""

    type_name = "AWS::SNS::TopicPolicy"

    def create(self, scope: Scope, properties: Properties) -> Result:
        self._put(scope, properties["Topics"], properties["PolicyDocument"])
        name = scope.name({}, "Id")
        return Result(name, {"Id": name})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        gone = [t for t in current.properties["Topics"] if t not in properties["Topics"]]
        self._put(scope, gone, None)
        self._put(scope, properties["Topics"], properties["PolicyDocument"])
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._put(scope, current.properties["Topics"], None)

    @staticmethod
    def _put(scope: Scope, topics: list[str], policy: Properties | None) -> None:
        for arn in topics:
            document = policy or {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{scope.account}:root"},
                        "Action": ["sns:Publish", "sns:Subscribe"],
                        "Resource": arn,
                    }
                ],
            }
            request = {
                "TopicArn": arn,
                "AttributeName": "Policy",
                "AttributeValue": json.dumps(document),
            }
            scope.call("sns", "SetTopicAttributes", request)


class Subscription(Provider):
    """A subscription to a topic."""

    type_name = "AWS::SNS::Subscription"

    _attributes = (
        "DeliveryPolicy",
        "FilterPolicy",
        "FilterPolicyScope",
        "RawMessageDelivery",
        "RedrivePolicy",
    )

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = only(properties, "TopicArn", "Protocol", "Endpoint")
        values = only(properties, *self._attributes).items()
        request["Attributes"] = {k: text(v) for k, v in values}
        arn = scope.call("sns", "Subscribe", {**request, "ReturnSubscriptionArn": True})
        return Result(arn["SubscriptionArn"], {"Arn": arn["SubscriptionArn"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        for key in self._attributes:
            if properties.get(key) != current.properties.get(key):
                request = {
                    "SubscriptionArn": current.physical_resource_id,
                    "AttributeName": key,
                    "AttributeValue": text(properties.get(key, "")),
                }
                scope.call("sns", "SetSubscriptionAttributes", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("sns", "Unsubscribe", {"SubscriptionArn": current.physical_resource_id})
