"""Step Functions."""

from __future__ import annotations

import json
import re

from ..errors import AlreadyExists, InvalidRequest
from ..motonames import get_backend
from ..provider import Deployed, Properties, Provider, Result, Scope, lower_first, tag_map


class StateMachine(Provider):
    """A Step Functions state machine."""

    type_name = "AWS::StepFunctions::StateMachine"

    def create(self, scope: Scope, properties: Properties) -> Result:
        name = scope.name(properties, "StateMachineName", limit=80)
        arn = scope.arn("states", f"stateMachine:{name}")
        known = get_backend(scope.account, scope.region).state_machines
        if arn in {machine.arn for machine in known}:
            raise AlreadyExists(f"State machine {name} already exists")
        request = self._request(properties)
        request["name"] = name
        request["type"] = properties.get("StateMachineType", "STANDARD")
        request["tags"] = [{"key": k, "value": v} for k, v in tag_map(properties).items()]
        scope.call("stepfunctions", "CreateStateMachine", request)
        return Result(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": "INITIAL"})

    def update(self, scope: Scope, current: Deployed, properties: Properties) -> Result:
        arn = {"stateMachineArn": current.physical_resource_id}
        scope.call("stepfunctions", "UpdateStateMachine", {**arn, **self._request(properties)})
        return current.result

    def delete(self, scope: Scope, current: Deployed) -> None:
        arn = {"stateMachineArn": current.physical_resource_id}
        scope.call("stepfunctions", "DeleteStateMachine", arn)

    @staticmethod
    def _request(properties: Properties) -> Properties:
        definition = properties.get("DefinitionString")
        if definition is None:
            if "Definition" not in properties:
                raise InvalidRequest("Only Definition and DefinitionString are supported here.")
            definition = json.dumps(properties["Definition"])
        substitutions = properties.get("DefinitionSubstitutions", {})
        definition = re.sub(
            r"\$\{([A-Za-z0-9_]+)\}",
            lambda m: str(substitutions.get(m.group(1), m.group(0))),
            definition,
        )
        request: Properties = {"definition": definition, "roleArn": properties["RoleArn"]}
        for own, api in (
            ("LoggingConfiguration", "loggingConfiguration"),
            ("TracingConfiguration", "tracingConfiguration"),
            ("EncryptionConfiguration", "encryptionConfiguration"),
        ):
            if own in properties:
                request[api] = lower_first(properties[own])
        return request
