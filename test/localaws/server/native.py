"""Resource types that moto itself deploys, and the refusal of the rest."""

from __future__ import annotations

from typing import Any

from .errors import NotUpdatable, ProviderError, UnsupportedType
from .motonames import cloudformation_parsing as parsing, UnformattedGetAttTemplateException
from .provider import PROVIDERS, Deployed, Properties, Provider, Result, Scope

# moto creates these correctly and the lake's stacks (or cdk bootstrap) need them. A type is
# added here only after its properties were seen to arrive in moto's state.
TRUSTED = frozenset(
    {
        "AWS::CloudWatch::Dashboard",
        "AWS::ECR::Repository",
        "AWS::Logs::ResourcePolicy",
    }
)


class Native(Provider):
    """A type deployed by moto's own CloudFormation model."""

    def __init__(self, type_name: str) -> None:
        self.moto_type = type_name

    def create(self, scope: Scope, properties: Properties) -> Result:
        model = parsing.get_model_map()[self.moto_type]
        resource = model.create_from_cloudformation_json(
            self._name(scope, properties),
            self._json(properties),
            scope.account,
            scope.region,
            LogicalId=scope.logical_id,
            StackId=scope.stack_id,
            ResourceType=self.moto_type,
        )
        return self._result(resource)

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        model = parsing.get_model_map()[self.moto_type]
        if hasattr(model.update_from_cloudformation_json, "__isabstractmethod__"):
            raise NotUpdatable(f"{self.moto_type} cannot be updated in place here")
        name_key = parsing.resource_name_property_from_type(self.moto_type)
        name = properties.get(name_key) if name_key else None
        resource = model.update_from_cloudformation_json(
            original_resource=current.result.handle,
            new_resource_name=name or current.physical_resource_id,
            cloudformation_json=self._json(properties),
            account_id=scope.account,
            region_name=scope.region,
        )
        return self._result(resource)

    def delete(self, scope: Scope, current: Deployed) -> None:
        model = parsing.get_model_map()[self.moto_type]
        resource = current.result.handle
        if not hasattr(model.delete_from_cloudformation_json, "__isabstractmethod__"):
            model.delete_from_cloudformation_json(
                current.physical_resource_id,
                self._json(current.properties),
                scope.account,
                scope.region,
            )
        elif hasattr(resource, "delete"):
            resource.delete(scope.account, scope.region)
        else:
            raise ProviderError(f"moto cannot delete {self.moto_type}")

    def _json(self, properties: Properties) -> dict[str, Any]:
        return {"Type": self.moto_type, "Properties": dict(properties)}

    def _name(self, scope: Scope, properties: Properties) -> str:
        key = parsing.resource_name_property_from_type(self.moto_type)
        return scope.name(properties, key or "", lower=self.moto_type == "AWS::ECR::Repository")

    @staticmethod
    def _result(resource: Any) -> Result:
        return Result(resource.physical_resource_id, _Attributes(resource), handle=resource)


class _Attributes(dict[str, Any]):
    """The attributes of a moto resource, asked for one by one."""

    def __init__(self, resource: Any) -> None:
        super().__init__()
        self._resource = resource

    def __missing__(self, name: str) -> Any:
        try:
            return self._resource.get_cfn_attribute(name)
        except (UnformattedGetAttTemplateException, NotImplementedError) as error:
            raise KeyError(name) from error


def provider_for(type_name: str) -> Provider:
    """The provider of a type; a type without one is refused, never skipped."""
    if type_name in PROVIDERS:
        return PROVIDERS[type_name]
    if type_name in TRUSTED:
        return Native(type_name)
    if type_name.startswith("Custom::") or type_name == "AWS::CloudFormation::CustomResource":
        raise UnsupportedType(
            f"{type_name} needs a running Lambda function, which the local AWS does not have"
        )
    raise UnsupportedType(f"Unsupported resource type in the local AWS: {type_name}")
