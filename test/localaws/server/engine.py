"""Deploys templates the way CloudFormation does.

moto creates resources lazily while it resolves references, forgets what it cannot update,
deletes in no order and turns a failure into an HTTP error. A deployment that is to mean
something needs the real behaviour: dependencies first, create-only changes by replacement
(new one first, old one in the clean-up), deletion policies, and rollback.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import recorded, schemas, templates
from .errors import InvalidRequest, NotFound, ProviderError, reason
from .motonames import (
    Export,
    LazyDict,
    MissingParameterError,
    parse_condition,
    ResourceMap,
    ssm_backends,
    ValidationError,
)
from .native import provider_for
from .provider import Deployed, Properties, Provider, Scope

log = logging.getLogger("localaws")

# Called with (logical id, type, physical id, status, reason) for every resource event.
Report = Callable[[str, str, str, str, str | None], None]


class DeploymentFailed(Exception):
    """A stack operation stopped; the message names the resource and the reason.

    ``undo`` takes back the steps of a failed update.
    """

    def __init__(self, message: str, undo: Callable[[], None] = lambda: None) -> None:
        super().__init__(message)
        self.undo = undo


@dataclass
class _Change:
    """One thing an update did, so that it can be undone."""

    kind: str  # created, updated, replaced
    logical_id: str
    before: Deployed | None
    after: Deployed


class Deployment(ResourceMap):
    """The resources of one stack.

    It is a ResourceMap because moto's Stack reads parameters, mappings and conditions from
    one; everything about resources is its own.
    """

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._report = report
        self.deployed: dict[str, Deployed] = {}

    # --- what moto reads ---

    def __getitem__(self, key: str) -> Any:
        if key in self.deployed:
            return self.deployed[key]
        return self._parsed_resources[key]

    def values(self) -> Any:
        return list(self.deployed.values())

    def load(self) -> None:
        self.load_mapping()
        self.load_parameters()
        self.load_conditions()

    def parse_ssm_parameter(self, value: str, value_type: str) -> str:
        found = self._parameter_store(value)
        return found.split(",") if "List" in value_type else found  # type: ignore[return-value]

    def load_parameters(self) -> None:
        try:
            super().load_parameters()
        except (MissingParameterError, ValidationError):
            raise
        except NotFound as error:
            raise ValidationError(message=error.message) from error

    def load_conditions(self) -> None:
        # moto evaluates every condition at once and in template order; a condition may refer
        # to a later one, so evaluate on demand.
        self.lazy_condition_map = LazyDict()
        for name, condition in (self._template.get("Conditions") or {}).items():
            self.lazy_condition_map[name] = lambda c=condition: parse_condition(
                c,
                self._parsed_resources,  # type: ignore[arg-type]
                self.lazy_condition_map,
            )

    # --- the template ---

    def _parameter_store(self, name: str) -> str:
        parameter = ssm_backends[self._account_id][self._region_name].get_parameter(name)
        if parameter is None:
            raise NotFound(
                f"Unable to fetch parameters [{name}] from parameter store for this account."
            )
        return str(parameter.value)

    def resolver(self) -> templates.Resolver:
        """The intrinsic functions as of the resources deployed now."""

        def lookup(name: str) -> Any:
            try:
                return self[name]
            except KeyError:
                raise InvalidRequest(
                    f"Template format error: Unresolved resource dependencies [{name}]"
                ) from None

        exports = {export.name: export for export in (self.cross_stack_resources or {}).values()}
        return templates.Resolver(
            lookup, self._holds, exports, self._parameter_store, self._region_name
        )

    def _holds(self, condition: str) -> bool:
        if condition not in self.lazy_condition_map:
            raise InvalidRequest(f"Unresolved condition dependency [{condition}]")
        return bool(self.lazy_condition_map[condition])

    def _wanted(self) -> dict[str, dict[str, Any]]:
        """The template's resources whose condition holds."""
        resources = self._template.get("Resources") or {}
        return {
            name: definition
            for name, definition in resources.items()
            if "Condition" not in definition or self._holds(definition["Condition"])
        }

    def use_template(self, template: dict[str, Any], parameters: dict[str, str]) -> None:
        """Take a new template and its parameters, before an update."""
        self._template = template
        self._resource_json_map = template.get("Resources") or {}
        self.input_parameters = parameters
        self.resolved_parameters = {}
        self.load()

    def outputs(self) -> list[dict[str, Any]]:
        """The stack's outputs as resolved now."""
        resolver = self.resolver()
        result = []
        for key, output in (self._template.get("Outputs") or {}).items():
            if "Condition" in output and not self._holds(output["Condition"]):
                continue
            result.append(resolver.resolve({"OutputKey": key, **output}))
        return result

    def exports(self, outputs: list[dict[str, Any]]) -> list[Export]:
        """The outputs that other stacks may import."""
        return [
            Export(self.stack_id, output["Export"]["Name"], output["Value"])
            for output in outputs
            if "Export" in output
        ]

    # --- operations ---

    def deploy(self) -> None:
        """Create everything. On failure raise; rollback() takes back what was made."""
        for logical_id in templates.creation_order(self._wanted()):
            self._create(logical_id)

    def rollback(self) -> list[str]:
        """Take back a failed creation; returns the resources that would not go."""
        return self.tear_down(after_failed_create=True)

    def update(  # type: ignore[override]
        self, template: dict[str, Any], parameters: dict[str, Any] | None = None
    ) -> Callable[[], None]:
        """Move to a new template; returns the function that cleans up afterwards.

        Raises DeploymentFailed, whose undo goes back to the template before.
        """
        previous = (self._template, self.input_parameters)
        old_order = self._deletion_order()
        changes: list[_Change] = []
        try:
            self.use_template(template, parameters or {})
            for logical_id in templates.creation_order(self._wanted()):
                change = self._converge(logical_id)
                if change:
                    changes.append(change)
        except Exception as error:  # any failure must end as a rolled back stack
            text = str(error) if isinstance(error, DeploymentFailed) else reason(error)
            raise DeploymentFailed(text, lambda: self._undo(changes, previous)) from error
        return lambda: self._clean_up(changes, old_order)

    def tear_down(self, after_failed_create: bool = False) -> list[str]:
        """Delete everything, dependants first; returns the resources that would not go."""
        failed: list[str] = []
        kept_for: set[str] = set()  # needed by a resource that could not be deleted
        needs = templates.dependencies({k: d.definition for k, d in self.deployed.items()})
        for logical_id in self._deletion_order():
            current = self.deployed[logical_id]
            if logical_id in kept_for:
                kept_for |= needs[logical_id]
                continue
            policy = current.definition.get("DeletionPolicy", "Delete")
            keep = policy == "Retain" or (
                policy == "RetainExceptOnCreate" and not after_failed_create
            )
            if keep:
                self._event(current, "DELETE_SKIPPED")
                self._forget(logical_id)
                continue
            try:
                self._delete(current)
                self._forget(logical_id)
            except Exception as error:
                log.exception("deleting %s", logical_id)
                current.status = "DELETE_FAILED"
                self._event(current, "DELETE_FAILED", reason(error))
                failed.append(logical_id)
                kept_for |= needs[logical_id]
        return failed

    # --- steps ---

    def _create(self, logical_id: str) -> Deployed:
        definition = self._wanted()[logical_id]
        type_name = definition["Type"]
        scope = self._scope(logical_id)
        try:
            provider = provider_for(type_name)
            properties = self._properties(logical_id, definition)
            self._report(logical_id, type_name, "", "CREATE_IN_PROGRESS", None)
            result = provider.create(scope, properties)
        except Exception as error:
            self._failed(logical_id, type_name, "", "CREATE_FAILED", error)
        current = Deployed(scope, type_name, definition, properties, result)
        self.deployed[logical_id] = current
        self._record(current)
        self._event(current, "CREATE_COMPLETE")
        return current

    def _converge(self, logical_id: str) -> _Change | None:
        """Create, replace or update one resource, or leave it alone."""
        definition = self._wanted()[logical_id]
        before = self.deployed.get(logical_id)
        if before is None:
            return _Change("created", logical_id, None, self._create(logical_id))
        type_name = definition["Type"]
        try:
            if type_name != before.type_name:
                raise InvalidRequest(
                    f"Update of resource type is not permitted. The new template modifies resource type of {logical_id}"
                )
            provider = provider_for(type_name)
            properties = self._properties(logical_id, definition)
        except Exception as error:
            self._failed(logical_id, type_name, before.physical_resource_id, "UPDATE_FAILED", error)
        if properties == before.properties:
            before.definition = definition  # policies and dependencies may have changed
            return None
        if schemas.replaced_by(type_name, before.properties, properties):
            return self._replace(provider, before, definition, properties)
        self._event(before, "UPDATE_IN_PROGRESS")
        try:
            after = self._apply(provider, before, definition, properties)
        except DeploymentFailed:
            self._mend(provider, before, properties)
            raise
        self._event(after, "UPDATE_COMPLETE")
        return _Change("updated", logical_id, before, after)

    def _mend(self, provider: Provider, before: Deployed, properties: Properties) -> None:
        """Set a resource back of which only a part was updated, as far as it lets itself."""
        try:
            provider.update(before.scope, replace(before, properties=properties), before.properties)
        except Exception as error:
            log.info("%s was not set back: %r", before.scope.logical_id, error)

    def _apply(
        self,
        provider: Provider,
        before: Deployed,
        definition: dict[str, Any],
        properties: Properties,
    ) -> Deployed:
        try:
            result = provider.update(before.scope, before, properties)
        except Exception as error:
            self._failed(
                before.scope.logical_id,
                before.type_name,
                before.physical_resource_id,
                "UPDATE_FAILED",
                error,
            )
        after = replace(
            before,
            definition=definition,
            properties=properties,
            result=result,
            status="UPDATE_COMPLETE",
        )
        self.deployed[before.scope.logical_id] = after
        self._record(after)
        return after

    def _replace(
        self,
        provider: Provider,
        before: Deployed,
        definition: dict[str, Any],
        properties: Properties,
    ) -> _Change:
        logical_id = before.scope.logical_id
        self._event(
            before,
            "UPDATE_IN_PROGRESS",
            "Requested update requires the creation of a new physical resource; hence creating one.",
        )
        try:
            result = provider.create(before.scope, properties)
        except Exception as error:
            self._failed(
                logical_id, before.type_name, before.physical_resource_id, "UPDATE_FAILED", error
            )
        after = Deployed(
            before.scope, before.type_name, definition, properties, result, status="UPDATE_COMPLETE"
        )
        self.deployed[logical_id] = after
        self._record(after)
        self._event(after, "UPDATE_COMPLETE")
        return _Change("replaced", logical_id, before, after)

    def _clean_up(self, changes: list[_Change], old_order: list[str]) -> None:
        """Delete what the update left behind. As in CloudFormation, a failure here is only an event."""
        replaced = {c.logical_id: c for c in changes if c.kind == "replaced"}
        wanted = self._wanted()
        for logical_id in old_order:
            if logical_id in replaced:
                change = replaced[logical_id]
                assert change.before is not None
                self._retire(change.before, change.after.definition.get("UpdateReplacePolicy"))
            elif logical_id not in wanted and logical_id in self.deployed:
                current = self.deployed[logical_id]
                policy = current.definition.get("DeletionPolicy")
                self._retire(current, "Retain" if policy == "RetainExceptOnCreate" else policy)
                self._forget(logical_id)

    def _retire(self, current: Deployed, policy: str | None) -> None:
        if policy == "Retain":
            self._event(current, "DELETE_SKIPPED")
            return
        try:
            self._delete(current)
        except Exception as error:
            log.exception("cleaning up %s", current.scope.logical_id)
            self._event(current, "DELETE_FAILED", reason(error))

    def _undo(
        self, changes: list[_Change], previous: tuple[dict[str, Any], dict[str, str]]
    ) -> None:
        """Take back the steps of a failed update, last first."""
        for change in reversed(changes):
            if change.kind == "created":
                if change.after.definition.get("DeletionPolicy") == "Retain":
                    self._event(change.after, "DELETE_SKIPPED")
                else:
                    self._delete(change.after)
                self._forget(change.logical_id)
                continue
            assert change.before is not None
            if change.kind == "replaced":
                if change.after.definition.get("UpdateReplacePolicy") != "Retain":
                    self._delete(change.after)
                self.deployed[change.logical_id] = change.before
                self._record(change.before)
            else:
                provider = provider_for(change.after.type_name)
                self._event(change.after, "UPDATE_IN_PROGRESS")
                back = self._apply(
                    provider, change.after, change.before.definition, change.before.properties
                )
                self._event(back, "UPDATE_COMPLETE")
        self.use_template(*previous)

    def _delete(self, current: Deployed) -> None:
        self._event(current, "DELETE_IN_PROGRESS")
        provider_for(current.type_name).delete(current.scope, current)
        self._event(current, "DELETE_COMPLETE")

    # --- small things ---

    def _scope(self, logical_id: str) -> Scope:
        return Scope(
            account=self._account_id,
            region=self._region_name,
            stack_id=self.stack_id,
            stack_name=str(self._parsed_resources["AWS::StackName"]),
            logical_id=logical_id,
        )

    def _properties(self, logical_id: str, definition: dict[str, Any]) -> Properties:
        properties: Properties = self.resolver().resolve(definition.get("Properties") or {})
        schemas.check(definition["Type"], properties)
        return properties

    def _deletion_order(self) -> list[str]:
        known = {name: current.definition for name, current in self.deployed.items()}
        return list(reversed(templates.creation_order(known)))

    def _forget(self, logical_id: str) -> None:
        current = self.deployed.pop(logical_id, None)
        if current:
            scope = current.scope
            recorded.put(scope.account, scope.region, scope.stack_name, scope.logical_id, [])

    def _record(self, current: Deployed) -> None:
        scope = current.scope
        entries = [
            recorded.Recorded(
                account=scope.account,
                region=scope.region,
                stack=scope.stack_name,
                logical_id=scope.logical_id,
                type=current.type_name,
                physical_id=current.physical_resource_id,
                reason=why,
                properties=what,
            )
            for why, what in current.result.unkept.items()
            if what
        ]
        recorded.put(scope.account, scope.region, scope.stack_name, scope.logical_id, entries)

    def _event(self, current: Deployed, status: str, why: str | None = None) -> None:
        self._report(
            current.scope.logical_id, current.type_name, current.physical_resource_id, status, why
        )

    def _failed(
        self, logical_id: str, type_name: str, physical_id: str, status: str, error: Exception
    ) -> None:
        """Report a failed step and stop the operation. Never returns."""
        if not isinstance(error, ProviderError):
            log.warning("%s %s: %r", status, logical_id, error, exc_info=error)
        why = reason(error)
        self._report(logical_id, type_name, physical_id, status, why)
        raise DeploymentFailed(f"{logical_id} ({type_name}): {why}") from error
