"""What Step Functions refuses in a definition when the state machine is made.

moto reads a definition and no more. Step Functions also looks at it as a whole: a name stands
for one state in the whole machine, every target exists, every state can be reached. The codes
are those of ValidateStateMachineDefinition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .motonames import InvalidDefinition, stepfunctions_models as models


# Limits of "Step Functions service quotas" and of the Amazon States Language.
_LONGEST = 1024 * 1024
_LONGEST_NAME = 80


def apply() -> None:
    """Refuse such definitions, when they are made and when they are changed."""
    backend = models.StepFunctionsParserBackend
    original = backend._validate_definition

    def validate(definition: str) -> None:
        original(definition)
        found = problems(definition)
        if found:
            text = ", ".join(found)
            raise InvalidDefinition(f"Invalid State Machine Definition: '{text}'")

    backend._validate_definition = staticmethod(validate)  # type: ignore[assignment]


def problems(definition: str) -> list[str]:
    """Everything that is wrong with a definition."""
    found = []
    if len(definition.encode()) > _LONGEST:
        found.append(f"SCHEMA_VALIDATION_FAILED: the definition is larger than {_LONGEST} bytes")
    names: set[str] = set()
    for path, start, states in _levels(json.loads(definition), ""):
        found += _level(path, start, states)
        for name in states:
            if name in names:
                found.append(
                    f"DUPLICATE_STATE_NAME: A state with this name already exists: {name} "
                    f"at {path}/States/{name}"
                )
            if len(name) > _LONGEST_NAME:
                found.append(f"SCHEMA_VALIDATION_FAILED: too long a name at {path}/States/{name}")
            names.add(name)
    return found


def _levels(machine: Any, path: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each set of states that belong together: of the machine, of a Map, of a branch."""
    states = machine["States"]
    yield path, machine["StartAt"], states
    for name, state in states.items():
        at = f"{path}/States/{name}"
        for field in ("ItemProcessor", "Iterator"):
            if field in state:
                yield from _levels(state[field], f"{at}/{field}")
        for number, branch in enumerate(state.get("Branches", [])):
            yield from _levels(branch, f"{at}/Branches[{number}]")


def _level(path: str, start: str, states: dict[str, Any]) -> list[str]:
    found = []
    targets = {name: list(_targets(state)) for name, state in states.items()}
    for place, target in [(f"{path}/StartAt", start)] + [
        (f"{path}/States/{name}/{field}", target)
        for name, fields in targets.items()
        for field, target in fields
    ]:
        if target not in states:
            found.append(f"MISSING_TRANSITION_TARGET: Missing target: {target} at {place}")
    reached, left = set(), [start]
    while left:
        name = left.pop()
        if name in states and name not in reached:
            reached.add(name)
            left += [target for _, target in targets[name]]
    for name in states:
        if name not in reached:
            found.append(
                f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable '
                f"at {path}/States/{name}"
            )
    return found


def _targets(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a state may lead to, and the field that says so."""
    for field in ("Next", "Default"):
        if field in state:
            yield field, state[field]
    for field in ("Choices", "Catch"):
        for number, rule in enumerate(state.get(field, [])):
            yield f"{field}[{number}]/Next", rule["Next"]
