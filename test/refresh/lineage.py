"""Says by sqlglot, independently of constructs/lineage, what the columns of queries are made of.

Reads a list of {"sql": ..., "schema": {table: {column: type}}} from standard input. Answers each with
{output column: [table.column, ...]}.
"""

import json
import sys

from sqlglot import exp
from sqlglot.lineage import lineage


def leaf(node):
    """A column of a table at the end of a lineage; None for what is made of none."""
    if not isinstance(node.expression, exp.Table) or "." not in node.name:
        return None
    return node.expression.name.lower() + "." + node.name.rsplit(".", 1)[1].lower()


def answer(query):
    nodes = lineage(None, query["sql"], schema=query["schema"], dialect="trino")
    made = {}
    for name, node in nodes.items():
        leaves = {leaf(n) for n in node.walk() if not n.downstream}
        made[name] = sorted(leaves - {None})
    return made


print(json.dumps([answer(q) for q in json.load(sys.stdin)]))
