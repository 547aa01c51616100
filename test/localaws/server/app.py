"""The server: moto's application, plus the pages under /localaws/."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from . import events, patches, recorded, scripts
from .clock import CLOCK
from .health import server as health
from .health.api import body_of
from .motonames import create_backend_app, DomainDispatcherApplication
from .provider import Endpoint, Scope

log = logging.getLogger("localaws")

_Start = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    """Logs errors only: a deployment makes thousands of calls."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        if str(code)[:1] == "5":
            super().log_request(code, size)


class Application:
    """Serves /localaws/ itself and hands everything else to moto."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(_service)

    def __call__(self, environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if health.serves(environ):
            return health.serve(environ, start)
        if path == "/localaws/recorded":
            return _json(start, "200 OK", recorded.listing())
        if path == "/localaws/credentials":
            account = parse_qs(environ.get("QUERY_STRING", "")).get("account", [""])[0]
            return _json(start, "200 OK", _credentials(account))
        if path == "/localaws/health":
            return _json(start, "200 OK", {"status": "ok"})
        if path == "/localaws/threads":
            return _json(start, "200 OK", _threads())
        if path == "/localaws/deliveries":
            return _json(start, "200 OK", events.deliveries())
        if path in ("/localaws/script", "/localaws/clock"):
            return _control(environ, start, path)
        if path.startswith("/localaws/"):
            return _json(start, "404 Not Found", {"error": f"no such page: {path}"})
        answer: Iterable[bytes] = self._moto(environ, start)
        return answer


def _service(name: Any) -> Any:
    """What answers for a service, which imports it."""
    with patches.IMPORTING:
        return create_backend_app(name)


def _threads() -> dict[str, list[str]]:
    """What each thread does now, by its name: for whoever asks why something does not end."""
    frames = sys._current_frames()
    return {
        f"{thread.name} ({thread.ident})": traceback.format_stack(frames[thread.ident])
        for thread in threading.enumerate()
        if thread.ident in frames and thread is not threading.current_thread()
    }


def _control(environ: dict[str, Any], start: _Start, path: str) -> list[bytes]:
    """What a test tells the server: its script, and that time passes."""
    method = environ["REQUEST_METHOD"]
    try:
        if path == "/localaws/clock" and method == "POST":
            CLOCK.wait(float(json.loads(body_of(environ))["seconds"]))
        elif method == "POST":
            scripts.add(json.loads(body_of(environ)))
        elif method == "DELETE":
            scripts.clear()
    except (KeyError, TypeError, ValueError) as error:
        return _json(start, "400 Bad Request", {"error": str(error)})
    shown = {"time": CLOCK.time().isoformat()} if path == "/localaws/clock" else scripts.left()
    return _json(start, "200 OK", shown)


def _credentials(account: str) -> dict[str, str]:
    """Credentials that act in an account: moto tells accounts apart by assumed roles."""
    sts = Scope("", "us-east-1", "", "", "")
    request = {
        "RoleArn": f"arn:aws:iam::{account}:role/localaws",
        "RoleSessionName": "localaws",
    }
    answer = sts.call("sts", "AssumeRole", request)["Credentials"]
    return {key: answer[key] for key in ("AccessKeyId", "SecretAccessKey", "SessionToken")}


def _json(start: _Start, status: str, value: Any) -> list[bytes]:
    body = json.dumps(value, indent=2, sort_keys=True, default=str).encode()
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def build(port: int) -> BaseWSGIServer:
    """A server on the loopback interface; port 0 takes a free one. Not serving yet."""
    patches.apply()
    from . import providers  # noqa: F401 (registers every provider)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, Application(), threaded=True, request_handler=_Quiet)
    Endpoint.url = f"http://127.0.0.1:{server.server_port}"
    os.environ["MOTO_PORT"] = str(server.server_port)
    return server


def set_log(file: str | None) -> None:
    """Log to a file, or to standard error."""
    logging.basicConfig(
        handlers=[logging.FileHandler(file) if file else logging.StreamHandler(sys.stderr)],
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for noisy in ("botocore", "boto3", "urllib3", "moto"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
