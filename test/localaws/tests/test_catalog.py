"""The Glue catalog and what hangs on it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, CloudTest, Resources, client, endpoint, resource


def recorded(stack: str) -> dict[str, dict[str, Any]]:
    """What the server says it only remembers of a stack, by logical id."""
    with urllib.request.urlopen(f"{endpoint()}/localaws/recorded") as answer:
        return {e["logical_id"]: e for e in json.load(answer) if e["stack"] == stack}


class Catalog(CloudTest):
    def _base(self, **more: Any) -> Resources:
        return {
            "Db": resource(
                "AWS::Glue::Database",
                CatalogId=ACCOUNT,
                DatabaseInput={"Name": "cat_db", "CreateTableDefaultPermissions": []},
            ),
            **more,
        }

    def _table(self, name: str = "t", **more: Any) -> Resources:
        return resource(
            "AWS::Glue::Table",
            CatalogId=ACCOUNT,
            DatabaseName="cat_db",
            DependsOn="Db",
            TableInput={
                "Name": name,
                "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "string"}]},
                "Parameters": {"classification": "parquet"},
                **more,
            },
        )

    def test_tables(self) -> None:
        glue = client("glue")
        self.deployed(self._base(T=self._table()))
        self.deployed(self._base(T=self._table(Description="changed")))
        table = glue.get_table(DatabaseName="cat_db", Name="t")["Table"]
        self.assertEqual(table["Description"], "changed")
        self.assertEqual(table["Parameters"], {"classification": "parquet"})
        self.deployed(self._base(T=self._table("renamed")))
        names = [t["Name"] for t in glue.get_tables(DatabaseName="cat_db")["TableList"]]
        self.assertEqual(names, ["renamed"])
        second = {"T": {**self._table("renamed"), "DependsOn": []}}
        self.refused(second, "AlreadyExists", suffix="-second")
        lost = self._table()
        lost["Properties"]["DatabaseName"] = "nowhere"
        self.refused({"T": {**lost, "DependsOn": []}}, "EntityNotFoundException", suffix="-lost")
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        with self.assertRaises(ClientError):
            glue.get_database(Name="cat_db")

    def test_iceberg(self) -> None:
        iceberg = self._table("ice", TableType="EXTERNAL_TABLE")
        iceberg["Properties"]["OpenTableFormatInput"] = {
            "IcebergInput": {"MetadataOperation": "CREATE", "Version": "2"}
        }
        optimizer = resource(
            "AWS::Glue::TableOptimizer",
            CatalogId=ACCOUNT,
            DatabaseName="cat_db",
            TableName="ice",
            Type="compaction",
            TableOptimizerConfiguration={"RoleArn": "arn:aws:iam::1:role/x", "Enabled": "true"},
        )
        after = {**optimizer, "DependsOn": "T"}
        self.deployed(self._base(T=iceberg, O=after))
        table = client("glue").get_table(DatabaseName="cat_db", Name="ice")["Table"]
        self.assertEqual(table["Parameters"]["table_type"], "ICEBERG")
        kept = recorded(self.stack())
        self.assertEqual(set(kept), {"T", "O"})
        self.assertIn("OpenTableFormatInput", kept["T"]["properties"])
        changed = self._table("ice", Description="changed")
        changed["Properties"]["OpenTableFormatInput"] = iceberg["Properties"][
            "OpenTableFormatInput"
        ]
        self.refused(self._base(T=changed, O=after), "Updating an Iceberg table")
        self.refused({"O": optimizer}, "already exists", suffix="-second")
        optimizer["Properties"]["TableName"] = "nothing"
        self.refused({"O": optimizer}, "EntityNotFoundException", suffix="-lost")
        self.remove()
        self.assertEqual(recorded(self.stack()), {})

    def test_resource_link(self) -> None:
        link = resource(
            "AWS::Glue::Database",
            CatalogId=ACCOUNT,
            DatabaseInput={
                "Name": "cat_link",
                "TargetDatabase": {"CatalogId": "222222222222", "DatabaseName": "x"},
            },
        )
        self.deployed({"L": link})
        there = client("glue").get_database(Name="cat_link")["Database"]
        self.assertEqual(there["TargetDatabase"]["CatalogId"], "222222222222")

    def test_encryption_settings(self) -> None:
        def settings(mode: str) -> Resources:
            at_rest = {"CatalogEncryptionMode": mode, "SseAwsKmsKeyId": "k"}
            return {
                "E": resource(
                    "AWS::Glue::DataCatalogEncryptionSettings",
                    CatalogId=ACCOUNT,
                    DataCatalogEncryptionSettings={"EncryptionAtRest": at_rest},
                )
            }

        def mode() -> str:
            answer = client("glue").get_data_catalog_encryption_settings()
            found: str = answer["DataCatalogEncryptionSettings"]["EncryptionAtRest"][
                "CatalogEncryptionMode"
            ]
            return found

        self.deployed(settings("SSE-KMS"))
        self.assertEqual(mode(), "SSE-KMS")
        self.refused(settings("SSE-KMS"), "AlreadyExists", suffix="-second")
        self.deployed(settings("SSE-KMS-WITH-SERVICE-ROLE"))
        self.assertEqual(mode(), "SSE-KMS-WITH-SERVICE-ROLE")
        self.remove()
        self.assertEqual(mode(), "DISABLED")


class Crawling(CloudTest):
    def _crawler(self, **more: Any) -> Resources:
        return {
            "C": resource(
                "AWS::Glue::Crawler",
                Name="crawler",
                Role="role",
                DatabaseName="x",
                Targets={
                    "S3Targets": [
                        {"Path": "s3://b/p", "EventQueueArn": "arn:aws:sqs:us-east-1:1:q"}
                    ]
                },
                RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVENT_MODE"},
                SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
                LakeFormationConfiguration={"UseLakeFormationCredentials": "true"},
                **more,
            )
        }

    def test_crawler(self) -> None:
        self.deployed(self._crawler(Schedule={"ScheduleExpression": "cron(0 1 * * ? *)"}))
        self.deployed(self._crawler(Description="changed", Tags={"k": "v"}))
        crawler = client("glue").get_crawler(Name="crawler")["Crawler"]
        self.assertEqual(crawler["Description"], "changed")
        self.assertEqual(crawler["RecrawlPolicy"]["RecrawlBehavior"], "CRAWL_EVENT_MODE")
        self.assertIn("LakeFormationConfiguration", recorded(self.stack())["C"]["properties"])
        (target,) = crawler["Targets"]["S3Targets"]
        self.assertEqual(target["EventQueueArn"], "arn:aws:sqs:us-east-1:1:q")
        self.refused(self._crawler(), "AlreadyExists", suffix="-second")
        self.remove()
        self.assertEqual(client("glue").list_crawlers()["CrawlerNames"], [])

    def test_job(self) -> None:
        def job(workers: Any) -> Resources:
            return {
                "J": resource(
                    "AWS::Glue::Job",
                    Name="job",
                    Role="role",
                    Command={"Name": "glueetl", "ScriptLocation": "s3://b/s.py"},
                    NumberOfWorkers=workers,
                    WorkerType="G.1X",
                    GlueVersion="5.0",
                )
            }

        self.deployed(job("2"))
        self.deployed(job(3))
        self.assertEqual(client("glue").get_job(JobName="job")["Job"]["NumberOfWorkers"], 3)
        self.remove()
        self.assertEqual(client("glue").get_jobs()["Jobs"], [])

    def test_security_configuration(self) -> None:
        def configuration(key: str, name: str = "sec") -> Resources:
            return {
                "S": resource(
                    "AWS::Glue::SecurityConfiguration",
                    Name=name,
                    EncryptionConfiguration={
                        "S3Encryptions": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key}],
                        "CloudWatchEncryption": {
                            "CloudWatchEncryptionMode": "SSE-KMS",
                            "KmsKeyArn": key,
                        },
                    },
                )
            }

        self.deployed(configuration("arn:one"))
        there = client("glue").get_security_configuration(Name="sec")["SecurityConfiguration"]
        self.assertEqual(
            there["EncryptionConfiguration"]["S3Encryption"][0]["KmsKeyArn"], "arn:one"
        )
        self.refused(configuration("arn:two"), "already")
        self.deployed(configuration("arn:two", "sec2"))

    def test_connection(self) -> None:
        def connection(text: str) -> Resources:
            own = {"Name": "conn", "ConnectionType": "NETWORK", "Description": text}
            own["ConnectionProperties"] = {}  # type: ignore[assignment]
            return {"C": resource("AWS::Glue::Connection", CatalogId=ACCOUNT, ConnectionInput=own)}

        self.deployed(connection("one"))
        self.deployed(connection("two"))
        there = client("glue").get_connection(Name="conn")["Connection"]
        self.assertEqual(there["Description"], "two")
        self.remove()
        with self.assertRaises(ClientError):
            client("glue").get_connection(Name="conn")

    def test_recorded_only(self) -> None:
        classifier = resource(
            "AWS::Glue::Classifier",
            CsvClassifier={"Name": "csv", "Delimiter": ",", "ContainsHeader": "PRESENT"},
        )
        ruleset = resource(
            "AWS::Glue::DataQualityRuleset", Name="rules", Ruleset="Rules = [RowCount > 1]"
        )
        self.deployed({"C": classifier, "Q": ruleset})
        self.assertEqual(set(recorded(self.stack())), {"C", "Q"})
        ruleset["Properties"]["Description"] = "changed"
        self.deployed({"C": classifier, "Q": ruleset})
        self.assertEqual(recorded(self.stack())["Q"]["properties"]["Description"], "changed")
        self.refused({"C": classifier}, "already exists", suffix="-second")
        wrong = resource("AWS::Glue::DataQualityRuleset", Name="x", TargetTable={"TableName": "t"})
        self.refused({"Q": wrong}, "Ruleset", suffix="-wrong")
        lost = resource(
            "AWS::Glue::DataQualityRuleset",
            Name="lost",
            Ruleset="Rules = [RowCount > 1]",
            TargetTable={"DatabaseName": "nowhere", "TableName": "t"},
        )
        self.refused({"Q": lost}, "EntityNotFoundException", suffix="-lost")
