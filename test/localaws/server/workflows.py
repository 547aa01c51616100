"""Step Functions: moto runs the states; this corrects where and when.

* tasks act in the account of the execution, where moto acts in the default one, and with
  Credentials in that of the role, where it can be assumed (assumed);
* what a task is given is limited to 256 KiB, as what it gives is in moto too;
* Wait states, Retry intervals and ``.sync`` polling use the clock of this server;
* error names and service names are those of the service (``HealthLake.ThrottlingException``,
  ``aws-sdk:medicalimaging``), where moto takes them from boto3.

Lambda functions are never run: there is nothing here to run them with.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.handlers
from botocore.client import BaseClient
from botocore.config import Config

from . import assumed, definitions, executions, expressions, sdktasks, shapes
from .clock import CLOCK, PATIENCE, Sleeper
from .motonames import (
    default_user_config,
    Environment,
    ErrorEqualsDecl,
    replace_clients,
    ResourceCondition,
    StatesErrorName,
    StatesErrorNameType,
    stepfunctions_retrier_decl as retrier_decl,
    stepfunctions_service as tasks,
    stepfunctions_state_task_service as state_task_service,
    stepfunctions_state_task_service_aws_sdk as state_task_service_aws_sdk,
    stepfunctions_state_task_service_callback as state_task_service_callback,
    stepfunctions_state_task_service_sfn as state_task_service_sfn,
    stepfunctions_state_task_service_unsupported as state_task_service_unsupported,
    WaitFunction,
)
from .provider import Endpoint

# The name of a service in an aws-sdk resource, where it is not boto3's.
_BOTO_NAMES = {
    "cloudwatchlogs": "logs",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "medicalimaging": "medical-imaging",
}

# The prefix of an error as Catch and Retry see it.
_ERROR_NAMES = {
    "athena": "Athena",
    "cloudformation": "CloudFormation",
    "cloudwatch": "CloudWatch",
    "cloudwatchlogs": "CloudWatchLogs",
    "emrserverless": "EmrServerless",
    "eventbridge": "EventBridge",
    "glue": "Glue",
    "healthlake": "HealthLake",
    "iam": "Iam",
    "kms": "Kms",
    "lakeformation": "LakeFormation",
    "lambda": "Lambda",
    "medicalimaging": "MedicalImaging",
    "omics": "Omics",
    "s3": "S3",
    "sns": "Sns",
    "sqs": "Sqs",
    "ssm": "Ssm",
    "sts": "Sts",
}


def apply() -> None:
    """Make state machines run, as described above."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    _clients()
    _names()
    _waits()
    _tasks()
    _nested_executions()
    _athena_queries()
    _errors()
    definitions.apply()
    executions.apply()
    expressions.apply()


def _clients() -> None:
    for module in pkgutil.iter_modules(tasks.__path__, tasks.__name__ + "."):
        importlib.import_module(module.name)
    replace_clients(_client)


_BOTO_COPIES = botocore.handlers.handle_copy_source_param

# One session keeps the models of services that it has read; sessions are not for several
# threads, clients are.
_SESSION = boto3.session.Session()
_SESSION_LOCK = threading.Lock()


def _client(region: str, service: str, state_credentials: Any = None) -> BaseClient:
    """A client that acts in the account of a task's role."""
    with _SESSION_LOCK:
        client: BaseClient = _SESSION.client(
            service,
            region_name=region,
            endpoint_url=Endpoint.url,
            aws_access_key_id="localaws",
            aws_secret_access_key="localaws",
            config=Config(
                parameter_validation=False,
                inject_host_prefix=False,
                connect_timeout=PATIENCE,
                read_timeout=PATIENCE,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ),
        )
    role = getattr(state_credentials, "role_arn", None) or ""
    account = role.split(":")[4] if role.count(":") >= 5 else ""

    def in_account(request: Any, **_: Any) -> None:
        if account:
            request.headers["x-moto-account-id"] = account

    client.meta.events.register("before-sign", in_account)
    if service == "s3":  # boto3 encodes it, Step Functions hands it on as it is
        client.meta.events.unregister("before-parameter-build.s3.CopyObject", _BOTO_COPIES)
    return client


def _names() -> None:
    state_task_service.StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES.update(_BOTO_NAMES)
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(_ERROR_NAMES)


