"""The server says what goes on in it, and what went wrong."""

from __future__ import annotations

import threading
from unittest import mock

from botocore.exceptions import ClientError

from server import motonames

from .cloud import CloudTest, client
from .control import page, until


class Explanations(CloudTest):
    def test_what_threads_do(self) -> None:
        done = threading.Event()

        def hang() -> None:
            done.wait()

        thread = threading.Thread(target=hang, name="hangs")
        thread.start()
        try:
            stacks = {name.split()[0]: "".join(lines) for name, lines in page("threads").items()}
        finally:
            done.set()
            thread.join()
        self.assertIn("in hang\n    done.wait()", stacks["hangs"])

    def test_an_internal_error_is_logged_with_its_trace(self) -> None:
        states = client("stepfunctions")
        states.list_state_machines()
        broken = mock.Mock(side_effect=RuntimeError("broken"))
        backend = motonames.stepfunctions_models.StepFunctionsParserBackend
        with (
            mock.patch.object(backend, "list_state_machines", broken),
            self.assertLogs("werkzeug", "ERROR") as logged,
        ):
            with self.assertRaises(ClientError) as raised:
                states.list_state_machines()
            # It is logged after it is answered.
            trace = until(lambda: next((t for t in logged.output if "Traceback" in t), None), "log")
        self.assertEqual(raised.exception.response["ResponseMetadata"]["HTTPStatusCode"], 500)
        self.assertIn("RuntimeError: broken", trace)
