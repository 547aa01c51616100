"""EMR Serverless: runs end as a test decides, and what AWS refuses is refused.

moto keeps runs, all of which succeed at once. Nothing here runs Spark: a test reads what a run
was given, and runs the job itself.
"""

from __future__ import annotations

import re
from typing import Any

from . import scripts
from .motonames import (
    emrserverless_exceptions as exceptions,
    emrserverless_models as models,
)

_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = re.compile(r"[.\-_/#A-Za-z0-9]{1,256}")
_KEY = re.compile(r"arn:aws[a-zA-Z0-9-]*:kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]+")


def apply() -> None:
    """Replace the start of runs."""
    backend = models.EMRServerlessBackend
    original = backend.start_job_run

    def start(self: Any, application_id: str, client_token: str, *args: Any, **kwargs: Any) -> Any:
        for run in self.job_runs.get(application_id, []):
            if run.client_token == client_token:
                return run  # the same call again
        _check(client_token, kwargs)
        step = scripts.take("StartJobRun", self.account_id)
        if step.error:
            raise exceptions.ValidationException(step.error)
        run = original(self, application_id, client_token, *args, **kwargs)
        if step.status:
            run.state = step.status
        return run

    backend.start_job_run = start
    listed = backend.list_job_runs

    def runs(self: Any, application_id: str, *args: Any, **kwargs: Any) -> Any:
        """An application without runs has none; moto says that there is no such application."""
        self.get_application(application_id)
        self.job_runs.setdefault(application_id, [])
        return listed(self, application_id, *args, **kwargs)

    backend.list_job_runs = runs


def _check(token: str, request: dict[str, Any]) -> None:
    """The patterns of "StartJobRun"."""
    driver = (request.get("job_driver") or {}).get("sparkSubmit") or {}
    overrides = request.get("configuration_overrides") or {}
    key = (overrides.get("diskEncryptionConfiguration") or {}).get("encryptionKeyArn")
    for what, value, pattern in (
        ("clientToken", token, _TOKEN),
        ("name", request.get("name") or "unnamed", _NAME),
        ("entryPoint", driver.get("entryPoint") or "", re.compile(r"\S.{0,255}")),
        ("encryptionKeyArn", key or "arn:aws:kms:r:000000000000:key/none", _KEY),
    ):
        if not pattern.fullmatch(value):
            raise exceptions.ValidationException(f"{what}: got {value!r}, expected {pattern.pattern}")
