"""What a round table talks about: a month in figures, the themes that are open, and where to meet.

A theme is a kind, or a case of many, with which at least five people wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.services.appeals import lives, report
from bot.services.appeals.lives import Life
from bot.services.appeals.model import FEWEST_TOLD, State
from bot.services.appeals.report import Report
from bot.services.events import book
from bot.services.events.model import Event
from bot.services.roles.rules import Reach
from bot.store.tables import appeals
from bot.store.work import Work

MOST_THEMES: Final = 8


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that at least five people wait for; `story` is an organizer's words of a case of many."""

    kind: str
    people: int
    story: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A month: its report, open themes, the largest first, and the next event to talk about them."""

    report: Report
    themes: tuple[Theme, ...]
    event: Event | None


async def made(work: Work, reach: Reach, start: datetime, end: datetime) -> Digest:
    """The digest of a time within a reach."""
    found = await lives.within(work, reach, start, end)
    themes = [*_kinds(found, end), *await _cases(work, found, end)]
    themes.sort(key=lambda theme: (-theme.people, theme.kind, theme.story))
    figures = report.told(report.tally(found, start, end))
    return Digest(figures, tuple(themes[:MOST_THEMES]), await _next_event(work, reach))


def _kinds(found: Sequence[Life], end: datetime) -> list[Theme]:
    """Kinds, without those who belong to a case: a case is a theme of its own."""
    waiting: dict[str, int] = {}
    for life in found:
        if not life.is_case and not life.shared and life.is_waiting(end):
            waiting[life.kind] = waiting.get(life.kind, 0) + 1
    return [Theme(kind, count) for kind, count in waiting.items() if count >= FEWEST_TOLD]


async def _cases(work: Work, found: Sequence[Life], end: datetime) -> list[Theme]:
    open_cases = [life.appeal for life in found if life.is_case and life.is_waiting(end)]
    rows = await work.fetch(_VOICES, {"of": work.bot, "ids": open_cases, "least": FEWEST_TOLD})
    return [Theme(row.kind, int(row.people), row.story) for row in rows]


async def _next_event(work: Work, reach: Reach) -> Event | None:
    coming = await book.coming(work, None if reach.everywhere else reach.branches)
    return next((event for event in coming if not event.is_over(work.now)), None)


_CASE: Final = appeals.alias("the_case")
_VOICES: Final = (
    sa.select(_CASE.c.kind, _CASE.c.story, sa.func.count().label("people"))
    .join(appeals, sa.and_(appeals.c.bot == _CASE.c.bot, appeals.c.collective == _CASE.c.id))
    .where(
        _CASE.c.bot == sa.bindparam("of"),
        _CASE.c.id.in_(sa.bindparam("ids", expanding=True)),
        appeals.c.state == State.MERGED.value,
    )
    .group_by(_CASE.c.id, _CASE.c.kind, _CASE.c.story)
    .having(sa.func.count() >= sa.bindparam("least"))
)
