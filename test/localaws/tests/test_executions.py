"""How executions of state machines begin and end."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any
from unittest import mock

from botocore.exceptions import ClientError

from server import motonames

from .cloud import CloudTest, client
from .control import ROLE, finished, one, run

PATHS = {
    "StartAt": "S0",
    "States": {
        f"S{i}": {"Type": "Pass", "Parameters": {"n.$": "$.n"}}
        | ({"Next": f"S{i + 1}"} if i < 9 else {"End": True})
        for i in range(10)
    },
}
JSONATA = {
    "StartAt": "S0",
    "States": {
        f"S{i}": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"n": "{% $states.input.n %}"}}
        | ({"Next": f"S{i + 1}"} if i < 9 else {"End": True})
        for i in range(10)
    },
}


def machine(definition: dict[str, Any], name: str) -> str:
    arn: str = client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    return arn


def types(execution: str) -> list[str]:
    history = client("stepfunctions").get_execution_history(executionArn=execution)
    return [event["type"] for event in history["events"]]


class Executions(CloudTest):
    def test_a_refused_machine_spoils_no_other(self) -> None:
        mixed = {"Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {"n": 1}}
        with self.assertRaisesRegex(ClientError, "QueryLanguage"):
            machine(one(mixed), "mixed")
        self.assertEqual(run(PATHS, "after-a-refused-one", {"n": 1})["status"], "SUCCEEDED")

    def test_programs_are_read_at_once(self) -> None:
        parse = motonames.AmazonStateLanguageParser.parse
        texts = [json.dumps(PATHS), json.dumps(JSONATA)]
        failures: list[Exception] = []

        def read(text: str) -> None:
            try:
                parse(text)
            except Exception as error:
                failures.append(error)

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            threads = [threading.Thread(target=read, args=(text,)) for text in texts * 4]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(interval)
        self.assertEqual(failures, [])

    def test_one_is_stopped_before_it_runs(self) -> None:
        states = client("stepfunctions")
        from server import executions  # which imports moto: not before the server does

        arn = machine(PATHS, "stopped")
        workers: list[Any] = []
        with mock.patch.object(executions.Worker, "start", lambda worker: workers.append(worker)):
            begun = states.start_execution(stateMachineArn=arn, input='{"n": 1}')["executionArn"]
            self.assertEqual(states.describe_execution(executionArn=begun)["status"], "RUNNING")
            self.assertEqual(types(begun), [])
            states.stop_execution(executionArn=begun)
        workers[0].start()
        self.assertEqual(finished(begun)["status"], "ABORTED")
        self.assertEqual(types(begun), ["ExecutionStarted", "ExecutionAborted"])

    def test_one_is_stopped_in_its_first_state(self) -> None:
        states = client("stepfunctions")
        loop = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "A"}}}
        arn = machine(loop, "stopped-early")
        begun = [states.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(20)]
        for execution in begun:
            states.stop_execution(executionArn=execution)
        self.assertEqual({finished(execution)["status"] for execution in begun}, {"ABORTED"})

    def test_a_thread_that_fails_ends_its_execution(self) -> None:
        class Broken(Exception):
            pass

        def fail(*_: Any) -> None:
            raise Broken("no such thing")

        arn = machine(PATHS, "broken")
        with (
            mock.patch.object(motonames.Program, "eval", fail),
            self.assertLogs("localaws", "ERROR") as logged,
        ):
            begun = client("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"]
            end = finished(begun)
        self.assertEqual(
            (end["status"], end["error"], end["cause"]),
            ("FAILED", "States.Runtime", "Broken(no such thing)"),
        )
        self.assertEqual(types(begun), ["ExecutionStarted", "ExecutionFailed"])
        self.assertIn("Traceback", logged.output[0])
