"""CloudFormation's stack operations on top of the engine.

moto's stack answers the API; this one deploys through the engine, reports one event per
resource, and ends every failure in the status that CloudFormation would show, so that
``cdk deploy`` fails and prints the reason.
"""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import yaml  # type: ignore[import-untyped]

from .engine import Deployment, DeploymentFailed
from .errors import reason
from .motonames import (
    ActionResult,
    AlreadyExistsException,
    ChangeSet,
    cloudformation_models as models,
    cloudformation_responses as responses,
    CloudFormationBackend,
    CloudFormationError,
    EmptyResult,
    Event,
    Export,
    generate_stack_id,
    Stack,
    ValidationError,
    yaml_tag_constructor,
)

# One stack operation at a time: providers look first and create then, across several calls.
_operation = threading.RLock()


def parse_template(text: str) -> dict[str, Any]:
    """A template as data. JSON first: PyYAML needs seconds for what json reads in milliseconds."""
    try:
        template: dict[str, Any] = json.loads(text)
        return template
    except ValueError:
        yaml.add_multi_constructor("", yaml_tag_constructor)
        loaded: dict[str, Any] = yaml.load(text, Loader=yaml.Loader)
        return loaded


class LocalStack(Stack):
    """A stack deployed by the engine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.status_reason: str | None = None
        self._outputs: list[dict[str, Any]] = []
        self._exports: list[Export] = []
        super().__init__(*args, **kwargs)

    # ActionResult looks attributes up by the API's member names.
    @property
    def stack_status_reason(self) -> str | None:
        return self.status_reason

    @staticmethod
    def parse_template(template: str) -> dict[str, Any]:
        return parse_template(template)

    def _create_resource_map(self) -> Deployment:
        deployment = Deployment(
            self.stack_id,
            self.name,
            self.parameters,
            self.tags,
            account_id=self.account_id,
            region_name=self.region_name,
            template=self.template_dict,
            cross_stack_resources=self.cross_stack_resources,
            report=self._report,
        )
        deployment.load()
        return deployment

    @property
    def deployment(self) -> Deployment:
        deployment: Deployment = self.resource_map  # type: ignore[assignment]
        return deployment

    @property
    def stack_parameters(self) -> dict[str, Any]:
        """Parameters as given, or their default: what UsePreviousValue means.

        moto gives the values that SSM parameters resolved to, and would resolve them again.
        """
        declared = self.template_dict.get("Parameters") or {}
        return {
            key: self.parameters.get(key, slot.get("Default")) for key, slot in declared.items()
        }

    def has_parameters(self, other_parameters: dict[str, Any]) -> bool:
        return {**self.stack_parameters, **other_parameters} == self.stack_parameters

    @property
    def stack_resources(self) -> Any:
        return self.deployment.values()

    @property
    def outputs(self) -> list[dict[str, Any]] | None:
        return [
            {
                "OutputKey": o["OutputKey"],
                "OutputValue": str(o["Value"]),
                "Description": o.get("Description"),
                "ExportName": o.get("Export", {}).get("Name"),
            }
            for o in self._outputs
        ] or None

    @property
    def exports(self) -> list[Export]:
        return self._exports

    def _report(
        self, logical_id: str, type_name: str, physical_id: str, status: str, why: str | None
    ) -> None:
        self.events.append(
            Event(
                stack_id=self.stack_id,
                stack_name=self.name,
                logical_resource_id=logical_id,
                physical_resource_id=physical_id,
                resource_type=type_name,
                resource_status=status,
                resource_status_reason=why,
                resource_properties=None,
            )
        )
        self._order_events()

    def _add_stack_event(
        self,
        resource_status: str,
        resource_status_reason: str | None = None,
        resource_properties: str | None = None,
    ) -> None:
        super()._add_stack_event(resource_status, resource_status_reason, resource_properties)
        self._order_events()

    def _order_events(self) -> None:
        """Keep events a millisecond apart: CDK sorts them by time and counts in milliseconds."""
        if len(self.events) > 1:
            last, latest = self.events[-2], self.events[-1]
            latest.timestamp = max(latest.timestamp, last.timestamp + timedelta(milliseconds=1))

    def _enter(self, status: str, why: str | None = None) -> None:
        self.status = status
        self.status_reason = why
        self._add_stack_event(status, resource_status_reason=why)

    def create_resources(self) -> None:
        """Create; a failure ends as ROLLBACK_COMPLETE with the reason, not as an exception."""
        with _operation:
            self._enter("CREATE_IN_PROGRESS", "User Initiated")
            self.description = self.template_dict.get("Description")
            try:
                self.deployment.deploy()
                self._publish()
            except Exception as error:
                self._enter("ROLLBACK_IN_PROGRESS", _why(error, "create"))
                failed = self.deployment.rollback()
                if failed:
                    self._enter("ROLLBACK_FAILED", _undeleted(failed))
                else:
                    self._enter("ROLLBACK_COMPLETE")
                self.status_reason = _why(error, "create")
                return
            self._enter("CREATE_COMPLETE")

    def update(
        self,
        template: str,
        role_arn: str | None = None,
        parameters: dict[str, Any] | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        """Update; a failure ends as UPDATE_ROLLBACK_COMPLETE."""
        with _operation:
            self._enter("UPDATE_IN_PROGRESS", "User Initiated")
            wanted = parse_template(template)
            try:
                clean_up = self.deployment.update(wanted, parameters)
                self._publish()
            except DeploymentFailed as error:
                self._enter("UPDATE_ROLLBACK_IN_PROGRESS", _why(error, "update"))
                try:
                    error.undo()
                except Exception as second:
                    self._enter("UPDATE_ROLLBACK_FAILED", _why(second, "roll back"))
                    return
                self._enter("UPDATE_ROLLBACK_COMPLETE")
                self.status_reason = _why(error, "update")
                return
            self._enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            clean_up()
            self.template = template
            self.template_dict = wanted
            self.description = wanted.get("Description")
            self.parameters = parameters or {}
            self.role_arn = role_arn or self.role_arn
            if tags is not None:
                self.tags = tags
            self._enter("UPDATE_COMPLETE")

    def delete(self) -> None:
        """Delete; raises ValidationError with the stack in DELETE_FAILED when something stays."""
        with _operation:
            self._enter("DELETE_IN_PROGRESS", "User Initiated")
            failed = self.deployment.tear_down()
            if failed:
                self._enter("DELETE_FAILED", _undeleted(failed))
                return
            self._publish(gone=True)
            self._enter("DELETE_COMPLETE")

    def _publish(self, gone: bool = False) -> None:
        """Make outputs visible and exports importable."""
        known = models.cloudformation_backends[self.account_id][self.region_name].exports
        outputs = [] if gone else self.deployment.outputs()
        exports = self.deployment.exports(outputs)
        for export in exports:
            owner = known.get(export.name)
            if owner is not None and owner.exporting_stack_id != self.stack_id:
                raise ValidationError(
                    self.stack_id, message=f"Export with name {export.name} is already exported"
                )
        for export in self._exports:
            known.pop(export.name, None)
        for export in exports:
            known[export.name] = export
        self._outputs, self._exports = outputs, exports


def _why(error: Exception, verb: str) -> str:
    text = str(error) if isinstance(error, DeploymentFailed) else reason(error)
    return f"The following resource(s) failed to {verb}: {text}"


def _undeleted(failed: list[str]) -> str:
    return f"The following resource(s) failed to delete: [{', '.join(failed)}]."


class ChangeSetNotFound(CloudFormationError):
    """The error that CDK takes for "deleted"."""

    code = "ChangeSetNotFound"


def _is(change_set: ChangeSet, name: str, stack_name: str | None) -> bool:
    if name == change_set.change_set_id:
        return True
    stacks = (None, change_set.stack_name, change_set.stack_id)
    return name == change_set.change_set_name and stack_name in stacks


class _Operations(CloudFormationBackend):
    """Backend operations that replace moto's; never instantiated."""

    def create_stack(
        self,
        name: str,
        template: str,
        parameters: dict[str, Any],
        notification_arns: list[str] | None = None,
        tags: dict[str, str] | None = None,
        role_arn: str | None = None,
        enable_termination_protection: bool | None = False,
        timeout_in_mins: int | None = None,
        stack_policy_body: str | None = None,
    ) -> Stack:
        if name in [stack.name for stack in self.stacks.values()]:
            raise AlreadyExistsException(f"Stack [{name}] already exists")
        stack = LocalStack(  # type: ignore[abstract]
            stack_id=generate_stack_id(name, self.region_name, self.account_id),
            name=name,
            template=template,
            parameters=parameters,
            account_id=self.account_id,
            region_name=self.region_name,
            notification_arns=notification_arns,
            tags=tags,
            role_arn=role_arn,
            cross_stack_resources=self.exports,
            enable_termination_protection=enable_termination_protection,
            timeout_in_mins=timeout_in_mins,
            stack_policy_body=stack_policy_body,
        )
        self.stacks[stack.stack_id] = stack
        stack.create_resources()
        return stack

    def update_stack(
        self,
        name: str,
        template: str,
        role_arn: str | None,
        parameters: list[dict[str, Any]],
        tags: dict[str, str] | None,
    ) -> Stack:
        stack = self.get_stack(name)
        values = {
            p["ParameterKey"]: p["ParameterValue"]
            if "ParameterValue" in p
            else stack.stack_parameters[p["ParameterKey"]]
            for p in parameters
            if "ParameterValue" in p or p["ParameterKey"] in stack.stack_parameters
        }
        same = stack.has_template(template) and stack.has_parameters(values)
        if same and tags in (None, stack.tags):
            raise ValidationError(stack.name, message="No updates are to be performed.")
        stack.update(template, role_arn, parameters=values, tags=tags)
        return stack

    def create_change_set(
        self,
        stack_name: str,
        change_set_name: str,
        template: str,
        parameters: dict[str, str],
        description: str,
        change_set_type: str,
        notification_arns: list[str] | None = None,
        tags: dict[str, str] | None = None,
        role_arn: str | None = None,
    ) -> tuple[str, str]:
        if change_set_type == "CREATE":
            for stack_id, stack in list(self.stacks.items()):
                if stack.name != stack_name:
                    continue
                if stack.status != "REVIEW_IN_PROGRESS":
                    raise AlreadyExistsException(f"Stack [{stack_name}] already exists")
                del self.stacks[stack_id]  # moto would keep two stacks of one name
        # A client that got no answer asks again; moto would then find the change set of before,
        # whose stack is gone. So it would after a stack was deleted and made again.
        self.delete_change_set(change_set_name, stack_name)  # type: ignore[call-arg]
        return _moto_create_change_set(
            self,
            stack_name,
            change_set_name,
            template,
            parameters,
            description,
            change_set_type,
            notification_arns,
            tags,
            role_arn,
        )

    def delete_change_set(self, change_set_name: str, stack_name: str | None = None) -> None:
        # Change sets of several stacks share the name that CDK gives them, so the stack counts.
        for key, change_set in list(self.change_sets.items()):
            if _is(change_set, change_set_name, stack_name):
                del self.change_sets[key]

    def describe_change_set(
        self, change_set_name: str, stack_name: str | None = None
    ) -> ChangeSet | None:
        for change_set in list(self.change_sets.values()):
            if _is(change_set, change_set_name, stack_name):
                return change_set
        # CDK deletes a change set before each update and waits until it is not found.
        raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist")

    def execute_change_set(self, change_set_name: str, stack_name: str | None = None) -> None:
        change_set = self.describe_change_set(change_set_name, stack_name)
        assert change_set is not None
        stack = self.stacks[change_set.stack_id]
        change_set.execution_status = "EXECUTE_IN_PROGRESS"
        if change_set.change_set_type == "CREATE":
            stack.template = change_set.template
            stack.template_dict = change_set.template_dict
            stack.parameters = change_set.parameters
            stack.cross_stack_resources = self.exports
            stack.resource_map = stack._create_resource_map()
            stack.create_resources()
        else:
            stack.update(
                change_set.template,
                change_set.role_arn,
                change_set.parameters,
                change_set.tags,
            )
        failed = "ROLLBACK" in stack.status
        change_set.execution_status = "EXECUTE_FAILED" if failed else "EXECUTE_COMPLETE"

    def delete_stack(self, name_or_stack_id: str) -> None:
        for stack_id, stack in list(self.stacks.items()):
            if name_or_stack_id not in (stack_id, stack.name):
                continue
            if stack.enable_termination_protection:
                raise ValidationError(
                    stack.name,
                    message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled",
                )
            stack.delete()
            if stack.status == "DELETE_COMPLETE":
                del self.stacks[stack_id]
                self.deleted_stacks[stack_id] = stack


