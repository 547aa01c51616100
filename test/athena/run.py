"""Runs statements in Athena's dialect on DuckDB.

Reads one JSON object from standard input: "steps", a list of {"sql": ...} in Trino's dialect or
{"duckdb": ...} as it is; a step with "rows": true has its result in the answer, one with
"fails": true must fail and has its error there. sqlglot translates; what it leaves to the engine
is defined below as Trino documents it.
"""

import functools
import json
import sys

import duckdb
import sqlglot
from sqlglot import exp


# HMAC by its definition (RFC 2104), of keys up to 64 bytes.
MACROS = [
    """CREATE MACRO hmac_pad(secret, mask) AS unhex(array_to_string(list_transform(range(64),
        lambda i: printf('%02x', xor(CAST('0x' || substr(rpad(hex(secret), 128, '0'), 2 * i + 1, 2) AS INT), mask))), ''))""",
    """CREATE MACRO hmac_sha256(message, secret) AS
        unhex(sha256(hmac_pad(secret, 92) || unhex(sha256(hmac_pad(secret, 54) || message))))""",
    "CREATE MACRO from_base(digits, radix) AS CAST('0x' || digits AS BIGINT)",
    """CREATE MACRO any_true(list) AS CASE WHEN list_contains(list, true) THEN true
        WHEN len(list_filter(list, lambda x: x IS NULL)) > 0 THEN NULL WHEN list IS NOT NULL THEN false END""",
    "CREATE MACRO arrays_overlap(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN list_has_any(a, b) END",
    "CREATE MACRO json_at(text, path) AS CASE WHEN json_valid(text) THEN json_extract(text, path) END",
    # The American Soundex of the letters a to z: h and w part nothing, vowels part equal codes.
    """CREATE MACRO soundex_codes(word) AS translate(left(word, 1) || replace(replace(substr(word, 2), 'h', ''), 'w', ''),
        'aeiouyhwbfpvcgjkqsxzdtlmnr', '00000000111122222222334556')""",
    """CREATE MACRO soundex_once(codes) AS list_reduce(['0', '1', '2', '3', '4', '5', '6'],
        lambda text, code: regexp_replace(text, code || '+', code, 'g'), codes)""",
    """CREATE MACRO soundex(word) AS CASE WHEN word IS NOT NULL THEN rpad(left(upper(left(word, 1))
        || replace(substr(soundex_once(soundex_codes(lower(word))), 2), '0', ''), 4), 4, '0') END""",
    "CREATE MACRO json_text_at(text, path) AS CASE WHEN json_valid(text) THEN json_extract_string(text, path) END",
]


def engine():
    db = duckdb.connect()
    db.execute("SET enable_progress_bar = false")  # it would stand among the answers
    for macro in MACROS:
        db.execute(macro)
    return db


def complete_years(node):
    """Years between two dates are complete ones in Trino; DuckDB's date_diff counts the turns of
    the year in between, and its date_sub complete years."""
    if isinstance(node, exp.DateDiff) and node.unit and node.unit.name.upper() == "YEAR":
        return exp.Anonymous(this="date_sub", expressions=[exp.Literal.string("year"), node.expression, node.this])
    return node


def whole_division(node):
    """Whole numbers divide to whole numbers in Trino; what the statements divide else is cast to double."""
    if not isinstance(node, exp.Div) or any(isinstance(e, exp.Cast) and e.to.is_type("double") for e in (node.this, node.expression)):
        return node
    return exp.IntDiv(this=node.this, expression=node.expression)


def byte_length(node):
    """Trino's length of binary values; the statements ask for no other."""
    return exp.Anonymous(this="octet_length", expressions=[node.this]) if isinstance(node, exp.Length) else node


def any_match(node):
    """Whether an element has what is asked for: null where none has, and some may have."""
    if isinstance(node, exp.Anonymous) and node.name.lower() == "any_match":
        return exp.Anonymous(this="any_true", expressions=[exp.Transform(this=node.expressions[0], expression=node.expressions[1])])
    return node


def json_or_null(node):
    """What is no JSON text has no parts in Trino; DuckDB fails."""
    if isinstance(node, (exp.JSONExtract, exp.JSONExtractScalar)):
        name = "json_text_at" if isinstance(node, exp.JSONExtractScalar) else "json_at"
        path = exp.Literal.string(node.expression.sql(dialect="trino").strip("'"))
        return exp.Anonymous(this=name, expressions=[node.this, path])
    return node


def no_match(node):
    """A text without the pattern has null for it in Trino; DuckDB has an empty text."""
    if isinstance(node, exp.RegexpExtract) and not isinstance(node.parent, exp.Nullif):
        return exp.Nullif(this=node.copy(), expression=exp.Literal.string(""))
    return node


def without_accents(node):
    """Statements take the normal form NFD only to drop the accents, which stand alone in it."""
    return exp.Anonymous(this="strip_accents", expressions=[node.this]) if isinstance(node, exp.Normalize) else node


RULES = (without_accents, complete_years, whole_division, byte_length, any_match, json_or_null, no_match)


def rewrite(tree, rule):
    """Applies a rule to every node, inner ones first."""
    for node in reversed(list(tree.walk())):
        new = rule(node)
        if new is not node:
            node.replace(new)
    return tree


@functools.cache
def translate(sql):
    tree = sqlglot.parse_one(sql, dialect="trino")
    if isinstance(tree, exp.Create):
        tree.set("properties", None)  # of Iceberg
    for rule in RULES:
        tree = rewrite(tree, rule)
    return tree.sql(dialect="duckdb")


def plain(value):
    return value.hex() if isinstance(value, bytes) else value if isinstance(value, (int, float, bool, type(None))) else str(value)


def run(db, step):
    sql = step.get("duckdb") or translate(step["sql"])
    try:
        result = db.execute(sql)
    except duckdb.Error as error:
        if step.get("fails"):
            return {"error": str(error)}
        raise RuntimeError(f"{error}\n{sql}") from error
    if step.get("fails"):
        raise RuntimeError(f"it did not fail:\n{sql}")
    if not step.get("rows"):
        return {}
    names = [d[0] for d in result.description]
    return {"rows": [dict(zip(names, map(plain, row))) for row in result.fetchall()]}


def main():
    steps = json.load(sys.stdin)["steps"]
    db = engine()
    json.dump([run(db, step) for step in steps], sys.stdout)


if __name__ == "__main__":
    main()
