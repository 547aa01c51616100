"""What Lake Formation does when the Glue catalog changes.

A new database or table gets the account's default permissions: this is how
IAM_ALLOWED_PRINCIPALS comes onto a table that was meant to be governed. A dropped one loses
its tags and grants.
"""

from __future__ import annotations

import functools
from typing import Any

from ..motonames import GlueBackend, GlueResponse
from .models import LakeFormationBackend, lakeformation_backends


def follow() -> None:
    """Have the Glue backend tell Lake Formation about its databases and tables."""
    _after("create_database", _database_made)
    _after("create_table", _table_made)
    _after("delete_database", _database_dropped)
    _after("delete_table", _table_dropped)
    # There are no catalogs here beside the default one of each account.
    GlueResponse.get_catalogs = lambda _: '{"CatalogList": []}'  # type: ignore[attr-defined]


def _after(name: str, then: Any) -> None:
    original = getattr(GlueBackend, name)

    @functools.wraps(original)
    def with_lake_formation(self: GlueBackend, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        then(lakeformation_backends[self.account_id][self.region_name], self, *args, **kwargs)
        return result

    setattr(GlueBackend, name, with_lake_formation)


def _database_made(
    lake: LakeFormationBackend,
    glue: GlueBackend,
    database_name: str,
    database_input: dict[str, Any],
    *_: Any,
    **__: Any,
) -> None:
    if "TargetDatabase" in database_input:
        return
    # A database that does not say otherwise passes the account's default on to its tables.
    database_input.setdefault(
        "CreateTableDefaultPermissions", lake.settings["CreateTableDefaultPermissions"]
    )
    for default in lake.settings["CreateDatabaseDefaultPermissions"]:
        resource = {"Database": {"Name": database_name}}
        lake.grant(default["Principal"], resource, default["Permissions"], [])


def _table_made(
    lake: LakeFormationBackend,
    glue: GlueBackend,
    database_name: str,
    table_name: str,
    *_: Any,
    **__: Any,
) -> None:
    database = glue.databases[database_name].input
    for default in database.get("CreateTableDefaultPermissions") or []:
        resource = {"Table": {"DatabaseName": database_name, "Name": table_name}}
        lake.grant(default["Principal"], resource, default["Permissions"], [])


def _database_dropped(lake: LakeFormationBackend, _: GlueBackend, database_name: str) -> None:
    lake.forget(database_name, None)


def _table_dropped(
    lake: LakeFormationBackend, _: GlueBackend, database_name: str, table_name: str
) -> None:
    lake.forget(database_name, table_name)
