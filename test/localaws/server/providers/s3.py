"""S3 buckets and their policies.

moto's own bucket model drops most of what makes a bucket safe; here each property becomes
the API call that a user would make.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..errors import AlreadyExists, NotFound
from ..motonames import s3_backends
from ..provider import Deployed, Properties, Provider, Result, Scope, only, tag_map, taken_back

# (property, operation that sets it, operation that removes it, how to write the request)
_Setting = tuple[str, str, str | None, Callable[[Any], Properties]]


def _encryption(value: Any) -> Properties:
    rules = []
    for rule in value["ServerSideEncryptionConfiguration"]:
        default = rule.get("ServerSideEncryptionByDefault")
        converted = only(rule, "BucketKeyEnabled", "BlockedEncryptionTypes")
        if default:
            converted["ApplyServerSideEncryptionByDefault"] = default
        rules.append(converted)
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _lifecycle(value: Any) -> Properties:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(r) for r in value["Rules"]]}}


def _lifecycle_rule(rule: Properties) -> Properties:
    converted: Properties = {"Status": rule["Status"]}
    if "Id" in rule:
        converted["ID"] = rule["Id"]
    expiration = {
        api: rule[own]
        for own, api in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if own in rule
    }
    if expiration:
        converted["Expiration"] = expiration
    transitions = rule.get("Transitions", []) + (
        [rule["Transition"]] if "Transition" in rule else []
    )
    if transitions:
        converted["Transitions"] = [
            _renamed(t, {"TransitionInDays": "Days", "TransitionDate": "Date"}) for t in transitions
        ]
    if "NoncurrentVersionExpirationInDays" in rule:
        days = rule["NoncurrentVersionExpirationInDays"]
        converted["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    if "NoncurrentVersionExpiration" in rule:
        converted["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
    if "NoncurrentVersionTransitions" in rule:
        converted["NoncurrentVersionTransitions"] = [
            _renamed(t, {"TransitionInDays": "NoncurrentDays"})
            for t in rule["NoncurrentVersionTransitions"]
        ]
    if "AbortIncompleteMultipartUpload" in rule:
        converted["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    converted["Filter"] = _lifecycle_filter(rule)
    return converted


def _lifecycle_filter(rule: Properties) -> Properties:
    tags = rule.get("TagFilters", [])
    parts = {
        key: rule[key] if key == "Prefix" else int(rule[key])
        for key in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
        if key in rule
    }
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return parts or {"Prefix": ""}


def _renamed(value: Properties, names: dict[str, str]) -> Properties:
    return {names.get(k, k): v for k, v in value.items()}


def _logging(value: Any) -> Properties:
    enabled = {
        "TargetBucket": value.get("DestinationBucketName", ""),
        "TargetPrefix": value.get("LogFilePrefix", ""),
        **only(value, "TargetObjectKeyFormat"),
    }
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


def _notifications(value: Any) -> Properties:
    converted: Properties = {}
    bridge = value.get("EventBridgeConfiguration")
    if bridge and bridge.get("EventBridgeEnabled", True) in (True, "true"):
        converted["EventBridgeConfiguration"] = {}
    for own, api, target, arn in (
        ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
        ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
        ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    ):
        for entry in value.get(own, []):
            item: Properties = {arn: entry[target], "Events": [entry["Event"]]}
            if "Filter" in entry:
                item["Filter"] = {"Key": {"FilterRules": entry["Filter"]["S3Key"]["Rules"]}}
            converted.setdefault(api, []).append(item)
    return {"NotificationConfiguration": converted}


def _cors(value: Any) -> Properties:
    names = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    return {"CORSConfiguration": {"CORSRules": [_renamed(r, names) for r in value["CorsRules"]]}}


def _replication(value: Any) -> Properties:
    rules = []
    for rule in value["Rules"]:
        converted = _renamed(rule, {"Id": "ID"})
        if "TagFilter" in rule.get("Filter", {}):
            converted["Filter"] = _renamed(rule["Filter"], {"TagFilter": "Tag"})
        rules.append(converted)
    return {"ReplicationConfiguration": {"Role": value["Role"], "Rules": rules}}


_SETTINGS: tuple[_Setting, ...] = (
    (
        "OwnershipControls",
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        lambda v: {"OwnershipControls": v},
    ),
    (
        "PublicAccessBlockConfiguration",
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
        lambda v: {"PublicAccessBlockConfiguration": v},
    ),
    ("BucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption", _encryption),
    (
        "LifecycleConfiguration",
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        _lifecycle,
    ),
    ("CorsConfiguration", "PutBucketCors", "DeleteBucketCors", _cors),
    ("ReplicationConfiguration", "PutBucketReplication", "DeleteBucketReplication", _replication),
    ("LoggingConfiguration", "PutBucketLogging", None, _logging),
    ("NotificationConfiguration", "PutBucketNotificationConfiguration", None, _notifications),
    (
        "ObjectLockConfiguration",
        "PutObjectLockConfiguration",
        None,
        lambda v: {"ObjectLockConfiguration": v},
    ),
    (
        "AccelerateConfiguration",
        "PutBucketAccelerateConfiguration",
        None,
        lambda v: {"AccelerateConfiguration": {"Status": v["AccelerationStatus"]}},
    ),
    (
        "AccessControl",
        "PutBucketAcl",
        None,
        lambda v: {"ACL": "".join(f"-{c.lower()}" if c.isupper() else c for c in v).lstrip("-")},
    ),
)

# What an absent property means where no operation removes the setting.
_OFF: dict[str, Properties] = {
    "LoggingConfiguration": {"BucketLoggingStatus": {}},
    "NotificationConfiguration": {"NotificationConfiguration": {}},
    "AccelerateConfiguration": {"AccelerateConfiguration": {"Status": "Suspended"}},
    "AccessControl": {"ACL": "private"},
}

_UNKEPT = (
    "AnalyticsConfigurations",
    "IntelligentTieringConfigurations",
    "InventoryConfigurations",
    "MetadataConfiguration",
    "MetadataTableConfiguration",
    "MetricsConfigurations",
    "WebsiteConfiguration",
    "AbacStatus",
)


class Bucket(Provider):
    """A bucket with everything that makes it private, encrypted, versioned and logged."""

    type_name = "AWS::S3::Bucket"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "BucketName", limit=63, lower=True)
        if name in self._everywhere():
            raise AlreadyExists(f"{name} already exists")
        request: Properties = {"Bucket": name}
        if scope.region != "us-east-1":
            request["CreateBucketConfiguration"] = {"LocationConstraint": scope.region}
        if properties.get("ObjectLockEnabled") in (True, "true"):
            request["ObjectLockEnabledForBucket"] = True
        scope.call("s3", "CreateBucket", request)
        with taken_back(lambda: scope.call("s3", "DeleteBucket", {"Bucket": name})):
            self._configure(scope, name, {}, properties)
        return self._result(scope, name, properties)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        name = current.physical_resource_id
        self._configure(scope, name, current.properties, properties)
        return self._result(scope, name, properties)

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("s3", "DeleteBucket", {"Bucket": current.physical_resource_id})

    @staticmethod
    def _everywhere() -> Any:
        return s3_backends.bucket_accounts

    def _configure(self, scope: Scope, name: str, old: Properties, new: Properties) -> None:
        bucket = {"Bucket": name}
        # Versioning first: replication and object lock need it.
        status = (new.get("VersioningConfiguration") or {}).get("Status")
        if status or "VersioningConfiguration" in old:
            versioning = {"VersioningConfiguration": {"Status": status or "Suspended"}}
            scope.call("s3", "PutBucketVersioning", {**bucket, **versioning})
        for key, put, remove, write in _SETTINGS:
            if key in new and new[key] != old.get(key):
                scope.call("s3", put, {**bucket, **write(new[key])})
            elif key in old and key not in new:
                if remove:
                    scope.call("s3", remove, bucket)
                elif key in _OFF:
                    scope.call("s3", put, {**bucket, **_OFF[key]})
        tags = [{"Key": k, "Value": v} for k, v in tag_map(new).items()]
        if tags:
            scope.call("s3", "PutBucketTagging", {**bucket, "Tagging": {"TagSet": tags}})
        elif "Tags" in old:
            scope.call("s3", "DeleteBucketTagging", bucket)

    @staticmethod
    def _result(scope: Scope, name: str, properties: Properties) -> Result:
        attributes = {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "DualStackDomainName": f"{name}.s3.dualstack.{scope.region}.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{scope.region}.amazonaws.com",
            "WebsiteURL": f"http://{name}.s3-website-{scope.region}.amazonaws.com",
        }
        return Result(name, attributes, {"S3: not kept": only(properties, *_UNKEPT)})


class BucketPolicy(Provider):
    """A bucket's policy. Kept and readable; never enforced."""

    type_name = "AWS::S3::BucketPolicy"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = properties["Bucket"]
        try:
            scope.client("s3").get_bucket_policy(Bucket=name)
        except Exception as error:
            if "NoSuchBucketPolicy" not in str(error):
                raise NotFound(f"Bucket {name}: {error}") from error
        else:
            raise AlreadyExists(f"The bucket policy already exists on bucket {name}.")
        self._put(scope, properties)
        return Result(name)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        self._put(scope, properties)
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        scope.call("s3", "DeleteBucketPolicy", {"Bucket": current.physical_resource_id})

    @staticmethod
    def _put(scope: Scope, properties: Properties) -> None:
        policy = json.dumps(properties["PolicyDocument"])
        scope.call("s3", "PutBucketPolicy", {"Bucket": properties["Bucket"], "Policy": policy})
