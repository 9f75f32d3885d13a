"""Kinds of due things: what the clock does for a row, by the kind the row names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.store.work import Work

Deed = Callable[[Work, Due], Awaitable[Sequence[Outgoing]]]
"""Does a due thing; gives the messages to send after the commit.

All it does is in the database, by the work: it may be undone and done again.
"""

# Later than this is no delay any more: nobody was there to do it.
GRACE = timedelta(minutes=1)
# A deed of a millisecond: others wait a tenth of a second for the database at most.
BATCH = 64
LIMIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of due things, by the `name` its rows carry.

    What was `missed` for longer than `grace`, because no clock ran, is done late or skipped. Up to `batch`
    deeds share a transaction; one that takes longer than `limit_seconds` has failed.
    """

    name: str
    deed: Deed
    missed: Literal["late", "skip"] = "late"
    grace: timedelta = GRACE
    batch: int = BATCH
    limit_seconds: float = LIMIT_SECONDS

    def skips(self, thing: Due, now: datetime) -> bool:
        """Whether it is too late for this."""
        return self.missed == "skip" and now - thing.not_before > self.grace
