"""Requests to the health services: who calls, what, and whether the service would take it."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.model import Shape

from .. import scripts, shapes
from ..errors import InvalidRequest
from ..motonames import iam_models


class Refused(Exception):
    """An error of the service, under its own name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status of the error, as the services have it."""
        return {
            "AccessDeniedException": 403,
            "ConflictException": 409,
            "InternalServerException": 500,
            "ResourceNotFoundException": 404,
            "ServiceQuotaExceededException": 402,
            "ThrottlingException": 429,
        }.get(self.code, 400)


@dataclass(frozen=True)
class Call:
    """One operation, with its parameters checked against the API."""

    service: str
    operation: str
    account: str
    region: str
    values: dict[str, Any]
    step: scripts.Step


@dataclass(frozen=True)
class Blob:
    """An answer that is not JSON."""

    body: bytes
    headers: dict[str, str]


Answer = dict[str, Any] | Blob
Start = Callable[..., Any]


def signed_for(environ: dict[str, Any]) -> tuple[str, str, str]:
    """The access key, region and service of a request's signature."""
    found = re.search(
        r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", "")
    )
    return (found[1], found[2], found[3]) if found else ("", "", "")


def account_of(environ: dict[str, Any], access_key: str) -> str:
    """The account of the caller, found as moto finds it."""
    return environ.get("HTTP_X_MOTO_ACCOUNT_ID") or iam_models.get_account_id_from(access_key)


def check(service: str, operation: str, values: dict[str, Any]) -> None:
    """Refuse values the API does not take: shape, lengths, enumerations, patterns."""
    try:
        shapes.validate(service, operation, values)
    except InvalidRequest as error:
        raise Refused("ValidationException", error.message) from error
    problems: list[str] = []
    _constraints(shapes.operation(service, operation).input_shape, values, "", problems)
    if problems:
        raise Refused("ValidationException", "; ".join(problems))


def _constraints(shape: Shape | None, value: Any, path: str, problems: list[str]) -> None:
    if shape is None:
        return
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, item in value.items():
            _constraints(shape.members.get(key), item, f"{path}.{key}".lstrip("."), problems)
    elif shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            _constraints(shape.member, item, f"{path}[{index}]", problems)
    elif shape.type_name == "string" and isinstance(value, str):
        allowed = getattr(shape, "enum", None)
        pattern = shape.metadata.get("pattern", "")
        if allowed and value not in allowed:
            problems.append(f"{path}: got {value!r}, expected one of {allowed}")
        # Python has no \p classes; the fields with one take any text here.
        elif pattern and "\\p" not in pattern and not re.fullmatch(pattern, value):
            problems.append(f"{path}: {value!r} does not match {pattern}")


def body_of(environ: dict[str, Any]) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def route(service: str, method: str, path: str) -> tuple[str, dict[str, str]]:
    """The operation of a REST request, and the parameters in its path."""
    for operation in shapes.operations(service):
        http = shapes.operation(service, operation).http
        pattern = re.sub(
            r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"].split("?")[0])
        )
        if "/tags/" in http["requestUri"]:
            pattern = pattern.replace("[^/]+", ".+")
        found = re.fullmatch(pattern, path)
        if found and http["method"] == method:
            return operation, {k: unquote(v) for k, v in found.groupdict().items()}
    raise Refused("ValidationException", f"no operation {method} {path}")


def query(service: str, operation: str, text: str) -> dict[str, Any]:
    """The parameters of a query string, typed as the API has them."""
    given = parse_qs(text)
    shape = shapes.operation(service, operation).input_shape
    found: dict[str, Any] = {}
    for name, member in (shape.members if shape else {}).items():
        key = member.serialization.get("name", name)
        if member.serialization.get("location") == "querystring" and key in given:
            if member.type_name == "list":
                found[name] = given[key]
            else:
                found[name] = int(given[key][0]) if member.type_name == "integer" else given[key][0]
    return found


def respond(start: Start, answer: Answer, content_type: str) -> list[bytes]:
    if isinstance(answer, Blob):
        body, headers = answer.body, answer.headers
    else:
        body = json.dumps(answer, default=_epoch).encode()
        headers = {"Content-Type": content_type}
    headers = {**headers, "Content-Length": str(len(body)), "x-amzn-RequestId": str(uuid.uuid4())}
    start("200 OK", list(headers.items()))
    return [body]


def refuse(start: Start, error: Refused, content_type: str) -> list[bytes]:
    body = json.dumps({"__type": error.code, "message": error.message}).encode()
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("x-amzn-ErrorType", error.code),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    start(f"{error.status} {error.code}", headers)
    return [body]


def _epoch(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return round(value.timestamp(), 3)
    raise TypeError(type(value).__name__)
