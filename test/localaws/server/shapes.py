"""CloudFormation properties as the parameters of an API call.

CloudFormation coerces scalars ("true", "30") to the type of the property; boto3 does not.
The target types are taken from botocore's service models.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

from .errors import InvalidRequest


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _service(service: str) -> ServiceModel:
    return _session().get_service_model(service)


@cache
def operation(service: str, name: str) -> OperationModel:
    """The botocore model of one API operation, for instance ("glue", "CreateJob")."""
    return _service(service).operation_model(name)


def operations(service: str) -> list[str]:
    """The names of a service's operations."""
    return list(_service(service).operation_names)


def parameters(service: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """values with every scalar coerced to what the operation expects."""
    shape = operation(service, name).input_shape
    coerced: dict[str, Any] = _coerce(shape, values)
    return coerced


def validate(service: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Like parameters, and refuse what the operation would not accept.

    For operations without a backend: nothing else would look at the values.
    """
    coerced = parameters(service, name, values)
    report = ParamValidator().validate(coerced, operation(service, name).input_shape)
    if report.has_errors():
        raise InvalidRequest(f"{service}:{name}: {report.generate_report()}")
    return coerced


def _coerce(shape: Shape | None, value: Any) -> Any:
    if shape is None or value is None:
        return value
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {k: _coerce(members.get(k), v) for k, v in value.items()}
    if kind == "map" and isinstance(value, dict):
        return {k: _coerce(shape.value, v) for k, v in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_coerce(shape.member, v) for v in value]
    if kind == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    if kind in ("integer", "long") and isinstance(value, str):
        return int(value) if value.lstrip("-").isdigit() else value
    if (
        kind in ("float", "double")
        and isinstance(value, (str, int))
        and not isinstance(value, bool)
    ):
        try:
            return float(value)
        except ValueError:
            return value
    if kind == "string" and not isinstance(value, str):
        if isinstance(value, bool):
            return "true" if value else "false"
        return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
    return value
