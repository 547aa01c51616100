"""Every name inside moto that this project uses.

moto promises its server and the APIs behind it, not what is inside. The local AWS replaces and
reads what is inside, so an update of moto may take any of it away. No other module here imports
moto: they import from this one, which finds a name when it is first asked for.

``python -m server.motonames`` says what the installed moto does not have. It is a process of its
own because a server puts back what it replaces.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from types import ModuleType
from typing import Any

# Where moto keeps the tasks of state machines, and what waits.
TASKS = "moto.stepfunctions.parser.asl.component.state.exec.state_task.service"
WAITS = "moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function"

# By the name that it has here: a module, or something in one.
NAMES = {
    "AthenaBackend": "moto.athena.models.AthenaBackend",
    "QueryResults": "moto.athena.models.QueryResults",
    "backends": "moto.backends",
    "AlreadyExistsException": "moto.cloudformation.exceptions.AlreadyExistsException",
    "CloudFormationError": "moto.cloudformation.exceptions.CloudFormationError",
    "MissingParameterError": "moto.cloudformation.exceptions.MissingParameterError",
    "UnformattedGetAttTemplateException": "moto.cloudformation.exceptions.UnformattedGetAttTemplateException",
    "ValidationError": "moto.cloudformation.exceptions.ValidationError",
    "cloudformation_models": "moto.cloudformation.models",
    "ChangeSet": "moto.cloudformation.models.ChangeSet",
    "CloudFormationBackend": "moto.cloudformation.models.CloudFormationBackend",
    "Event": "moto.cloudformation.models.Event",
    "Stack": "moto.cloudformation.models.Stack",
    "cloudformation_parsing": "moto.cloudformation.parsing",
    "Export": "moto.cloudformation.parsing.Export",
    "LazyDict": "moto.cloudformation.parsing.LazyDict",
    "ResourceMap": "moto.cloudformation.parsing.ResourceMap",
    "parse_condition": "moto.cloudformation.parsing.parse_condition",
    "cloudformation_responses": "moto.cloudformation.responses",
    "cloudformation_utils": "moto.cloudformation.utils",
    "generate_stack_id": "moto.cloudformation.utils.generate_stack_id",
    "yaml_tag_constructor": "moto.cloudformation.utils.yaml_tag_constructor",
    "BackendDict": "moto.core.base_backend.BackendDict",
    "BaseBackend": "moto.core.base_backend.BaseBackend",
    "default_user_config": "moto.core.config.default_user_config",
    "JsonRESTError": "moto.core.exceptions.JsonRESTError",
    "ActionResult": "moto.core.responses.ActionResult",
    "BaseResponse": "moto.core.responses.BaseResponse",
    "EmptyResult": "moto.core.responses.EmptyResult",
    "utcnow": "moto.core.utils.utcnow",
    "emrserverless_exceptions": "moto.emrserverless.exceptions",
    "emrserverless_models": "moto.emrserverless.models",
    "Rule": "moto.events.models.Rule",
    "events_backends": "moto.events.models.events_backends",
    "GlueBackend": "moto.glue.models.GlueBackend",
    "glue_backends": "moto.glue.models.glue_backends",
    "GlueResponse": "moto.glue.responses.GlueResponse",
    "PermissionResult": "moto.iam.access_control.PermissionResult",
    "iam_models": "moto.iam.models",
    "IAMBackend": "moto.iam.models.IAMBackend",
    "iam_backends": "moto.iam.models.iam_backends",
    "kms_models": "moto.kms.models",
    "lakeformation": "moto.lakeformation",
    "lakeformation_models": "moto.lakeformation.models",
    "lakeformation_responses": "moto.lakeformation.responses",
    "DomainDispatcherApplication": "moto.moto_server.werkzeug_app.DomainDispatcherApplication",
    "create_backend_app": "moto.moto_server.werkzeug_app.create_backend_app",
    "InvalidArgumentError": "moto.s3.exceptions.InvalidArgumentError",
    "S3ClientError": "moto.s3.exceptions.S3ClientError",
    "s3_models": "moto.s3.models",
    "FakeBucket": "moto.s3.models.FakeBucket",
    "s3_backends": "moto.s3.models.s3_backends",
    "s3_notifications": "moto.s3.notifications",
    "s3_responses": "moto.s3.responses",
    "ssm_backends": "moto.ssm.models.ssm_backends",
    "ExecutionStatus": "moto.stepfunctions.parser.api.ExecutionStatus",
    "InvalidDefinition": "moto.stepfunctions.parser.api.InvalidDefinition",
    "ErrorEqualsDecl": "moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl.ErrorEqualsDecl",
    "StatesErrorName": "moto.stepfunctions.parser.asl.component.common.error_name.states_error_name.StatesErrorName",
    "StatesErrorNameType": "moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type.StatesErrorNameType",
    "stepfunctions_result_path": "moto.stepfunctions.parser.asl.component.common.path.result_path",
    "QueryLanguageMode": "moto.stepfunctions.parser.asl.component.common.query_language.QueryLanguageMode",
    "stepfunctions_retrier_decl": "moto.stepfunctions.parser.asl.component.common.retry.retrier_decl",
    "Program": "moto.stepfunctions.parser.asl.component.program.program.Program",
    "StringVariableSample": "moto.stepfunctions.parser.asl.component.common.string.string_expression.StringVariableSample",
    "stepfunctions_service": f"{TASKS}",
    "ResourceCondition": f"{TASKS}.resource.ResourceCondition",
    "stepfunctions_state_task_service": f"{TASKS}.state_task_service",
    "stepfunctions_state_task_service_aws_sdk": f"{TASKS}.state_task_service_aws_sdk",
    "stepfunctions_state_task_service_callback": f"{TASKS}.state_task_service_callback",
    "stepfunctions_state_task_service_sfn": f"{TASKS}.state_task_service_sfn",
    "stepfunctions_state_task_service_unsupported": f"{TASKS}.state_task_service_unsupported",
    "WaitFunction": f"{WAITS}.WaitFunction",
    "Environment": "moto.stepfunctions.parser.asl.eval.environment.Environment",
    "ProgramStopped": "moto.stepfunctions.parser.asl.eval.program_state.ProgramStopped",
    "stepfunctions_states": "moto.stepfunctions.parser.asl.eval.states",
    "stepfunctions_variable_store": "moto.stepfunctions.parser.asl.eval.variable_store",
    "stepfunctions_jsonata": "moto.stepfunctions.parser.asl.jsonata.jsonata",
    "AmazonStateLanguageParser": "moto.stepfunctions.parser.asl.parse.asl_parser.AmazonStateLanguageParser",
    "Preprocessor": "moto.stepfunctions.parser.asl.parse.preprocessor.Preprocessor",
    "stepfunctions_json_path": "moto.stepfunctions.parser.asl.utils.json_path",
    "extract_json": "moto.stepfunctions.parser.asl.utils.json_path.extract_json",
    "stepfunctions_execution": "moto.stepfunctions.parser.backend.execution",
    "StepFunctionsExecution": "moto.stepfunctions.parser.backend.execution.Execution",
    "StepFunctionsExecutionWorker": "moto.stepfunctions.parser.backend.execution_worker.ExecutionWorker",
    "stepfunctions_models": "moto.stepfunctions.parser.models",
    "get_backend": "moto.stepfunctions.responses.get_backend",
}

# What is replaced in, or read from, the modules and classes of moto.
MEMBERS = {
    "moto.athena.models.AthenaBackend": "executions named_queries start_query_execution work_groups",
    "moto.backends": "_import_backend list_of_moto_modules",
    "moto.cloudformation.models.ChangeSet": "_parse_template",
    "moto.cloudformation.models.CloudFormationBackend": (
        "create_change_set create_stack delete_change_set delete_stack describe_change_set "
        "execute_change_set update_stack"
    ),
    "moto.cloudformation.models.Stack": "_create_resource_map parameters resource_map template",
    "moto.cloudformation.models": "Stack get_stack_from_s3_url",
    "moto.cloudformation.parsing": "get_model_map resource_name_property_from_type",
    "moto.cloudformation.responses": (
        "get_stack_from_s3_url get_template_summary_response_from_template yaml"
    ),
    "moto.cloudformation.responses.CloudFormationResponse": (
        "_validate_different_update delete_change_set describe_change_set"
    ),
    "moto.cloudformation.utils": "get_stack_from_s3_url",
    "moto.cloudtrail.models.CloudTrailBackend": "trails",
    "moto.core": "DEFAULT_ACCOUNT_ID",
    "moto.core.models": "DEFAULT_ACCOUNT_ID",
    "moto.emrserverless.exceptions": "ValidationException",
    "moto.emrserverless.models.EMRServerlessBackend": "get_application job_runs list_job_runs start_job_run",
    "moto.events.models.EventsBackend": "event_buses",
    "moto.events.models.Rule": "event_pattern send_to_targets state targets",
    "moto.glue.models.FakeTable": "_current_version update versions",
    "moto.glue.models.GlueBackend": (
        "connections create_database create_table databases delete_database delete_table "
        "get_database get_table get_tables"
    ),
    "moto.glue.responses.GlueResponse": "glue_backend",
    "moto.iam.models": "DEFAULT_ACCOUNT_ID get_account_id_from iam_backends",
    "moto.iam.models.IAMBackend": "_init_aws_policies access_keys roles",
    "moto.kms.models": "generate_private_key",
    "moto.lakeformation": "lakeformation_backends",
    "moto.lakeformation.models": "lakeformation_backends",
    "moto.lakeformation.responses": "lakeformation_backends",
    "moto.logs.models.LogsBackend": "groups",
    "moto.s3.models.FakeBucket": "_log_permissions_enabled_policy get_permission",
    "moto.s3.models.S3Backend": (
        "get_bucket get_bucket_notification_configuration log_incoming_request put_object"
    ),
    "moto.s3.models.S3BackendDict": "bucket_accounts",
    "moto.s3.notifications": "_send_event_bridge_message",
    "moto.s3.responses.S3Response": "copy_object get_bucket_notification",
    "moto.sns.models.SNSBackend": "topics",
    "moto.sqs.models.SQSBackend": "queues",
    "moto.ssm.models.SimpleSystemManagerBackend": "get_parameter",
    "moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl.ErrorEqualsDecl": (
        "_STATE_ALL_ERROR _eval_body error_names"
    ),
    "moto.stepfunctions.parser.asl.component.common.retry.retrier_decl": "time",
    "moto.stepfunctions.parser.asl.component.common.string.string_expression.StringVariableSample": (
        "_eval_body"
    ),
    "moto.stepfunctions.parser.asl.component.common.path.result_path": "parse",
    f"{TASKS}.state_task_service.StateTaskService": "_SERVICE_NAME_SFN_TO_BOTO_OVERRIDES",
    f"{TASKS}.state_task_service_aws_sdk": "_SERVICE_ERROR_NAMES boto_client_for",
    f"{TASKS}.state_task_service_aws_sdk.StateTaskServiceAwsSdk": (
        "_eval_service_task _get_boto_service_action _get_boto_service_name _verify_size_quota"
    ),
    f"{TASKS}.state_task_service_callback": "time",
    f"{TASKS}.state_task_service_sfn.StateTaskServiceSfn": (
        "_normalise_parameters _normalise_response"
    ),
    f"{TASKS}.state_task_service_unsupported": "_SUPPORTED_INTEGRATION_PATTERNS",
    f"{TASKS}.state_task_service_unsupported.StateTaskServiceUnsupported": "_build_sync_resolver",
    f"{WAITS}.WaitFunction": "_wait_interval",
    "moto.stepfunctions.parser.asl.eval.states": "encode_jsonata_variable_declarations",
    "moto.stepfunctions.parser.asl.eval.variable_store": "encode_jsonata_variable_declarations",
    "moto.stepfunctions.parser.asl.jsonata.jsonata": (
        "JSONataException _eval_jsonata encode_jsonata_variable_declarations"
    ),
    "moto.stepfunctions.parser.asl.utils.json_path": (
        "_contains_slice_or_wildcard_array _is_singleton_array_access parse"
    ),
    "moto.stepfunctions.parser.asl.component.program.program.Program": "_eval_body eval start_at",
    "moto.stepfunctions.parser.asl.eval.environment.Environment": (
        "_program_state _state_mutex next_state_name program_state set_error"
    ),
    "moto.stepfunctions.parser.asl.parse.asl_parser.AmazonStateLanguageParser": "parse",
    "moto.stepfunctions.parser.asl.parse.preprocessor.Preprocessor": "_query_language_per_scope",
    "moto.stepfunctions.parser.backend.execution": "ExecutionWorker",
    "moto.stepfunctions.parser.backend.execution.Execution": (
        "_get_start_execution_worker exec_status exec_worker"
    ),
    "moto.stepfunctions.parser.backend.execution_worker.ExecutionWorker": (
        "_evaluation_details _execution_communication _execution_logic env start "
        "_get_evaluation_entrypoint _get_evaluation_environment"
    ),
    "moto.stepfunctions.parser.models": "Execution copy",
    "moto.stepfunctions.parser.models.StepFunctionsParserBackend": (
        "_validate_definition start_execution"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(name)
    found = globals()[name] = _find(NAMES[name])
    return found


def missing(names: dict[str, str], members: dict[str, str]) -> list[str]:
    """What of all this the installed moto does not have, each by its place in moto."""
    out = []
    for path in sorted({*names.values(), *members}):
        try:
            owner = _find(path)
        except (AttributeError, ImportError):
            out.append(path)
            continue
        out += [f"{path}.{m}" for m in members.get(path, "").split() if not _has(owner, m)]
    return out


def set_default_account(account: str) -> None:
    """Name the account of unknown credentials; before anything else of moto is used.

    Not by moto's MOTO_ACCOUNT_ID: that puts every request into one account, also those with
    credentials of a role assumed in another.
    """
    for path in ("moto.core", "moto.core.models"):
        importlib.import_module(path).DEFAULT_ACCOUNT_ID = account  # type: ignore[attr-defined]


def replace_clients(client: Any) -> None:
    """Have every task of a state machine make its clients with a function."""
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.parser.asl.") and hasattr(module, "boto_client_for"):
            module.boto_client_for = client


def _find(path: str) -> Any:
    """A module, or something in one: the longest part that is a module is imported."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise ImportError(path)


def _has(owner: Any, member: str) -> bool:
    """Whether a class or module has a member, or sets it on its instances."""
    if hasattr(owner, member):
        return True
    if isinstance(owner, ModuleType):
        return False
    return any(f"self.{member}" in inspect.getsource(c) for c in owner.__mro__ if c is not object)


if __name__ == "__main__":
    lost = missing(NAMES, MEMBERS)
    sys.exit("\n".join(["not in the installed moto:", *lost]) if lost else 0)
