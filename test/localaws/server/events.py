"""EventBridge: events of services reach the targets of the rules that match them.

moto matches patterns well, but sends to few kinds of targets, ignores a target's Input and a
disabled rule, and fails the caller on a target it does not know. Here a matching event starts
state machines and reaches queues, topics, log groups and other buses. Every delivery is
remembered, also one to a target that nothing here runs: a Lambda function.
"""

from __future__ import annotations

import datetime
import json
import logging
import threading
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from jsonpath_ng.ext import parse

from .clock import CLOCK
from .motonames import events_backends, Rule, s3_notifications as notifications
from .provider import Scope

log = logging.getLogger("localaws")

Event = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """One event that a rule sent to one of its targets."""

    account: str
    region: str
    rule: str
    target: str
    input: Any
    outcome: str  # delivered, not run here, failed, dead letter
    reason: str


_lock = threading.Lock()
_deliveries: list[Delivery] = []


def apply() -> None:
    """Replace moto's delivery."""

    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        if self.state != "ENABLED" or not self.event_pattern.get_pattern():
            return  # a rule without a pattern is a schedule
        event = _plain(original_event)
        if self.event_pattern.matches_event(event):  # type: ignore[arg-type]
            for target in list(self.targets):
                _deliver(self, target, event)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign]
    notifications._send_event_bridge_message = _object_event


# What an event of S3 gives as its reason ("EventBridge event message structure").
_REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
    "s3:ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
}


def _object_event(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    """An event of S3. moto also sends one about tags, for every object, tagged or not."""
    name = str(getattr(event_name, "value", event_name))
    if name not in _REASONS:
        return
    shown: Event = {"key": key.name, "sequencer": f"{time.time_ns():016X}"}
    if bucket.is_versioned:
        shown["version-id"] = key.version_id
    if ":ObjectCreated:" in name:
        shown |= {"size": key.size, "etag": key.etag.replace('"', "")}
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": shown,
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account_id,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS[name],
    }
    if ":ObjectRemoved:" in name:
        marker = name.endswith("MarkerCreated")
        detail["deletion-type"] = "Delete Marker Created" if marker else "Permanently Deleted"
    title = "Object Created" if ":ObjectCreated:" in name else "Object Deleted"
    try:
        publish(account_id, bucket.region_name, "aws.s3", title, [bucket.arn], detail)
    except Exception:
        log.exception("event of %s/%s", bucket.name, key.name)  # never fails the request


def deliveries() -> list[dict[str, Any]]:
    """Every delivery so far, oldest first."""
    with _lock:
        return [asdict(delivery) for delivery in _deliveries]


def publish(
    account: str, region: str, source: str, detail_type: str, resources: list[str], detail: Event
) -> None:
    """Put the event of a service on the default bus of an account."""
    event: Event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": iso(CLOCK.time()),
        "region": region,
        "resources": resources,
        "detail": detail,
    }
    bus = events_backends[account][region].event_buses["default"]
    for rule in list(bus.rules.values()):
        rule.send_to_targets(event)  # type: ignore[arg-type]


