"""HealthLake's profiles that make FHIR of other formats.

A profile is kept, published and looked up. Its templates are not run: a C-CDA document
becomes one Patient here and a row of CSV another, so an import of either has something to
count and something to refuse.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from ..clock import CLOCK
from .api import Answer, Call, Refused
from .lifecycle import identity

# "AWS HealthLake endpoints and quotas".
MAX_PROFILES = 20
MAX_VERSIONS = 99
_SUFFIXES = {"CCDA": ".xml", "CSV": ".csv"}
_ROOT = "{urn:hl7-org:v3}ClinicalDocument"


@dataclass
class Profile:
    """A profile; its first version, 0, is the draft."""

    properties: dict[str, Any]
    versions: list[dict[str, str]]
    tags: dict[str, str]
    arn: str

    @property
    def id(self) -> str:
        return str(self.properties["ProfileId"])

    def version(self) -> int:
        return len(self.versions) - 1

    def shown(self) -> dict[str, Any]:
        return {**self.properties, "Version": self.version(), "TargetFormat": "FHIR_R4"}


_profiles: dict[tuple[str, str], dict[str, Profile]] = {}


def _mine(account: str, region: str) -> dict[str, Profile]:
    return _profiles.setdefault((account, region), {})


def _find(account: str, region: str, identifier: str) -> Profile:
    found = _mine(account, region).get(identifier)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Profile {identifier} was not found.")
    return found


def tagged(account: str, region: str, arn: str) -> dict[str, str] | None:
    """The tags of the profile with an ARN."""
    for profile in _mine(account, region).values():
        if profile.arn == arn:
            return profile.tags
    return None


def _content(call: Call) -> dict[str, str]:
    source, form = call.values["Source"], call.values["SourceFormat"]
    if len(source) != 1:
        raise Refused("ValidationException", "Source takes exactly one member.")
    if starter := source.get("StarterProfile"):
        if form != "CCDA":
            raise Refused("ValidationException", "A StarterProfile is for CCDA only.")
        return {"Starter": starter["StarterProfileName"]}
    if clone := source.get("ExistingVersionedProfileId"):
        other = _find(call.account, call.region, clone["ProfileId"])
        if other.properties["SourceFormat"] != form or clone["Version"] > other.version():
            raise Refused("ValidationException", "There is no such version in this format.")
        return other.versions[clone["Version"]]
    if mapping := source.get("ProfileMapping"):
        files: dict[str, str] = mapping["ProfileMapping"]
        return files
    return {}  # of sample data, which an agent makes a mapping of


def create(call: Call) -> Answer:
    mine = _mine(call.account, call.region)
    content = _content(call)
    if len(mine) >= MAX_PROFILES:
        raise Refused("ServiceQuotaExceededException", f"There are {MAX_PROFILES} profiles.")
    identifier = identity(call.account, call.region, "profile")
    arn = f"arn:aws:healthlake:{call.region}:{call.account}:dataTransformationProfile/{identifier}"
    properties = {k: call.values[k] for k in ("ProfileName", "SourceFormat")}
    if "ProfileDescription" in call.values:
        properties["ProfileDescription"] = call.values["ProfileDescription"]
    properties |= {"ProfileId": identifier, "LastUpdatedAt": CLOCK.time()}
    profile = Profile(properties, [content], dict(call.values.get("Tags", {})), arn)
    mine[identifier] = profile
    return _without(profile.shown(), "ProfileDescription")


def publish(call: Call) -> Answer:
    profile = _find(call.account, call.region, call.values["ProfileId"])
    if profile.properties["SourceFormat"] != call.values["SourceFormat"]:
        raise Refused("ValidationException", "The profile has another SourceFormat.")
    if profile.version() >= MAX_VERSIONS:
        raise Refused("ServiceQuotaExceededException", f"There are {MAX_VERSIONS} versions.")
    origin = call.values.get("FromExistingVersion", 0)
    if origin > profile.version():
        raise Refused("ResourceNotFoundException", f"Version {origin} was not found.")
    profile.versions.append(profile.versions[origin])
    return _without(profile.shown(), "ProfileDescription")


def get(call: Call) -> Answer:
    profile = _find(call.account, call.region, call.values["ProfileId"])
    number = call.values.get("ProfileVersion", profile.version())
    if number > profile.version():
        raise Refused("ResourceNotFoundException", f"Version {number} was not found.")
    return {**profile.shown(), "Version": number, "ProfileMapping": profile.versions[number]}


def delete(call: Call) -> Answer:
    profile = _find(call.account, call.region, call.values["ProfileId"])
    del _mine(call.account, call.region)[profile.id]
    return {
        "ProfileId": profile.id,
        "ProfileName": profile.properties["ProfileName"],
        "DeletionTime": CLOCK.time(),
    }


def _without(shown: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {k: v for k, v in shown.items() if k not in keys}


# --- what an import does with a profile ---


def check(account: str, region: str, values: dict[str, Any]) -> None:
    """What the service refuses of an import with a profile."""
    identifier, form = values.get("ProfileId"), values.get("InputFormat")
    if not identifier and not form:
        return
    if not identifier or form not in _SUFFIXES:
        raise Refused("ValidationException", "ProfileId and InputFormat (CCDA, CSV) go together.")
    profile = _find(account, region, identifier)
    if profile.properties["SourceFormat"] != form:
        raise Refused("ValidationException", f"The profile does not convert {form}.")
    if profile.version() == 0:
        raise Refused("ValidationException", f"Profile {identifier} was never published.")


def suffix(values: dict[str, Any]) -> str:
    """How the names of files end that an import reads."""
    return _SUFFIXES.get(values.get("InputFormat", ""), ".ndjson")


def converted(values: dict[str, Any], text: str) -> list[dict[str, Any] | str]:
    """The resources of a file, or what is wrong with each part of it."""
    if values["InputFormat"] == "CCDA":
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            return [f"not XML: {error}"]
        if root.tag != _ROOT:
            return [f"{re.sub('{.*}', '', root.tag)} is no ClinicalDocument"]
        return [_patient(text)]
    rows = list(csv.reader(io.StringIO(text)))
    return [
        _patient(",".join(row)) if len(row) == len(rows[0]) else f"{len(row)} columns"
        for row in rows[1:]
    ]


def _patient(text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"resourceType": "Patient", "id": digest[:32]}
