"""What evaluations of quality rules see of Athena.

moto runs no SQL. A statement that inserts into quality_results is taken for what it says that it
measures: its rules are noted for its execution, once however often it runs, all of them passed.
The query that sums up an execution counts them. A test decides by a step of StartQueryExecution
what differs: with the status FAILED the next such statement fails; with a message the rules of
that name fail in it.
"""

from __future__ import annotations

import re
from typing import Any

from . import scripts
from .motonames import AthenaBackend, QueryResults

# A rule as measure.Product writes it: number, column, name, dimension, severity.
_TEXT = r"'((?:[^']|'')*)'"
_RULE = re.compile(rf"\(\d+, (?:{_TEXT}|CAST\(NULL AS varchar\)), {_TEXT}, {_TEXT}, {_TEXT}\)")
_TABLE = re.compile(rf'  SELECT {_TEXT} AS "table_name"')
_INSERT = re.compile(r'INSERT INTO "([^"]+)"\."quality_results" ')
_SUMMARY = re.compile(r'SELECT count\(\*\) AS "measured".*FROM "([^"]+)"\."quality_results"', re.DOTALL)

_Results = dict[tuple[str, str, str], bool]  # whether a rule passed, by table and column, name and severity
_noted: dict[tuple[str, str, str], _Results] = {}  # by account, database and execution


def apply() -> None:
    """Let Athena know the results of quality rules."""
    original = AthenaBackend.start_query_execution

    def start(self: Any, query: str, context: Any, config: Any, workgroup: str, execution_parameters: Any) -> str:
        identity = original(self, query, context, config, workgroup, execution_parameters)
        found = _INSERT.match(query) or _SUMMARY.match(query)
        if not found or not execution_parameters:
            return identity
        noted = _noted.setdefault((self.account_id, found[1], execution_parameters[0]), {})
        if query.startswith("SELECT"):
            self.query_results[identity] = _summary(noted)
            return identity
        step = scripts.take("StartQueryExecution", self.account_id)
        if step.status == "FAILED":
            self.executions[identity].status = "FAILED"
            return identity
        for table in re.split(r"\n  UNION ALL\n", query):
            name = _TABLE.search(table)
            for column, rule, _, severity in _RULE.findall(table):
                place = f"{name[1]}.{column}" if column else name[1]
                noted.setdefault((place, rule, severity), rule != step.message)
        return identity

    AthenaBackend.start_query_execution = start  # type: ignore[method-assign]


def _summary(noted: _Results) -> QueryResults:
    failed = [key for key, passed in sorted(noted.items()) if not passed]
    errors = [f"{place}: {rule}" for place, rule, severity in failed if severity == "error"]
    row = [str(len(noted)), str(len(errors)), str(len(failed) - len(errors)), ", ".join(errors)[:1000]]
    names = ["measured", "errors", "others", "rules"]
    rows = [{"Data": [{"VarCharValue": value} for value in values]} for values in (names, row)]
    return QueryResults(rows=rows, column_info=[])
