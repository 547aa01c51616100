"""Lake Formation's resource values: one form for each, whatever way it was written."""

from __future__ import annotations

import json
from typing import Any

from ..motonames import JsonRESTError



class EntityNotFound(JsonRESTError):
    """Something named does not exist."""

    def __init__(self, message: str) -> None:
        super().__init__("EntityNotFoundException", message)


class InvalidInput(JsonRESTError):
    """The request is wrong in itself."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidInputException", message)


class AlreadyExists(JsonRESTError):
    """The thing to create is there already."""

    def __init__(self, message: str) -> None:
        super().__init__("AlreadyExistsException", message)


_TABLE = frozenset({"ALL", "SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER", "DROP"})
_DATABASE = frozenset({"ALL", "CREATE_TABLE", "ALTER", "DROP", "DESCRIBE"})

# Which permissions each kind of resource takes, after the Lake Formation developer guide.
PERMISSIONS: dict[str, frozenset[str]] = {
    "Catalog": frozenset(
        {"ALL", "CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"}
        | {"ALTER", "DROP", "DESCRIBE"}
    ),
    "Database": _DATABASE,
    "Table": _TABLE,
    "TableWithColumns": frozenset({"SELECT"}),
    "DataLocation": frozenset({"DATA_LOCATION_ACCESS"}),
    "DataCellsFilter": frozenset({"SELECT"}),
    "LFTag": frozenset(
        {"ALL", "DESCRIBE", "ASSOCIATE", "ALTER", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION"}
    ),
    "LFTagPolicy:DATABASE": _DATABASE,
    "LFTagPolicy:TABLE": _TABLE,
}


def normal(resource: dict[str, Any], catalog: str) -> dict[str, Any]:
    """resource with catalog ids filled in and lists in order, so that equals compare equal.

    Raises InvalidInput unless exactly one kind of resource is named.
    """
    kinds = [kind for kind, value in resource.items() if value is not None]
    if len(kinds) != 1:
        raise InvalidInput(
            f"Resource must name exactly one kind, got {', '.join(sorted(kinds)) or 'none'}."
        )
    kind = kinds[0]
    value = dict(resource[kind])
    if kind == "DataCellsFilter":
        value.setdefault("TableCatalogId", catalog)
    elif kind != "Catalog":
        value.setdefault("CatalogId", catalog)
    if kind == "Table":
        if ("Name" in value) == ("TableWildcard" in value):
            raise InvalidInput("Table takes either Name or TableWildcard.")
    elif kind == "TableWithColumns":
        if ("ColumnNames" in value) == ("ColumnWildcard" in value):
            raise InvalidInput("TableWithColumns takes either ColumnNames or ColumnWildcard.")
        if "ColumnNames" in value:
            value["ColumnNames"] = sorted(value["ColumnNames"])
    elif kind == "LFTag":
        value["TagKey"] = value["TagKey"].lower()
        value["TagValues"] = sorted(v.lower() for v in value["TagValues"])
    elif kind == "LFTagPolicy":
        if value.get("ResourceType") not in ("DATABASE", "TABLE"):
            raise InvalidInput("LFTagPolicy needs ResourceType DATABASE or TABLE.")
        expression = value.get("Expression") or []
        if not 1 <= len(expression) <= 5:
            raise InvalidInput(f"LFTagPolicy takes 1 to 5 expressions, got {len(expression)}.")
        value["Expression"] = sorted(
            (
                {
                    "TagKey": item["TagKey"].lower(),
                    "TagValues": sorted(v.lower() for v in item["TagValues"]),
                }
                for item in expression
            ),
            key=lambda item: str(item["TagKey"]),
        )
    return {kind: value}


def kind_of(resource: dict[str, Any]) -> str:
    """The one kind that a resource names."""
    return next(iter(resource))


def key_of(resource: dict[str, Any]) -> str:
    """A string that is equal for equal resources."""
    return json.dumps(resource, sort_keys=True)


def allowed(resource: dict[str, Any]) -> frozenset[str]:
    """The permissions that a resource takes."""
    kind = kind_of(resource)
    if kind == "LFTagPolicy":
        kind = f"LFTagPolicy:{resource[kind]['ResourceType']}"
    if kind not in PERMISSIONS:
        raise InvalidInput(f"Resource kind {kind} is not supported here.")
    return PERMISSIONS[kind]


def type_of(resource: dict[str, Any]) -> set[str]:
    """The values of ListPermissions' ResourceType that a resource answers to."""
    kind = kind_of(resource)
    if kind in ("Table", "TableWithColumns", "DataCellsFilter"):
        return {"TABLE"}
    if kind == "LFTagPolicy":
        return {"LF_TAG_POLICY", f"LF_TAG_POLICY_{resource[kind]['ResourceType']}"}
    return {{"DataLocation": "DATA_LOCATION", "LFTag": "LF_TAG"}.get(kind, kind.upper())}


def catalog_of(resource: dict[str, Any]) -> str | None:
    """The account whose catalog the resource stands in."""
    value = resource[kind_of(resource)]
    return value.get("CatalogId") or value.get("TableCatalogId")


def covers(shared: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether who may pass on the shared resource may pass on the wanted one.

    After "Cross-account permission cascading": the same one, or a part of a shared table.
    """
    if key_of(shared) == key_of(wanted):
        return True
    kind = kind_of(wanted)
    if kind_of(shared) != "Table" or kind not in ("Table", "TableWithColumns", "DataCellsFilter"):
        return False
    have, want = shared["Table"], wanted[kind]
    table = want.get("TableName") if kind == "DataCellsFilter" else want.get("Name")
    return (
        catalog_of(shared) == catalog_of(wanted)
        and have["DatabaseName"] == want["DatabaseName"]
        and ("TableWildcard" in have or have.get("Name") == table)
    )
