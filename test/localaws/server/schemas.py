"""CloudFormation's resource schemas, read from the copy that cfn-lint carries.

They replace hand-kept lists: which properties a type has, which are required, and which
are create-only, so that changing one means a new resource.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

from .errors import InvalidRequest

# Documented as "Update requires: Replacement" (or as needing a new name), but missing from
# createOnlyProperties in the published schema; or new there and unproven.
_MORE_CREATE_ONLY: dict[str, tuple[str, ...]] = {
    "AWS::Glue::Database": ("CatalogId", "DatabaseInput/Name"),
    "AWS::Glue::Table": ("TableInput/Name",),
    "AWS::Glue::Connection": ("ConnectionInput/Name",),
    "AWS::Glue::DataQualityRuleset": ("Name", "TargetTable"),
    "AWS::Glue::SecurityConfiguration": ("EncryptionConfiguration",),
    "AWS::Glue::Classifier": (
        "CsvClassifier/Name",
        "GrokClassifier/Name",
        "JsonClassifier/Name",
        "XMLClassifier/Name",
    ),
    # The schema lets name and identity provider change in place since 2026, and nobody here has
    # seen it happen: what replaces a store elsewhere must not pass here.
    "AWS::HealthLake::FHIRDatastore": ("DatastoreName", "IdentityProviderConfiguration"),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion"),
    "AWS::Events::Rule": ("EventBusName",),
}


@cache
def _folder() -> Path:
    # Located without importing cfnlint: that would cost more than a second at start.
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("cfn-lint is not installed: pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


@cache
def _digests() -> dict[str, str]:
    listed = _folder() / "providers" / "us-east-1.json"
    types: dict[str, str] = json.loads(listed.read_text(encoding="utf-8"))
    return types


@cache
def schema(type_name: str) -> dict[str, Any] | None:
    """The schema of a resource type, or None when AWS publishes none."""
    digest = _digests().get(type_name)
    if digest is None:
        return None
    file = _folder() / "resources" / f"{digest}.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@cache
def create_only(type_name: str) -> tuple[str, ...]:
    """Slash-separated property paths that cannot change on a live resource."""
    published = (schema(type_name) or {}).get("createOnlyProperties", [])
    paths = {pointer.removeprefix("/properties/") for pointer in published}
    paths.update(_MORE_CREATE_ONLY.get(type_name, ()))
    return tuple(sorted(paths))


def replaced_by(type_name: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The create-only properties whose value differs between old and new."""
    return [p for p in create_only(type_name) if _at(old, p) != _at(new, p)]


def _at(value: Any, path: str) -> Any:
    for part in path.split("/"):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def check(type_name: str, properties: dict[str, Any]) -> None:
    """Refuse properties that the type does not have, or lacks.

    Only structure is checked (unknown keys, missing keys, enumerations): this is what
    CloudFormation itself refuses before any service is called. Values are the service's
    business.
    """
    root = schema(type_name)
    if root is None:
        return
    problems: list[str] = []
    _walk(root, root, properties, "#", problems)
    if problems:
        raise InvalidRequest("Properties validation failed: " + "; ".join(problems))


def _resolve(root: dict[str, Any], node: Any) -> dict[str, Any]:
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"]
        if not pointer.startswith("#/"):
            return {}
        target: Any = root
        for part in pointer[2:].split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~"), {})
        node = target
    return node if isinstance(node, dict) else {}


def _walk(root: dict[str, Any], node: Any, value: Any, path: str, problems: list[str]) -> None:
    node = _resolve(root, node)
    if isinstance(value, dict):
        known = node.get("properties")
        if not isinstance(known, dict):
            return
        for key in sorted(value):
            if key in known:
                _walk(root, known[key], value[key], f"{path}/{key}", problems)
            elif node.get("additionalProperties") is False and not node.get("patternProperties"):
                problems.append(f"{path}: extraneous key [{key}] is not permitted")
        for key in node.get("required", []):
            if key not in value:
                problems.append(f"{path}: required key [{key}] not found")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _walk(root, node.get("items"), item, f"{path}/{index}", problems)
    elif isinstance(node.get("enum"), list) and value not in node["enum"]:
        allowed = [str(item) for item in node["enum"]]
        if str(value) not in allowed:
            problems.append(f"{path}: {value} is not a valid enum value, one of {allowed}")
