"""Time that passes only when told to.

A workflow that waits an hour, a store that takes half an hour and a job that runs overnight
must not cost real seconds in a test. Waiting moves this clock; what falls due meanwhile is
done before the wait returns, in the order of its due time. Real time never moves it.
"""

from __future__ import annotations

import datetime
import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("localaws")

# What has not happened after so many real seconds hangs. Nothing here takes even one, but a
# loaded machine may take its time, and no wait may decide how fast a machine has to be.
PATIENCE = 600.0
# A wait gives other threads this much real time, so that a loop of waits does not starve them.
_BREATH = 0.01


class Clock:
    """Seconds since the start of the server, and what is to happen when."""

    def __init__(self) -> None:
        self._start = datetime.datetime.now(tz=datetime.UTC)
        self._now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._busy = False
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None

    def time(self) -> datetime.datetime:
        """The date and time that resources show."""
        with self._changed:
            return self._start + datetime.timedelta(seconds=self._now)

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something once that many seconds have passed; 0 means soon, in the background."""
        with self._changed:
            heapq.heappush(self._due, (self._now + seconds, next(self._order), action))
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, daemon=True, name="clock")
                self._worker.start()
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Let seconds pass. Two waits that begin together end together."""
        with self._changed:
            deadline = self._now + max(seconds, 0)
        while True:
            self.settle()
            with self._changed:
                following = self._due[0][0] if self._due else deadline
                if self._now >= deadline:
                    break
                self._now = min(max(following, self._now), deadline)
                self._changed.notify_all()
        self.settle()
        time.sleep(_BREATH)

    def settle(self) -> None:
        """Return when everything that is due has been done."""
        if threading.current_thread() is self._worker:
            return
        with self._changed:
            if not self._changed.wait_for(lambda: not self._busy and not self._overdue(), PATIENCE):
                raise TimeoutError(f"what was due did not end within {PATIENCE:.0f} seconds")

    def _overdue(self) -> bool:
        return bool(self._due) and self._due[0][0] <= self._now

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._overdue)
                _, _, action = heapq.heappop(self._due)
                self._busy = True
            try:
                action()
            except Exception:
                log.exception("what was due failed")
            with self._changed:
                self._busy = False
                self._changed.notify_all()


CLOCK = Clock()


class Sleeper:
    """Stands in for the time module where moto's workflows sleep."""

    time = staticmethod(time.time)

    @staticmethod
    def sleep(seconds: float) -> None:
        CLOCK.wait(seconds)
