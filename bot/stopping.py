"""How a process ends: within one span of time, whatever is under way."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

# Whoever asks a process to end waits some seconds, then kills it.
STOP_SECONDS: Final = 4.5
# Everything keeps to the time above; a library that hangs in a dead connection may not.
FORCE_SECONDS: Final = 4.8

log = structlog.get_logger()


class Grace:
    """The time there is to stop, counted from the moment that stopping begins; all parts share it."""

    def __init__(
        self, seconds: float = STOP_SECONDS, steady_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._now = steady_seconds
        self._until: float | None = None

    def begin(self) -> float:
        """Stopping begins, unless it has; gives when it must be over."""
        if self._until is None:
            self._until = self._now() + self._seconds
        return self._until

    def left(self, less: float = 0.0) -> float:
        """The seconds that are left, `less` those that are for something else."""
        return max(0.0, self.begin() - self._now() - less)


def ended_by_force(seconds: float = FORCE_SECONDS, end: Callable[[int], object] = os._exit) -> None:
    """End the process if it is still there then: what it had in hand is free when its leases are over."""

    def force() -> None:
        log.critical("stopped_by_force")
        end(1)

    timer = threading.Timer(seconds, force)
    timer.daemon = True
    timer.start()
