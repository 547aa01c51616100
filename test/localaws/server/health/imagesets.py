"""HealthImaging's image sets, and the DICOM import that makes them."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from .. import events
from ..clock import CLOCK
from ..motonames import FakeBucket, s3_backends, S3ClientError
from ..scripts import Step
from . import dicom
from .api import Refused
from .lifecycle import Progress, identity

_PATIENT = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex")
_STUDY = (
    "StudyInstanceUID",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "AccessionNumber",
)
_SERIES = (
    "SeriesInstanceUID",
    "Modality",
    "SeriesNumber",
    "SeriesDescription",
    "BodyPartExamined",
)


@dataclass
class ImageSet:
    """One series, as HealthImaging groups imported files."""

    id: str
    arn: str
    created: datetime.datetime
    instances: dict[str, dict[str, str]] = field(default_factory=dict)
    version: int = 1

    @property
    def first(self) -> dict[str, str]:
        return next(iter(self.instances.values()))

    def metadata(self, datastore: str) -> bytes:
        """The metadata document, gzipped as the API returns it."""
        head = self.first
        instances = {
            uid: {
                "DICOM": {
                    k: v for k, v in tags.items() if k not in (*_PATIENT, *_STUDY, *_SERIES)
                },
                "DICOMVRs": {},
                "ImageFrames": [{"ID": frame_of(uid), "MinPixelValue": 0, "MaxPixelValue": 255}],
            }
            for uid, tags in self.instances.items()
        }
        series = {"DICOM": _only(head, _SERIES), "Instances": instances}
        document = {
            "SchemaVersion": "1.1",
            "DatastoreID": datastore,
            "ImageSetID": self.id,
            "Patient": {"DICOM": _only(head, _PATIENT)},
            "Study": {
                "DICOM": _only(head, _STUDY),
                "Series": {head["SeriesInstanceUID"]: series},
            },
        }
        return gzip.compress(json.dumps(document).encode(), mtime=0)

    def summary(self) -> dict[str, Any]:
        """An entry of SearchImageSets."""
        head = self.first
        tags = {
            "DICOMPatientId": head.get("PatientID"),
            "DICOMPatientName": head.get("PatientName"),
            "DICOMPatientBirthDate": head.get("PatientBirthDate"),
            "DICOMPatientSex": head.get("PatientSex"),
            "DICOMStudyInstanceUID": head.get("StudyInstanceUID"),
            "DICOMStudyId": head.get("StudyID"),
            "DICOMStudyDescription": head.get("StudyDescription"),
            "DICOMStudyDate": head.get("StudyDate"),
            "DICOMStudyTime": head.get("StudyTime"),
            "DICOMAccessionNumber": head.get("AccessionNumber"),
            "DICOMSeriesInstanceUID": head.get("SeriesInstanceUID"),
            "DICOMSeriesModality": head.get("Modality"),
            "DICOMSeriesBodyPart": head.get("BodyPartExamined"),
            "DICOMNumberOfStudyRelatedSeries": 1,
            "DICOMNumberOfStudyRelatedInstances": len(self.instances),
        }
        return {
            "imageSetId": self.id,
            "version": self.version,
            "createdAt": self.created,
            "updatedAt": self.created,
            "isPrimary": True,
            "DICOMTags": {k: v for k, v in tags.items() if v is not None},
        }


def frame_of(uid: str) -> str:
    """The id of an image frame: any stable one does, none is ever served."""
    return hashlib.md5(uid.encode(), usedforsecurity=False).hexdigest()


def _only(tags: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: tags[name] for name in names if name in tags}


@dataclass
class Job:
    """A DICOM import job."""

    account: str
    region: str
    token: str
    step: Step
    properties: dict[str, Any]
    progress: Progress | None = None

    @property
    def id(self) -> str:
        return str(self.properties["jobId"])

    @property
    def done(self) -> bool:
        return self.properties["jobStatus"] in ("COMPLETED", "FAILED")

    def become(self, status: str, store_arn: str) -> None:
        """Change the status, and tell EventBridge."""
        self.properties["jobStatus"] = status
        if self.done:
            self.properties["endedAt"] = CLOCK.time()
        keys = ("datastoreId", "jobId", "jobName", "jobStatus", "inputS3Uri", "outputS3Uri")
        detail = {"imagingVersion": "1.0"} | {
            k: self.properties[k] for k in keys if k in self.properties
        }
        title = f"Import Job {status.replace('_', ' ').title()}"
        events.publish(
            self.account, self.region, "aws.medical-imaging", title, [store_arn], detail
        )


def check(job: Job) -> None:
    """What the service refuses before it accepts a job."""
    bucket(job, job.properties["inputS3Uri"])
    bucket(job, job.properties["outputS3Uri"])


def bucket(job: Job, uri: str) -> tuple[FakeBucket, str]:
    """The bucket of a location, and the prefix in it."""
    name, _, prefix = uri.removeprefix("s3://").partition("/")
    try:
        return s3_backends[job.account]["aws"].get_bucket(name), prefix
    except S3ClientError as error:
        raise Refused("ValidationException", f"Cannot access the bucket of {uri}.") from error


def run(job: Job, store_arn: str, sets: dict[str, ImageSet]) -> str:
    """Import the files; returns the status the job ends in."""
    if job.step.status == "FAILED":
        job.properties["message"] = job.step.message or "The job failed."
        return "FAILED"
    try:
        good, bad = _read(job, store_arn, sets)
        _report(job, good, bad)
    except Refused:  # a bucket went away since the job was submitted
        job.properties["message"] = "The bucket cannot be accessed"
        return "FAILED"
    if not good:
        job.properties["message"] = "No file could be imported"
        return "FAILED"
    for identifier in sorted({line["importResponse"]["imageSetId"] for line in good}):
        _announce(job, sets[identifier])
    return "COMPLETED"


_Lines = list[dict[str, Any]]


def _read(job: Job, store_arn: str, sets: dict[str, ImageSet]) -> tuple[_Lines, _Lines]:
    source, prefix = bucket(job, job.properties["inputS3Uri"])
    good: _Lines = []
    bad: _Lines = []
    refused = job.step.failures
    for key in sorted(source.keys):
        if not key.startswith(prefix) or key.endswith("/"):
            continue
        try:
            tags = dicom.read(source.keys[key].value)
            if refused > 0:
                refused -= 1
                raise ValueError("refused by the script of the test")
        except ValueError as error:
            problem = {"exceptionType": "ValidationException", "message": str(error)}
            bad.append({"inputFile": key, "exception": problem})
            continue
        image_set = _set_for(tags, store_arn, sets)
        image_set.instances[tags["SOPInstanceUID"]] = tags
        good.append({"inputFile": key, "importResponse": {"imageSetId": image_set.id}})
    return good, bad


def _set_for(tags: dict[str, str], store_arn: str, sets: dict[str, ImageSet]) -> ImageSet:
    for known in sets.values():
        if all(known.first[k] == tags[k] for k in ("StudyInstanceUID", "SeriesInstanceUID")):
            return known
    identifier = identity(store_arn, tags["SeriesInstanceUID"])
    made = ImageSet(identifier, f"{store_arn}/imageset/{identifier}", CLOCK.time())
    sets[identifier] = made
    return made


def _report(job: Job, good: _Lines, bad: _Lines) -> None:
    """The manifest and the logs ("Starting an import job": the output)."""
    output = job.properties["outputS3Uri"].rstrip("/")
    base = f"{output}/{job.properties['datastoreId']}-DicomImport-{job.id}/"
    counts: dict[str, int] = {}
    for line in good:
        identifier = line["importResponse"]["imageSetId"]
        counts[identifier] = counts.get(identifier, 0) + 1
    counts |= {identity(job.id, str(number)): 1 for number in range(job.step.image_sets)}
    summary = {
        "jobId": job.id,
        "datastoreId": job.properties["datastoreId"],
        "inputS3Uri": job.properties["inputS3Uri"],
        "outputS3Uri": base,
        "successOutputS3Uri": f"{base}SUCCESS/",
        "failureOutputS3Uri": f"{base}FAILURE/",
        "numberOfScannedFiles": len(good) + len(bad),
        "numberOfImportedFiles": len(good),
        "numberOfFilesWithCustomerError": len(bad),
        "numberOfFilesWithServerError": 0,
        "numberOfGeneratedImageSets": len(counts),
        "imageSetsSummary": [
            {"imageSetId": k, "numberOfMatchedSOPInstances": n} for k, n in sorted(counts.items())
        ],
    }
    for name, lines in (("SUCCESS/success", good), ("FAILURE/failure", bad)):
        if lines:
            text = "".join(json.dumps(line) + "\n" for line in lines)
            _put(job, f"{base}{name}.ndjson", text)
    _put(job, f"{base}job-output-manifest.json", json.dumps({"jobSummary": summary}, indent=2))


def _put(job: Job, uri: str, text: str) -> None:
    target, key = bucket(job, uri)
    s3_backends[job.account]["aws"].put_object(target.name, key, text.encode())


def _announce(job: Job, image_set: ImageSet) -> None:
    detail = {
        "imagingVersion": "1.0",
        "isPrimary": True,
        "imageSetVersion": str(image_set.version),
        "datastoreId": job.properties["datastoreId"],
        "imagesetId": image_set.id,  # spelled so in the documentation
        "imageSetState": "ACTIVE",
        "imageSetWorkflowStatus": "CREATED",
    }
    events.publish(
        job.account,
        job.region,
        "aws.medical-imaging",
        "Image Set Created",
        [image_set.arn],
        detail,
    )
