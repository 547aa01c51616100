"""The resource provider: create, update and delete one CloudFormation resource type."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, ClassVar

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from . import shapes
from .clock import CLOCK, PATIENCE
from .errors import NotUpdatable
from .motonames import backends

Properties = dict[str, Any]


class Endpoint:
    """Where this server listens; set once, when the port is known."""

    url: ClassVar[str] = ""


@dataclass
class Result:
    """What creating or updating a resource leaves behind.

    ``unkept`` maps a reason to the properties that no service here acts on; they are listed
    as recorded only. ``handle`` is for providers that keep an object of their own.
    """

    physical_id: str
    attributes: dict[str, Any] = field(default_factory=dict)
    unkept: dict[str, Properties] = field(default_factory=dict)
    handle: Any = None


@dataclass(frozen=True)
class Scope:
    """The account, region and stack a resource belongs to."""

    account: str
    region: str
    stack_id: str
    stack_name: str
    logical_id: str

    def client(self, service: str) -> BaseClient:
        """An SDK client acting in this account and region, against this server."""
        return _client(service, self.account, self.region)

    def call(self, service: str, operation: str, values: Properties) -> dict[str, Any]:
        """Call an API operation by its name, with CloudFormation's scalars coerced."""
        values = shapes.parameters(service, operation, values)
        client = self.client(service)
        method = {v: k for k, v in client.meta.method_to_api_mapping.items()}[operation]
        answer: dict[str, Any] = getattr(client, method)(**values)
        return answer

    def backend(self, service: str, account: str | None = None) -> Any:
        """moto's own state of a service, for what its API cannot change."""
        per_region = backends.get_backend(service)[account or self.account]  # type: ignore[call-overload]
        for key in (self.region, "aws", "global"):
            if key in per_region:
                return per_region[key]
        raise KeyError(f"moto has no {service} in {self.region}")

    def name(self, properties: Properties, key: str, limit: int = 255, lower: bool = False) -> str:
        """The name the template gives, or one made as CloudFormation makes them."""
        given = properties.get(key)
        if given:
            return str(given)
        tail = "".join(random.choices(string.ascii_uppercase + string.digits, k=12))
        stem = f"{self.stack_name}-{self.logical_id}"[: limit - 13]
        return f"{stem}-{tail}".lower() if lower else f"{stem}-{tail}"

    def arn(self, service: str, resource: str, region: bool = True) -> str:
        """An ARN in this account."""
        return f"arn:aws:{service}:{self.region if region else ''}:{self.account}:{resource}"


@dataclass
class Deployed:
    """A resource that is there, as the engine remembers it.

    moto's own responses read the attribute names cf_resource_type, logical_resource_id and
    physical_resource_id; template functions call get_cfn_attribute.
    """

    scope: Scope
    type_name: str
    definition: dict[str, Any]
    properties: Properties
    result: Result
    status: str = "CREATE_COMPLETE"

    @property
    def cf_resource_type(self) -> str:
        return self.type_name

    @property
    def logical_resource_id(self) -> str:
        return self.scope.logical_id

    @property
    def physical_resource_id(self) -> str:
        return self.result.physical_id

    def get_cfn_attribute(self, name: str) -> Any:
        return self.result.attributes[name]


class Provider:
    """One resource type. Subclassing with a type_name registers the provider.

    The default update refuses: a provider that says nothing about updates must not pretend.
    """

    type_name: ClassVar[str] = ""

    def create(self, scope: Scope, properties: Properties) -> Result:
        raise NotImplementedError

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        raise NotUpdatable(f"{self.type_name} cannot be updated in place here")

    def delete(self, scope: Scope, current: Deployed) -> None:
        raise NotImplementedError

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.type_name:
            PROVIDERS[cls.type_name] = cls()


PROVIDERS: dict[str, Provider] = {}


# One session reads each model once. It is not made for several threads, clients are.
_SESSION = boto3.session.Session()
_ONE_BY_ONE = Lock()


@cache
def _client(service: str, account: str, region: str) -> BaseClient:
    with _ONE_BY_ONE:
        client = _SESSION.client(
            service,
            region_name=region,
            endpoint_url=Endpoint.url,
            aws_access_key_id="localaws",
            aws_secret_access_key="localaws",
            config=Config(
                connect_timeout=PATIENCE,
                read_timeout=PATIENCE,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                inject_host_prefix=False,  # nothing can be put before an address
            ),
        )

    # moto takes the account from the access key unless told; this tells it.
    def in_account(request: Any, **_: Any) -> None:
        if account:
            request.headers["x-moto-account-id"] = account

    client.meta.events.register("before-sign", in_account)
    return client


@contextmanager
def taken_back(undo: Callable[[], Any]) -> Iterator[None]:
    """Run the later steps of a creation; when one fails, nothing half made stays."""
    try:
        yield
    except Exception:
        undo()
        raise


def without(properties: Properties, *names: str) -> Properties:
    """A copy of properties without names."""
    return {k: v for k, v in properties.items() if k not in names}


def only(properties: Properties, *names: str) -> Properties:
    """A copy of properties with just names, where present."""
    return {k: properties[k] for k in names if k in properties}


def tag_map(properties: Properties) -> dict[str, str]:
    """Tags as a map, from either of CloudFormation's two forms."""
    tags = properties.get("Tags") or {}
    if isinstance(tags, dict):
        return {str(k): str(v) for k, v in tags.items()}
    return {str(t["Key"]): str(t["Value"]) for t in tags}


def text(value: Any) -> str:
    """An attribute value, where a service knows only strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def lower_first(value: Any) -> Any:
    """Keys with a small first letter, as some APIs write them."""
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: lower_first(v) for k, v in value.items()}
    if isinstance(value, list):
        return [lower_first(item) for item in value]
    return value


# How long CloudFormation waits for a store, and how often it looks (of the server's clock).
_LONGEST_WAIT = 4 * 3600
_INTERVAL = 60


def settled(look: Callable[[], str], while_in: tuple[str, ...]) -> str:
    """The status of something once it has left the passing ones."""
    status = look()
    for _ in range(_LONGEST_WAIT // _INTERVAL):
        if status not in while_in:
            break
        CLOCK.wait(_INTERVAL)
        status = look()
    return status
