"""Lake Formation: settings, locations, tags, tag associations, filters and permissions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..errors import AlreadyExists, InvalidRequest, NotFound, handler_code
from ..provider import Deployed, Properties, Provider, Result, Scope, only, without


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


class DataLakeSettings(Provider):
    """APPEND adds administrators to those there; REPLACE makes the template's list the list."""

    type_name = "AWS::LakeFormation::DataLakeSettings"

    _renamed = {"Admins": "DataLakeAdmins"}

    def create(self, scope: Scope, properties: Properties) -> Result:
        self._put(scope, {}, properties)
        return Result(f"{scope.account}|{scope.region}", {"Id": scope.logical_id})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._put(scope, current.properties, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        # CloudFormation takes its administrators out and leaves the other settings.
        catalog = {"CatalogId": scope.account}
        settings = scope.call("lakeformation", "GetDataLakeSettings", catalog)["DataLakeSettings"]
        mine = _identifiers(current.properties.get("Admins"))
        settings["DataLakeAdmins"] = [
            a for a in settings["DataLakeAdmins"] if a["DataLakePrincipalIdentifier"] not in mine
        ]
        scope.call(
            "lakeformation", "PutDataLakeSettings", {**catalog, "DataLakeSettings": settings}
        )

    def _put(self, scope: Scope, old: Properties, new: Properties) -> None:
        catalog = {"CatalogId": scope.account}
        wanted = {self._renamed.get(k, k): v for k, v in without(new, "MutationType").items()}
        wanted.setdefault("DataLakeAdmins", [])
        there = scope.call("lakeformation", "GetDataLakeSettings", catalog)["DataLakeSettings"]
        if new.get("MutationType", "REPLACE") == "APPEND":
            dropped = _identifiers(old.get("Admins")) - _identifiers(wanted["DataLakeAdmins"])
            kept = [
                admin
                for admin in there["DataLakeAdmins"]
                if admin["DataLakePrincipalIdentifier"] not in dropped
            ]
            known = _identifiers(kept)
            kept += [
                a for a in wanted["DataLakeAdmins"] if a["DataLakePrincipalIdentifier"] not in known
            ]
            wanted = {**there, **wanted, "DataLakeAdmins": kept}
        scope.call("lakeformation", "PutDataLakeSettings", {**catalog, "DataLakeSettings": wanted})


def _identifiers(admins: list[dict[str, Any]] | None) -> set[str]:
    return {admin["DataLakePrincipalIdentifier"] for admin in admins or []}


class Location(Provider):
    """A registered S3 location."""

    type_name = "AWS::LakeFormation::Resource"

    def create(self, scope: Scope, properties: Properties) -> Result:
        scope.call("lakeformation", "RegisterResource", properties)
        return Result(properties["ResourceArn"], {"Id": properties["ResourceArn"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        if properties.get("UseServiceLinkedRole") in (True, "true"):
            raise InvalidRequest(
                "A registered location cannot be moved to the service-linked role."
            )
        scope.call("lakeformation", "UpdateResource", without(properties, "UseServiceLinkedRole"))
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        arn = {"ResourceArn": current.physical_resource_id}
        scope.call("lakeformation", "DeregisterResource", arn)


class Tag(Provider):
    """An LF-Tag key and its allowed values."""

    type_name = "AWS::LakeFormation::Tag"

    def create(self, scope: Scope, properties: Properties) -> Result:
        scope.call("lakeformation", "CreateLFTag", properties)
        return Result(properties["TagKey"])

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        old, new = current.properties["TagValues"], properties["TagValues"]
        change: Properties = only(properties, "CatalogId", "TagKey")
        change["TagValuesToAdd"] = [v for v in new if v not in old]
        change["TagValuesToDelete"] = [v for v in old if v not in new]
        filled = {k: v for k, v in change.items() if v}
        if "TagValuesToAdd" in filled or "TagValuesToDelete" in filled:
            scope.call("lakeformation", "UpdateLFTag", filled)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("lakeformation", "DeleteLFTag", only(current.properties, "CatalogId", "TagKey"))


class TagAssociation(Provider):
    """Tags assigned to one database, table or set of columns."""

    type_name = "AWS::LakeFormation::TagAssociation"

    def create(self, scope: Scope, properties: Properties) -> Result:
        answer = scope.call("lakeformation", "AddLFTagsToResource", properties)
        _raise(answer.get("Failures"))
        attributes = {
            "ResourceIdentifier": json.dumps(properties["Resource"], sort_keys=True),
            "TagsIdentifier": json.dumps(properties["LFTags"], sort_keys=True),
        }
        return Result(_digest(properties), attributes)

    def delete(self, scope: Scope, current: Deployed) -> None:
        # Nobody has documented what the deletion does to a key that has another value by now.
        # The worse of the two answers is played: the key goes, whatever its value.
        resource = current.properties["Resource"]
        wanted = {"Resource": resource, "ShowAssignedLFTags": True}
        there = _assigned(resource, scope.call("lakeformation", "GetResourceLFTags", wanted))
        owners = {tag["TagKey"].lower(): tag.get("CatalogId") for tag in current.properties["LFTags"]}
        left = [
            {"CatalogId": owners[key] or scope.account, "TagKey": key, "TagValues": [value]}
            for key, value in sorted(there)
            if key in owners
        ]
        if left:
            request = {"Resource": resource, "LFTags": left}
            _raise(scope.call("lakeformation", "RemoveLFTagsFromResource", request).get("Failures"))


def _assigned(resource: Properties, answer: dict[str, Any]) -> set[tuple[str, str]]:
    """The (key, value) pairs that are on the resource itself; on columns: on every one of them."""
    if "Database" in resource:
        lists = [answer.get("LFTagOnDatabase", [])]
    elif "Table" in resource:
        lists = [answer.get("LFTagsOnTable", [])]
    else:
        shown = {c["Name"]: c["LFTags"] for c in answer.get("LFTagsOnColumns", [])}
        lists = [shown.get(name, []) for name in resource["TableWithColumns"]["ColumnNames"]]
    return set.intersection(
        *({(tag["TagKey"], tag["TagValues"][0]) for tag in tags} for tags in lists)
    )


def _raise(failures: list[dict[str, Any]] | None) -> None:
    if failures:
        texts = [f["Error"]["ErrorMessage"] for f in failures]
        raise NotFound("; ".join(texts))


class PrincipalPermissions(Provider):
    """One grant. A second one for the same principal and resource collides, as it does on AWS."""

    type_name = "AWS::LakeFormation::PrincipalPermissions"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = self._request(scope, properties)
        backend = scope.backend("lakeformation", request["CatalogId"])
        there = backend.granted(properties["Principal"], properties["Resource"])
        if there is not None:
            raise AlreadyExists(
                f"{there.principal} already has {', '.join(sorted(there.permissions))} "
                f"on {json.dumps(there.resource, sort_keys=True)}"
            )
        scope.call("lakeformation", "GrantPermissions", request)
        attributes = {
            "PrincipalIdentifier": _digest(properties["Principal"]),
            "ResourceIdentifier": _digest(properties["Resource"]),
        }
        return Result("|".join(attributes.values()), attributes)

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = self._request(scope, current.properties)
        backend = scope.backend("lakeformation", request["CatalogId"])
        there = backend.granted(request["Principal"], request["Resource"])
        if there is None:  # gone with its table, or revoked by hand
            return
        request["Permissions"] = [p for p in request["Permissions"] if p in there.permissions]
        if not request["Permissions"]:
            return
        try:
            scope.call("lakeformation", "RevokePermissions", request)
        except Exception as error:
            # A handler takes what it cannot find for deleted. A grant on what another account
            # shares no longer is left behind so, and is in force again when it is shared anew.
            if handler_code(error) != "NotFound":
                raise

    @staticmethod
    def _request(scope: Scope, properties: Properties) -> Properties:
        request = without(properties, "Catalog")
        request["CatalogId"] = properties.get("Catalog") or scope.account
        return request


class DataCellsFilter(Provider):
    """Rows and columns of one table, under a name that grants refer to."""

    type_name = "AWS::LakeFormation::DataCellsFilter"

    def create(self, scope: Scope, properties: Properties) -> Result:
        scope.call("lakeformation", "CreateDataCellsFilter", {"TableData": properties})
        return Result("|".join(self._name(properties).values()))

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("lakeformation", "DeleteDataCellsFilter", self._name(current.properties))

    @staticmethod
    def _name(properties: Properties) -> Properties:
        return only(properties, "TableCatalogId", "DatabaseName", "TableName", "Name")
