"""The Lake Formation API over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from .. import scripts
from ..motonames import BaseResponse, JsonRESTError
from . import models
from .resources import InvalidInput

OPERATIONS = (
    "AddLFTagsToResource",
    "BatchGrantPermissions",
    "BatchRevokePermissions",
    "CreateDataCellsFilter",
    "CreateLFTag",
    "CreateLakeFormationOptIn",
    "DeleteDataCellsFilter",
    "DeleteLFTag",
    "DeleteLakeFormationOptIn",
    "DeregisterResource",
    "DescribeResource",
    "GetDataCellsFilter",
    "GetDataLakeSettings",
    "GetLFTag",
    "GetResourceLFTags",
    "GrantPermissions",
    "ListDataCellsFilter",
    "ListLFTags",
    "ListLakeFormationOptIns",
    "ListPermissions",
    "ListResources",
    "PutDataLakeSettings",
    "RegisterResource",
    "RemoveLFTagsFromResource",
    "RevokePermissions",
    "UpdateDataCellsFilter",
    "UpdateLFTag",
    "UpdateResource",
)


class LakeFormationResponse(BaseResponse):
    """Reads a request, calls the backend of the catalog it names, writes the answer."""

    def __init__(self) -> None:
        super().__init__(service_name="lakeformation")

    def _backend(self) -> models.LakeFormationBackend:
        catalog = self._get_param("CatalogId") or self.current_account
        return models.lakeformation_backends[catalog][self.region]

    def _own(self) -> models.LakeFormationBackend:
        return models.lakeformation_backends[self.current_account][self.region]

    def _page(self, name: str, items: list[Any]) -> str:
        """One page of a listing, and the token of the next one."""
        start = int(self._get_param("NextToken") or 0)
        size = int(self._get_param("MaxResults") or 100)
        answer: dict[str, Any] = {name: items[start : start + size]}
        if start + size < len(items):
            answer["NextToken"] = str(start + size)
        return _json(answer)

    # --- settings ---

    def get_data_lake_settings(self) -> str:
        return _json({"DataLakeSettings": self._backend().settings})

    def put_data_lake_settings(self) -> str:
        self._backend().put_settings(self._get_param("DataLakeSettings"))
        return "{}"

    # --- locations ---

    def register_resource(self) -> str:
        arn = self._get_param("ResourceArn")
        names = ("RoleArn", "UseServiceLinkedRole", "WithFederation", "HybridAccessEnabled")
        self._own().register(arn, **{name: self._get_param(name) for name in names})
        return "{}"

    def update_resource(self) -> str:
        names = ("WithFederation", "HybridAccessEnabled")
        given = {n: self._get_param(n) for n in names if self._get_param(n) is not None}
        self._own().update_location(
            self._get_param("ResourceArn"), self._get_param("RoleArn"), **given
        )
        return "{}"

    def deregister_resource(self) -> str:
        self._own().deregister(self._get_param("ResourceArn"))
        return "{}"

    def describe_resource(self) -> str:
        return _json({"ResourceInfo": self._own().location(self._get_param("ResourceArn"))})

    def list_resources(self) -> str:
        if self._get_param("FilterConditionList"):
            raise InvalidInput("FilterConditionList is not supported by the local AWS.")
        locations = self._own().locations
        return self._page("ResourceInfoList", [locations[arn] for arn in sorted(locations)])

    # --- hybrid access mode ---

    def create_lake_formation_opt_in(self) -> str:
        self._backend().opt_in(self._get_param("Principal") or {}, self._get_param("Resource"))
        return "{}"

    def delete_lake_formation_opt_in(self) -> str:
        self._backend().opt_out(self._get_param("Principal") or {}, self._get_param("Resource"))
        return "{}"

    def list_lake_formation_opt_ins(self) -> str:
        if self._get_param("Principal") or self._get_param("Resource"):
            raise InvalidInput("Principal and Resource are not supported by the local AWS.")
        opt_ins = self._own().opt_ins
        return self._page("LakeFormationOptInsInfoList", [opt_ins[key] for key in sorted(opt_ins)])

    # --- tags ---

    def create_lf_tag(self) -> str:
        self._backend().create_tag(self._get_param("TagKey"), self._get_param("TagValues"))
        return "{}"

    def update_lf_tag(self) -> str:
        self._backend().update_tag(
            self._get_param("TagKey"),
            self._get_param("TagValuesToDelete") or [],
            self._get_param("TagValuesToAdd") or [],
        )
        return "{}"

    def delete_lf_tag(self) -> str:
        self._backend().delete_tag(self._get_param("TagKey"))
        return "{}"

    def get_lf_tag(self) -> str:
        backend, key = self._backend(), self._get_param("TagKey")
        return _json(_tag(backend, key.lower(), backend.tag(key)))

    def list_lf_tags(self) -> str:
        backend = self._backend()
        return self._page("LFTags", [_tag(backend, k, v) for k, v in sorted(backend.tags.items())])

    def add_lf_tags_to_resource(self) -> str:
        failures = self._backend().assign(self._get_param("Resource"), self._get_param("LFTags"))
        return _json({"Failures": failures})

    def remove_lf_tags_from_resource(self) -> str:
        failures = self._backend().unassign(self._get_param("Resource"), self._get_param("LFTags"))
        return _json({"Failures": failures})

    def get_resource_lf_tags(self) -> str:
        assigned_only = bool(self._get_param("ShowAssignedLFTags"))
        return _json(self._backend().tags_of(self._get_param("Resource"), assigned_only))

    # --- data cells filters ---

    def create_data_cells_filter(self) -> str:
        self._own().create_filter(self._get_param("TableData"))
        return "{}"

    def update_data_cells_filter(self) -> str:
        self._own().update_filter(self._get_param("TableData"))
        return "{}"

    def get_data_cells_filter(self) -> str:
        return _json({"DataCellsFilter": self._own().filter(*self._filter_name())})

    def delete_data_cells_filter(self) -> str:
        self._own().delete_filter(*self._filter_name())
        return "{}"

    def list_data_cells_filter(self) -> str:
        table = self._get_param("Table")
        wanted = None
        if table:
            catalog = table.get("CatalogId") or self.current_account
            wanted = (catalog, table["DatabaseName"], table.get("Name"))
        filters = self._own().filters
        return self._page(
            "DataCellsFilters",
            [
                filters[key]
                for key in sorted(filters)
                if wanted is None
                or key[:3] == wanted
                or (wanted[2] is None and key[:2] == wanted[:2])
            ],
        )

    def _filter_name(self) -> tuple[str, str, str, str]:
        catalog = self._get_param("TableCatalogId") or self.current_account
        return (
            catalog,
            self._get_param("DatabaseName"),
            self._get_param("TableName"),
            self._get_param("Name"),
        )

    # --- grants ---

    def grant_permissions(self) -> str:
        self._scripted("GrantPermissions")
        self._backend().grant(*self._grant(json.loads(self.body)))
        return "{}"

    def revoke_permissions(self) -> str:
        self._scripted("RevokePermissions")
        self._backend().revoke(*self._grant(json.loads(self.body)))
        return "{}"

    def batch_grant_permissions(self) -> str:
        return self._batch(self._backend().grant)

    def batch_revoke_permissions(self) -> str:
        return self._batch(self._backend().revoke)

    def list_permissions(self) -> str:
        return self._page(
            "PrincipalResourcePermissions",
            self._backend().list_grants(
                self._get_param("Principal"),
                self._get_param("Resource"),
                self._get_param("ResourceType"),
            ),
        )

    def _scripted(self, operation: str) -> None:
        """Refuse the call if the test said so."""
        kind = next(iter((self._get_param("Resource") or {"": {}}).values()))
        catalog = kind.get("CatalogId") or kind.get("TableCatalogId") or self.current_account
        step = scripts.take(operation, catalog)
        if step.error:
            raise JsonRESTError(step.error, step.message or "Refused by the script of the test.")

    def _batch(self, act: Any) -> str:
        failures = []
        for entry in self._get_param("Entries"):
            try:
                act(*self._grant(entry))
            except Exception as error:
                kind = getattr(error, "error_type", "InternalServiceException")
                text = getattr(error, "message", str(error))
                failures.append(
                    {"RequestEntry": entry, "Error": {"ErrorCode": kind, "ErrorMessage": text}}
                )
        return _json({"Failures": failures})

    @staticmethod
    def _grant(entry: dict[str, Any]) -> tuple[Any, Any, list[str], list[str]]:
        return (
            entry.get("Principal") or {},
            entry.get("Resource") or {},
            entry.get("Permissions") or [],
            entry.get("PermissionsWithGrantOption") or [],
        )


def _tag(backend: models.LakeFormationBackend, key: str, values: list[str]) -> dict[str, Any]:
    return {"CatalogId": backend.account_id, "TagKey": key, "TagValues": values}


def _json(answer: dict[str, Any]) -> str:
    def encode(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.timestamp()
        raise TypeError(type(value).__name__)

    return json.dumps(answer, default=encode)
