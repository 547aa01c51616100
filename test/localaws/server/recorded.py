"""What the local AWS only remembers.

Some resources, or some properties of a resource, have no service behind them here. They are
checked and remembered, and listed, so that nobody takes a green deployment for more than it is.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Recorded:
    """One resource, or a part of one, that nothing here acts on."""

    account: str
    region: str
    stack: str
    logical_id: str
    type: str
    physical_id: str
    reason: str
    properties: dict[str, Any]


_lock = threading.Lock()
_entries: dict[tuple[str, str, str, str], list[Recorded]] = {}


def put(account: str, region: str, stack: str, logical_id: str, entries: list[Recorded]) -> None:
    """Replace what is remembered for one resource; an empty list forgets it."""
    key = (account, region, stack, logical_id)
    with _lock:
        if entries:
            _entries[key] = entries
        else:
            _entries.pop(key, None)


def listing() -> list[dict[str, Any]]:
    """Everything recorded, in a stable order."""
    with _lock:
        found = [asdict(entry) for entries in _entries.values() for entry in entries]
    return sorted(
        found,
        key=lambda e: (e["account"], e["region"], e["stack"], e["logical_id"], e["reason"]),
    )
