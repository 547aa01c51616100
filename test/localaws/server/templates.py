"""Reading a template: its resources, their order and their resolved properties."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .errors import InvalidRequest, NotFound

# Stands for AWS::NoValue: the property, or the list item, is left out.
NO_VALUE = object()

_SUB = re.compile(r"\$\{([^!}][^}]*)\}")
_SUB_LITERAL = re.compile(r"\$\{!([^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}")


def references(value: Any) -> set[str]:
    """The logical ids (and parameters) that a resource definition mentions."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and isinstance(inner, str):
                found.add(inner)
            elif key == "Fn::GetAtt":
                found.add(inner.split(".")[0] if isinstance(inner, str) else inner[0])
            elif key == "Fn::Sub":
                text, own = (inner, {}) if isinstance(inner, str) else (inner[0], inner[1])
                names = {m.split(".")[0].strip() for m in _SUB.findall(text)}
                found |= (names - set(own)) | references(own)
            else:
                found |= references(inner)
    elif isinstance(value, list):
        for inner in value:
            found |= references(inner)
    return found


def depends_on(definition: Mapping[str, Any]) -> list[str]:
    """The explicit dependencies of a resource."""
    stated = definition.get("DependsOn", [])
    return [stated] if isinstance(stated, str) else list(stated)


def dependencies(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """For every resource, the resources that must exist first."""
    result: dict[str, set[str]] = {}
    for logical_id, definition in resources.items():
        needs = references(definition.get("Properties", {})) | set(depends_on(definition))
        result[logical_id] = {name for name in needs if name in resources and name != logical_id}
    return result


def creation_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Resources so that dependencies come first; template order decides among equals."""
    needs = dependencies(resources)
    order: list[str] = []
    done: set[str] = set()
    waiting = list(resources)
    while waiting:
        # One at a time, so that a chain stays together instead of going level by level.
        ready = next((name for name in waiting if needs[name] <= done), None)
        if ready is None:
            raise InvalidRequest(f"Circular dependency between resources: [{', '.join(waiting)}]")
        order.append(ready)
        done.add(ready)
        waiting.remove(ready)
    return order


class Resolver:
    """Evaluates the intrinsic functions of one template.

    ``lookup`` returns the value of a parameter, pseudo parameter or mapping, or a resource
    with ``physical_resource_id`` and ``get_cfn_attribute``.
    """

    def __init__(
        self,
        lookup: Callable[[str], Any],
        condition: Callable[[str], bool],
        exports: Mapping[str, Any],
        parameter_store: Callable[[str], str],
        region: str,
    ) -> None:
        self._lookup = lookup
        self._condition = condition
        self._exports = exports
        self._parameter_store = parameter_store
        self._region = region

    def resolve(self, value: Any) -> Any:
        """value with all functions evaluated and AWS::NoValue left out."""
        if isinstance(value, list):
            items = [self.resolve(item) for item in value]
            return [item for item in items if item is not NO_VALUE]
        if isinstance(value, str):
            return _DYNAMIC.sub(lambda m: self._parameter_store(m.group(1)), value)
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument) = next(iter(value.items()))
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._function(name[4:], argument)
        result = {}
        for key, inner in value.items():
            resolved = self.resolve(inner)
            if resolved is not NO_VALUE:
                result[key] = resolved
        return result

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        target = self._lookup(name)
        return getattr(target, "physical_resource_id", target)

    def _attribute(self, logical_id: str, attribute: str) -> Any:
        resource = self._lookup(logical_id)
        try:
            return resource.get_cfn_attribute(attribute)
        except Exception as error:
            kind = getattr(resource, "cf_resource_type", logical_id)
            raise InvalidRequest(
                f"Requested attribute {attribute} does not exist in schema for {kind} ({logical_id})"
            ) from error

    def _function(self, name: str, argument: Any) -> Any:
        if name == "If":
            chosen = argument[1] if self._condition(argument[0]) else argument[2]
            return self.resolve(chosen)
        if name == "GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else argument
            return self._attribute(parts[0], self.resolve(parts[1]))
        if name == "Sub":
            return self._sub(argument)
        argument = self.resolve(argument)
        if name == "Join":
            return argument[0].join(_text(item) for item in argument[1])
        if name == "Split":
            return argument[1].split(argument[0])
        if name == "Select":
            return argument[1][int(argument[0])]
        if name == "FindInMap":
            return self._lookup(argument[0])[argument[1]][argument[2]]
        if name == "ImportValue":
            if argument not in self._exports:
                raise NotFound(f"No export named {argument} found.")
            return self._exports[argument].value
        if name == "GetAZs":
            return [f"{argument or self._region}{zone}" for zone in "abc"]
        if name == "Base64":
            return base64.b64encode(argument.encode()).decode()
        if name == "ToJsonString":
            return json.dumps(argument)
        if name == "Length":
            return len(argument)
        raise InvalidRequest(f"Fn::{name} is not supported by the local AWS")

    def _sub(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
        values = {key: self.resolve(value) for key, value in own.items()}

        def replace(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name in values:
                return _text(values[name])
            if "." in name:
                return _text(self._attribute(*name.split(".", 1)))
            return _text(self._ref(name))

        return _SUB_LITERAL.sub(r"${\1}", _SUB.sub(replace, text))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
