"""ALTER TABLE of Athena, for columns of Iceberg tables, and MERGE INTO that fails as a test decides.

moto runs no SQL. What a change of a table does is seen in the catalog, so this does there what
Iceberg does: a column that goes stays in the list, marked as no longer current. A column that is
not there, or is there already, fails the statement.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from . import scripts
from .motonames import AthenaBackend, glue_backends


_STATEMENT = re.compile(
    r"ALTER TABLE `(?P<table>[^`]+)` (?:"
    r"ADD COLUMNS \(`(?P<new>[^`]+)` (?P<new_type>.+)\)"
    r"|DROP COLUMN `(?P<gone>[^`]+)`"
    r"|CHANGE COLUMN `(?P<old>[^`]+)` `(?P<to>[^`]+)` (?P<to_type>.+))"
)
_CURRENT = "iceberg.field.current"


def apply() -> None:
    """Let Athena alter tables, and MERGE INTO fail."""
    original = AthenaBackend.start_query_execution

    def start(self: Any, query: str, context: Any, *args: Any, **kwargs: Any) -> str:
        identity = original(self, query, context, *args, **kwargs)
        if query.startswith("MERGE INTO "):
            step = scripts.take("StartQueryExecution", self.account_id)
            if step.status:
                self.executions[identity].status = step.status
        found = _STATEMENT.fullmatch(query)
        if found:
            glue = glue_backends[self.account_id][self.region_name]
            table = glue.get_table(context["Database"], found["table"])
            changed = copy.deepcopy(table.versions[str(table._current_version)])
            if _alter(changed["StorageDescriptor"]["Columns"], found):
                table.update(changed)
            else:
                self.executions[identity].status = "FAILED"
        return identity

    AthenaBackend.start_query_execution = start  # type: ignore[method-assign]


def _alter(columns: list[dict[str, Any]], statement: re.Match[str]) -> bool:
    """Change the columns; whether that was possible."""
    current = {c["Name"]: c for c in columns if c.get("Parameters", {}).get(_CURRENT) != "false"}
    if statement["new"]:
        if statement["new"] in current:
            return False
        added = {"Name": statement["new"], "Type": statement["new_type"]}
        columns.append({**added, "Parameters": {_CURRENT: "true"}})
        return True
    column = current.get(statement["gone"] or statement["old"])
    if column is None:
        return False
    if statement["gone"]:
        column.setdefault("Parameters", {})[_CURRENT] = "false"
        return True
    if statement["to"] != column["Name"] and statement["to"] in current:
        return False
    column["Name"], column["Type"] = statement["to"], statement["to_type"]
    return True
