"""HealthLake and HealthImaging: stores, jobs, scripts and what they leave in S3 and Glue."""

from __future__ import annotations

import gzip
import json
import unittest
import urllib.error
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .cloud import ACCOUNT, OTHER, REGION, CloudTest, client, endpoint, resource
from .control import KEY, ROLE, advance, bucket, dicom, page, script

PATIENT = json.dumps({"resourceType": "Patient", "id": "p1"})
ENCOUNTER = json.dumps(
    {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"}}
)
BAD = json.dumps({"resourceType": "Observation", "id": "o1", "status": "final"})


def lake(account: str = ACCOUNT) -> Any:
    return client("healthlake", account)


def imaging() -> Any:
    """HealthImaging's data plane."""
    return _without_prefix("medical-imaging")


def transformation() -> Any:
    """HealthLake's profiles."""
    return _without_prefix("healthlake")


def _without_prefix(service: str) -> Any:
    """A client of calls whose host prefix cannot be put before an address."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint(),
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    )


class HealthTest(CloudTest):
    def setUp(self) -> None:
        super().setUp()
        page("script", "DELETE")

    def assertRefused(self, code: str, call: Any, **values: Any) -> None:  # noqa: N802
        with self.assertRaises(ClientError) as caught:
            call(**values)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)


class Profiles(HealthTest):
    """What makes FHIR of other formats."""

    CCDA = '<ClinicalDocument xmlns="urn:hl7-org:v3"/>'

    def _make(self, form: str, **source: Any) -> str:
        made = transformation().create_data_transformation_profile(
            ProfileName="documents", SourceFormat=form, Source=source
        )
        return str(made["ProfileId"])

    def test_life(self) -> None:
        profile = self._make("CSV", ProfileMapping={"ProfileMapping": {"mapping.yaml": "a"}})
        self.assertEqual(transformation().get_data_transformation_profile(ProfileId=profile)["Version"], 0)
        publish = transformation().publish_data_transformation_profile
        self.assertEqual(publish(ProfileId=profile, SourceFormat="CSV")["Version"], 1)
        self.assertRefused("ValidationException", publish, ProfileId=profile, SourceFormat="CCDA")
        clone = self._make("CSV", ExistingVersionedProfileId={"ProfileId": profile, "Version": 1})
        copied = transformation().get_data_transformation_profile(ProfileId=clone)
        self.assertEqual(copied["ProfileMapping"], {"mapping.yaml": "a"})
        for identifier in (profile, clone):
            transformation().delete_data_transformation_profile(ProfileId=identifier)
        self.assertRefused(
            "ResourceNotFoundException",
            transformation().get_data_transformation_profile,
            ProfileId=profile,
        )

    def test_import(self) -> None:
        store = lake().create_fhir_datastore(DatastoreTypeVersion="R4")["DatastoreId"]
        lake().describe_fhir_datastore(DatastoreId=store)
        name = "documents"
        bucket(name)
        for key, body in {"a.xml": self.CCDA, "b.xml": "<Bill/>", "c.csv": "id\n1\n"}.items():
            client("s3").put_object(Bucket=name, Key=f"in/{key}", Body=body)
        profile = self._make("CCDA", StarterProfile={"StarterProfileName": "ccda-starter-kit-v1"})

        def begin(**more: Any) -> Any:
            output = {"S3Uri": f"s3://{name}/out/", "KmsKeyId": KEY}
            return lake().start_fhir_import_job(
                DatastoreId=store,
                DataAccessRoleArn=ROLE,
                InputDataConfig={"S3Uri": f"s3://{name}/in/"},
                JobOutputDataConfig={"S3Configuration": output},
                **more,
            )

        self.assertRefused("ValidationException", begin, ProfileId=profile, InputFormat="CSV")
        self.assertRefused("ValidationException", begin, ProfileId=profile, InputFormat="CCDA")
        self.assertRefused("ValidationException", begin, InputFormat="CCDA")
        transformation().publish_data_transformation_profile(ProfileId=profile, SourceFormat="CCDA")
        job = begin(ProfileId=profile, InputFormat="CCDA", DriftDetectionEnabled=True)["JobId"]
        for _ in range(3):
            found = lake().describe_fhir_import_job(DatastoreId=store, JobId=job)
        report = found["ImportJobProperties"]["JobProgressReport"]
        self.assertEqual(report["TotalNumberOfScannedFiles"], 2)
        self.assertEqual(report["TotalNumberOfResourcesImported"], 1)
        self.assertEqual(report["TotalNumberOfResourcesWithCustomerError"], 1)
        self.assertEqual(found["ImportJobProperties"]["JobStatus"], "COMPLETED_WITH_ERRORS")


class Stores(HealthTest):
    def _status(self, store: str) -> str:
        found = lake().describe_fhir_datastore(DatastoreId=store)["DatastoreProperties"]
        return str(found["DatastoreStatus"])

    def test_life(self) -> None:
        made = lake().create_fhir_datastore(DatastoreTypeVersion="R4", DatastoreName="life")
        self.assertEqual(made["DatastoreStatus"], "CREATING")
        store = made["DatastoreId"]
        self.assertEqual(self._status(store), "ACTIVE")
        found = lake().list_fhir_datastores(Filter={"DatastoreName": "life"})
        self.assertEqual([s["DatastoreId"] for s in found["DatastorePropertiesList"]], [store])
        self.assertEqual(lake(OTHER).list_fhir_datastores()["DatastorePropertiesList"], [])
        answer = lake().delete_fhir_datastore(DatastoreId=store)
        self.assertEqual(answer["DatastoreStatus"], "DELETING")
        self.assertEqual(self._status(store), "DELETED")

    def test_token(self) -> None:
        request = {"DatastoreTypeVersion": "R4", "ClientToken": "same"}
        first = lake().create_fhir_datastore(**request)
        self.assertEqual(
            lake().create_fhir_datastore(**request)["DatastoreId"], first["DatastoreId"]
        )
        self.assertRefused(
            "ValidationException",
            lake().create_fhir_datastore,
            **request,
            DatastoreName="other",
        )

    def test_delay(self) -> None:
        script(
            {"operation": "CreateFHIRDatastore", "describes": 2},
            {"operation": "CreateFHIRDatastore", "seconds": 600},
            {"operation": "CreateFHIRDatastore", "status": "CREATE_FAILED", "message": "no"},
        )
        create = lake().create_fhir_datastore
        looks = create(DatastoreTypeVersion="R4")["DatastoreId"]
        self.assertEqual([self._status(looks) for _ in range(3)], ["CREATING"] * 2 + ["ACTIVE"])
        slow = create(DatastoreTypeVersion="R4")["DatastoreId"]
        advance(599)
        self.assertEqual(self._status(slow), "CREATING")
        self.assertRefused(
            "ConflictException", lake().delete_fhir_datastore, DatastoreId=slow
        )
        advance(1)
        self.assertEqual(self._status(slow), "ACTIVE")
        failed = create(DatastoreTypeVersion="R4")["DatastoreId"]
        found = lake().describe_fhir_datastore(DatastoreId=failed)["DatastoreProperties"]
        self.assertEqual(found["DatastoreStatus"], "CREATE_FAILED")
        self.assertEqual(found["ErrorCause"]["ErrorMessage"], "no")

    def test_errors(self) -> None:
        nothing = "0" * 32
        self.assertRefused(
            "ResourceNotFoundException", lake().describe_fhir_datastore, DatastoreId=nothing
        )
        self.assertRefused(
            "ValidationException", lake().create_fhir_datastore, DatastoreTypeVersion="STU3"
        )
        script({"operation": "ListFHIRDatastores", "error": "ThrottlingException", "times": 1})
        self.assertRefused("ThrottlingException", once_only("healthlake").list_fhir_datastores)
        lake().list_fhir_datastores()

    def test_catalog(self) -> None:
        glue = client("glue")
        before = {d["Name"] for d in glue.get_databases()["DatabaseList"]}
        store = lake().create_fhir_datastore(DatastoreTypeVersion="R4")["DatastoreId"]
        self._status(store)
        made = [d for d in glue.get_databases()["DatabaseList"] if d["Name"] not in before]
        self.assertEqual(len(made), 1)
        self.assertNotEqual(made[0]["TargetDatabase"]["CatalogId"], ACCOUNT)
        self.assertNotIn(store, made[0]["Name"])
        target = made[0]["TargetDatabase"]
        tables = glue.get_tables(DatabaseName=made[0]["Name"])["TableList"]
        self.assertIn("patient", [table["Name"] for table in tables])
        found = glue.get_table(
            CatalogId=target["CatalogId"], DatabaseName=target["DatabaseName"], Name="patient"
        )
        self.assertEqual(found["Table"]["Parameters"]["table_type"], "ICEBERG")
        with self.assertRaises(ClientError):
            glue.get_table(DatabaseName=target["DatabaseName"], Name="patient")
        lake().delete_fhir_datastore(DatastoreId=store)
        self.assertEqual(self._status(store), "DELETED")
        self.assertEqual({d["Name"] for d in glue.get_databases()["DatabaseList"]}, before)

    def test_cloudformation_waits(self) -> None:
        script({"operation": "CreateFHIRDatastore", "seconds": 1800})
        store = resource("AWS::HealthLake::FHIRDatastore", DatastoreTypeVersion="R4")
        self.deployed({"F": store})
        self.assertEqual(self._status(self.physical("F")), "ACTIVE")
        script({"operation": "CreateFHIRDatastore", "status": "CREATE_FAILED", "message": "full"})
        self.refused({"F": store}, "full", suffix="-failed")

    def test_script_is_checked(self) -> None:
        for wrong in ([{"operation": "Nothing"}], [{"op": "x"}], {"operation": "GetDatastore"}):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                page("script", "POST", wrong)
            self.assertEqual(caught.exception.code, 400)
        self.assertEqual(page("script"), [])


def once_only(service: str) -> Any:
    """A client that does not try again."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint(),
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


class FhirJobs(HealthTest):
    def setUp(self) -> None:
        super().setUp()
        made = lake().create_fhir_datastore(DatastoreTypeVersion="R4")
        self.store = made["DatastoreId"]
        lake().describe_fhir_datastore(DatastoreId=self.store)
        self.name = f"jobs-{self.store[:8]}"

    def _start(self, prefix: str = "in/", **more: Any) -> dict[str, Any]:
        output = {"S3Configuration": {"S3Uri": f"s3://{self.name}/out", "KmsKeyId": KEY}}
        started: dict[str, Any] = lake().start_fhir_import_job(
            DatastoreId=self.store,
            InputDataConfig={"S3Uri": f"s3://{self.name}/{prefix}"},
            JobOutputDataConfig=output,
            DataAccessRoleArn=ROLE,
            **more,
        )
        return started

    def _describe(self, job: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = lake().describe_fhir_import_job(
            DatastoreId=self.store, JobId=job["JobId"]
        )["ImportJobProperties"]
        return found

    def _read(self, key: str) -> str:
        body: bytes = client("s3").get_object(Bucket=self.name, Key=key)["Body"].read()
        return body.decode()

    def test_all_good(self) -> None:
        bucket(self.name, in__a=f"{PATIENT}\n{ENCOUNTER}\n", in__b="\n", elsewhere=BAD)
        job = self._start()
        self.assertEqual(job["JobStatus"], "SUBMITTED")
        done = self._describe(job)
        self.assertEqual(done["JobStatus"], "COMPLETED")
        report = done["JobProgressReport"]
        self.assertEqual(report["TotalNumberOfScannedFiles"], 2)
        self.assertEqual(report["TotalNumberOfResourcesImported"], 2)
        base = f"out/{self.store}-FHIR_IMPORT-{job['JobId']}"
        manifest = json.loads(self._read(f"{base}/manifest.json"))
        self.assertEqual(manifest["numberOfResourcesImportedSuccessfully"], 2)
        self.assertEqual(manifest["outputDataConfig"]["encryptionKeyID"], KEY)
        self.assertEqual(len(self._read(f"{base}/SUCCESS/a.ndjson").splitlines()), 2)

    def test_partly_bad(self) -> None:
        bucket(self.name, in__a=f"{PATIENT}\n{BAD}\n{{\n[]\n")
        job = self._start()
        done = self._describe(job)
        self.assertEqual(done["JobStatus"], "COMPLETED_WITH_ERRORS")
        self.assertEqual(done["JobProgressReport"]["TotalNumberOfResourcesWithCustomerError"], 3)
        base = f"out/{self.store}-FHIR_IMPORT-{job['JobId']}"
        lines = [json.loads(x) for x in self._read(f"{base}/FAILURE/a.ndjson").splitlines()]
        self.assertEqual([line["lineId"] for line in lines], [2, 3, 4])
        self.assertIn("code", lines[0]["exception"])

    def test_nothing_to_import(self) -> None:
        bucket(self.name, in__a=BAD)
        self.assertEqual(self._describe(self._start())["JobStatus"], "FAILED")
        self.assertEqual(self._describe(self._start("none/"))["JobStatus"], "FAILED")
        with self.assertRaises(ClientError) as caught:
            lake().start_fhir_import_job(
                DatastoreId=self.store,
                InputDataConfig={"S3Uri": "s3://no-such-bucket/in"},
                JobOutputDataConfig={
                    "S3Configuration": {"S3Uri": f"s3://{self.name}/o", "KmsKeyId": KEY}
                },
                DataAccessRoleArn=ROLE,
            )
        self.assertIn("no-such-bucket", str(caught.exception))

    def test_scripted_ends(self) -> None:
        bucket(self.name, in__a=f"{PATIENT}\n{ENCOUNTER}\n")
        script(
            {"operation": "StartFHIRImportJob", "status": "FAILED", "message": "disk"},
            {"operation": "StartFHIRImportJob", "failures": 1},
            {"operation": "StartFHIRImportJob", "describes": 2},
        )
        failed = self._describe(self._start())
        self.assertEqual((failed["JobStatus"], failed["Message"]), ("FAILED", "disk"))
        self.assertEqual(self._describe(self._start())["JobStatus"], "COMPLETED_WITH_ERRORS")
        job = self._start()
        seen = [self._describe(job)["JobStatus"] for _ in range(3)]
        self.assertEqual(seen, ["SUBMITTED", "IN_PROGRESS", "COMPLETED"])

    def test_token_and_queue(self) -> None:
        bucket(self.name, in__a=PATIENT)
        script({"operation": "StartFHIRImportJob", "seconds": 100})
        first = self._start(ClientToken="t")
        self.assertEqual(self._start(ClientToken="t")["JobId"], first["JobId"])
        second = self._start()
        self.assertEqual(self._describe(second)["JobStatus"], "QUEUED")
        for _ in range(24):
            self._start()
        self.assertRefused(
            "ThrottlingException",
            once_only("healthlake").start_fhir_import_job,
            DatastoreId=self.store,
            InputDataConfig={"S3Uri": f"s3://{self.name}/in"},
            JobOutputDataConfig={
                "S3Configuration": {"S3Uri": f"s3://{self.name}/o", "KmsKeyId": KEY}
            },
            DataAccessRoleArn=ROLE,
        )
        advance(100)
        jobs = lake().list_fhir_import_jobs(DatastoreId=self.store, JobStatus="COMPLETED")
        self.assertEqual(len(jobs["ImportJobPropertiesList"]), 26)
        self.assertEqual(self._describe(second)["JobStatus"], "COMPLETED")

    def test_export(self) -> None:
        bucket(self.name, in__a=f"{PATIENT}\n{ENCOUNTER}\n")
        self._describe(self._start())
        job = lake().start_fhir_export_job(
            DatastoreId=self.store,
            OutputDataConfig={"S3Configuration": {"S3Uri": f"s3://{self.name}/x", "KmsKeyId": KEY}},
            DataAccessRoleArn=ROLE,
        )
        done = lake().describe_fhir_export_job(DatastoreId=self.store, JobId=job["JobId"])
        self.assertEqual(done["ExportJobProperties"]["JobStatus"], "COMPLETED")
        base = f"x/{self.store}-FHIR_EXPORT-{job['JobId']}"
        self.assertEqual(json.loads(self._read(f"{base}/Patient/Patient-0.ndjson"))["id"], "p1")


class Imaging(HealthTest):
    def _store(self) -> str:
        made = imaging().create_datastore(datastoreName="i", clientToken="c" + self.id()[-20:])
        identity = made["datastoreId"]
        found = imaging().get_datastore(datastoreId=identity)["datastoreProperties"]
        self.assertEqual(found["datastoreStatus"], "ACTIVE")
        return str(identity)

    def test_import_and_read(self) -> None:
        api, store = imaging(), self._store()
        s3 = client("s3")
        s3.create_bucket(Bucket="dicom-read")
        for number in (1, 2):
            body = dicom(
                StudyInstanceUID="1.2",
                SeriesInstanceUID="1.2.1",
                SOPInstanceUID=f"1.2.1.{number}",
                PatientID="p1",
                Modality="CT",
            )
            s3.put_object(Bucket="dicom-read", Key=f"in/{number}.dcm", Body=body)
        s3.put_object(Bucket="dicom-read", Key="in/3.dcm", Body=b"no image")
        request = {
            "datastoreId": store,
            "clientToken": "job",
            "dataAccessRoleArn": ROLE,
            "inputS3Uri": "s3://dicom-read/in/",
            "outputS3Uri": "s3://dicom-read/out/",
        }
        script({"operation": "StartDICOMImportJob", "describes": 1})
        job = api.start_dicom_import_job(**request)
        self.assertEqual(api.start_dicom_import_job(**request)["jobId"], job["jobId"])
        look = {"datastoreId": store, "jobId": job["jobId"]}
        seen = [api.get_dicom_import_job(**look)["jobProperties"]["jobStatus"] for _ in range(2)]
        self.assertEqual(seen, ["SUBMITTED", "COMPLETED"])
        key = f"out/{store}-DicomImport-{job['jobId']}/job-output-manifest.json"
        manifest = json.load(s3.get_object(Bucket="dicom-read", Key=key)["Body"])["jobSummary"]
        self.assertEqual(manifest["numberOfImportedFiles"], 2)
        self.assertEqual(manifest["numberOfFilesWithCustomerError"], 1)
        criteria = {"filters": [{"operator": "EQUAL", "values": [{"DICOMPatientId": "p1"}]}]}
        found = api.search_image_sets(datastoreId=store, searchCriteria=criteria)
        (image_set,) = found["imageSetsMetadataSummaries"]
        self.assertEqual(image_set["DICOMTags"]["DICOMSeriesModality"], "CT")
        answer = api.get_image_set_metadata(datastoreId=store, imageSetId=image_set["imageSetId"])
        document = json.loads(gzip.decompress(answer["imageSetMetadataBlob"].read()))
        series = document["Study"]["Series"]["1.2.1"]
        self.assertEqual(sorted(series["Instances"]), ["1.2.1.1", "1.2.1.2"])
        self.assertRefused("ConflictException", api.delete_datastore, datastoreId=store)
        shown = api.get_image_set(datastoreId=store, imageSetId=image_set["imageSetId"])
        self.assertEqual(shown["imageSetState"], "ACTIVE")

    def test_cloudformation(self) -> None:
        def store(**more: Any) -> dict[str, Any]:
            return {"I": resource("AWS::HealthImaging::Datastore", **more)}

        self.deployed(store(DatastoreName="one"))
        first = self.physical("I")
        self.deployed(store(DatastoreName="two"))
        self.assertNotEqual(self.physical("I"), first)
        statuses = {
            s["datastoreId"]: s["datastoreStatus"]
            for s in imaging().list_datastores()["datastoreSummaries"]
        }
        self.assertEqual(statuses[first], "DELETED")
        self.assertEqual(statuses[self.physical("I")], "ACTIVE")


if __name__ == "__main__":
    unittest.main()
