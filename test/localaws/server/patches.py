"""Corrections to moto 5.2.1, each with its reason. Applied once, before the server starts."""

from __future__ import annotations

import copy
import functools
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import jsonpath_ng.ext.parser  # type: ignore[import-untyped]
import jsonpath_ng.parser  # type: ignore[import-untyped]
import yaml  # type: ignore[import-untyped]
from werkzeug.datastructures import Headers

from . import alters, events, measured, spark, workflows
from .health import analytics
from .motonames import (
    backends,
    cloudformation_models,
    cloudformation_responses,
    cloudformation_utils,
    iam_models,
    IAMBackend,
    InvalidArgumentError,
    kms_models,
    lakeformation as moto_lakeformation,
    lakeformation_models as moto_lakeformation_models,
    lakeformation_responses as moto_lakeformation_responses,
    PermissionResult,
    s3_models,
    s3_responses,
    stepfunctions_json_path,
    stepfunctions_result_path,
)
from .stacks import install, parse_template

# Held while a service of moto's is imported.
IMPORTING = threading.RLock()


def apply() -> None:
    """Apply every correction."""
    install()
    _template_urls()
    _bucket_policies()
    _access_logs()
    _copy_sources()
    _event_bridge()
    _template_summary()
    _lake_formation()
    _json_paths()
    _services()
    _accounts()
    _policies_of_aws()
    _keys()
    events.apply()
    workflows.apply()
    spark.apply()
    alters.apply()
    measured.apply()
    analytics.follow_links()


def _template_urls() -> None:
    """CDK builds template URLs from the endpoint; moto recognises only the name localhost."""
    original = cloudformation_utils.get_stack_from_s3_url

    def by_any_name(template_url: str, **kwargs: Any) -> str:
        return original(template_url.replace("//127.0.0.1:", "//localhost:"), **kwargs)

    for module in (cloudformation_utils, cloudformation_responses, cloudformation_models):
        module.get_stack_from_s3_url = by_any_name  # type: ignore[attr-defined]


def _bucket_policies() -> None:
    """moto evaluates bucket policies without their conditions.

    The usual "deny unless TLS" statement would deny everything. Policies are kept and can be
    read back; nothing here enforces them.
    """

    def neutral(*_: Any, **__: Any) -> PermissionResult:
        return PermissionResult.NEUTRAL

    s3_models.FakeBucket.get_permission = neutral  # type: ignore[method-assign]


def _access_logs() -> None:
    """moto writes an access log object for every request, at once.

    A log bucket would then never be empty, and a stack with one could not be rolled back. The
    logging configuration is kept; nothing is delivered.
    """

    def nothing(*_: Any, **__: Any) -> None:
        return None

    s3_models.S3Backend.log_incoming_request = nothing  # type: ignore[method-assign]

    # The policy that lets S3 deliver names the logged bucket, so it is written after that
    # bucket; moto asks for it before. The target must exist all the same.
    def deliverable(*_: Any, **__: Any) -> bool:
        return True

    s3_models.FakeBucket._log_permissions_enabled_policy = deliverable  # type: ignore[method-assign]


def _copy_sources() -> None:
    """S3 takes what an object is copied from URL-encoded, where a plus is a space ("CopyObject").

    moto takes it as it comes. What S3 makes of other characters that are not encoded depends on
    the client; all of it is refused here.
    """
    original = s3_responses.S3Response.copy_object

    def copy_object(self: Any) -> Any:
        source = self.headers.get("x-amz-copy-source")
        text = source.decode() if isinstance(source, bytes) else source
        if not re.fullmatch(r"(?:[A-Za-z0-9/._~!*'()?=&+-]|%[0-9A-Fa-f]{2})+", text):
            message = "Invalid copy source encoding."
            raise InvalidArgumentError(message, "x-amz-copy-source", text)
        self.headers = Headers(list(self.headers.items()))
        self.headers["x-amz-copy-source"] = text.replace("+", "%20")
        return original(self)

    s3_responses.S3Response.copy_object = copy_object  # type: ignore[method-assign]


