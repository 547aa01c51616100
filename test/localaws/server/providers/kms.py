"""KMS keys and aliases."""

from __future__ import annotations

import json

from ..errors import NotFound
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map


class Key(Provider):
    """A key with its policy and rotation."""

    type_name = "AWS::KMS::Key"

    def create(self, scope: Scope, properties: Properties) -> Result:
        request = only(properties, "Description", "KeyUsage", "KeySpec", "Origin", "MultiRegion")
        if "KeyPolicy" in properties:
            request["Policy"] = json.dumps(properties["KeyPolicy"])
        request["Tags"] = [{"TagKey": k, "TagValue": v} for k, v in tag_map(properties).items()]
        metadata = scope.call("kms", "CreateKey", request)["KeyMetadata"]
        key = metadata["KeyId"]
        self._switch(scope, key, {}, properties)
        return Result(key, {"Arn": metadata["Arn"], "KeyId": key})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        key, old = current.physical_resource_id, current.properties
        if properties.get("KeyPolicy") != old.get("KeyPolicy") and "KeyPolicy" in properties:
            policy = json.dumps(properties["KeyPolicy"])
            scope.call(
                "kms", "PutKeyPolicy", {"KeyId": key, "PolicyName": "default", "Policy": policy}
            )
        if properties.get("Description") != old.get("Description"):
            text = properties.get("Description", "")
            scope.call("kms", "UpdateKeyDescription", {"KeyId": key, "Description": text})
        self._switch(scope, key, old, properties)
        was, now = tag_map(old), tag_map(properties)
        gone = sorted(set(was) - set(now))
        if gone:
            scope.call("kms", "UntagResource", {"KeyId": key, "TagKeys": gone})
        if now and now != was:
            tags = [{"TagKey": k, "TagValue": v} for k, v in now.items()]
            scope.call("kms", "TagResource", {"KeyId": key, "Tags": tags})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        request = {"KeyId": current.physical_resource_id}
        days = only(current.properties, "PendingWindowInDays")
        scope.call("kms", "ScheduleKeyDeletion", {**request, **days})

    @staticmethod
    def _switch(scope: Scope, key: str, old: Properties, new: Properties) -> None:
        """Rotation and the enabled state. A disabled key cannot be changed, so it comes last."""
        request: Properties = {"KeyId": key}
        rotate = new.get("EnableKeyRotation") in (True, "true")
        rotated = old.get("EnableKeyRotation") in (True, "true")
        if rotate:
            period = only(new, "RotationPeriodInDays")
            scope.call("kms", "EnableKeyRotation", {**request, **period})
        elif rotated:
            scope.call("kms", "DisableKeyRotation", request)
        enabled = new.get("Enabled", True) in (True, "true")
        if enabled != (old.get("Enabled", True) in (True, "true")):
            scope.call("kms", "EnableKey" if enabled else "DisableKey", request)


class Alias(Provider):
    """A name of a key."""

    type_name = "AWS::KMS::Alias"

    def create(self, scope: Scope, properties: Properties) -> Result:
        self._need_key(scope, properties["TargetKeyId"])
        scope.call("kms", "CreateAlias", properties)
        return Result(properties["AliasName"])

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._need_key(scope, properties["TargetKeyId"])
        scope.call("kms", "UpdateAlias", properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        there = scope.call("kms", "ListAliases", {})["Aliases"]
        # moto drops the aliases of a key scheduled for deletion; AWS keeps them.
        if current.physical_resource_id in {alias["AliasName"] for alias in there}:
            scope.call("kms", "DeleteAlias", {"AliasName": current.physical_resource_id})

    @staticmethod
    def _need_key(scope: Scope, key: str) -> None:
        try:
            scope.call("kms", "DescribeKey", {"KeyId": key})
        except Exception as error:
            raise NotFound(f"Key {key} does not exist") from error
