"""Finds the service and operation of a request, and answers it."""

from __future__ import annotations

import json
from typing import Any

from .. import scripts, shapes
from . import healthlake, imaging
from .api import (
    Call,
    Refused,
    Start,
    account_of,
    body_of,
    check,
    query,
    refuse,
    respond,
    route,
    signed_for,
)

_SERVICES = {healthlake.SERVICE: healthlake, imaging.SERVICE: imaging}

_CONTENT = {
    healthlake.SERVICE: "application/x-amz-json-1.0",
    imaging.SERVICE: "application/json",
}


def serves(environ: dict[str, Any]) -> bool:
    """Whether a request is for one of the services here."""
    return signed_for(environ)[2] in _SERVICES


def serve(environ: dict[str, Any], start: Start) -> list[bytes]:
    """Answer a request."""
    key, region, service = signed_for(environ)
    content = _CONTENT[service]
    try:
        operation, values = _parse(service, environ)
        account = account_of(environ, key)
        check(service, operation, values)
        step = scripts.take(operation, account)
        if step.error:
            raise Refused(step.error, step.message or "Rate exceeded")
        call = Call(service, operation, account, region, values, step)
        module = _SERVICES[service]
        module.look(call)
        return respond(start, module.handle(call), content)
    except Refused as error:
        return refuse(start, error, content)


def _parse(service: str, environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    body = body_of(environ)
    values: dict[str, Any] = json.loads(body) if body else {}
    if service == healthlake.SERVICE:
        operation = environ.get("HTTP_X_AMZ_TARGET", "").removeprefix("HealthLake.")
        if operation not in healthlake.OPERATIONS:
            raise Refused("UnknownOperationException", f"{operation} is not served here.")
        return operation, values
    operation, in_path = route(service, environ["REQUEST_METHOD"], environ["PATH_INFO"])
    if operation not in imaging.OPERATIONS:
        raise Refused("UnknownOperationException", f"{operation} is not served here.")
    shape = shapes.operation(service, operation).input_shape
    payload = shape.serialization.get("payload") if shape else None
    if payload and values:
        values = {payload: values}
    return operation, {**values, **in_path, **query(service, operation, environ["QUERY_STRING"])}
