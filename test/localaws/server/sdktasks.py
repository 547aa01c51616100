"""The parameters and answers of aws-sdk tasks, as Step Functions has them.

Every field is written in PascalCase, also for services whose own API is camelCase. moto hands
parameters and answers through as boto3 has them, so that a state machine that works there fails
in AWS. Here an unknown field, a field in the wrong case, a missing field and a value of the
wrong type fail the task with States.Runtime; AWS refuses most of them when the state machine
is created.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from botocore.exceptions import ClientError
from botocore.model import Shape
from botocore.response import StreamingBody
from botocore.validate import ParamValidator

from . import shapes


def parameters(service: str, operation: str, values: dict[str, Any]) -> dict[str, Any]:
    """A task's parameters under the names of the API; ValueError says what is wrong."""
    shape = shapes.operation(service, operation).input_shape
    if shape is None:
        return {}
    request: dict[str, Any] = _request(shape, values, "Parameters")
    report = ParamValidator().validate(request, shape)
    if report.has_errors():
        raise ValueError(f"{service}:{operation}: {report.generate_report()}")
    source = request.get("CopySource", "")
    if operation == "CopyObject" and not source.isascii():
        # It cannot even be sent: a header has no such characters.
        raise ClientError(
            {
                "Error": {"Code": "InvalidArgument", "Message": f"CopySource {source!r}"},
                "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": ""},
            },
            operation,
        )
    return request


def _request(shape: Shape, value: Any, path: str) -> Any:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        names = {name.lower(): name for name in shape.members}
        result = {}
        for key, item in value.items():
            name = names.get(key.lower())
            if name is None:
                raise ValueError(f"{path}: the field '{key}' is not supported by Step Functions")
            if not key[:1].isupper():
                raise ValueError(f"{path}: the field '{key}' must be written in PascalCase")
            result[name] = _request(shape.members[name], item, f"{path}.{key}")
        return result
    if kind == "list" and isinstance(value, list):
        return [_request(shape.member, item, f"{path}[{i}]") for i, item in enumerate(value)]
    if kind == "map" and isinstance(value, dict):
        return {k: _request(shape.value, v, f"{path}.{k}") for k, v in value.items()}
    if kind == "blob" and not isinstance(value, bytes):
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        return text.encode()
    return value


def answer(shape: Shape | None, value: Any) -> Any:
    """An answer in PascalCase, times and bodies as text."""
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode(errors="replace")
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    kind = shape.type_name if shape is not None else ""
    if isinstance(value, list):
        return [answer(shape.member if kind == "list" else None, item) for item in value]
    if not isinstance(value, dict):
        return value
    if kind == "structure" and shape is not None:
        members = shape.members
        return {k[:1].upper() + k[1:]: answer(members.get(k), v) for k, v in value.items()}
    return {k: answer(shape.value if kind == "map" else None, v) for k, v in value.items()}
