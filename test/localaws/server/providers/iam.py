"""IAM roles and policies."""

from __future__ import annotations

import json
from typing import Any

from ..errors import InvalidRequest
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, taken_back

# (property, what the API calls one of them)
_HOLDERS = (("Roles", "Role"), ("Users", "User"), ("Groups", "Group"))


def _document(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class Role(Provider):
    """A role with its trust, its inline and managed policies and its boundary."""

    type_name = "AWS::IAM::Role"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "RoleName", limit=64)
        request = only(
            properties, "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"
        )
        request["RoleName"] = name
        request["AssumeRolePolicyDocument"] = _document(properties["AssumeRolePolicyDocument"])
        request["Tags"] = [{"Key": k, "Value": v} for k, v in tag_map(properties).items()]
        role = scope.call("iam", "CreateRole", request)["Role"]
        with taken_back(lambda: self._remove(scope, name)):
            self._policies(scope, name, {}, properties)
        return Result(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name, old = current.physical_resource_id, current.properties
        who = {"RoleName": name}
        if properties["AssumeRolePolicyDocument"] != old["AssumeRolePolicyDocument"]:
            trust = _document(properties["AssumeRolePolicyDocument"])
            scope.call("iam", "UpdateAssumeRolePolicy", {**who, "PolicyDocument": trust})
        plain = ("Description", "MaxSessionDuration")
        if only(properties, *plain) != only(old, *plain):
            defaults = {"Description": "", "MaxSessionDuration": 3600}
            scope.call("iam", "UpdateRole", {**who, **defaults, **only(properties, *plain)})
        boundary = only(properties, "PermissionsBoundary")
        if boundary != only(old, "PermissionsBoundary"):
            operation = (
                "PutRolePermissionsBoundary" if boundary else "DeleteRolePermissionsBoundary"
            )
            scope.call("iam", operation, {**who, **boundary})
        self._policies(scope, name, old, properties)
        was, now = tag_map(old), tag_map(properties)
        if set(was) - set(now):
            scope.call("iam", "UntagRole", {**who, "TagKeys": sorted(set(was) - set(now))})
        if now != was and now:
            tags = [{"Key": k, "Value": v} for k, v in now.items()]
            scope.call("iam", "TagRole", {**who, "Tags": tags})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        name = current.physical_resource_id
        self._policies(scope, name, current.properties, {})
        if "PermissionsBoundary" in current.properties:
            scope.call("iam", "DeleteRolePermissionsBoundary", {"RoleName": name})
        scope.call("iam", "DeleteRole", {"RoleName": name})

    @staticmethod
    def _policies(scope: Scope, name: str, old: Properties, new: Properties) -> None:
        who = {"RoleName": name}
        inline = {p["PolicyName"]: p["PolicyDocument"] for p in new.get("Policies", [])}
        was = {p["PolicyName"]: p["PolicyDocument"] for p in old.get("Policies", [])}
        for policy in sorted(set(was) - set(inline)):
            scope.call("iam", "DeleteRolePolicy", {**who, "PolicyName": policy})
        for policy, document in inline.items():
            if was.get(policy) != document:
                request = {**who, "PolicyName": policy, "PolicyDocument": _document(document)}
                scope.call("iam", "PutRolePolicy", request)
        attached, before = new.get("ManagedPolicyArns", []), old.get("ManagedPolicyArns", [])
        for arn in before:
            if arn not in attached:
                scope.call("iam", "DetachRolePolicy", {**who, "PolicyArn": arn})
        for arn in attached:
            if arn not in before:
                scope.call("iam", "AttachRolePolicy", {**who, "PolicyArn": arn})

    @staticmethod
    def _remove(scope: Scope, name: str) -> None:
        """Take back a role of which only a part was made."""
        who = {"RoleName": name}
        for policy in scope.call("iam", "ListRolePolicies", who)["PolicyNames"]:
            scope.call("iam", "DeleteRolePolicy", {**who, "PolicyName": policy})
        for policy in scope.call("iam", "ListAttachedRolePolicies", who)["AttachedPolicies"]:
            scope.call("iam", "DetachRolePolicy", {**who, "PolicyArn": policy["PolicyArn"]})
        scope.call("iam", "DeleteRole", who)


class Policy(Provider):
    """An inline policy on roles, users or groups."""

    type_name = "AWS::IAM::Policy"

    def create(self, scope: Scope, properties: Properties) -> Result:
        if not any(properties.get(key) for key, _ in _HOLDERS):
            raise InvalidRequest("At least one of [Groups,Roles,Users] must be non-empty.")
        self._put(scope, properties)
        name = scope.name({}, "PolicyName", limit=128)
        return Result(name, {"Id": name})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        old = current.properties
        self._put(scope, properties)
        renamed = old["PolicyName"] != properties["PolicyName"]
        for key, kind in _HOLDERS:
            for holder in old.get(key, []):
                if renamed or holder not in properties.get(key, []):
                    self._drop(scope, kind, holder, old["PolicyName"])
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        for key, kind in _HOLDERS:
            for holder in current.properties.get(key, []):
                self._drop(scope, kind, holder, current.properties["PolicyName"])

    @staticmethod
    def _put(scope: Scope, properties: Properties) -> None:
        policy = {
            "PolicyName": properties["PolicyName"],
            "PolicyDocument": _document(properties["PolicyDocument"]),
        }
        for key, kind in _HOLDERS:
            for holder in properties.get(key, []):
                scope.call("iam", f"Put{kind}Policy", {f"{kind}Name": holder, **policy})

    @staticmethod
    def _drop(scope: Scope, kind: str, holder: str, policy: str) -> None:
        try:
            request = {f"{kind}Name": holder, "PolicyName": policy}
            scope.call("iam", f"Delete{kind}Policy", request)
        except Exception as error:  # the holder went first, and its policies with it
            if "NoSuchEntity" not in str(error):
                raise


class ManagedPolicy(Provider):
    """A customer managed policy; updates make a new default version."""

    type_name = "AWS::IAM::ManagedPolicy"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = only(properties, "Path", "Description")
        request["PolicyName"] = scope.name(properties, "ManagedPolicyName", limit=128)
        request["PolicyDocument"] = _document(properties["PolicyDocument"])
        policy = scope.call("iam", "CreatePolicy", request)["Policy"]
        arn = {"PolicyArn": policy["Arn"]}
        with taken_back(lambda: scope.call("iam", "DeletePolicy", arn)):
            self._need_holders(scope, properties)
            self._attach(scope, policy["Arn"], {}, properties)
        attributes = {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]}
        attributes |= {"DefaultVersionId": "v1", "AttachmentCount": 0, "IsAttachable": True}
        return Result(policy["Arn"], attributes)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn = current.physical_resource_id
        if properties["PolicyDocument"] != current.properties["PolicyDocument"]:
            versions = scope.call("iam", "ListPolicyVersions", {"PolicyArn": arn})["Versions"]
            spare = sorted(
                (v["VersionId"] for v in versions if not v["IsDefaultVersion"]),
                key=lambda version: int(version[1:]),
            )
            if len(versions) >= 5:  # the service keeps five
                scope.call("iam", "DeletePolicyVersion", {"PolicyArn": arn, "VersionId": spare[0]})
            document = _document(properties["PolicyDocument"])
            request = {"PolicyArn": arn, "PolicyDocument": document, "SetAsDefault": True}
            scope.call("iam", "CreatePolicyVersion", request)
        self._attach(scope, arn, current.properties, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        arn = current.physical_resource_id
        self._attach(scope, arn, current.properties, {})
        for version in scope.call("iam", "ListPolicyVersions", {"PolicyArn": arn})["Versions"]:
            if not version["IsDefaultVersion"]:
                request = {"PolicyArn": arn, "VersionId": version["VersionId"]}
                scope.call("iam", "DeletePolicyVersion", request)
        scope.call("iam", "DeletePolicy", {"PolicyArn": arn})

    @staticmethod
    def _need_holders(scope: Scope, properties: Properties) -> None:
        """Look before attaching: a policy attached to one role cannot be taken back at once."""
        for key, kind in _HOLDERS:
            for holder in properties.get(key, []):
                scope.call("iam", f"Get{kind}", {f"{kind}Name": holder})

    @staticmethod
    def _attach(scope: Scope, arn: str, old: Properties, new: Properties) -> None:
        for key, kind in _HOLDERS:
            was, now = old.get(key, []), new.get(key, [])
            for holder in was:
                if holder not in now:
                    request = {f"{kind}Name": holder, "PolicyArn": arn}
                    scope.call("iam", f"Detach{kind}Policy", request)
            for holder in now:
                if holder not in was:
                    request = {f"{kind}Name": holder, "PolicyArn": arn}
                    scope.call("iam", f"Attach{kind}Policy", request)
