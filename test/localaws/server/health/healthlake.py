"""The HealthLake API."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .. import events
from ..clock import CLOCK
from . import analytics, fhirjobs, profiles
from .api import Answer, Call, Refused
from .lifecycle import LOCK, Progress, identity

SERVICE = "healthlake"

# Queued jobs of one store ("AWS HealthLake endpoints and quotas").
MAX_QUEUED = 25

_STORE_EVENTS = {
    "CREATING": "Data Store Creating",
    "ACTIVE": "Data Store Active",
    "CREATE_FAILED": "Data Store Creation Failed",
    "DELETING": "Data Store Deleting",
    "DELETED": "Data Store Deleted",
}


@dataclass
class Store:
    """A FHIR data store, its resources and its jobs."""

    account: str
    region: str
    properties: dict[str, Any]
    token: str
    request: dict[str, Any]
    tags: dict[str, str]
    progress: Progress | None = None
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: list[fhirjobs.Job] = field(default_factory=list)
    catalog: analytics.Catalog | None = None

    @property
    def id(self) -> str:
        return str(self.properties["DatastoreId"])

    @property
    def arn(self) -> str:
        return str(self.properties["DatastoreArn"])

    @property
    def status(self) -> str:
        return str(self.properties["DatastoreStatus"])

    def become(self, status: str) -> None:
        """Change the status, and tell EventBridge."""
        self.properties["DatastoreStatus"] = status
        keys = ("DatastoreId", "DatastoreName", "DatastoreTypeVersion", "DatastoreEndpoint")
        shown = {k[:1].lower() + k[1:]: self.properties[k] for k in keys if k in self.properties}
        events.publish(
            self.account, self.region, "aws.healthlake", _STORE_EVENTS[status], [self.arn], shown
        )


_stores: dict[tuple[str, str], dict[str, Store]] = {}


def handle(call: Call) -> Answer:
    """Answer one call."""
    with LOCK:
        return copy.deepcopy(_OPERATIONS[call.operation](call))


def _mine(call: Call) -> dict[str, Store]:
    return _stores.setdefault((call.account, call.region), {})


def _store(call: Call) -> Store:
    identifier = call.values["DatastoreId"]
    store = _mine(call).get(identifier)
    if store is None:
        raise Refused("ResourceNotFoundException", f"Data store {identifier} was not found.")
    return store


# --- stores ---


def _create(call: Call) -> Answer:
    token = call.values.get("ClientToken", "")
    request = {k: v for k, v in call.values.items() if k != "ClientToken"}
    for known in _mine(call).values():
        if token and known.token == token:
            if known.request != request:
                raise Refused(
                    "ValidationException", "The ClientToken was used with other parameters."
                )
            return _brief(known)
    encryption = request.get("SseConfiguration", {}).get("KmsEncryptionConfig", {})
    if encryption.get("CmkType") == "CUSTOMER_MANAGED_KMS_KEY" and "KmsKeyId" not in encryption:
        raise Refused("ValidationException", "CUSTOMER_MANAGED_KMS_KEY needs a KmsKeyId.")
    store = _new_store(call, token, request)
    _mine(call)[store.id] = store
    store.become("CREATING")
    answer = copy.deepcopy(_brief(store))
    store.progress = Progress(call.step, [], store.become)
    store.progress.begin(lambda: _created(store, call))
    return answer


def _new_store(call: Call, token: str, request: dict[str, Any]) -> Store:
    identifier = identity(call.account, call.region, "fhir")
    host = f"https://healthlake.{call.region}.amazonaws.com"
    arn = f"arn:aws:healthlake:{call.region}:{call.account}:datastore/fhir/{identifier}"
    properties = {
        **{k: v for k, v in request.items() if k != "Tags"},
        "DatastoreId": identifier,
        "DatastoreArn": arn,
        "DatastoreEndpoint": f"{host}/datastore/{identifier}/r4/",
        "CreatedAt": CLOCK.time(),
        "IdentityProviderConfiguration": request.get(
            "IdentityProviderConfiguration", {"AuthorizationStrategy": "AWS_AUTH"}
        ),
        "SseConfiguration": request.get(
            "SseConfiguration", {"KmsEncryptionConfig": {"CmkType": "AWS_OWNED_KMS_KEY"}}
        ),
    }
    tags = {t["Key"]: t["Value"] for t in request.get("Tags", [])}
    return Store(call.account, call.region, properties, token, request, tags)


def _created(store: Store, call: Call) -> None:
    if call.step.status == "CREATE_FAILED":
        store.properties["ErrorCause"] = {
            "ErrorMessage": call.step.message or "The data store could not be created.",
            "ErrorCategory": "NON_RETRYABLE_ERROR",
        }
        store.become("CREATE_FAILED")
        return
    store.catalog = analytics.open_catalog(store.account, store.region, store.id)
    store.become("ACTIVE")


def _update(call: Call) -> Answer:
    store = _store(call)
    if store.status != "ACTIVE":
        raise Refused("ConflictException", f"Data store {store.id} is {store.status}.")
    changed = {k: v for k, v in call.values.items() if k != "DatastoreId"}
    # AWS documents no event of an update.
    store.properties["DatastoreStatus"] = "UPDATING"
    answer = copy.deepcopy(store.properties)
    store.progress = Progress(call.step, [], store.become)
    store.progress.begin(lambda: _updated(store, call, changed))
    return {"DatastoreProperties": answer}


def _updated(store: Store, call: Call, changed: dict[str, Any]) -> None:
    if call.step.status == "UPDATE_FAILED":
        store.properties["ErrorCause"] = {
            "ErrorMessage": call.step.message or "The data store could not be updated.",
            "ErrorCategory": "NON_RETRYABLE_ERROR",
        }
        store.properties["DatastoreStatus"] = "UPDATE_FAILED"
        return
    store.properties.update(changed)
    store.properties["DatastoreStatus"] = "ACTIVE"


def _delete(call: Call) -> Answer:
    store = _store(call)
    if store.status in ("CREATING", "UPDATING", "DELETING"):
        raise Refused("ConflictException", f"Data store {store.id} is {store.status}.")
    store.become("DELETING")
    answer = copy.deepcopy(_brief(store))
    store.progress = Progress(call.step, [], store.become)
    store.progress.begin(lambda: _deleted(store))
    return answer


def _deleted(store: Store) -> None:
    if store.catalog:
        analytics.close_catalog(store.catalog)
    store.resources.clear()
    store.become("DELETED")


def _brief(store: Store) -> dict[str, Any]:
    keys = ("DatastoreId", "DatastoreArn", "DatastoreStatus", "DatastoreEndpoint")
    return {key: store.properties[key] for key in keys}


def _describe(call: Call) -> Answer:
    store = _store(call)
    return {"DatastoreProperties": store.properties}


def _list(call: Call) -> Answer:
    wanted = call.values.get("Filter", {})
    found = [
        store.properties
        for store in _mine(call).values()
        if all(
            store.properties.get(key) == wanted[key]
            for key in ("DatastoreName", "DatastoreStatus")
            if key in wanted
        )
    ]
    return _page(call, "DatastorePropertiesList", found)


def _page(call: Call, key: str, found: list[Any]) -> Answer:
    """A part of a list; the token is the number of the first entry of the next part."""
    first = int(call.values.get("NextToken") or 0)
    size = call.values.get("MaxResults", 100)
    answer: dict[str, Any] = {key: found[first : first + size]}
    if first + size < len(found):
        answer["NextToken"] = str(first + size)
    return answer


# --- jobs ---


def _start(kind: str) -> Callable[[Call], Answer]:
    def start(call: Call) -> Answer:
        store = _store(call)
        token = call.values.get("ClientToken", "")
        for known in store.jobs:
            if token and known.kind == kind and known.token == token:
                return known.brief()
        if store.status != "ACTIVE":
            raise Refused(
                "ValidationException", f"Data store {store.id} is {store.status}, not ACTIVE."
            )
        waiting = [job for job in store.jobs if not job.done]
        if len(waiting) > MAX_QUEUED:
            raise Refused("ThrottlingException", f"{MAX_QUEUED} jobs are queued already.")
        job = fhirjobs.new(kind, call, identity(store.id, kind))
        fhirjobs.check(job)
        store.jobs.append(job)
        job.become("SUBMITTED", store.arn)
        answer = copy.deepcopy(job.brief())
        if waiting:
            job.become("QUEUED", store.arn)
        else:
            _run(store, job)
        return answer

    return start


def _run(store: Store, job: fhirjobs.Job) -> None:
    def finish() -> None:
        fhirjobs.run(job, store.resources)
        if store.catalog:
            analytics.add_tables(store.catalog, {r["resourceType"] for r in store.resources.values()})
        job.become(job.outcome, store.arn)
        following = next((j for j in store.jobs if not j.done), None)
        if following:
            _run(store, following)

    def show(status: str) -> None:
        if status:
            job.become(status, store.arn)

    job.progress = Progress(job.step, ["", "IN_PROGRESS"], show)
    job.progress.begin(finish)


def _job(call: Call, kind: str) -> fhirjobs.Job:
    wanted = call.values["JobId"]
    for job in _store(call).jobs:
        if job.kind == kind and job.id == wanted:
            return job
    raise Refused("ResourceNotFoundException", f"Job {wanted} was not found.")


def _describe_job(kind: str) -> Callable[[Call], Answer]:
    return lambda call: {f"{kind.title()}JobProperties": _job(call, kind).properties}


def _list_jobs(kind: str) -> Callable[[Call], Answer]:
    def listing(call: Call) -> Answer:
        found = [
            job.properties
            for job in reversed(_store(call).jobs)
            if job.kind == kind
            and all(
                job.properties.get(key) == call.values[key]
                for key in ("JobName", "JobStatus")
                if key in call.values
            )
        ]
        return _page(call, f"{kind.title()}JobPropertiesList", found)

    return listing


def look(call: Call) -> None:
    """A describe call is about to be answered: the store or job may move on."""
    progress = None
    with LOCK:
        if call.operation == "DescribeFHIRDatastore":
            progress = _store(call).progress
        elif call.operation.startswith("DescribeFHIR"):
            progress = _job(call, "import" if "Import" in call.operation else "export").progress
    if progress:
        progress.look()
    else:
        CLOCK.settle()


# --- tags ---


def _tagged(call: Call) -> dict[str, str]:
    for store in _mine(call).values():
        if store.arn == call.values["ResourceARN"]:
            return store.tags
    found = profiles.tagged(call.account, call.region, call.values["ResourceARN"])
    if found is not None:
        return found
    raise Refused("ResourceNotFoundException", f"{call.values['ResourceARN']} was not found.")


def _tag(call: Call) -> Answer:
    _tagged(call).update({t["Key"]: t["Value"] for t in call.values["Tags"]})
    return {}


def _untag(call: Call) -> Answer:
    tags = _tagged(call)
    for key in call.values["TagKeys"]:
        tags.pop(key, None)
    return {}


def _tags(call: Call) -> Answer:
    found = sorted(_tagged(call).items())
    return {"Tags": [{"Key": key, "Value": value} for key, value in found]}


_OPERATIONS: dict[str, Callable[[Call], Answer]] = {
    "CreateFHIRDatastore": _create,
    "UpdateFHIRDatastore": _update,
    "DeleteFHIRDatastore": _delete,
    "DescribeFHIRDatastore": _describe,
    "ListFHIRDatastores": _list,
    "StartFHIRImportJob": _start("import"),
    "DescribeFHIRImportJob": _describe_job("import"),
    "ListFHIRImportJobs": _list_jobs("import"),
    "StartFHIRExportJob": _start("export"),
    "DescribeFHIRExportJob": _describe_job("export"),
    "ListFHIRExportJobs": _list_jobs("export"),
    "CreateDataTransformationProfile": profiles.create,
    "PublishDataTransformationProfile": profiles.publish,
    "GetDataTransformationProfile": profiles.get,
    "DeleteDataTransformationProfile": profiles.delete,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _tags,
}

OPERATIONS = frozenset(_OPERATIONS)
