"""The Glue catalog, crawlers, jobs and what belongs to them."""

from __future__ import annotations

import copy

from .. import shapes
from ..errors import AlreadyExists, InvalidRequest, NotFound
from ..provider import (
    Deployed,
    Properties,
    Provider,
    Result,
    Scope,
    lower_first,
    only,
    tag_map,
    without,
)
from .iceberg import as_api, table_input

NO_BACKEND = "Glue: no service behind it here"
NOT_KEPT = "Glue: not kept"


class Database(Provider):
    """A database, or a resource link to one."""

    type_name = "AWS::Glue::Database"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = copy.deepcopy(without(properties, "DatabaseName"))
        own = request["DatabaseInput"]
        name = own.get("Name") or properties.get("DatabaseName")
        own["Name"] = name or scope.name({}, "Name", lower=True)
        scope.call("glue", "CreateDatabase", request)
        return Result(own["Name"])

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        own = {**properties["DatabaseInput"], "Name": current.physical_resource_id}
        old = scope.backend("glue").get_database(current.physical_resource_id).input
        if "CreateTableDefaultPermissions" in old:
            own.setdefault("CreateTableDefaultPermissions", old["CreateTableDefaultPermissions"])
        request = {"Name": current.physical_resource_id, "DatabaseInput": own}
        scope.call("glue", "UpdateDatabase", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("glue", "DeleteDatabase", {"Name": current.physical_resource_id})


class Table(Provider):
    """A table. moto marks an Iceberg table as such; partition fields and the like are recorded."""

    type_name = "AWS::Glue::Table"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = copy.deepcopy(without(properties, "Name"))
        name = properties.get("Name") or (properties.get("TableInput") or {}).get("Name")
        name = name or scope.name({}, "Name", lower=True)
        iceberg = (request.get("OpenTableFormatInput") or {}).get("IcebergInput")
        wanted = iceberg.pop("IcebergTableInput", None) if iceberg else None
        if iceberg and wanted:
            if "TableInput" in request:
                raise InvalidRequest(
                    "Table metadata is expected only via TableInput or via "
                    "IcebergTableInputProperties inside OpenTableFormatInput"
                )
            iceberg["CreateIcebergTableInput"] = as_api(wanted)
            shapes.validate("glue", "CreateTable", {"Name": name, **request})
            del iceberg["CreateIcebergTableInput"]
            request["TableInput"] = table_input(name, wanted)
        own = request.setdefault("TableInput", {})
        own["Name"] = name
        if iceberg is not None and wanted is None:
            own.setdefault("Parameters", {}).setdefault("table_type", "ICEBERG")
        shapes.validate("glue", "CreateTable", request)
        scope.call("glue", "CreateTable", request)
        return self._result(own["Name"], properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        # An Iceberg table updated through CloudFormation breaks on AWS (its metadata is not
        # written again). Here it would look as if it worked, so it is refused.
        if "OpenTableFormatInput" in properties:
            raise InvalidRequest(
                "Updating an Iceberg table through CloudFormation breaks it on AWS: "
                "evolve its schema with an engine instead."
            )
        request = only(properties, "CatalogId", "DatabaseName")
        request["TableInput"] = {**properties["TableInput"], "Name": current.physical_resource_id}
        scope.call("glue", "UpdateTable", request)
        return self._result(current.physical_resource_id, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        database, name = current.properties["DatabaseName"], current.physical_resource_id
        scope.call("glue", "DeleteTable", {"DatabaseName": database, "Name": name})

    @staticmethod
    def _result(name: str, properties: Properties) -> Result:
        unkept = only(properties, "OpenTableFormatInput")
        return Result(
            name, {"Id": name}, {"no Iceberg metadata is written": unkept} if unkept else {}
        )


class Crawler(Provider):
    """A crawler. It never finds anything: crawls are not run."""

    type_name = "AWS::Glue::Crawler"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name")
        scope.call("glue", "CreateCrawler", self._request(name, properties))
        return self._result(name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        # moto has no UpdateCrawler: the same crawler is written anew.
        name = current.physical_resource_id
        request = shapes.validate("glue", "CreateCrawler", self._request(name, properties))
        scope.call("glue", "DeleteCrawler", {"Name": name})
        scope.call("glue", "CreateCrawler", request)
        return self._result(name, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("glue", "DeleteCrawler", {"Name": current.physical_resource_id})

    @staticmethod
    def _result(name: str, properties: Properties) -> Result:
        return Result(name, unkept={NOT_KEPT: only(properties, "LakeFormationConfiguration")})

    @staticmethod
    def _request(name: str, properties: Properties) -> Properties:
        request = {**properties, "Name": name}
        schedule = properties.get("Schedule")
        if isinstance(schedule, dict):
            request["Schedule"] = schedule.get("ScheduleExpression")
        if "Tags" in properties:
            request["Tags"] = tag_map(properties)
        return request


class Job(Provider):
    """A job. Its runs are moto's: they succeed without doing anything."""

    type_name = "AWS::Glue::Job"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "Name")
        scope.call("glue", "CreateJob", self._request(name, properties))
        return self._result(name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        # moto has no UpdateJob: the same job is written anew.
        name = current.physical_resource_id
        request = shapes.validate("glue", "CreateJob", self._request(name, properties))
        scope.call("glue", "DeleteJob", {"JobName": name})
        scope.call("glue", "CreateJob", request)
        return self._result(name, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("glue", "DeleteJob", {"JobName": current.physical_resource_id})

    @staticmethod
    def _result(name: str, properties: Properties) -> Result:
        unkept = only(properties, "JobMode", "JobRunQueuingEnabled", "MaintenanceWindow")
        return Result(name, unkept={NOT_KEPT: unkept})

    @staticmethod
    def _request(name: str, properties: Properties) -> Properties:
        request = {**properties, "Name": name}
        if "Tags" in properties:
            request["Tags"] = tag_map(properties)
        return request


class SecurityConfiguration(Provider):
    """Keys for what crawlers and jobs write."""

    type_name = "AWS::Glue::SecurityConfiguration"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = copy.deepcopy(properties)
        encryption = request["EncryptionConfiguration"]
        if "S3Encryptions" in encryption:  # the API's own name is singular
            encryption["S3Encryption"] = encryption.pop("S3Encryptions")
        scope.call("glue", "CreateSecurityConfiguration", request)
        return Result(properties["Name"], {"Id": properties["Name"]})

    def delete(self, scope: Scope, current: Deployed) -> None:
        name = current.physical_resource_id
        scope.call("glue", "DeleteSecurityConfiguration", {"Name": name})


class DataCatalogEncryptionSettings(Provider):
    """The encryption of the whole catalog; deleting puts the default back."""

    type_name = "AWS::Glue::DataCatalogEncryptionSettings"

    def create(self, scope: Scope, properties: Properties) -> Result:
        backend = scope.backend("glue")
        mode = (
            (backend.data_catalog_encryption_settings.get(properties["CatalogId"]) or {})
            .get("EncryptionAtRest", {})
            .get("CatalogEncryptionMode", "DISABLED")
        )
        if mode != "DISABLED":
            raise AlreadyExists(f"The catalog {properties['CatalogId']} has encryption settings.")
        scope.call("glue", "PutDataCatalogEncryptionSettings", self._request(properties))
        return Result(properties["CatalogId"], {"Id": properties["CatalogId"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        scope.call("glue", "PutDataCatalogEncryptionSettings", self._request(properties))
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        off = {
            "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
            "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
        }
        request = {
            "CatalogId": current.physical_resource_id,
            "DataCatalogEncryptionSettings": off,
        }
        scope.call("glue", "PutDataCatalogEncryptionSettings", request)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        """CloudFormation and the Glue API name the key of passwords differently."""
        request = copy.deepcopy(properties)
        passwords = request["DataCatalogEncryptionSettings"].get("ConnectionPasswordEncryption", {})
        if "KmsKeyId" in passwords:
            passwords["AwsKmsKeyId"] = passwords.pop("KmsKeyId")
        return request


class Connection(Provider):
    """A connection of a job or crawler to a data store."""

    type_name = "AWS::Glue::Connection"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = copy.deepcopy(properties)
        own = request["ConnectionInput"]
        own["Name"] = scope.name(own, "Name")
        scope.call("glue", "CreateConnection", request)
        return Result(own["Name"], {"Id": own["Name"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = current.physical_resource_id
        own = {**properties["ConnectionInput"], "Name": name}
        request = shapes.validate(
            "glue", "CreateConnection", {**properties, "ConnectionInput": own}
        )
        self._drop(scope, name)
        scope.call("glue", "CreateConnection", request)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._drop(scope, current.physical_resource_id)

    @staticmethod
    def _drop(scope: Scope, name: str) -> None:
        # moto has no DeleteConnection.
        if scope.backend("glue").connections.pop(name, None) is None:
            raise NotFound(f"Connection {name} not found")


class _Named(Provider):
    """A Glue object that moto has nothing behind: checked, remembered, unique by name."""

    kind = ""
    operation = ""

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = self.named(scope, properties)
        shapes.validate("glue", self.operation, self.request(name, properties))
        names = self._names(scope)
        if name in names:
            raise AlreadyExists(f"{self.kind} {name} already exists")
        self.need(scope, properties)
        names.add(name)
        return Result(name, {"Id": name}, {NO_BACKEND: properties})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = current.physical_resource_id
        shapes.validate("glue", self.operation, self.request(name, properties))
        return Result(name, {"Id": name}, {NO_BACKEND: properties})

    def delete(self, scope: Scope, current: Deployed) -> None:
        self._names(scope).discard(current.physical_resource_id)

    def _names(self, scope: Scope) -> set[str]:
        """The names in use, kept on moto's backend so that they go with its state."""
        backend = scope.backend("glue")
        if not hasattr(backend, "localaws_names"):
            backend.localaws_names = {}
        names: set[str] = backend.localaws_names.setdefault(self.kind, set())
        return names

    def named(self, scope: Scope, properties: Properties) -> str:
        return scope.name(properties, "Name")

    def request(self, name: str, properties: Properties) -> Properties:
        return {**properties, "Name": name}

    def need(self, scope: Scope, properties: Properties) -> None:
        """Look up what the object refers to."""


class Classifier(_Named):
    """A crawler's classifier."""

    type_name = "AWS::Glue::Classifier"
    kind = "Classifier"
    operation = "CreateClassifier"

    def named(self, scope: Scope, properties: Properties) -> str:
        if len(properties) != 1:
            raise InvalidRequest("A classifier is exactly one of CSV, grok, JSON or XML.")
        return scope.name(next(iter(properties.values())), "Name")

    def request(self, name: str, properties: Properties) -> Properties:
        kind, own = next(iter(properties.items()))
        return {kind: {**own, "Name": name}}


class DataQualityRuleset(_Named):
    """A ruleset in DQDL, for one table."""

    type_name = "AWS::Glue::DataQualityRuleset"
    kind = "DataQualityRuleset"
    operation = "CreateDataQualityRuleset"

    def request(self, name: str, properties: Properties) -> Properties:
        request = {**properties, "Name": name}
        if "Tags" in properties:
            request["Tags"] = tag_map(properties)
        return request

    def need(self, scope: Scope, properties: Properties) -> None:
        target = properties.get("TargetTable")
        if target:
            _need_table(scope, target["DatabaseName"], target["TableName"])


class TableOptimizer(_Named):
    """Compaction, retention or orphan file deletion of an Iceberg table."""

    type_name = "AWS::Glue::TableOptimizer"
    kind = "TableOptimizer"
    operation = "CreateTableOptimizer"

    def named(self, scope: Scope, properties: Properties) -> str:
        keys = ("CatalogId", "DatabaseName", "TableName", "Type")
        return "|".join(str(properties[key]) for key in keys)

    def request(self, name: str, properties: Properties) -> Properties:
        request: Properties = lower_first(properties)
        result = {k: properties[k] for k in ("CatalogId", "DatabaseName", "TableName", "Type")}
        result["TableOptimizerConfiguration"] = request["tableOptimizerConfiguration"]
        return result

    def need(self, scope: Scope, properties: Properties) -> None:
        _need_table(scope, properties["DatabaseName"], properties["TableName"])


def _need_table(scope: Scope, database: str, table: str) -> None:
    databases = scope.backend("glue").databases
    if database not in databases:
        raise NotFound(f"Database {database} not found")
    if table not in databases[database].tables:
        raise NotFound(f"Table {table} not found in database {database}")
