"""HealthLake's import and export jobs: what they read from S3 and what they write there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .. import events
from ..clock import CLOCK
from ..motonames import FakeBucket, s3_backends, S3ClientError
from ..scripts import Step
from . import profiles
from .api import Call, Refused
from .lifecycle import Progress

FINAL = ("COMPLETED", "COMPLETED_WITH_ERRORS", "FAILED", "CANCEL_COMPLETED", "CANCEL_FAILED")
# Jobs that the script of a test ends in these do nothing before.
_NOTHING = ("FAILED", "CANCEL_COMPLETED", "CANCEL_FAILED")

# Required elements of FHIR R4 (hl7.org/fhir/R4), for the types the tests use.
_REQUIRED = {
    "AllergyIntolerance": ("patient",),
    "Condition": ("subject",),
    "DiagnosticReport": ("status", "code"),
    "DocumentReference": ("status", "content"),
    "Encounter": ("status", "class"),
    "Immunization": ("status", "vaccineCode", "patient"),
    "MedicationRequest": ("status", "intent", "subject"),
    "Observation": ("status", "code"),
    "Procedure": ("status", "subject"),
}


@dataclass
class Job:
    """An import or export job."""

    kind: str
    account: str
    region: str
    token: str
    step: Step
    properties: dict[str, Any]
    request: dict[str, Any]
    progress: Progress | None = None
    outcome: str = ""

    @property
    def id(self) -> str:
        return str(self.properties["JobId"])

    @property
    def done(self) -> bool:
        return self.properties["JobStatus"] in FINAL

    def brief(self) -> dict[str, Any]:
        return {key: self.properties[key] for key in ("JobId", "JobStatus", "DatastoreId")}

    def become(self, status: str, store_arn: str) -> None:
        """Change the status, and tell EventBridge."""
        self.properties["JobStatus"] = status
        if status in FINAL:
            self.properties["EndTime"] = CLOCK.time()
        words = status.replace("_", " ").title()
        submitted = self.properties["SubmitTime"].strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        detail = {
            "jobId": self.id,
            "submitTime": submitted,
            "datastoreId": self.properties["DatastoreId"],
        }
        if self.kind == "import":
            detail["inputDataConfig"] = {"s3Uri": self.properties["InputDataConfig"]["S3Uri"]}
        else:
            detail["outputDataConfig"] = {"s3Uri": _output(self)["S3Uri"]}
        title = f"{self.kind.title()} Job {words}"
        events.publish(
            self.account, self.region, "aws.healthlake", title, [store_arn], detail
        )


def new(kind: str, call: Call, identifier: str) -> Job:
    """A job as it is submitted."""
    # A job shows nothing of the profile that it converts with.
    hidden = {"ClientToken", "ProfileId", "InputFormat", "DriftDetectionEnabled", "ProvenanceEnabled"}
    properties = {k: v for k, v in call.values.items() if k not in hidden}
    properties |= {"JobId": identifier, "JobStatus": "SUBMITTED", "SubmitTime": CLOCK.time()}
    if kind == "import":
        properties.setdefault("ValidationLevel", "strict")
    token = call.values.get("ClientToken", "")
    return Job(kind, call.account, call.region, token, call.step, properties, call.values)


def _output(job: Job) -> dict[str, str]:
    key = "JobOutputDataConfig" if job.kind == "import" else "OutputDataConfig"
    found: dict[str, str] = job.properties[key].get("S3Configuration") or {}
    return found


def check(job: Job) -> None:
    """What the service refuses before it accepts a job."""
    if not _output(job):
        raise Refused("ValidationException", "The output needs an S3Configuration.")
    _bucket(job, _output(job)["S3Uri"])
    if job.kind == "import":
        uri = job.properties["InputDataConfig"].get("S3Uri", "")
        if not uri:
            raise Refused("ValidationException", "InputDataConfig needs an S3Uri.")
        _bucket(job, uri)
        profiles.check(job.account, job.region, job.request)


def _bucket(job: Job, uri: str) -> tuple[FakeBucket, str]:
    name, _, prefix = uri.removeprefix("s3://").partition("/")
    try:
        return s3_backends[job.account]["aws"].get_bucket(name), prefix
    except S3ClientError as error:
        raise Refused("ValidationException", f"Cannot access the bucket of {uri}.") from error


def _put(job: Job, uri: str, text: str) -> None:
    bucket, key = _bucket(job, uri)
    s3_backends[job.account]["aws"].put_object(
        bucket.name, key, text.encode(), encryption="aws:kms", kms_key_id=_output(job)["KmsKeyId"]
    )


def run(job: Job, resources: dict[str, dict[str, Any]]) -> None:
    """Do the job; its outcome is the status it ends in."""
    if job.step.status in _NOTHING:
        job.outcome = job.step.status
        job.properties["Message"] = job.step.message or "The job failed."
        return
    try:
        if job.kind == "import":
            _import(job, resources)
        else:
            _export(job, resources)
    except Refused as error:  # a bucket went away since the job was submitted
        job.outcome, job.properties["Message"] = "FAILED", error.message
        return
    job.outcome = job.step.status or job.outcome
    if job.step.message:
        job.properties["Message"] = job.step.message


@dataclass
class _File:
    """One input file, and what became of its lines."""

    name: str
    size: int
    good: list[dict[str, Any]]
    bad: list[dict[str, Any]]
    imported: int = 0  # bytes


def _import(job: Job, resources: dict[str, dict[str, Any]]) -> None:
    files = _read(job, resources)
    good = sum(len(f.good) for f in files)
    bad = sum(len(f.bad) for f in files)
    megabytes = sum(f.size for f in files) / 1024 / 1024
    job.properties["JobProgressReport"] = {
        "TotalNumberOfScannedFiles": len(files),
        "TotalSizeOfScannedFilesInMB": round(megabytes, 6),
        "TotalNumberOfImportedFiles": sum(1 for f in files if f.good),
        "TotalNumberOfResourcesScanned": good + bad,
        "TotalNumberOfResourcesImported": good,
        "TotalNumberOfResourcesWithCustomerError": bad,
        "TotalNumberOfFilesReadWithCustomerError": sum(1 for f in files if f.bad),
        "Throughput": 0.0,
    }
    if not good:
        job.outcome = "FAILED"
        job.properties["Message"] = "No resource could be imported."
    else:
        job.outcome = "COMPLETED_WITH_ERRORS" if bad else "COMPLETED"
    _report(job, files, megabytes)


def _read(job: Job, resources: dict[str, dict[str, Any]]) -> list[_File]:
    bucket, prefix = _bucket(job, job.properties["InputDataConfig"]["S3Uri"])
    files = []
    refused = job.step.failures
    for key in sorted(bucket.keys):
        if not key.startswith(prefix) or not key.endswith(profiles.suffix(job.request)):
            continue
        body: bytes = bucket.keys[key].value
        file = _File(key.rsplit("/", 1)[-1], len(body), [], [])
        for number, (line, resource, problem) in enumerate(_resources(job, body), start=1):
            if not line.strip():
                continue
            if not problem and refused > 0:
                refused, problem = refused - 1, "refused by the script of the test"
            if problem:
                file.bad.append({"lineId": number, "exception": problem})
                continue
            resources[f"{resource['resourceType']}/{resource['id']}"] = resource
            file.imported += len(line.encode())
            file.good.append({"lineId": number, "UpdateResourceResult": {"statusCode": 200}})
        files.append(file)
    return files


def _resources(job: Job, body: bytes) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The lines of a file, each with its resource and what is wrong with it."""
    text = body.decode(errors="replace")
    if "ProfileId" not in job.request:
        for line in text.splitlines():
            yield (line, *_resource(line))
        return
    for made in profiles.converted(job.request, text):
        if isinstance(made, str):
            yield made, {}, made
        else:
            yield json.dumps(made), made, ""


