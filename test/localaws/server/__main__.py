"""python -m server: run the embedded local AWS until told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import urllib.request
from pathlib import Path
from typing import NoReturn

from . import motonames


def main() -> NoReturn:
    options = _options()
    # moto reads all of this when it is imported, so it comes first.
    motonames.set_default_account(options.account)
    # Roles attach AWS's own policies; a name that AWS does not have then fails, as it should.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    # The providers call this server; a proxy of the user's must not get in between.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

    from . import app

    app.set_log(options.log)
    server = app.build(options.port)
    os.environ["MOTO_PORT"] = str(server.server_port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()

    url = f"http://127.0.0.1:{server.server_port}"
    # Whoever started this process knows how long to wait.
    with urllib.request.urlopen(f"{url}/localaws/health") as answer:
        answer.read()
    if options.ready_file:
        _write(Path(options.ready_file), f"{url}\n")
    else:
        print(url, flush=True)
    if options.stop_on_eof:
        threading.Thread(target=_wait_for_eof, args=(stop,), daemon=True).start()
    stop.wait()
    # Not by returning: Python would wait for threads and then take moto's state apart object by
    # object, which takes seconds, and nothing of it outlives the process.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--account", default="111111111111", help="account of unknown credentials")
    parser.add_argument("--ready-file", help="write the endpoint here once the server answers")
    parser.add_argument("--log", help="log file; standard error without")
    parser.add_argument(
        "--stop-on-eof",
        action="store_true",
        help="stop when standard input ends, as it does when the parent process dies",
    )
    return parser.parse_args()


def _write(file: Path, text: str) -> None:
    """Write so that a reader never sees half of it."""
    draft = file.with_name(file.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def _wait_for_eof(stop: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()


if __name__ == "__main__":
    main()
