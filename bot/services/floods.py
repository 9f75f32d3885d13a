"""Floods: whoever sends too much too fast is answered once, and then not heard until they slow down.

A token bucket for each person, kept as one moment (GCRA: when the bucket would be full again), and one for
all together. What is refused costs no transaction. Buckets are in memory: a restart forgives everybody.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

MOST_PEOPLE: Final = 100_000
"""Buckets in memory; the one that was touched longest ago gives way. An empty place is a full bucket."""
WORD_EVERY: Final = timedelta(minutes=1)
"""Between two answers to one flood."""


class Verdict(Enum):
    """What becomes of an update."""

    HEARD = auto()
    TOLD = auto()  # too fast: say so, once
    IGNORED = auto()  # too fast, and told so


@dataclass(frozen=True, slots=True)
class Rate:
    """So many updates a second for long, and so many at once after a pause. 0 a second means any number."""

    per_second: float
    burst: int

    @property
    def apart(self) -> float:
        """Seconds from one update to the next, for long."""
        return 1 / self.per_second


# A quick thumb taps five times a second; nobody does it for half a minute.
OF_PERSON: Final = Rate(5, 60)
# What one process plays in a second on a small machine.
OF_ALL: Final = Rate(500, 2000)


class Bucket:
    """One bucket: `full_at` is when it would be full again, in seconds since 1970."""

    __slots__ = ("full_at", "told_at")

    def __init__(self) -> None:
        self.full_at = 0.0
        self.told_at: datetime | None = None

    def takes(self, rate: Rate, now: datetime) -> bool:
        """Take one out, if there is one."""
        if not rate.per_second:
            return True
        moment = now.timestamp()
        full_at = max(self.full_at, moment)
        if full_at - moment > (rate.burst + 1) * rate.apart:
            # No bucket is that empty: the clock was set back. Nobody is to wait until it catches up.
            full_at = moment
        if full_at - moment > (rate.burst - 1) * rate.apart:
            return False
        self.full_at = full_at + rate.apart
        return True


class Dam:
    """Holds floods back, of one person and of all."""

    def __init__(self, of_person: Rate = OF_PERSON, of_all: Rate = OF_ALL, most: int = MOST_PEOPLE) -> None:
        self._of_person = of_person
        self._of_all = of_all
        self._most = most
        self._all = Bucket()
        self._people: OrderedDict[int, Bucket] = OrderedDict()

    def is_open(self, now: datetime) -> bool:
        """Whether one more update can be taken at all; else it has to come again later."""
        return self._all.takes(self._of_all, now)

    def hear(self, account: int, now: datetime) -> Verdict:
        """What becomes of an update of this account."""
        bucket = self._people.setdefault(account, Bucket())
        self._people.move_to_end(account)
        if len(self._people) > self._most:
            self._people.popitem(last=False)
        if bucket.takes(self._of_person, now):
            return Verdict.HEARD
        if bucket.told_at is not None and abs(now - bucket.told_at) < WORD_EVERY:
            return Verdict.IGNORED
        bucket.told_at = now
        return Verdict.TOLD