def _resource(line: str) -> tuple[dict[str, Any], str]:
    """The resource on a line, and what is wrong with it."""
    try:
        resource = json.loads(line)
    except ValueError as error:
        return {}, f"not JSON: {error}"
    if not isinstance(resource, dict):
        return {}, "not a JSON object"
    name = resource.get("resourceType")
    if not isinstance(name, str) or not name:
        return {}, "resourceType is missing"
    missing = [key for key in ("id", *_REQUIRED.get(name, ())) if not resource.get(key)]
    if missing:
        return {}, f"{name}: required elements are missing: {', '.join(missing)}"
    return resource, ""


def _report(job: Job, files: list[_File], megabytes: float) -> None:
    """The manifest, and one log per input file and outcome ("Manifest JSON file")."""
    output = _output(job)
    folder = f"{job.properties['DatastoreId']}-FHIR_IMPORT-{job.id}"
    base = f"{output['S3Uri'].rstrip('/')}/{folder}/"
    report = job.properties["JobProgressReport"]
    imported = sum(f.imported for f in files) / 1024 / 1024
    for file in files:
        for name, lines in (("SUCCESS", file.good), ("FAILURE", file.bad)):
            if lines:
                text = "".join(json.dumps(line) + "\n" for line in lines)
                _put(job, f"{base}{name}/{file.name}", text)
    manifest = {
        "inputDataConfig": {"s3Uri": job.properties["InputDataConfig"]["S3Uri"]},
        "outputDataConfig": {"s3Uri": base, "encryptionKeyID": output["KmsKeyId"]},
        "successOutput": {"successOutputS3Uri": f"{base}SUCCESS/"},
        "failureOutput": {"failureOutputS3Uri": f"{base}FAILURE/"},
        "numberOfScannedFiles": report["TotalNumberOfScannedFiles"],
        "numberOfFilesImported": report["TotalNumberOfImportedFiles"],
        "sizeOfScannedFilesInMB": round(megabytes, 6),
        "sizeOfDataImportedSuccessfullyInMB": round(imported, 6),
        "numberOfResourcesScanned": report["TotalNumberOfResourcesScanned"],
        "numberOfResourcesImportedSuccessfully": report["TotalNumberOfResourcesImported"],
        "numberOfResourcesWithCustomerError": report["TotalNumberOfResourcesWithCustomerError"],
        "numberOfResourcesWithServerError": 0,
    }
    _put(job, f"{base}{job.step.report}", json.dumps(manifest, indent=2))


def _export(job: Job, resources: dict[str, dict[str, Any]]) -> None:
    """One folder per resource type, one file in it."""
    by_type: dict[str, list[str]] = {}
    for key in sorted(resources):
        resource = resources[key]
        by_type.setdefault(resource["resourceType"], []).append(json.dumps(resource))
    folder = f"{job.properties['DatastoreId']}-FHIR_EXPORT-{job.id}"
    base = f"{_output(job)['S3Uri'].rstrip('/')}/{folder}/"
    for name, lines in by_type.items():
        _put(job, f"{base}{name}/{name}-0.ndjson", "\n".join(lines) + "\n")
    job.outcome = "COMPLETED"
