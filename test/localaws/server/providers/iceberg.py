"""What Glue writes into the catalog for an Iceberg table that a template describes."""

from __future__ import annotations

import json
from typing import Any

from ..errors import InvalidRequest
from ..provider import Properties

# Glue's names of Iceberg's primitive types, where they differ.
_GLUE = {"long": "bigint", "timestamptz": "timestamp", "time": "string", "uuid": "string"}


def catalog_type(iceberg: Any) -> str:
    """The Glue type of an Iceberg type: a name, an object, or the JSON text of an object."""
    if isinstance(iceberg, str) and iceberg.startswith("{"):
        iceberg = json.loads(iceberg)
    if isinstance(iceberg, str):
        return _GLUE.get(iceberg, iceberg.replace(", ", ","))
    match iceberg["type"]:
        case "list":
            return f"array<{catalog_type(iceberg['element'])}>"
        case "map":
            return f"map<{catalog_type(iceberg['key'])},{catalog_type(iceberg['value'])}>"
        case "struct":
            fields = (f"{f['name']}:{catalog_type(f['type'])}" for f in iceberg["fields"])
            return f"struct<{','.join(fields)}>"
    raise InvalidRequest(f"no Iceberg type: {iceberg!r}")


def table_input(name: str, wanted: Properties) -> Properties:
    """The catalog entry of a table whose schema stands in IcebergTableInput."""
    ids = [int(field["Id"]) for field in wanted["Schema"]["Fields"]]
    if len(set(ids)) != len(ids):
        raise InvalidRequest(f"field ids of {name} are not unique: {ids}")
    for partition in (wanted.get("PartitionSpec") or {}).get("Fields", []):
        if int(partition["SourceId"]) not in ids:
            raise InvalidRequest(f"{name}: no field has the id {partition['SourceId']}")
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"table_type": "ICEBERG", **(wanted.get("Properties") or {})},
        "StorageDescriptor": {
            "Location": wanted["Location"],
            "Columns": [
                {"Name": field["Name"], "Type": catalog_type(field["Type"])}
                for field in wanted["Schema"]["Fields"]
            ],
        },
    }


def as_api(wanted: Properties) -> Properties:
    """IcebergTableInput as the Glue API spells and types it."""
    out = {**wanted, "Schema": {**wanted["Schema"]}}
    out["Schema"]["Fields"] = [
        {**field, "Id": int(field["Id"]), "Required": str(field["Required"]).lower() == "true"}
        for field in wanted["Schema"]["Fields"]
    ]
    if "PartitionSpec" in wanted:
        spec = {**wanted["PartitionSpec"]}
        spec["Fields"] = [
            {**field, **{k: int(field[k]) for k in ("SourceId", "FieldId") if k in field}}
            for field in spec["Fields"]
        ]
        if "SpecId" in spec:
            spec["SpecId"] = int(spec["SpecId"])
        out["PartitionSpec"] = spec
    return out
