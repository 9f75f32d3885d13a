"""What a reminder is, and what can be answered when it rings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.services.when import When

REMIND: Final = "remind"
"""The kind of due things that ring."""

ACTIVE: Final = "active"
PAUSED: Final = "paused"
DONE: Final = "done"

Answer = Literal["done", "soon", "hour", "tomorrow"]
SNOOZES: Final[dict[str, timedelta]] = {"soon": timedelta(minutes=10), "hour": timedelta(hours=1)}

# A reminder that wants an answer rings so often, for an hour: then it lets people be.
NAG_AFTER: Final = timedelta(minutes=10)
MOST_NAGS: Final = 6

# More than anybody wants; it keeps a list readable and a script from filling the clock.
MOST_REMINDERS: Final = 50
LONGEST_WHAT: Final = 200
"""In characters."""

LASTS: Final = timedelta(minutes=15)
"""How long a reminder is taken to last where a calendar has to know."""
WITHOUT_WORDS: Final = "⏰"
"""What stands in a calendar for a reminder that just rings."""

# What is done is kept for a while: its message may still be snoozed.
KEEP_DONE: Final = timedelta(days=7)
# So long a deletion can be taken back.
KEEP_DELETED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one person. `what` may be empty: then it just rings.

    `at` is its moment, or the first one of its `rule` (RFC 5545, at wall times of `zone`). `next_at` is when
    it rings next, None where it is paused or done. `rings` counts how often it rang, `answered` is the
    last ring that was answered.
    """

    id: int
    what: str
    zone: ZoneInfo
    at: datetime
    rule: str | None
    state: str
    until_done: bool
    rings: int
    answered: int
    next_at: datetime | None = None

    def when(self) -> When:
        """Its time, to be said: a series by its rule, from the next occurrence on."""
        at = (self.next_at or self.at).astimezone(self.zone)
        return When("recurring" if self.rule else "moment", self.zone, at, self.rule)


@dataclass(frozen=True, slots=True)
class Ring:
    """A reminder that rings now, for the `number`th time, to `account`; `late` if it was missed."""

    reminder: int
    number: int
    what: str
    account: int
    locale: str
    late: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer to a ring brought: it rings `again` then, or not. `before` marks a second tap."""

    what: str
    again: datetime | None = None
    before: bool = False


def state_after(state: str, first: int | None, again: int | None) -> str:
    """What a reminder is once these due things are planned for it: what is paused stays so."""
    if state == PAUSED:
        return PAUSED
    return DONE if first is None and again is None else ACTIVE