def _event_bridge() -> None:
    """moto keeps a bucket's EventBridge setting but does not show it."""
    original = s3_responses.S3Response.get_bucket_notification

    def with_event_bridge(self: Any) -> Any:
        status, headers, body = original(self)
        kept = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if kept is not None and kept.event_bridge is not None:
            shown = "<EventBridgeConfiguration></EventBridgeConfiguration>"
            text = body.decode() if isinstance(body, bytes) else body
            body = text.replace(
                "</NotificationConfiguration>", f"{shown}</NotificationConfiguration>"
            )
        return status, headers, body

    s3_responses.S3Response.get_bucket_notification = with_event_bridge  # type: ignore[method-assign]


def _template_summary() -> None:
    """GetTemplateSummary parses JSON as YAML, which takes seconds for a large stack."""
    original = cloudformation_responses.get_template_summary_response_from_template

    class JsonFirst:
        Loader = yaml.Loader
        add_multi_constructor = staticmethod(yaml.add_multi_constructor)

        @staticmethod
        def load(text: str, Loader: Any) -> Any:  # noqa: N803 (PyYAML's own name)
            return parse_template(text)

    cloudformation_responses.yaml = JsonFirst  # type: ignore[attr-defined]

    def summary(template_body: str) -> dict[str, Any]:
        # CDK templates have no AWSTemplateFormatVersion; moto requires one.
        template = parse_template(template_body)
        if "AWSTemplateFormatVersion" in template:
            return original(template_body)
        return original(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **template}))

    cloudformation_responses.get_template_summary_response_from_template = summary


def _lake_formation() -> None:
    """moto's Lake Formation has no data cells filters, no tag values, no wildcards in grants."""
    from .lakeformation import catalog
    from .lakeformation.models import lakeformation_backends

    for module in (
        moto_lakeformation,
        moto_lakeformation_models,
        moto_lakeformation_responses,
    ):
        module.lakeformation_backends = lakeformation_backends  # type: ignore[attr-defined]
    catalog.follow()


def _json_paths() -> None:
    """moto parses a JSONPath each time that a state uses it, and makes the parser before.

    The tables of its grammar are most of what an execution then costs.
    """
    stepfunctions_json_path.parse = _parsed_once(jsonpath_ng.ext.parser.ExtentedJsonPathParser)
    stepfunctions_result_path.parse = _parsed_once(jsonpath_ng.parser.JsonPathParser)


def _parsed_once(kind: Callable[[], Any]) -> Callable[[str], Any]:
    lock = threading.Lock()  # a parser has a state while it parses
    parser = functools.cache(kind)

    @functools.cache
    def parse(path: str) -> Any:
        with lock:
            return parser().parse(path)

    return parse


def _services() -> None:
    """moto reads the folder of its services for each request.

    It also imports a service when one is first asked for, whatever else imports at that time:
    a module that imports another, which imports it, may then be used before it is complete.
    """
    original = backends.list_of_moto_modules
    backends.list_of_moto_modules = functools.cache(lambda: frozenset(original()))
    find = backends._import_backend

    def one_by_one(*names: str) -> Any:
        with IMPORTING:
            return find(*names)

    backends._import_backend = one_by_one


def _accounts() -> None:
    """moto looks for an access key in all partitions of all accounts, and makes them for that."""
    def account_of(access_key: str) -> str:
        for account, partitions in list(iam_models.iam_backends.items()):
            if any(access_key in made.access_keys for made in list(partitions.values())):
                return account
        return str(iam_models.DEFAULT_ACCOUNT_ID)

    iam_models.get_account_id_from = account_of


def _policies_of_aws() -> None:
    """moto reads the policies that AWS manages, megabytes, once more for each account."""
    original = IAMBackend._init_aws_policies
    read: dict[str, list[Any]] = {}

    def policies(self: Any) -> list[Any]:
        if self.region_name not in read:
            read[self.region_name] = original(self)
        own = [copy.copy(policy) for policy in read[self.region_name]]
        for policy in own:
            policy.account_id = self.account_id
        return own

    IAMBackend._init_aws_policies = policies  # type: ignore[method-assign]


def _keys() -> None:
    """moto makes a pair of RSA keys for each key of KMS, also where nothing can sign with it."""
    original = kms_models.generate_private_key
    unused = functools.cache(lambda: original("SYMMETRIC_DEFAULT"))

    def pair(spec: str) -> Any:
        return unused() if spec == "SYMMETRIC_DEFAULT" else original(spec)

    kms_models.generate_private_key = pair
