"""SQS, SNS and EventBridge."""

from __future__ import annotations

import json
from typing import Any

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


def _text(value: Any) -> str:
    """An attribute value: SQS and SNS know only strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


class Queue(Provider):
    """An SQS queue."""

    type_name = "AWS::SQS::Queue"

    _attributes = (
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "DelaySeconds",
        "FifoQueue",
        "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    )
    _defaults = {
        "DelaySeconds": "0",
        "KmsMasterKeyId": "",
        "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "RedrivePolicy": "",
        "VisibilityTimeout": "30",
    }

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "QueueName", limit=75)
        if properties.get("FifoQueue") in (True, "true") and not name.endswith(".fifo"):
            name += ".fifo"
        if name in scope.backend("sqs").queues:
            raise AlreadyExists(f"Queue {name} already exists")
        request = {
            "QueueName": name,
            "Attributes": self._values(properties),
            "tags": tag_map(properties),
        }
        url = scope.call("sqs", "CreateQueue", request)["QueueUrl"]
        attributes = {"Arn": scope.arn("sqs", name), "QueueName": name, "QueueUrl": url}
        return Result(url, attributes)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        url = {"QueueUrl": current.physical_resource_id}
        old, new = self._values(current.properties), self._values(properties)
        changed = {k: v for k, v in new.items() if old.get(k) != v}
        changed |= {k: self._defaults[k] for k in old if k not in new and k in self._defaults}
        if changed:
            scope.call("sqs", "SetQueueAttributes", {**url, "Attributes": changed})
        was, now = tag_map(current.properties), tag_map(properties)
        if set(was) - set(now):
            scope.call("sqs", "UntagQueue", {**url, "TagKeys": sorted(set(was) - set(now))})
        if now and now != was:
            scope.call("sqs", "TagQueue", {**url, "Tags": now})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("sqs", "DeleteQueue", {"QueueUrl": current.physical_resource_id})

    def _values(self, properties: Properties) -> dict[str, str]:
        return {k: _text(v) for k, v in only(properties, *self._attributes).items()}


class QueuePolicy(Provider):
    """One policy on several queues."""

    type_name = "AWS::SQS::QueuePolicy"

    def create(self, scope: Scope, properties: Properties) -> Result:
        self._put(scope, properties["Queues"], json.dumps(properties["PolicyDocument"]))
        name = scope.name({}, "Id")
        return Result(name, {"Id": name})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        gone = [q for q in current.properties["Queues"] if q not in properties["Queues"]]
        self._put(scope, gone, "")
        self._put(scope, properties["Queues"], json.dumps(properties["PolicyDocument"]))
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._put(scope, current.properties["Queues"], "")

    @staticmethod
    def _put(scope: Scope, queues: list[str], policy: str) -> None:
        for url in queues:
            request = {"QueueUrl": url, "Attributes": {"Policy": policy}}
            scope.call("sqs", "SetQueueAttributes", request)


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
            "Attributes": {k: _text(v) for k, v in values},
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
                    "AttributeValue": _text(properties.get(key, "")),
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
        request["Attributes"] = {k: _text(v) for k, v in values}
        arn = scope.call("sns", "Subscribe", {**request, "ReturnSubscriptionArn": True})
        return Result(arn["SubscriptionArn"], {"Arn": arn["SubscriptionArn"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        for key in self._attributes:
            if properties.get(key) != current.properties.get(key):
                request = {
                    "SubscriptionArn": current.physical_resource_id,
                    "AttributeName": key,
                    "AttributeValue": _text(properties.get(key, "")),
                }
                scope.call("sns", "SetSubscriptionAttributes", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("sns", "Unsubscribe", {"SubscriptionArn": current.physical_resource_id})


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
