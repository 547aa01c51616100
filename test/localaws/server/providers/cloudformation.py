"""What CloudFormation and the CDK need for themselves."""

from __future__ import annotations

from ..provider import Deployed, Properties, Provider, Result, Scope


class Metadata(Provider):
    """CDK's usage metadata. AWS does nothing with it either."""

    type_name = "AWS::CDK::Metadata"

    def create(self, scope: Scope, properties: Properties) -> Result:
        return Result(scope.name({}, "Name"))

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        """There is nothing to delete."""


class WaitConditionHandle(Metadata):
    """A handle nobody waits on; CDK uses one for an otherwise empty stack."""

    type_name = "AWS::CloudFormation::WaitConditionHandle"
