"""SQS."""

from __future__ import annotations

import json

from ..errors import AlreadyExists
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, text


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
        return {k: text(v) for k, v in only(properties, *self._attributes).items()}


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
