"""What a test decides about the health services, runs of Spark, queries, grants and quality rules: delays, outcomes and errors.

A step waits for a call of its operation and applies to it; steps of one operation apply in the
order they were given. Without a step, everything succeeds at once.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

# The operations a step may wait for.
OPERATIONS = frozenset(
    {
        "CreateFHIRDatastore",
        "UpdateFHIRDatastore",
        "DeleteFHIRDatastore",
        "DescribeFHIRDatastore",
        "ListFHIRDatastores",
        "StartFHIRImportJob",
        "DescribeFHIRImportJob",
        "ListFHIRImportJobs",
        "StartFHIRExportJob",
        "DescribeFHIRExportJob",
        "ListFHIRExportJobs",
        "CreateDatastore",
        "DeleteDatastore",
        "GetDatastore",
        "ListDatastores",
        "StartDICOMImportJob",
        "GetDICOMImportJob",
        "ListDICOMImportJobs",
        "SearchImageSets",
        "GetImageSet",
        "GetImageSetMetadata",
        "StartJobRun",
        "StartQueryExecution",
        "GrantPermissions",
        "RevokePermissions",
    }
)


@dataclass
class Step:
    """What happens to the next calls of one operation.

    ``error`` refuses the call. Otherwise the store or job the call made stays unfinished for
    ``describes`` looks at it and for ``seconds`` of the server's clock, and then ends in
    ``status``, if given, with ``message``. ``failures`` is how many resources (import) or
    files (DICOM) are refused although they are fine. ``report`` is what HealthLake calls the
    report of an import: its pages and its users do not agree on the case. ``image_sets`` is how
    many image sets more a DICOM import reports than files were put for it.
    """

    operation: str
    account: str = ""  # empty: any; of a grant, the catalog that its resource is in
    times: int = 1
    error: str = ""
    message: str = ""
    describes: int = 0
    seconds: float = 0
    status: str = ""
    failures: int = 0
    report: str = "manifest.json"
    image_sets: int = 0


_lock = threading.Lock()
_steps: list[Step] = []


def add(entries: Any) -> None:
    """Append steps; ValueError says what is wrong, and then none is taken."""
    if not isinstance(entries, list):
        raise ValueError("expected a list of steps")
    known = {field.name for field in fields(Step)}
    steps = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict) or set(entry) - known:
            extra = sorted(set(entry) - known) if isinstance(entry, dict) else entry
            raise ValueError(f"[{index}]: got {extra}, expected fields among {sorted(known)}")
        if entry.get("operation") not in OPERATIONS:
            raise ValueError(
                f"[{index}].operation: got {entry.get('operation')!r}, "
                f"expected one of {sorted(OPERATIONS)}"
            )
        step = Step(**entry)
        if step.times < 1:
            raise ValueError(f"[{index}].times: got {step.times}, expected 1 or more")
        steps.append(step)
    with _lock:
        _steps.extend(steps)


def clear() -> None:
    """Forget every step."""
    with _lock:
        _steps.clear()


def left() -> list[dict[str, Any]]:
    """The steps no call has used up."""
    with _lock:
        return [asdict(step) for step in _steps]


def take(operation: str, account: str) -> Step:
    """The step for a call, used once; an empty one when the test decided nothing."""
    with _lock:
        for step in _steps:
            if step.operation == operation and step.account in ("", account):
                step.times -= 1
                if step.times == 0:
                    _steps.remove(step)
                return step
    return Step(operation)
