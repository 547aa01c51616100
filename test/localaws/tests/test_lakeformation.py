"""Lake Formation: what is kept, what is refused, and what the API reads back."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, OTHER, CloudTest, Resources, client, resource

PRINCIPAL = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/Reader"}


def lf() -> Any:
    return client("lakeformation")


def tag(key: str, *values: str, **more: Any) -> Resources:
    return resource(
        "AWS::LakeFormation::Tag", CatalogId=ACCOUNT, TagKey=key, TagValues=list(values), **more
    )


def association(target: dict[str, Any], key: str, value: str, **more: Any) -> Resources:
    pair = {"CatalogId": ACCOUNT, "TagKey": key, "TagValues": [value]}
    return resource("AWS::LakeFormation::TagAssociation", Resource=target, LFTags=[pair], **more)


def grant(target: dict[str, Any], *permissions: str, **more: Any) -> Resources:
    more.setdefault("Principal", PRINCIPAL)
    return resource(
        "AWS::LakeFormation::PrincipalPermissions",
        Resource=target,
        Permissions=list(permissions),
        PermissionsWithGrantOption=more.pop("Grantable", []),
        **more,
    )


def cells(name: str, table: str = "people", **more: Any) -> Resources:
    more.setdefault("ColumnWildcard", {})
    more.setdefault("RowFilter", {"FilterExpression": "age > 17"})
    if more["ColumnWildcard"] is None:
        del more["ColumnWildcard"]
    return resource(
        "AWS::LakeFormation::DataCellsFilter",
        TableCatalogId=ACCOUNT,
        DatabaseName="lf_db",
        TableName=table,
        Name=name,
        **more,
    )


def on_database(name: str = "lf_db") -> dict[str, Any]:
    return {"Database": {"CatalogId": ACCOUNT, "Name": name}}


def on_table(name: str = "people") -> dict[str, Any]:
    return {"Table": {"CatalogId": ACCOUNT, "DatabaseName": "lf_db", "Name": name}}


def on_columns(*names: str) -> dict[str, Any]:
    value = {"CatalogId": ACCOUNT, "DatabaseName": "lf_db", "Name": "people"}
    return {"TableWithColumns": {**value, "ColumnNames": list(names)}}


CATALOG: Resources = {
    "Settings": resource(
        "AWS::LakeFormation::DataLakeSettings",
        MutationType="APPEND",
        CreateDatabaseDefaultPermissions=[],
        CreateTableDefaultPermissions=[],
    ),
    "Db": resource(
        "AWS::Glue::Database",
        CatalogId=ACCOUNT,
        DatabaseInput={"Name": "lf_db", "CreateTableDefaultPermissions": []},
        DependsOn="Settings",
    ),
    "People": resource(
        "AWS::Glue::Table",
        CatalogId=ACCOUNT,
        DatabaseName={"Ref": "Db"},
        TableInput={
            "Name": "people",
            "StorageDescriptor": {
                "Columns": [{"Name": n, "Type": "string"} for n in ("id", "name", "age")]
            },
            "PartitionKeys": [{"Name": "day", "Type": "string"}],
        },
    ),
}


class Governed(CloudTest):
    """With a catalog to govern."""

    def setUp(self) -> None:
        super().setUp()
        self.deployed(CATALOG, suffix="-catalog")


class Settings(CloudTest):
    def _settings(self, *roles: str, mutation: str = "APPEND", **more: Any) -> Resources:
        admins = [
            {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/{r}"} for r in roles
        ]
        return {
            "S": resource(
                "AWS::LakeFormation::DataLakeSettings",
                Admins=admins,
                MutationType=mutation,
                **more,
            )
        }

    def _admins(self) -> list[str]:
        settings = lf().get_data_lake_settings()["DataLakeSettings"]
        ids = [a["DataLakePrincipalIdentifier"] for a in settings["DataLakeAdmins"]]
        return [i.rsplit("/", 1)[1] for i in ids]

    def test_append_and_replace(self) -> None:
        self.deployed(self._settings("A", "B"))
        self.deployed(self._settings("C"), suffix="-second")
        self.assertEqual(self._admins(), ["A", "B", "C"])
        self.deployed(self._settings("A", "D"))
        self.assertEqual(self._admins(), ["A", "C", "D"])
        self.deployed(self._settings("E", mutation="REPLACE"))
        self.assertEqual(self._admins(), ["E"])
        self.remove()
        self.assertEqual(self._admins(), [])

    def test_parameters_and_defaults(self) -> None:
        self.deployed(
            self._settings(
                "A",
                Parameters={"CROSS_ACCOUNT_VERSION": "4"},
                CreateDatabaseDefaultPermissions=[],
                CreateTableDefaultPermissions=[],
            )
        )
        settings = lf().get_data_lake_settings()["DataLakeSettings"]
        self.assertEqual(settings["Parameters"]["CROSS_ACCOUNT_VERSION"], "4")
        self.assertEqual(settings["CreateTableDefaultPermissions"], [])
        self.refused(
            self._settings("A", Parameters={"CROSS_ACCOUNT_VERSION": "9"}), "CROSS_ACCOUNT_VERSION"
        )

    def test_account_defaults_reach_new_tables(self) -> None:
        everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
        default = [{"Principal": everybody, "Permissions": ["ALL"]}]
        lf().put_data_lake_settings(
            DataLakeSettings={
                "CreateDatabaseDefaultPermissions": default,
                "CreateTableDefaultPermissions": default,
            }
        )
        db = resource("AWS::Glue::Database", CatalogId=ACCOUNT, DatabaseInput={"Name": "open_db"})
        table = resource(
            "AWS::Glue::Table",
            CatalogId=ACCOUNT,
            DatabaseName={"Ref": "Db"},
            TableInput={"Name": "open"},
        )
        self.deployed({"Db": db, "T": table})
        held = lf().list_permissions()["PrincipalResourcePermissions"]
        kinds = sorted(next(iter(g["Resource"])) for g in held if g["Principal"] == everybody)
        self.assertEqual(kinds, ["Database", "Table"])
        self.remove()
        self.assertEqual(lf().list_permissions()["PrincipalResourcePermissions"], [])
        lf().put_data_lake_settings(DataLakeSettings={})


class Locations(CloudTest):
    def _base(self) -> Resources:
        return {
            "Bucket": resource("AWS::S3::Bucket", BucketName="lf-locations"),
            **{
                name: resource(
                    "AWS::IAM::Role",
                    RoleName=f"lf-{name.lower()}",
                    AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": []},
                )
                for name in ("One", "Two")
            },
        }

    def _location(self, prefix: str = "", role: Any = None, **more: Any) -> Resources:
        return resource(
            "AWS::LakeFormation::Resource",
            ResourceArn=f"arn:aws:s3:::lf-locations{prefix}",
            RoleArn=role or {"Fn::GetAtt": ["One", "Arn"]},
            UseServiceLinkedRole=False,
            **{"DependsOn": "Bucket", **more},
        )

    def test_register_move_deregister(self) -> None:
        self.deployed({**self._base(), "L": self._location("/raw")})
        self.deployed({**self._base(), "L": self._location("/raw", {"Fn::GetAtt": ["Two", "Arn"]})})
        shown = lf().list_resources()["ResourceInfoList"]
        self.assertEqual(
            [(r["ResourceArn"], r["RoleArn"]) for r in shown],
            [("arn:aws:s3:::lf-locations/raw", f"arn:aws:iam::{ACCOUNT}:role/lf-two")],
        )
        self.deployed({**self._base(), "L": self._location("/curated")})
        shown = lf().list_resources()["ResourceInfoList"]
        self.assertEqual([r["ResourceArn"] for r in shown], ["arn:aws:s3:::lf-locations/curated"])
        self.remove()
        self.assertEqual(lf().list_resources()["ResourceInfoList"], [])

    def test_refusals(self) -> None:
        self.deployed({**self._base(), "L": self._location("/raw")})
        for name, location, reason in (
            (
                "same",
                self._location("/raw", self._role("lf-one"), DependsOn=[]),
                "already registered",
            ),
            ("inside", self._location("/raw/x", self._role("lf-one"), DependsOn=[]), "overlaps"),
            ("around", self._location("", self._role("lf-one"), DependsOn=[]), "overlaps"),
            (
                "role",
                self._location("/y", self._role("lf-none"), DependsOn=[]),
                "EntityNotFoundException",
            ),
        ):
            with self.subTest(name):
                self.refused({"L": location}, reason, suffix=f"-{name}")
        # A neighbour that only starts alike is no overlap.
        near = self._location("/rawer", self._role("lf-one"), DependsOn=[])
        self.deployed({"L": near}, suffix="-near")

    @staticmethod
    def _role(name: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"


class HybridAccess(Governed):
    def test_opt_in(self) -> None:
        database = {"Database": {"CatalogId": ACCOUNT, "Name": "lf_db"}}
        lf().create_lake_formation_opt_in(Principal=PRINCIPAL, Resource=database)
        with self.assertRaises(ClientError):
            lf().create_lake_formation_opt_in(Principal=PRINCIPAL, Resource=database)
        shown = lf().list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"]
        self.assertEqual([(o["Principal"], o["Resource"]) for o in shown], [(PRINCIPAL, database)])
        lf().delete_lake_formation_opt_in(Principal=PRINCIPAL, Resource=database)
        self.assertEqual(lf().list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"], [])
        with self.assertRaises(ClientError):
            lf().delete_lake_formation_opt_in(Principal=PRINCIPAL, Resource=database)

    def test_only_the_default_catalog(self) -> None:
        self.assertEqual(client("glue").get_catalogs()["CatalogList"], [])


class Tags(Governed):
    def test_values(self) -> None:
        self.deployed({"T": tag("zone", "raw", "Curated")})
        self.assertEqual(lf().get_lf_tag(TagKey="zone")["TagValues"], ["raw", "curated"])
        self.deployed({"T": tag("zone", "raw", "analytics")})
        self.assertEqual(lf().get_lf_tag(TagKey="zone")["TagValues"], ["raw", "analytics"])
        self.refused({"T": tag("zone", "raw")}, "already exists", suffix="-again")
        self.remove()
        self.assertEqual(lf().list_lf_tags()["LFTags"], [])

    def test_levels_and_inheritance(self) -> None:
        self.deployed(
            {
                "T": tag("sensitivity", "public", "internal", "phi"),
                "D": association(on_database(), "sensitivity", "public", DependsOn="T"),
                "P": association(on_table(), "sensitivity", "internal", DependsOn="T"),
                "C": association(on_columns("name"), "sensitivity", "phi", DependsOn="T"),
            }
        )
        self.assertEqual(
            self._read(on_table()),
            {
                "LFTagOnDatabase": "public",
                "LFTagsOnTable": "internal",
                "id": "internal",
                "name": "phi",
                "age": "internal",
                "day": "internal",
            },
        )
        self.assertEqual(self._read(on_database()), {"LFTagOnDatabase": "public"})
        own = lf().get_resource_lf_tags(Resource=on_table(), ShowAssignedLFTags=True)
        self.assertEqual([c["Name"] for c in own["LFTagsOnColumns"]], ["name"])
        self.deployed({"T": tag("sensitivity", "public", "internal", "phi")})
        self.assertEqual(self._read(on_table()), {})

    def _read(self, target: dict[str, Any]) -> dict[str, str]:
        answer = lf().get_resource_lf_tags(Resource=target)
        found = {
            key: answer[key][0]["TagValues"][0]
            for key in ("LFTagOnDatabase", "LFTagsOnTable")
            if answer.get(key)
        }
        for column in answer.get("LFTagsOnColumns", []):
            found[column["Name"]] = column["LFTags"][0]["TagValues"][0]
        return found

    def test_replaced_association(self) -> None:
        def both(value: str, replaced: str) -> Resources:
            own = association(on_columns("id", "name"), "level", value, DependsOn="T")
            own["UpdateReplacePolicy"] = replaced
            return {"T": tag("level", "one", "two"), "A": own}

        self.deployed(both("one", "Retain"))
        self.deployed(both("two", "Retain"))
        self.assertEqual(self._read(on_columns("id", "name")), {"id": "two", "name": "two"})
        # Deleting the association that was replaced takes the key with it, whatever its value.
        self.deployed(both("one", "Delete"))
        self.assertEqual(self._read(on_columns("id", "name")), {})

    def test_refusals(self) -> None:
        self.deployed({"T": tag("owner", "us")})
        for name, wrong in (
            ("key", association(on_database(), "nobody", "us")),
            ("value", association(on_database(), "owner", "them")),
            ("database", association(on_database("nowhere"), "owner", "us")),
            ("table", association(on_table("nothing"), "owner", "us")),
            ("column", association(on_columns("id", "shoe"), "owner", "us")),
        ):
            with self.subTest(name):
                self.refused({"A": wrong}, "EntityNotFoundException", suffix=f"-{name}")

    def test_value_in_use(self) -> None:
        use = association(on_database(), "used", "one", DependsOn="T")
        self.deployed({"T": tag("used", "one", "two"), "A": use})
        self.refused({"T": tag("used", "two"), "A": use}, "Update not allowed")


class Filters(Governed):
    def test_kept_and_listed(self) -> None:
        self.deployed(
            {
                "Rows": cells("adults"),
                "Columns": cells(
                    "no_names",
                    ColumnWildcard=None,
                    ColumnNames=["id", "age"],
                    RowFilter={"AllRowsWildcard": {}},
                ),
                "Without": cells("but_name", ColumnWildcard={"ExcludedColumnNames": ["name"]}),
            }
        )
        table = {"CatalogId": ACCOUNT, "DatabaseName": "lf_db", "Name": "people"}
        shown = lf().list_data_cells_filter(Table=table)["DataCellsFilters"]
        self.assertEqual([f["Name"] for f in shown], ["adults", "but_name", "no_names"])
        key = {k: shown[0][k] for k in ("TableCatalogId", "DatabaseName", "TableName", "Name")}
        one = lf().get_data_cells_filter(**key)["DataCellsFilter"]
        self.assertEqual(one["RowFilter"], {"FilterExpression": "age > 17"})
        self.assertEqual(one["ColumnWildcard"], {})
        self.assertEqual(shown[2]["RowFilter"], {"AllRowsWildcard": {}})
        page = lf().list_data_cells_filter(Table=table, MaxResults=2)
        rest = lf().list_data_cells_filter(Table=table, MaxResults=2, NextToken=page["NextToken"])
        self.assertEqual([f["Name"] for f in rest["DataCellsFilters"]], ["no_names"])
        # A new expression under the old name collides with itself; under a new name it works.
        changed = {"Rows": cells("adults", RowFilter={"FilterExpression": "age > 20"})}
        self.refused(changed, "already exists")
        self.deployed({"Rows": cells("adults20", RowFilter={"FilterExpression": "age > 20"})})
        shown = lf().list_data_cells_filter(Table=table)["DataCellsFilters"]
        self.assertEqual([f["Name"] for f in shown], ["adults20"])

    def test_refusals(self) -> None:
        both = {"FilterExpression": "age > 1", "AllRowsWildcard": {}}
        for name, wrong, reason in (
            ("table", cells("f", table="nothing"), "EntityNotFoundException"),
            (
                "column",
                cells("f", ColumnWildcard=None, ColumnNames=["shoe"]),
                "EntityNotFoundException",
            ),
            ("columns", cells("f", ColumnNames=["id"]), "ColumnNames or ColumnWildcard"),
            ("rows", cells("f", RowFilter=both), "FilterExpression or AllRowsWildcard"),
        ):
            with self.subTest(name):
                self.refused({"F": wrong}, reason, suffix=f"-{name}")


class Permissions(Governed):
    def _held(self) -> list[tuple[str, list[str]]]:
        shown = lf().list_permissions()["PrincipalResourcePermissions"]
        return sorted((next(iter(g["Resource"])), g["Permissions"]) for g in shown)

    def test_every_kind(self) -> None:
        expression = [{"TagKey": "domain", "TagValues": ["clinical"]}]
        policy = {"CatalogId": ACCOUNT, "ResourceType": "TABLE", "Expression": expression}
        wildcard = {"CatalogId": ACCOUNT, "DatabaseName": "lf_db", "TableWildcard": {}}
        pick = {
            "TableCatalogId": ACCOUNT,
            "DatabaseName": "lf_db",
            "TableName": "people",
            "Name": "f",
        }
        resources: Resources = {
            "Bucket": resource("AWS::S3::Bucket", BucketName="lf-grants"),
            "Role": resource(
                "AWS::IAM::Role",
                RoleName="lf-grants",
                AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": []},
            ),
            "Location": resource(
                "AWS::LakeFormation::Resource",
                ResourceArn={"Fn::GetAtt": ["Bucket", "Arn"]},
                RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
                UseServiceLinkedRole="false",
            ),
            "Tag": tag("domain", "clinical"),
            "F": cells("f"),
            "G1": grant(on_database(), "DESCRIBE", "CREATE_TABLE", Grantable=["DESCRIBE"]),
            "G2": grant(on_table(), "SELECT", "DESCRIBE"),
            "G3": grant({"Table": wildcard}, "DESCRIBE"),
            "G4": grant(on_columns("age", "id"), "SELECT"),
            "G5": grant({"DataCellsFilter": pick}, "SELECT", DependsOn="F"),
            "G6": grant(
                {
                    "DataLocation": {
                        "CatalogId": ACCOUNT,
                        "ResourceArn": "arn:aws:s3:::lf-grants/sub/",
                    }
                },
                "DATA_LOCATION_ACCESS",
                DependsOn="Location",
            ),
            "G7": grant(
                {"LFTag": {"CatalogId": ACCOUNT, "TagKey": "domain", "TagValues": ["clinical"]}},
                "DESCRIBE",
                "ASSOCIATE",
                DependsOn="Tag",
            ),
            "G8": grant({"LFTagPolicy": policy}, "SELECT", "DESCRIBE", DependsOn="Tag"),
            "G9": grant(
                {"LFTagPolicy": {**policy, "ResourceType": "DATABASE"}}, "DESCRIBE", DependsOn="Tag"
            ),
        }
        self.deployed(resources)
        self.assertEqual(
            self._held(),
            [
                ("DataCellsFilter", ["SELECT"]),
                ("DataLocation", ["DATA_LOCATION_ACCESS"]),
                ("Database", ["CREATE_TABLE", "DESCRIBE"]),
                ("LFTag", ["ASSOCIATE", "DESCRIBE"]),
                ("LFTagPolicy", ["DESCRIBE"]),
                ("LFTagPolicy", ["DESCRIBE", "SELECT"]),
                ("Table", ["DESCRIBE"]),
                ("Table", ["DESCRIBE", "SELECT"]),
                ("TableWithColumns", ["SELECT"]),
            ],
        )
        # Narrowed by principal and resource, and by type.
        mine = lf().list_permissions(Principal=PRINCIPAL, Resource=on_table())
        (one,) = mine["PrincipalResourcePermissions"]
        self.assertEqual(one["Resource"], on_table())
        tables = lf().list_permissions(ResourceType="LF_TAG_POLICY_TABLE")
        self.assertEqual(len(tables["PrincipalResourcePermissions"]), 1)
        self.remove()
        self.assertEqual(self._held(), [])

    def test_collision(self) -> None:
        # The same columns in another order are the same resource.
        self.deployed({"G": grant(on_columns("id", "age"), "SELECT")})
        second = {"G": grant(on_columns("age", "id"), "SELECT")}
        self.refused(second, "HandlerErrorCode: AlreadyExists", suffix="-second")
        self.assertEqual(self._held(), [("TableWithColumns", ["SELECT"])])

    def test_replaced(self) -> None:
        self.deployed({"G": grant(on_table(), "SELECT")})
        self.deployed({"G": grant(on_columns("id"), "SELECT")})
        self.assertEqual(self._held(), [("TableWithColumns", ["SELECT"])])

    def test_refusals(self) -> None:
        self.deployed({"T": tag("known", "a")})
        other = {"TableCatalogId": ACCOUNT, "DatabaseName": "lf_db", "TableName": "people"}
        policy = {"CatalogId": ACCOUNT, "ResourceType": "TABLE"}
        unknown = [{"TagKey": "unknown", "TagValues": ["a"]}]
        value = [{"TagKey": "known", "TagValues": ["b"]}]
        where = {"CatalogId": ACCOUNT, "ResourceArn": "arn:aws:s3:::nowhere"}
        for name, wrong, reason in (
            ("database", grant(on_database("nowhere"), "DESCRIBE"), "EntityNotFoundException"),
            ("table", grant(on_table("nothing"), "SELECT"), "EntityNotFoundException"),
            ("column", grant(on_columns("shoe"), "SELECT"), "EntityNotFoundException"),
            ("filter", grant({"DataCellsFilter": {**other, "Name": "x"}}, "SELECT"), "EntityNotFoundException"),
            ("location", grant({"DataLocation": where}, "DATA_LOCATION_ACCESS"), "EntityNotFoundException"),
            ("tag", grant({"LFTagPolicy": {**policy, "Expression": unknown}}, "SELECT"), "EntityNotFoundException"),
            ("value", grant({"LFTagPolicy": {**policy, "Expression": value}}, "SELECT"), "EntityNotFoundException"),
            ("permission", grant(on_database(), "SELECT"), "does not take the permission SELECT"),
            ("two", grant({**on_database(), **on_table()}, "DESCRIBE"), "exactly one kind"),
            ("option", grant(on_table(), "SELECT", Grantable=["DROP"]), "more than Permissions"),
        ):  # fmt: skip
            with self.subTest(name):
                self.refused({"G": wrong}, reason, suffix=f"-{name}")

    def test_api_merges_and_revokes(self) -> None:
        """The API itself adds to a grant, where a second template resource collides."""
        for permissions in (["SELECT"], ["DESCRIBE"]):
            lf().grant_permissions(
                Principal=PRINCIPAL, Resource=on_table(), Permissions=permissions
            )
        self.assertEqual(self._held(), [("Table", ["DESCRIBE", "SELECT"])])
        lf().revoke_permissions(Principal=PRINCIPAL, Resource=on_table(), Permissions=["SELECT"])
        self.assertEqual(self._held(), [("Table", ["DESCRIBE"])])
        with self.assertRaisesRegex(ClientError, "No permissions revoked"):
            lf().revoke_permissions(Principal=PRINCIPAL, Resource=on_table(), Permissions=["DROP"])
        lf().revoke_permissions(Principal=PRINCIPAL, Resource=on_table(), Permissions=["DESCRIBE"])
        self.assertEqual(self._held(), [])

    def test_endings_across_accounts(self) -> None:
        """What an account passed on comes alive again, unless it took that back first."""
        share = {"DataLakePrincipalIdentifier": OTHER}
        passed = grant(
            on_table(),
            "SELECT",
            Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{OTHER}:role/Leaver"},
        )

        def share_table() -> None:
            lf().grant_permissions(
                Principal=share,
                Resource=on_table(),
                Permissions=["SELECT"],
                PermissionsWithGrantOption=["SELECT"],
            )

        def unshare_table() -> None:
            lf().revoke_permissions(
                Principal=share, Resource=on_table(), Permissions=["SELECT"]
            )

        def left(suffix: str, *endings: Any) -> int:
            share_table()
            self.deployed({"G": passed}, account=OTHER, suffix=suffix)
            for end in endings:
                end()
            share_table()
            shown = client("lakeformation", OTHER).list_permissions()
            unshare_table()
            return json.dumps(shown["PrincipalResourcePermissions"]).count("role/Leaver")

        def unsubscribe(suffix: str) -> Any:
            return lambda: self.assertEqual(self.remove(suffix, OTHER), "DELETE_COMPLETE")

        self.assertEqual(left("-one", unsubscribe("-one"), unshare_table), 0)
        self.assertEqual(left("-two", unshare_table, unsubscribe("-two")), 1)

    def test_across_accounts(self) -> None:
        """A consumer links a producer's database, and passes on what was shared with it."""
        target = {"CatalogId": ACCOUNT, "DatabaseName": "lf_db"}
        consumer = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{OTHER}:role/Analyst"}
        link = {"Database": {"CatalogId": OTHER, "Name": "lf_link"}}
        resources = {
            "Link": resource(
                "AWS::Glue::Database",
                CatalogId=OTHER,
                DatabaseInput={"Name": "lf_link", "TargetDatabase": target},
            ),
            "OnLink": grant(link, "DESCRIBE", Principal=consumer, DependsOn="Link"),
            "OnTarget": grant(on_table(), "SELECT", Principal=consumer),
        }
        self.refused(resources, "has not shared", account=OTHER, suffix="-early")
        share = {"DataLakePrincipalIdentifier": OTHER}
        lf().grant_permissions(
            Principal=share,
            Resource=on_table(),
            Permissions=["SELECT"],
            PermissionsWithGrantOption=["SELECT"],
        )
        self.deployed(resources, account=OTHER)
        shown = client("lakeformation", OTHER).list_permissions()["PrincipalResourcePermissions"]
        self.assertEqual(len(shown), 2)
        wider = grant(
            on_table(),
            "DESCRIBE",
            Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{OTHER}:role/Wider"},
        )
        self.refused({"G": wider}, "has not shared", account=OTHER, suffix="-wider")
        lf().revoke_permissions(Principal=share, Resource=on_table(), Permissions=["SELECT"])
        self.assertEqual(self._held(), [])
        someone = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{OTHER}:role/Someone"}
        wrong = grant(link, "CREATE_TABLE", Principal=someone)
        self.refused({"G": wrong}, "does not take", account=OTHER, suffix="-wrong")
