"""How executions of state machines begin and end, also where moto loses one.

* moto keeps what a program is written in, JSONPath or JSONata, in one list for all programs
  that it reads. Two that are read at once, or one that is refused, leave that list wrong for
  good, and later executions end before their first event while their status stays RUNNING.
  Here each program has its own list, and programs are read one after the other: the tables of
  ANTLR are shared too.
* An execution is complete before anyone sees it, so that its history can be read and it can be
  stopped at any time.
* An execution whose thread fails outside its program ends FAILED, with States.Runtime.
"""

from __future__ import annotations

import copy
import logging
import threading
import uuid
from typing import Any

from .motonames import (
    AmazonStateLanguageParser,
    Environment,
    ExecutionStatus,
    Preprocessor,
    Program,
    ProgramStopped,
    stepfunctions_execution as execution,
    stepfunctions_models as models,
    StepFunctionsExecution,
    StepFunctionsExecutionWorker,
)

log = logging.getLogger("localaws")

_READING = threading.Lock()
_STARTING = threading.Lock()


def apply() -> None:
    """Correct how executions begin and end."""
    _programs()
    _copies()
    _stops()
    execution.ExecutionWorker = Worker
    models.Execution = Execution  # type: ignore[misc]


def _programs() -> None:
    """One program is read at a time, with what it is written in to itself."""
    original = AmazonStateLanguageParser.parse

    def parse(definition: str) -> Any:
        with _READING:
            return original(definition)

    def init(self: Preprocessor) -> None:
        self._query_language_per_scope = []

    AmazonStateLanguageParser.parse = staticmethod(parse)  # type: ignore[method-assign]
    Preprocessor.__init__ = init  # type: ignore[method-assign]


def _copies() -> None:
    """moto copies a state machine with all of its account, which fails from the second run on.

    It also gives executions without a name the same name, and two that start at once with one
    name both run.
    """

    class Shallow:
        @staticmethod
        def deepcopy(state_machine: Any) -> Any:
            alone = copy.copy(state_machine)
            alone.executions = []
            return alone

    models.copy = Shallow  # type: ignore[attr-defined]

    backend = models.StepFunctionsParserBackend
    original = backend.start_execution

    def start(self: Any, state_machine_arn: str, name: str | None = None, *a: Any, **k: Any) -> Any:
        with _STARTING:
            return original(self, state_machine_arn, name or str(uuid.uuid4()), *a, **k)

    backend.start_execution = start  # type: ignore[method-assign]


def _stops() -> None:
    """A program that is stopped before its first state, or between two, is aborted."""
    name = Environment.next_state_name
    original = Program.eval

    def go_on(self: Environment, state: str) -> None:
        with self._state_mutex:
            if not isinstance(self._program_state, ProgramStopped):
                name.fset(self, state)  # type: ignore[attr-defined]

    def run(self: Program, env: Environment) -> None:
        if isinstance(env.program_state(), ProgramStopped):
            self._eval_body(env)  # runs no state, and says that it was stopped
        else:
            original(self, env)

    Environment.next_state_name = name.setter(go_on)  # type: ignore[attr-defined]
    Program.eval = run  # type: ignore[method-assign]


class Worker(StepFunctionsExecutionWorker):
    """Runs the program of one execution, which it reads before it starts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._program = super()._get_evaluation_entrypoint()
        self.env: Any = super()._get_evaluation_environment()
        self.env.next_state_name = self._program.start_at.start_at_name
        data = self.env.states.context_object.context_object_data["Execution"]
        if not isinstance(data["StartTime"], str):  # a text in the context of an execution
            data["StartTime"] = data["StartTime"].strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def _get_evaluation_entrypoint(self) -> Any:
        return self._program

    def _get_evaluation_environment(self) -> Any:
        return self.env

    def _execution_logic(self) -> None:
        try:
            super()._execution_logic()
        except Exception as error:
            log.exception("%s", self._evaluation_details.execution_details.arn)
            cause = f"{type(error).__name__}({error})"
            self.env.set_error({"error": "States.Runtime", "cause": cause})
            self._program._eval_body(self.env)  # runs no state, and says that it failed
            self._execution_communication.terminated()


class Execution(StepFunctionsExecution):
    """An execution that has its worker and its status before it is listed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exec_status = ExecutionStatus.RUNNING
        self.exec_worker = self._get_start_execution_worker()

    def start(self) -> None:
        self.exec_worker.start()
