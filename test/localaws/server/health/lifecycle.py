"""Stores and jobs that take time: where they stand, and what moves them on."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable
from typing import Any

from ..clock import CLOCK
from ..scripts import Step

# The stores and jobs of both services change under one lock: a test has few of them.
LOCK = threading.RLock()

_numbers = itertools.count(1)


def identity(*parts: str) -> str:
    """An id as AWS makes them: 32 hex digits, the same in every run of the same calls."""
    seed = "/".join((*parts, str(next(_numbers))))
    return hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()


class Progress:
    """The way of one store or job to its end.

    It is passed when the looks the script asks for were taken and its time has come, whichever
    is later. Each look before that shows one more of the intermediate states.
    """

    def __init__(self, step: Step, states: list[str], show: Callable[[str], Any]) -> None:
        self._looks = step.describes
        self._states = list(states)
        self._show = show
        self._time_has_come = False
        self._finish: Callable[[], Any] | None = None
        self._seconds = step.seconds

    def begin(self, finish: Callable[[], Any]) -> None:
        """Set off; finish is called once, when the way is passed."""
        self._finish = finish
        CLOCK.after(self._seconds, self._due)

    def look(self) -> None:
        """A describe call is about to answer."""
        CLOCK.settle()
        with LOCK:
            if self._finish is None:
                return
            if self._looks > 0:
                self._looks -= 1
                self._advance()
            elif self._time_has_come:
                self._end()
            else:
                self._advance()

    def _due(self) -> None:
        with LOCK:
            self._time_has_come = True
            if self._looks == 0:
                self._end()

    def _advance(self) -> None:
        if self._states:
            self._show(self._states.pop(0))

    def _end(self) -> None:
        finish, self._finish = self._finish, None
        if finish is None:
            return
        while self._states:
            self._advance()
        finish()
