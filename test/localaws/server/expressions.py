"""Expressions in state machines: variables, filters, and JSONata.

moto evaluates JSONata with a Java program that it does not have; here the Python port of the
same implementation does it.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from .motonames import (
    Environment,
    extract_json,
    QueryLanguageMode,
    stepfunctions_json_path as json_path,
    stepfunctions_jsonata as jsonata,
    stepfunctions_states as states,
    stepfunctions_variable_store as variable_store,
    StringVariableSample,
)



def apply() -> None:
    """Evaluate what state machines say."""
    _variables()
    _filters()
    _jsonata()


def _variables() -> None:
    """Variables in JSONPath states: moto reads them with JSONata, which is another language."""
    original = StringVariableSample._eval_body

    def sample(self: StringVariableSample, env: Environment) -> None:
        if self.query_language_mode != QueryLanguageMode.JSONPath:
            original(self, env)
            return
        name, rest = re.fullmatch(r"\$(\w+)(.*)", self.expression, re.DOTALL).groups()  # type: ignore[union-attr]
        value = env.variable_store.get(name)
        env.stack.append(copy.deepcopy(extract_json(f"${rest}", value) if rest else value))

    StringVariableSample._eval_body = sample  # type: ignore[method-assign]


def _filters() -> None:
    """A JSONPath with a filter that nothing passes is an empty list, not an error."""
    original = json_path._contains_slice_or_wildcard_array

    def indefinite(path: str) -> bool:
        return "[?(" in path or original(path)

    json_path._contains_slice_or_wildcard_array = indefinite

    # And one through a single item is what stands there, also where it goes on behind.
    def single(path: str) -> bool:
        return bool(re.search(r"\[\d+\]", path)) and not re.search(r"[*?:]|\.\.", path)

    json_path._is_singleton_array_access = single


def _jsonata() -> None:
    def evaluate(expression: str) -> Any:
        # Here, so that a server runs without it as long as nothing is written in JSONata.
        from jsonata import Jsonata

        try:
            parsed = Jsonata(expression)
            parsed.register_lambda("parse", json.loads)  # of Step Functions, which JSONata lacks
            return parsed.evaluate(None)
        except Exception as error:
            raise jsonata.JSONataException("UNKNOWN", str(error)) from error

    # moto writes texts without escaping them, and escapes others into halves of characters.
    def declarations(bindings: dict[str, Any]) -> str:
        return "".join(
            f"{name}:={json.dumps(value, ensure_ascii=False, default=str)};"
            for name, value in bindings.items()
        )

    jsonata._eval_jsonata = evaluate
    for module in (jsonata, states, variable_store):
        module.encode_jsonata_variable_declarations = declarations  # type: ignore[attr-defined]
