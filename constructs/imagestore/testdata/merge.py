"""Runs the query of a MERGE statement in SQLite, and the statement's clauses by hand.

Reads {"statement": …, "steps": [[row, …], …]} and prints the table after each step, to which
the inbox has got the step's rows. SQLite knows neither MERGE nor Athena's functions.
"""

import json
import re
import sqlite3
import sys

given = json.load(sys.stdin)
query = re.search(r"USING \(\n(.*)\n\) s ON", given["statement"], re.DOTALL).group(1)
query = re.sub(r"date_format\(current_date - INTERVAL '(\d+)' DAY, '%Y-%m-%d'\)", r"date('now', '-\1 day')", query)
query = re.sub(r"try_cast\((\w+) AS date\)", r"date(\1)", query)
query = re.sub(r"CAST\(try\(from_iso8601_timestamp\((\w+)\)\) AS timestamp\(6\)\)", r"datetime(\1)", query)
columns = re.search(r"INSERT \((.*?)\)", given["statement"]).group(1).split(", ")

db = sqlite3.connect(":memory:")
db.execute("ATTACH ':memory:' AS lab")
db.execute(f"CREATE TABLE lab.series ({', '.join(columns)})")
db.execute(f"CREATE TABLE lab.inbox ({', '.join(columns)}, deleted, day)")

for rows in given["steps"]:
    for row in rows:
        days = row.pop("days_ago", 0)
        names = [*row, "day"]
        marks = ", ".join("?" * len(row))
        db.execute(
            f"INSERT INTO lab.inbox ({', '.join(names)}) VALUES ({marks}, date('now', '-{days} day'))",
            list(row.values()),
        )
    for values in db.execute(query).fetchall():
        new, gone = dict(zip(columns, values)), values[-1]
        where = "WHERE image_set_id = ? AND series_instance_uid = ?"
        key = (new["image_set_id"], new["series_instance_uid"])
        old = db.execute(f"SELECT version FROM lab.series {where}", key).fetchone()
        if old and (gone or new["version"] > old[0]):
            db.execute(f"DELETE FROM lab.series {where}", key)
        if not gone and (not old or new["version"] > old[0]):
            db.execute(f"INSERT INTO lab.series VALUES ({', '.join('?' * len(columns))})", values[:-1])
    print(json.dumps(db.execute("SELECT image_set_id, series_instance_uid, version, study_date FROM lab.series ORDER BY 1, 2").fetchall()))
