"""Whether a task may call with the role of its Credentials.

IAM is not evaluated here but for this: a task fails in AWS at every run when the role does not
exist, does not trust the role of the state machine, or may not be assumed by it, and no
deployment says so. Of conditions only those on aws:PrincipalArn are known; a statement with
another one lets nobody in. What the role may do then is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

ASSUME = "sts:AssumeRole"


def check(caller: str, role: str, iam: Callable[[str], Any]) -> None:
    """Refuse a role that the caller cannot assume; iam is a client in the account of a role."""
    if role == caller:
        return
    try:
        trust = iam(role).get_role(RoleName=_name(role))["Role"]["AssumeRolePolicyDocument"]
        lets = any(_is_for(s, role) for s in _policies(iam(caller), _name(caller)))
    except ClientError as error:
        raise _denied(caller, role) from error
    if not lets or not any(_trusts(s, caller) for s in _allowing(trust)):
        raise _denied(caller, role)


def _name(role: str) -> str:
    return role.rsplit("/", 1)[-1]


def _denied(caller: str, role: str) -> ClientError:
    message = f"{caller} is not authorized to perform: {ASSUME} on resource: {role}"
    error: Any = {
        "Error": {"Code": "AccessDenied", "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 403, "RequestId": ""},
    }
    return ClientError(error, "AssumeRole")


def _policies(client: Any, name: str) -> Iterator[dict[str, Any]]:
    """The statements of a role that allow to assume others."""
    for attached in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = client.get_policy_version(PolicyArn=arn, VersionId=version)
        yield from _allowing(found["PolicyVersion"]["Document"])
    for policy in client.list_role_policies(RoleName=name)["PolicyNames"]:
        found = client.get_role_policy(RoleName=name, PolicyName=policy)
        yield from _allowing(found["PolicyDocument"])


def _allowing(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for statement in _list(document["Statement"]):
        if statement["Effect"] == "Allow" and ASSUME in _list(statement.get("Action", [])):
            yield statement


def _is_for(statement: dict[str, Any], role: str) -> bool:
    return any(fnmatchcase(role, pattern) for pattern in _list(statement.get("Resource", [])))


def _trusts(statement: dict[str, Any], caller: str) -> bool:
    principals = _list(statement.get("Principal", {}).get("AWS", []))
    account = caller.split(":")[4]
    root = caller.split(":role/")[0] + ":root"
    if not any(p in (caller, root, account) for p in principals):
        return False
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if key.lower() != "aws:principalarn":
                return False
            if operator not in ("ArnEquals", "ArnLike", "StringEquals", "StringLike"):
                return False
            if not any(fnmatchcase(caller, value) for value in _list(values)):
                return False
    return True


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
