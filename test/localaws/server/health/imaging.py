"""The HealthImaging API."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .. import events
from ..clock import CLOCK
from . import imagesets
from .api import Answer, Blob, Call, Refused
from .lifecycle import LOCK, Progress, identity

SERVICE = "medical-imaging"

_STORE_EVENTS = {
    "CREATING": "Data Store Creating",
    "ACTIVE": "Data Store Created",
    "CREATE_FAILED": "Data Store Creation Failed",
    "DELETING": "Data Store Deleting",
    "DELETED": "Data Store Deleted",
}


@dataclass
class Store:
    """An imaging data store, its image sets and its jobs."""

    account: str
    region: str
    properties: dict[str, Any]
    token: str
    tags: dict[str, str]
    progress: Progress | None = None
    sets: dict[str, imagesets.ImageSet] = field(default_factory=dict)
    jobs: list[imagesets.Job] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.properties["datastoreId"])

    @property
    def arn(self) -> str:
        return str(self.properties["datastoreArn"])

    @property
    def status(self) -> str:
        return str(self.properties["datastoreStatus"])

    def become(self, status: str) -> None:
        """Change the status, and tell EventBridge."""
        self.properties["datastoreStatus"] = status
        self.properties["updatedAt"] = CLOCK.time()
        keys = ("datastoreId", "datastoreName", "datastoreStatus")
        detail = {"imagingVersion": "1.0"} | {key: self.properties[key] for key in keys}
        events.publish(
            self.account,
            self.region,
            "aws.medical-imaging",
            _STORE_EVENTS[status],
            [self.arn],
            detail,
        )

    def brief(self) -> dict[str, Any]:
        return {"datastoreId": self.id, "datastoreStatus": self.status}


_stores: dict[tuple[str, str], dict[str, Store]] = {}


def handle(call: Call) -> Answer:
    """Answer one call."""
    with LOCK:
        return copy.deepcopy(_OPERATIONS[call.operation](call))


def _mine(call: Call) -> dict[str, Store]:
    return _stores.setdefault((call.account, call.region), {})


def _store(call: Call) -> Store:
    store = _mine(call).get(call.values["datastoreId"])
    if store is None:
        raise Refused(
            "ResourceNotFoundException", f"Datastore {call.values['datastoreId']} was not found."
        )
    return store


# --- stores ---


def _create(call: Call) -> Answer:
    token = call.values["clientToken"]
    for known in _mine(call).values():
        if known.token == token and known.status != "DELETED":
            return known.brief()
    identifier = identity(call.account, call.region, "imaging")
    properties = {
        **{k: v for k, v in call.values.items() if k not in ("clientToken", "tags")},
        "datastoreId": identifier,
        "datastoreArn": (
            f"arn:aws:medical-imaging:{call.region}:{call.account}:datastore/{identifier}"
        ),
        "createdAt": CLOCK.time(),
    }
    properties.setdefault("datastoreName", identifier)
    store = Store(call.account, call.region, properties, token, dict(call.values.get("tags", {})))
    _mine(call)[identifier] = store
    store.become("CREATING")
    answer = store.brief()
    failed = call.step.status == "CREATE_FAILED"
    store.progress = Progress(call.step, [], store.become)
    store.progress.begin(lambda: store.become("CREATE_FAILED" if failed else "ACTIVE"))
    return answer


def _delete(call: Call) -> Answer:
    store = _store(call)
    if store.sets:
        raise Refused("ConflictException", f"Datastore {store.id} still has image sets.")
    if store.status in ("CREATING", "DELETING"):
        raise Refused("ConflictException", f"Datastore {store.id} is {store.status}.")
    store.become("DELETING")
    answer = store.brief()
    store.progress = Progress(call.step, [], store.become)
    store.progress.begin(lambda: store.become("DELETED"))
    return answer


def _get(call: Call) -> Answer:
    return {"datastoreProperties": _store(call).properties}


def _list(call: Call) -> Answer:
    keys = (
        "datastoreId",
        "datastoreName",
        "datastoreStatus",
        "datastoreArn",
        "createdAt",
        "updatedAt",
    )
    wanted = call.values.get("datastoreStatus")
    found = [s for s in _mine(call).values() if wanted in (None, s.status)]
    return _page(call, "datastoreSummaries", [{k: s.properties[k] for k in keys} for s in found])


def _page(call: Call, key: str, found: list[Any]) -> dict[str, Any]:
    first = int(call.values.get("nextToken") or 0)
    size = call.values.get("maxResults", 50)
    answer: dict[str, Any] = {key: found[first : first + size]}
    if first + size < len(found):
        answer["nextToken"] = str(first + size)
    return answer


# --- jobs ---


def _start(call: Call) -> Answer:
    store = _store(call)
    for known in store.jobs:
        if known.token == call.values["clientToken"]:
            return _brief(known)
    if store.status != "ACTIVE":
        raise Refused("ConflictException", f"Datastore {store.id} is {store.status}, not ACTIVE.")
    identifier = identity(store.id, "dicom")
    properties = {k: v for k, v in call.values.items() if k != "clientToken"}
    properties |= {"jobId": identifier, "submittedAt": CLOCK.time()}
    properties.setdefault("jobName", identifier)
    job = imagesets.Job(
        call.account, call.region, call.values["clientToken"], call.step, properties
    )
    imagesets.check(job)
    store.jobs.append(job)
    job.become("SUBMITTED", store.arn)
    answer = _brief(job)

    def show(status: str) -> None:
        if status:
            job.become(status, store.arn)

    job.progress = Progress(call.step, ["", "IN_PROGRESS"], show)
    job.progress.begin(lambda: job.become(imagesets.run(job, store.arn, store.sets), store.arn))
    return answer


def _brief(job: imagesets.Job) -> dict[str, Any]:
    keys = ("datastoreId", "jobId", "jobStatus", "submittedAt")
    return {key: job.properties[key] for key in keys}


def _job(call: Call) -> imagesets.Job:
    for job in _store(call).jobs:
        if job.id == call.values["jobId"]:
            return job
    raise Refused("ResourceNotFoundException", f"Job {call.values['jobId']} was not found.")


def _get_job(call: Call) -> Answer:
    return {"jobProperties": _job(call).properties}


def _list_jobs(call: Call) -> Answer:
    keys = (
        "jobId",
        "jobName",
        "jobStatus",
        "datastoreId",
        "dataAccessRoleArn",
        "endedAt",
        "submittedAt",
        "message",
    )
    wanted = call.values.get("jobStatus")
    found = [
        {k: job.properties[k] for k in keys if k in job.properties}
        for job in reversed(_store(call).jobs)
        if wanted in (None, job.properties["jobStatus"])
    ]
    return _page(call, "jobSummaries", found)


# --- image sets ---


def _search(call: Call) -> Answer:
    found = [image_set.summary() for image_set in _store(call).sets.values()]
    for criterion in call.values.get("searchCriteria", {}).get("filters", []):
        found = [entry for entry in found if _matches(entry, criterion)]
    return _page(call, "imageSetsMetadataSummaries", found)


def _matches(entry: dict[str, Any], criterion: dict[str, Any]) -> bool:
    shown = {**entry, **entry["DICOMTags"]}
    values = criterion["values"]
    if criterion["operator"] == "EQUAL":
        return all(shown.get(key) == value for key, value in values[0].items())
    low, high = values
    return all(
        low[key] <= _comparable(shown.get(key)) <= high[key] for key in low if key in shown
    )


def _comparable(value: Any) -> Any:
    return value.timestamp() if hasattr(value, "timestamp") else value


def _image_set(call: Call) -> imagesets.ImageSet:
    found = _store(call).sets.get(call.values["imageSetId"])
    if found is None or call.values.get("versionId", str(found.version)) != str(found.version):
        raise Refused(
            "ResourceNotFoundException", f"Image set {call.values['imageSetId']} was not found."
        )
    return found


def _get_image_set(call: Call) -> Answer:
    image_set = _image_set(call)
    return {
        "datastoreId": call.values["datastoreId"],
        "imageSetId": image_set.id,
        "versionId": str(image_set.version),
        "imageSetState": "ACTIVE",
        "imageSetWorkflowStatus": "CREATED",
        "createdAt": image_set.created,
        "updatedAt": image_set.created,
        "imageSetArn": image_set.arn,
        "isPrimary": True,
    }


def _metadata(call: Call) -> Answer:
    body = _image_set(call).metadata(call.values["datastoreId"])
    return Blob(body, {"Content-Type": "application/json", "Content-Encoding": "gzip"})


def look(call: Call) -> None:
    """A get call is about to be answered: the store or job may move on."""
    progress = None
    with LOCK:
        if call.operation == "GetDatastore":
            progress = _store(call).progress
        elif call.operation == "GetDICOMImportJob":
            progress = _job(call).progress
    if progress:
        progress.look()
    else:
        CLOCK.settle()


# --- tags ---


def _tagged(call: Call) -> Store:
    for store in _mine(call).values():
        if store.arn == call.values["resourceArn"]:
            return store
    raise Refused("ResourceNotFoundException", f"{call.values['resourceArn']} was not found.")


def _tag(call: Call) -> Answer:
    _tagged(call).tags.update(call.values["tags"])
    return {}


def _untag(call: Call) -> Answer:
    store = _tagged(call)
    for key in call.values["tagKeys"]:
        store.tags.pop(key, None)
    return {}


_OPERATIONS: dict[str, Callable[[Call], Answer]] = {
    "CreateDatastore": _create,
    "DeleteDatastore": _delete,
    "GetDatastore": _get,
    "ListDatastores": _list,
    "StartDICOMImportJob": _start,
    "GetDICOMImportJob": _get_job,
    "ListDICOMImportJobs": _list_jobs,
    "SearchImageSets": _search,
    "GetImageSet": _get_image_set,
    "GetImageSetMetadata": _metadata,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": lambda call: {"tags": _tagged(call).tags},
}

OPERATIONS = frozenset(_OPERATIONS)