def iso(when: datetime.datetime) -> str:
    """A time as events carry it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(event: Any) -> Event:
    """An event as a target sees it: moto keeps times as numbers and one field of its own."""
    plain: Event = {k: v for k, v in event.items() if k != "ingestion-time"}
    if isinstance(plain.get("time"), (int, float)):
        plain["time"] = iso(datetime.datetime.fromtimestamp(plain["time"], tz=datetime.UTC))
    return plain


def _deliver(rule: Rule, target: dict[str, Any], event: Event) -> None:
    value: Any = None
    outcome, reason = "delivered", ""
    try:
        value = target_input(target, event, rule.arn)
        if not _send(rule, target, value, event):
            outcome, reason = "not run here", "no service behind the target"
    except Exception as error:
        log.warning("%s to %s: %r", rule.name, target["Arn"], error)
        outcome, reason = "failed", str(error)
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if queue:
            outcome = "dead letter"
            _queue(_scope(queue), queue, event, {})
    with _lock:
        _deliveries.append(
            Delivery(
                rule.account_id, rule.region_name, rule.name, target["Arn"], value, outcome, reason
            )
        )


def target_input(target: dict[str, Any], event: Event, rule_arn: str) -> Any:
    """What a target gets: its constant, a part of the event, a filled template, or the event."""
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        found = parse(target["InputPath"]).find(event)
        return found[0].value if found else None
    if "InputTransformer" in target:
        return _fill(target["InputTransformer"], event, rule_arn)
    return event


def _fill(transformer: dict[str, Any], event: Event, rule_arn: str) -> Any:
    """A template: a quoted or bare placeholder takes the value, JSON text where it is bare."""
    values: dict[str, Any] = {
        "aws.events.event.json": event,
        "aws.events.event": event,
        "aws.events.event.ingestion-time": event.get("time"),
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rsplit("/", 1)[-1],
    }
    for name, path in (transformer.get("InputPathsMap") or {}).items():
        found = parse(path).find(event)
        values[name] = found[0].value if found else None
    template: str = transformer["InputTemplate"]
    out, quoted, position = [], False, 0
    while position < len(template):
        character = template[position]
        end = template.find(">", position) if character == "<" else -1
        name = template[position + 1 : end] if end > 0 else ""
        if name in values:
            out.append(_shown(values[name], quoted))
            position = end + 1
            continue
        if character == '"' and (position == 0 or template[position - 1] != "\\"):
            quoted = not quoted
        out.append(character)
        position += 1
    text = "".join(out)
    try:
        return json.loads(text)
    except ValueError:
        return text  # a template may also be a sentence


def _shown(value: Any, quoted: bool) -> str:
    if not quoted:
        return json.dumps(value) if value is not None else '""'
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]


def _scope(arn: str) -> Scope:
    parts = arn.split(":")
    return Scope(parts[4], parts[3], "", "", "")


def _send(rule: Rule, target: dict[str, Any], value: Any, event: Event) -> bool:
    """Hand the input to the target's service; False where there is none."""
    arn = target["Arn"]
    service = arn.split(":")[2]
    scope = _scope(arn)
    if service == "states":
        request = {"stateMachineArn": arn, "input": json.dumps(value), "name": str(uuid.uuid4())}
        scope.call("stepfunctions", "StartExecution", request)
    elif service == "sqs":
        _queue(scope, arn, value, target.get("SqsParameters", {}))
    elif service == "sns":
        text = value if isinstance(value, str) else json.dumps(value)
        scope.call("sns", "Publish", {"TopicArn": arn, "Message": text})
    elif service == "logs":
        rule._send_to_cw_log_group(arn.split(":log-group:")[1].removesuffix(":*"), {"event": value})
    elif service == "events" and ":event-bus/" in arn:
        _forward(scope, arn.rsplit("/", 1)[-1], event)
    elif service == "events" and isinstance(value, dict) and "archive-arn" in value:
        archive = value["archive-arn"].rsplit("/", 1)[-1]
        rule._send_to_events_archive(archive, event)  # type: ignore[arg-type]
    else:
        return False
    return True


def _queue(scope: Scope, arn: str, value: Any, parameters: dict[str, Any]) -> None:
    url = scope.call("sqs", "GetQueueUrl", {"QueueName": arn.rsplit(":", 1)[-1]})["QueueUrl"]
    text = value if isinstance(value, str) else json.dumps(value)
    request = {"QueueUrl": url, "MessageBody": text, **parameters}
    scope.call("sqs", "SendMessage", request)


def _forward(scope: Scope, bus: str, event: Event) -> None:
    """Another bus sees the event as it is, with the account it came from."""
    rules = events_backends[scope.account][scope.region].event_buses[bus].rules
    for rule in list(rules.values()):
        rule.send_to_targets(event)  # type: ignore[arg-type]
