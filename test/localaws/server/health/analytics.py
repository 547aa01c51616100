"""What HealthLake puts into the account's Glue catalog for SQL.

The tables of a store are Iceberg tables in a database of the service's own account; the owner of
the store sees them through a resource link. AWS documents neither the account nor the names, so
they cannot be derived from what a template knows; only the target's name carries the store's id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from ..lakeformation.models import lakeformation_backends
from ..motonames import glue_backends, GlueBackend, GlueResponse

# Owns the databases of every store; not the account of any test.
SERVICE_ACCOUNT = "640213945618"

# Tables that are there before anything was imported.
_TABLES = (
    "Condition",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Immunization",
    "MedicationRequest",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "Procedure",
)


@dataclass(frozen=True)
class Catalog:
    """The service's database and the account's link to it."""

    account: str
    region: str
    database: str
    link: str


def open_catalog(account: str, region: str, store: str) -> Catalog:
    """Make the database and the link of a store that became active."""
    tail = hashlib.sha256(f"healthlake/{store}".encode()).hexdigest()
    catalog = Catalog(account, region, f"fhir_{tail[:12]}_{store}", f"healthlake_view_{tail[32:44]}")
    glue_backends[SERVICE_ACCOUNT][region].create_database(
        catalog.database, {"Name": catalog.database}, {}
    )
    target = {"CatalogId": SERVICE_ACCOUNT, "DatabaseName": catalog.database}
    glue_backends[account][region].create_database(
        catalog.link, {"Name": catalog.link, "TargetDatabase": target}, {}
    )
    add_tables(catalog, set(_TABLES))
    # Shared with the account, so that its administrators may pass it on.
    rights = ["DESCRIBE", "SELECT"]
    lakeformation_backends[SERVICE_ACCOUNT][region].grant(
        {"DataLakePrincipalIdentifier": account}, _tables(catalog), rights, rights
    )
    return catalog


def _tables(catalog: Catalog) -> dict[str, Any]:
    """Every table of the service's database, as Lake Formation names them."""
    named = {"CatalogId": SERVICE_ACCOUNT, "DatabaseName": catalog.database, "TableWildcard": {}}
    return {"Table": named}


def add_tables(catalog: Catalog, types: set[str]) -> None:
    """A table for each resource type."""
    glue = glue_backends[SERVICE_ACCOUNT][catalog.region]
    known = glue.databases[catalog.database].tables
    for name in sorted(types):
        if name.lower() not in known:
            columns = [{"Name": "id", "Type": "string"}, {"Name": "resourcetype", "Type": "string"}]
            table = {
                "Name": name.lower(),
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"table_type": "ICEBERG"},
                "StorageDescriptor": {"Columns": columns},
            }
            glue.create_table(catalog.database, name.lower(), table)


def close_catalog(catalog: Catalog) -> None:
    """Remove both, with a store that is deleted. The link may be gone already."""
    glue = glue_backends[SERVICE_ACCOUNT][catalog.region]
    glue.databases.pop(catalog.database, None)
    lakeformation_backends[SERVICE_ACCOUNT][catalog.region].forget(catalog.database, None)
    own = glue_backends[catalog.account][catalog.region]
    if catalog.link in own.databases:
        own.delete_database(catalog.link)


def follow_links() -> None:
    """Let Glue read through a link into the service's catalog, and in that catalog by its id.

    Only reads, and only this catalog: moto knows neither links nor other accounts' catalogs.
    """
    for name in ("get_tables", "get_table"):
        _follow(name)
    own: Any = GlueResponse.glue_backend.fget  # type: ignore[attr-defined]

    def backend(self: Any) -> GlueBackend:
        if self.parameters.get("CatalogId") == SERVICE_ACCOUNT and _reads(self):
            return glue_backends[SERVICE_ACCOUNT][self.region]
        found: GlueBackend = own(self)
        return found

    GlueResponse.glue_backend = property(backend)  # type: ignore[assignment,method-assign]


def _reads(response: Any) -> bool:
    return str(response.headers.get("X-Amz-Target", "")).startswith("AWSGlue.Get")


def _follow(name: str) -> None:
    original = getattr(GlueBackend, name)

    def through(self: GlueBackend, database_name: str, *args: Any, **kwargs: Any) -> Any:
        known = self.databases.get(database_name)
        target = known.input.get("TargetDatabase", {}) if known else {}
        if target.get("CatalogId") == SERVICE_ACCOUNT:
            theirs = glue_backends[SERVICE_ACCOUNT][self.region_name]
            return original(theirs, target["DatabaseName"], *args, **kwargs)
        return original(self, database_name, *args, **kwargs)

    setattr(GlueBackend, name, through)
