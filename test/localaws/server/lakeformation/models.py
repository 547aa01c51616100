"""The state of Lake Formation: settings, locations, tags, filters and grants.

Kept per account and region, as the service does. Whatever a request names is looked up in
the Glue catalog first: a grant on a table that is not there fails, as it does on AWS.
Nothing is enforced: a principal without any grant may call everything.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from ..motonames import BackendDict, BaseBackend, glue_backends, iam_backends, s3_backends, utcnow
from .resources import (
    AlreadyExists,
    EntityNotFound,
    InvalidInput,
    allowed,
    catalog_of,
    covers,
    key_of,
    kind_of,
    normal,
    type_of,
)

# (catalog, database, table or "", column or "")
Place = tuple[str, str, str, str]


@dataclass
class Grant:
    """The permissions of one principal on one resource."""

    principal: str
    resource: dict[str, Any]
    permissions: set[str] = field(default_factory=set)
    grantable: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        return {
            "Principal": {"DataLakePrincipalIdentifier": self.principal},
            "Resource": self.resource,
            "Permissions": sorted(self.permissions),
            "PermissionsWithGrantOption": sorted(self.grantable),
        }


def _default_settings() -> dict[str, Any]:
    """The settings of an account nobody has touched: everything open to IAM."""
    everybody = [
        {
            "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
            "Permissions": ["ALL"],
        }
    ]
    return {
        "DataLakeAdmins": [],
        "ReadOnlyAdmins": [],
        "CreateDatabaseDefaultPermissions": everybody,
        "CreateTableDefaultPermissions": copy.deepcopy(everybody),
        "Parameters": {"CROSS_ACCOUNT_VERSION": "1", "SET_CONTEXT": "TRUE"},
        "TrustedResourceOwners": [],
        "AllowExternalDataFiltering": False,
        "AllowFullTableExternalDataAccess": False,
        "ExternalDataFilteringAllowList": [],
        "AuthorizedSessionTagValueList": [],
    }


class LakeFormationBackend(BaseBackend):
    """Lake Formation in one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.settings: dict[str, Any] = _default_settings()
        self.locations: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, list[str]] = {}
        self.assigned: dict[Place, dict[str, str]] = {}
        self.filters: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.opt_ins: dict[tuple[str, str], dict[str, Any]] = {}

    # --- settings ---

    def put_settings(self, settings: dict[str, Any]) -> None:
        """Replace the settings. Parameters that are not named keep their value."""
        admins = settings.get("DataLakeAdmins") or []
        if len(admins) > 30:
            raise InvalidInput(f"A data lake has at most 30 administrators, got {len(admins)}.")
        version = (settings.get("Parameters") or {}).get("CROSS_ACCOUNT_VERSION")
        if version is not None and version not in ("1", "2", "3", "4", "5"):
            raise InvalidInput(f"CROSS_ACCOUNT_VERSION must be 1 to 5, got {version}.")
        fresh = _default_settings()
        fresh["CreateDatabaseDefaultPermissions"] = []
        fresh["CreateTableDefaultPermissions"] = []
        parameters = {**self.settings["Parameters"], **(settings.get("Parameters") or {})}
        self.settings = {**fresh, **settings, "Parameters": parameters}

    # --- locations ---

    def register(self, arn: str, **details: Any) -> None:
        """Register a location, once, and neither above nor below another."""
        if arn in self.locations:
            raise AlreadyExists(f"Resource is already registered: {arn}")
        for other in self.locations:
            if _inside(arn, other) or _inside(other, arn):
                raise AlreadyExists(f"Resource {arn} overlaps with the registered location {other}")
        role = details.get("RoleArn")
        if bool(role) == bool(details.get("UseServiceLinkedRole")):
            raise InvalidInput("Register with either RoleArn or UseServiceLinkedRole.")
        if role:
            self._need_role(role)
        self._need_bucket(arn)
        self.locations[arn] = {
            "ResourceArn": arn,
            "RoleArn": role or self._service_role(),
            "LastModified": utcnow(),
            "WithFederation": bool(details.get("WithFederation")),
            "HybridAccessEnabled": bool(details.get("HybridAccessEnabled")),
        }

    def update_location(self, arn: str, role: str, **details: Any) -> None:
        location = self.location(arn)
        self._need_role(role)
        location.update(
            RoleArn=role, LastModified=utcnow(), **{k: bool(v) for k, v in details.items()}
        )

    def location(self, arn: str) -> dict[str, Any]:
        if arn not in self.locations:
            raise EntityNotFound(f"Resource is not registered: {arn}")
        return self.locations[arn]

    def deregister(self, arn: str) -> None:
        self.location(arn)
        del self.locations[arn]

    def _service_role(self) -> str:
        name = "AWSServiceRoleForLakeFormationDataAccess"
        return f"arn:aws:iam::{self.account_id}:role/aws-service-role/lakeformation.amazonaws.com/{name}"

    def _need_role(self, arn: str) -> None:
        account = arn.split(":")[4]
        roles = iam_backends[account]["aws"].roles.values()
        if arn not in {role.arn for role in roles}:
            raise EntityNotFound(f"Role does not exist: {arn}")

    def _need_bucket(self, arn: str) -> None:
        bucket = arn.split(":::", 1)[-1].split("/", 1)[0]
        if bucket not in s3_backends.bucket_accounts:
            raise EntityNotFound(f"Bucket does not exist: {bucket}")

    # --- hybrid access mode ---

    def opt_in(self, principal: dict[str, Any], resource: dict[str, Any]) -> None:
        """Have Lake Formation decide for a principal where IAM decides for all others."""
        who, what = _principal(principal), normal(resource, self.account_id)
        self._need(what)
        key = (who, key_of(what))
        if key in self.opt_ins:
            raise AlreadyExists(f"{who} has opted in already.")
        self.opt_ins[key] = {
            "Principal": {"DataLakePrincipalIdentifier": who},
            "Resource": what,
            "LastModified": utcnow(),
        }

    def opt_out(self, principal: dict[str, Any], resource: dict[str, Any]) -> None:
        key = (_principal(principal), key_of(normal(resource, self.account_id)))
        if key not in self.opt_ins:
            raise EntityNotFound(f"{key[0]} has not opted in.")
        del self.opt_ins[key]

    # --- tags ---

    def create_tag(self, key: str, values: list[str]) -> None:
        key = key.lower()
        if key in self.tags:
            raise AlreadyExists(f"LF-Tag {key} already exists.")
        self.tags[key] = _values(values)

    def tag(self, key: str) -> list[str]:
        if key.lower() not in self.tags:
            raise EntityNotFound(f"LF-Tag {key} does not exist.")
        return self.tags[key.lower()]

    def update_tag(self, key: str, delete: list[str], add: list[str]) -> None:
        values = self.tag(key)
        key, gone = key.lower(), {v.lower() for v in delete}
        for place, tags in self.assigned.items():
            if tags.get(key) in gone:
                raise InvalidInput(
                    f"Update not allowed: value {tags[key]} of LF-Tag {key} is assigned to {_name(place)}."
                )
        self.tags[key] = _values([v for v in values if v not in gone] + add)

    def delete_tag(self, key: str) -> None:
        self.tag(key)
        del self.tags[key.lower()]
        for tags in self.assigned.values():
            tags.pop(key.lower(), None)

    def assign(self, resource: dict[str, Any], tags: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Assign tags; returns the failures, one per tag that does not exist."""
        places = self._places(resource)
        failures = [f for f in map(self._refusal, tags) if f]
        if not failures:
            for place in places:
                own = self.assigned.setdefault(place, {})
                own.update({t["TagKey"].lower(): t["TagValues"][0].lower() for t in tags})
        return failures

    def unassign(
        self, resource: dict[str, Any], tags: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Remove tags; returns the failures, one per tag that was not assigned."""
        failures = []
        for place in self._places(resource):
            own = self.assigned.get(place, {})
            for tag in tags:
                key, values = tag["TagKey"].lower(), {v.lower() for v in tag["TagValues"]}
                if own.get(key) in values:
                    del own[key]
                else:
                    failures.append(_failure(tag, f"LF-Tag is not assigned to {_name(place)}."))
        return failures

    def _refusal(self, tag: dict[str, Any]) -> dict[str, Any] | None:
        owner = lakeformation_backends[tag.get("CatalogId") or self.account_id][self.region_name]
        if len(tag["TagValues"]) != 1:
            return _failure(tag, "A resource takes exactly one value per LF-Tag.")
        known = owner.tags.get(tag["TagKey"].lower(), [])
        if tag["TagValues"][0].lower() not in known:
            return _failure(
                tag, f"Tag or tag value does not exist: {tag['TagKey']}={tag['TagValues'][0]}"
            )
        return None

    def tags_of(self, resource: dict[str, Any], assigned_only: bool) -> dict[str, Any]:
        """The tags of a database, table or columns.

        Tables inherit from their database and columns from their table; a value of one's own
        wins. assigned_only leaves out what is inherited.
        """
        places = self._places(resource)
        catalog, database, table, _ = places[0]
        chain = [self.assigned.get((catalog, database, "", ""), {})]
        answer: dict[str, Any] = {"LFTagOnDatabase": self._pairs(chain[0])}
        if not table:
            return answer
        chain.append(self.assigned.get((catalog, database, table, ""), {}))
        answer["LFTagsOnTable"] = self._pairs(
            chain[1] if assigned_only else {**chain[0], **chain[1]}
        )
        columns = [column for *_, column in places if column] or self._columns(
            catalog, database, table
        )
        answer["LFTagsOnColumns"] = []
        for column in columns:
            own = self.assigned.get((catalog, database, table, column), {})
            tags = own if assigned_only else {**chain[0], **chain[1], **own}
            if tags:
                answer["LFTagsOnColumns"].append({"Name": column, "LFTags": self._pairs(tags)})
        return answer

    def _pairs(self, tags: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {"CatalogId": self.account_id, "TagKey": key, "TagValues": [value]}
            for key, value in sorted(tags.items())
        ]

    def _places(self, resource: dict[str, Any]) -> list[Place]:
        """Where tags go: a database, a table or columns, all of them existing."""
        resource = normal(resource, self.account_id)
        kind = kind_of(resource)
        value = resource[kind]
        if kind not in ("Database", "Table", "TableWithColumns"):
            raise InvalidInput(f"LF-Tags go on databases, tables and columns, not on {kind}.")
        self._need(resource)
        catalog = value["CatalogId"]
        if kind == "Database":
            return [(catalog, value["Name"], "", "")]
        if kind == "Table":
            if "Name" not in value:
                raise InvalidInput("LF-Tags go on a table by name, not on a wildcard.")
            return [(catalog, value["DatabaseName"], value["Name"], "")]
        if "ColumnNames" not in value:
            raise InvalidInput("LF-Tags go on columns by name, not on a wildcard.")
        return [(catalog, value["DatabaseName"], value["Name"], c) for c in value["ColumnNames"]]

    # --- data cells filters ---

    def create_filter(self, data: dict[str, Any]) -> None:
        key = _filter_key(data)
        if key in self.filters:
            raise AlreadyExists(
                f"Data cells filter {data['Name']} already exists on {key[1]}.{key[2]}."
            )
        self.filters[key] = {**self._checked_filter(data), "VersionId": "1"}

    def update_filter(self, data: dict[str, Any]) -> None:
        old = self.filter(*_filter_key(data))
        version = str(int(old["VersionId"]) + 1)
        self.filters[_filter_key(data)] = {**self._checked_filter(data), "VersionId": version}

    def filter(self, catalog: str, database: str, table: str, name: str) -> dict[str, Any]:
        key = (catalog, database, table, name)
        if key not in self.filters:
            raise EntityNotFound(f"Data cells filter {name} does not exist on {database}.{table}.")
        return self.filters[key]

    def delete_filter(self, catalog: str, database: str, table: str, name: str) -> None:
        self.filter(catalog, database, table, name)
        del self.filters[(catalog, database, table, name)]

    def _checked_filter(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("ColumnNames" in data) == ("ColumnWildcard" in data):
            raise InvalidInput("A data cells filter takes either ColumnNames or ColumnWildcard.")
        rows = data.get("RowFilter") or {}
        if ("FilterExpression" in rows) == ("AllRowsWildcard" in rows):
            raise InvalidInput("RowFilter takes either FilterExpression or AllRowsWildcard.")
        if len(rows.get("FilterExpression", "")) > 2048:
            raise InvalidInput("A row filter expression has at most 2048 characters.")
        excluded = (data.get("ColumnWildcard") or {}).get("ExcludedColumnNames") or []
        table = {
            "CatalogId": data["TableCatalogId"],
            "DatabaseName": data["DatabaseName"],
            "Name": data["TableName"],
        }
        self._need_table(table, list(data.get("ColumnNames") or []) + list(excluded))
        return dict(data)

    # --- grants ---

    def grant(
        self,
        principal: dict[str, Any],
        resource: dict[str, Any],
        permissions: list[str],
        grantable: list[str],
    ) -> None:
        """Add permissions to what the principal has on the resource."""
        who = _principal(principal)
        what = normal(resource, self.account_id)
        wrong = sorted((set(permissions) | set(grantable)) - self._takes(what))
        if wrong:
            raise InvalidInput(f"{kind_of(what)} does not take the permission {', '.join(wrong)}.")
        if not permissions:
            raise InvalidInput("Permissions must not be empty.")
        missing = sorted(set(grantable) - set(permissions))
        if missing:
            raise InvalidInput(
                f"PermissionsWithGrantOption has more than Permissions: {', '.join(missing)}."
            )
        self._need(what)
        self._need_share(what, permissions)
        grant = self.grants.setdefault((who, key_of(what)), Grant(who, what))
        grant.permissions |= set(permissions)
        grant.grantable |= set(grantable)

    def revoke(
        self,
        principal: dict[str, Any],
        resource: dict[str, Any],
        permissions: list[str],
        grantable: list[str],
    ) -> None:
        """Take permissions away; taking away what is not there is an error."""
        who = _principal(principal)
        key = (who, key_of(normal(resource, self.account_id)))
        grant = self.grants.get(key)
        missing = sorted(set(permissions) - (grant.permissions if grant else set()))
        if grant is None or missing:
            raise InvalidInput(
                f"No permissions revoked. Grantee {who} does not have: {', '.join(missing)}."
            )
        # What the account no longer sees it cannot name: its own grant stays, and is in force
        # again when the owner shares once more.
        self._need_share(normal(resource, self.account_id), permissions)
        grant.permissions -= set(permissions)
        grant.grantable -= set(grantable) | set(permissions)
        if not grant.permissions and not grant.grantable:
            del self.grants[key]

    def granted(self, principal: dict[str, Any], resource: dict[str, Any]) -> Grant | None:
        """What a principal has on exactly this resource."""
        return self.grants.get((_principal(principal), key_of(normal(resource, self.account_id))))

    def list_grants(
        self,
        principal: dict[str, Any] | None,
        resource: dict[str, Any] | None,
        resource_type: str | None,
    ) -> list[dict[str, Any]]:
        """Grants in a stable order, by principal and resource."""
        if principal and not resource:
            raise InvalidInput("Resource is mandatory if Principal is set in the input.")
        wanted = key_of(normal(resource, self.account_id)) if resource else None
        who = _principal(principal) if principal else None
        return [
            grant.as_dict()
            for (holder, key), grant in sorted(self.grants.items())
            if (wanted is None or key == wanted)
            and (who is None or holder == who)
            and (resource_type is None or resource_type in type_of(grant.resource))
        ]

    def forget(self, database: str, table: str | None) -> None:
        """Drop tags and grants of a table or database that was dropped from the catalog."""
        for place in list(self.assigned):
            if place[:2] == (self.account_id, database) and table in (None, place[2]):
                del self.assigned[place]
        for key, grant in list(self.grants.items()):
            kind = kind_of(grant.resource)
            value = grant.resource[kind]
            if value.get("CatalogId", value.get("TableCatalogId")) != self.account_id:
                continue
            if kind == "Database" and table is None and value["Name"] == database:
                del self.grants[key]
            elif value.get("DatabaseName") == database:
                name = value.get("TableName") if kind == "DataCellsFilter" else value.get("Name")
                if table is None or name == table:
                    del self.grants[key]

    def _takes(self, resource: dict[str, Any]) -> frozenset[str]:
        """The permissions a resource takes: a link to another database only these two."""
        if kind_of(resource) == "Database":
            value = resource["Database"]
            database = self._database(value["CatalogId"], value["Name"])
            if database.input.get("TargetDatabase"):
                return frozenset({"DESCRIBE", "DROP"})
        return allowed(resource)

    def _need_share(self, resource: dict[str, Any], permissions: list[str]) -> None:
        """An account passes on only what another shared with it, with the grant option.

        An LF-Tag policy and a filter must be the very same, a table may be a part of what is
        shared. Sharing with an organization counts for every account.
        """
        owner = catalog_of(resource)
        if owner in (None, self.account_id):
            return
        wanted = set(permissions)
        for share in lakeformation_backends[owner][self.region_name].grants.values():
            mine = share.principal == self.account_id or ":organizations::" in share.principal
            if mine and wanted <= share.grantable and covers(share.resource, resource):
                return
        raise EntityNotFound(
            f"Resource does not exist or requester is not authorized: account {owner} has not shared "
            f"{key_of(resource)} with {self.account_id} with the grant option for {', '.join(permissions)}."
        )

    # --- what must exist ---

    def _need(self, resource: dict[str, Any]) -> None:
        kind = kind_of(resource)
        value = resource[kind]
        if kind == "Database":
            self._database(value["CatalogId"], value["Name"])
        elif kind == "Table":
            if "Name" in value:
                self._need_table(value, [])
            else:
                self._database(value["CatalogId"], value["DatabaseName"])
        elif kind == "TableWithColumns":
            excluded = (value.get("ColumnWildcard") or {}).get("ExcludedColumnNames") or []
            self._need_table(value, list(value.get("ColumnNames") or []) + list(excluded))
        elif kind == "DataCellsFilter":
            owner = lakeformation_backends[value["TableCatalogId"]][self.region_name]
            owner.filter(
                value["TableCatalogId"], value["DatabaseName"], value["TableName"], value["Name"]
            )
        elif kind == "DataLocation":
            owner = lakeformation_backends[value["CatalogId"]][self.region_name]
            arn = value["ResourceArn"]
            if not any(arn == known or _inside(arn, known) for known in owner.locations):
                raise EntityNotFound(f"Resource is not registered: {arn}")
        elif kind in ("LFTag", "LFTagPolicy"):
            owner = lakeformation_backends[value["CatalogId"]][self.region_name]
            for pair in [value] if kind == "LFTag" else value["Expression"]:
                known = owner.tag(pair["TagKey"])
                unknown = [v for v in pair["TagValues"] if v not in known and v != "*"]
                if unknown:
                    raise EntityNotFound(
                        f"LF-Tag {pair['TagKey']} has no value {', '.join(unknown)}."
                    )

    def _database(self, catalog: str, name: str) -> Any:
        databases = glue_backends[catalog][self.region_name].databases
        if name not in databases:
            raise EntityNotFound(f"Database {name} not found in catalog {catalog}.")
        return databases[name]

    def _columns(self, catalog: str, database: str, table: str) -> list[str]:
        tables = self._database(catalog, database).tables
        if table not in tables:
            raise EntityNotFound(f"Table {table} not found in database {database}.")
        description = tables[table].as_dict()
        columns = (description.get("StorageDescriptor") or {}).get("Columns") or []
        return [c["Name"] for c in columns + (description.get("PartitionKeys") or [])]

    def _need_table(self, value: dict[str, Any], columns: list[str]) -> None:
        known = self._columns(value["CatalogId"], value["DatabaseName"], value["Name"])
        unknown = [column for column in columns if column not in known]
        if unknown:
            raise EntityNotFound(
                f"Column {', '.join(unknown)} not found in table {value['DatabaseName']}.{value['Name']}."
            )


def _inside(arn: str, other: str) -> bool:
    return arn.startswith(other.rstrip("/") + "/")


def _values(values: list[str]) -> list[str]:
    """Tag values as the service keeps them: lower case, no duplicates."""
    result = list(dict.fromkeys(value.lower() for value in values))
    if not result or len(result) > 1000:
        raise InvalidInput(f"An LF-Tag has 1 to 1000 values, got {len(result)}.")
    return result


def _failure(tag: dict[str, Any], message: str) -> dict[str, Any]:
    return {
        "LFTag": tag,
        "Error": {"ErrorCode": "EntityNotFoundException", "ErrorMessage": message},
    }


def _name(place: Place) -> str:
    return ".".join(part for part in place[1:] if part)


def _filter_key(data: dict[str, Any]) -> tuple[str, str, str, str]:
    return (data["TableCatalogId"], data["DatabaseName"], data["TableName"], data["Name"])


def _principal(principal: dict[str, Any]) -> str:
    who = principal.get("DataLakePrincipalIdentifier")
    if not who:
        raise InvalidInput("Principal needs DataLakePrincipalIdentifier.")
    return str(who)


lakeformation_backends = BackendDict(LakeFormationBackend, "lakeformation")
