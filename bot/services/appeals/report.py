"""Figures of a time: how much came, how much was solved, how long it took. Never about fewer than five.

How they are counted: an appeal is solved when a desk said so and its author did not contradict. *Solved* is
the share of those among the solved and the ones still open at the end; *on time* the share of kept deadlines
among those that ended; *reopened* the share of "not solved" among all authors who answered that question. The
hours run from filing to the last word that it is solved. A case of many counts once for each of its people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, TypeVar

from bot.services.appeals import desks, lives
from bot.services.appeals.desks import Stop
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.lives import Life
from bot.services.appeals.model import FEWEST_TOLD
from bot.services.roles.rules import Reach
from bot.store.work import Work

Key = TypeVar("Key")

_HOUR: Final = timedelta(hours=1)

Place = tuple[str, str]
"""A desk of the content (may be empty) and its branch."""


@dataclass(frozen=True, slots=True)
class Part:
    """A kind, or a desk: exact figures, for nobody's eyes."""

    received: int = 0
    solved: int = 0
    waiting: int = 0
    hours: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """How many appeals the figures are about."""
        return self.solved + self.waiting


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact figures of a time, for nobody's eyes: `Report` leaves out what tells of fewer than five."""

    start: datetime
    end: datetime
    whole: Part
    deadlines: int
    kept: int
    verdicts: int
    reopened: int
    kinds: Mapping[str, Part]
    desks: Mapping[Place, Part]


@dataclass(frozen=True, slots=True)
class Figures:
    """What may be told; None stands for what is about fewer than five."""

    received: int | None
    solved: int | None
    waiting: int | None
    solved_share: float | None
    median_hours: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A time in figures that may be told: shares from 0 to 1, None for what is about fewer than five."""

    start: datetime
    end: datetime
    whole: Figures
    on_time_share: float | None
    reopened_share: float | None
    kinds: Mapping[str, Figures]
    desks: Mapping[Place, Figures]


async def made(work: Work, reach: Reach, start: datetime, end: datetime) -> Report:
    """The report of a time within a reach."""
    return told(tally(await lives.within(work, reach, start, end), start, end))


async def names(work: Work, book: Rulebook, report: Report, locale: str) -> dict[Place, str]:
    """What people call the desks of a report."""
    return {
        (desk, branch): await desks.name_of(work, book, Stop(branch, desk), locale)
        for desk, branch in report.desks
    }


# -- Counting --------------------------------------------------------------------------


def tally(found: Sequence[Life], start: datetime, end: datetime) -> Tally:
    """Count lives; those that touch the time nowhere count for nothing."""
    people = [life for life in found if not life.is_case]
    ended = [one for life in found for one in life.deadlines() if start <= one.ended_at < end]
    verdicts = [said for life in people if (said := life.verdict(start, end)) is not None]
    return Tally(
        start,
        end,
        _part(people, start, end),
        len(ended),
        sum(one.kept for one in ended),
        len(verdicts),
        verdicts.count(False),
        _by(people, lambda life: life.kind, start, end),
        _by(people, lambda life: _place(life, end), start, end),
    )


def _by(found: Iterable[Life], key: Callable[[Life], Key], start: datetime, end: datetime) -> dict[Key, Part]:
    sorted_out: dict[Key, list[Life]] = defaultdict(list)
    for life in found:
        if life.until(end):
            sorted_out[key(life)].append(life)
    parts = {name: _part(some, start, end) for name, some in sorted_out.items()}
    return {name: part for name, part in parts.items() if part.size or part.received}


def _part(found: Iterable[Life], start: datetime, end: datetime) -> Part:
    counts: Counter[str] = Counter()
    hours = []
    for life in found:
        solved = life.solved(end)
        counts["received"] += start <= life.filed_at < end
        counts["waiting"] += life.is_waiting(end)
        if solved is not None and solved.at >= start:
            hours.append((solved.at - life.filed_at) / _HOUR)
    return Part(counts["received"], len(hours), counts["waiting"], tuple(sorted(hours)))


def _place(life: Life, end: datetime) -> Place:
    """Where it was solved, or where it stands."""
    hop = life.solved(end) or life.until(end)[-1]
    return hop.desk, hop.branch


# -- What may be told --------------------------------------------------------------------


def told(tally: Tally) -> Report:
    """The figures without those that are about fewer than FEWEST_TOLD."""
    return Report(
        tally.start,
        tally.end,
        _figures(tally.whole),
        _share(tally.kept, tally.deadlines),
        _share(tally.reopened, tally.verdicts),
        _without_small(tally.kinds),
        _without_small(tally.desks),
    )


def _without_small(parts: Mapping[Key, Part]) -> dict[Key, Figures]:
    """The parts, the largest first, small ones without figures.

    Where one alone is small, the next larger one goes too: else it could be reckoned from the whole.
    """
    ordered = sorted(parts.items(), key=lambda item: (-item[1].size, -item[1].received, str(item[0])))
    small = {name for name, part in ordered if _is_small(part)}
    if len(small) == 1 and len(ordered) > 1:
        small.add([name for name, _part in ordered if name not in small][-1])
    nothing = Figures(None, None, None, None, None)
    return {name: nothing if name in small else _figures(part) for name, part in ordered}


def _is_small(part: Part) -> bool:
    return max(part.size, part.received) < FEWEST_TOLD


def _figures(part: Part) -> Figures:
    return Figures(
        _count(part.received),
        _count(part.solved),
        _count(part.waiting),
        _share(part.solved, part.size),
        median(part.hours) if len(part.hours) >= FEWEST_TOLD else None,
    )


def _count(number: int) -> int | None:
    return number if number == 0 or number >= FEWEST_TOLD else None


def _share(some: int, of: int) -> float | None:
    return some / of if of >= FEWEST_TOLD else None