def _waits() -> None:
    def wait(self: WaitFunction, env: Environment, wait_seconds: int) -> None:
        if env.is_running():
            CLOCK.wait(wait_seconds)

    WaitFunction._wait_interval = wait  # type: ignore[method-assign]
    for module in (retrier_decl, state_task_service_callback):
        module.time = Sleeper  # type: ignore[attr-defined]


def _tasks() -> None:
    """aws-sdk tasks take and give what Step Functions does; see sdktasks."""

    def run(
        self: Any,
        env: Environment,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        service = self._get_boto_service_name()
        region = resource_runtime_part.region
        assumed.check(
            env.aws_execution_details.role_arn,
            state_credentials.role_arn,
            lambda role: _client(region, "iam", SimpleNamespace(role_arn=role)),
        )
        client = _client(region, service, state_credentials)
        method = self._get_boto_service_action()
        operation = client.meta.method_to_api_mapping.get(method)
        if operation is None:
            raise ValueError(f"{self.resource.resource_arn}: no such action in {service}")
        self._verify_size_quota(env, normalised_parameters)
        request = sdktasks.parameters(service, operation, normalised_parameters)
        found = getattr(client, method)(**request) or {}
        found.pop("ResponseMetadata", None)
        shape = shapes.operation(service, operation).output_shape
        env.stack.append(sdktasks.answer(shape, found))

    state_task_service_aws_sdk.StateTaskServiceAwsSdk._eval_service_task = run  # type: ignore[method-assign]


def _nested_executions() -> None:
    """states:startExecution: Step Functions' own API is camelCase, its parameters are not."""
    task = state_task_service_sfn.StateTaskServiceSfn
    original = task._normalise_parameters

    def parameters(self: Any, parameters: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        original(self, parameters, *args, **kwargs)
        for key in list(parameters):
            parameters[key[:1].lower() + key[1:]] = parameters.pop(key)

    def response(self: Any, response: Any, *_: Any, **__: Any) -> None:
        for key in list(response):
            value = sdktasks.answer(None, response.pop(key))
            response[key[:1].upper() + key[1:]] = value

    task._normalise_parameters = parameters  # type: ignore[method-assign]
    task._normalise_response = response  # type: ignore[method-assign]


def _athena_queries() -> None:
    """athena:startQueryExecution.sync: moto has no .sync for Athena."""

    def resolver(
        self: Any,
        env: Environment,
        resource_runtime_part: Any,
        normalised_parameters: Any,
        state_credentials: Any,
    ) -> Callable[[], Any]:
        if self.resource.service_name != "athena" or self.resource.api_action != _QUERY:
            raise ValueError(f"{self.resource.resource_arn} does not run in the local AWS")
        client = _client(resource_runtime_part.region, "athena", state_credentials)
        query = env.stack.pop()["QueryExecutionId"]

        def finished() -> Any:
            found = client.get_query_execution(QueryExecutionId=query)
            status = found["QueryExecution"]["Status"]
            if status["State"] in ("QUEUED", "RUNNING"):
                return None
            found.pop("ResponseMetadata", None)
            if status["State"] != "SUCCEEDED":
                raise ValueError(f"Athena query {query}: {status}")
            return sdktasks.answer(None, found)

        return finished

    state_task_service_unsupported._SUPPORTED_INTEGRATION_PATTERNS.add(ResourceCondition.Sync)
    task = state_task_service_unsupported.StateTaskServiceUnsupported
    task._build_sync_resolver = resolver  # type: ignore[assignment,method-assign]


_QUERY = "startQueryExecution"


def _errors() -> None:
    """States.ALL does not catch what ends an execution for good ("Error names")."""
    original = ErrorEqualsDecl._eval_body
    terminal = [
        StatesErrorName(typ=StatesErrorNameType.StatesStatesDataLimitExceeded),
        StatesErrorName(typ=StatesErrorNameType.StatesRuntime),
    ]

    def equals(self: ErrorEqualsDecl, env: Environment) -> None:
        if self._STATE_ALL_ERROR in self.error_names and env.stack[-1] in terminal:
            env.stack[-1] = False
            return
        original(self, env)

    ErrorEqualsDecl._eval_body = equals  # type: ignore[method-assign]
