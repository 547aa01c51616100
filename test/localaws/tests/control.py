"""The server's own pages, and small helpers for jobs and workflows."""

from __future__ import annotations

import json
import struct
import time
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

from server.clock import PATIENCE

from .cloud import ACCOUNT, client, endpoint

Found = TypeVar("Found")

ROLE = f"arn:aws:iam::{ACCOUNT}:role/import"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


def page(path: str, method: str = "GET", value: Any = None) -> Any:
    """Call one of the server's own pages."""
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(f"{endpoint()}/localaws/{path}", body, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def script(*steps: dict[str, Any]) -> None:
    """Decide what happens to the next calls."""
    page("script", "POST", list(steps))


def advance(seconds: float) -> None:
    """Let time pass."""
    page("clock", "POST", {"seconds": seconds})


def bucket(name: str, **objects: bytes | str) -> None:
    """Make a bucket, with objects whose double underscores are slashes."""
    client("s3").create_bucket(Bucket=name)
    for key, body in objects.items():
        client("s3").put_object(Bucket=name, Key=key.replace("__", "/") + ".ndjson", Body=body)


def until(look: Callable[[], Found | None], what: str) -> Found:
    """What a look finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} does not come")
        time.sleep(0.05)
    return found


def messages(url: str, wanted: int) -> list[Any]:
    """The bodies of the next messages of a queue."""
    found: list[Any] = []

    def look() -> list[Any] | None:
        answer = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
        return found if len(found) >= wanted else None

    return until(look, f"message {wanted} of {url}")


def finished(execution: str, states: Any = None) -> dict[str, Any]:
    """Wait for the end of an execution, with the client of its account."""
    states = states or client("stepfunctions")

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        return found if found["status"] != "RUNNING" else None

    return until(look, f"the end of {execution}")


def run(definition: dict[str, Any], name: str, value: Any = None) -> dict[str, Any]:
    """Make a state machine, run it once, and wait for its end."""
    states = client("stepfunctions")
    machine = states.create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    execution = states.start_execution(
        stateMachineArn=machine, input=json.dumps({} if value is None else value)
    )
    return finished(execution["executionArn"])


def one(state: dict[str, Any]) -> dict[str, Any]:
    """A state machine of one state."""
    return {"StartAt": "Only", "States": {"Only": {**state, "End": True}}}


def sdk(action: str, /, **parameters: Any) -> dict[str, Any]:
    """An aws-sdk task."""
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{action}",
        "Parameters": parameters,
    }


def dicom(**elements: str) -> bytes:
    """A DICOM file with text elements only."""
    tags = {
        "SOPInstanceUID": (0x0008, 0x0018, b"UI"),
        "StudyDate": (0x0008, 0x0020, b"DA"),
        "Modality": (0x0008, 0x0060, b"CS"),
        "PatientName": (0x0010, 0x0010, b"PN"),
        "PatientID": (0x0010, 0x0020, b"LO"),
        "StudyInstanceUID": (0x0020, 0x000D, b"UI"),
        "SeriesInstanceUID": (0x0020, 0x000E, b"UI"),
    }
    body = b""
    for name, (group, element, kind) in tags.items():
        if name in elements:
            value = elements[name].encode()
            value += b"\0" * (len(value) % 2)
            body += struct.pack("<HH2sH", group, element, kind, len(value)) + value
    return b"\0" * 128 + b"DICM" + body