_moto_create_change_set = CloudFormationBackend.create_change_set


class _Responses(responses.CloudFormationResponse):
    """API operations that moto lacks, or that forget the stack's name; never instantiated."""

    def _validate_different_update(self, *_: Any) -> None:
        """A change set without changes ends as FAILED, not as an error; updates check later."""

    def delete_change_set(self) -> ActionResult:
        self.cloudformation_backend.delete_change_set(  # type: ignore[call-arg]
            self._get_param("ChangeSetName"), self._get_param("StackName")
        )
        return EmptyResult()

    def describe_change_set(self) -> ActionResult:
        return ActionResult(
            self.cloudformation_backend.describe_change_set(  # type: ignore[call-arg]
                self._get_param("ChangeSetName"), self._get_param("StackName")
            )
        )

    def update_termination_protection(self) -> ActionResult:
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection")
        return ActionResult({"StackId": stack.stack_id})


def _parse_change_set_template(self: ChangeSet) -> None:
    self.template_dict = parse_template(self.template)


def install() -> None:
    """Put these stacks in the place of moto's."""
    models.Stack = LocalStack  # type: ignore[misc]
    for name in (
        "create_stack",
        "update_stack",
        "create_change_set",
        "delete_change_set",
        "describe_change_set",
        "execute_change_set",
        "delete_stack",
    ):
        setattr(CloudFormationBackend, name, getattr(_Operations, name))
    ChangeSet._parse_template = _parse_change_set_template  # type: ignore[method-assign]
    for name in (
        "_validate_different_update",
        "delete_change_set",
        "describe_change_set",
        "update_termination_protection",
    ):
        setattr(responses.CloudFormationResponse, name, getattr(_Responses, name))
