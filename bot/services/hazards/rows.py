"""Hazards and reports as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.services.hazards.model import KEEP, OPEN, SHOWN_AFTER, Hazard, State
from bot.services.notices import Recipient
from bot.services.stations.model import Point
from bot.store.tables import hazard_reports, hazards, people
from bot.store.work import Work


async def get(work: Work, number: int) -> Hazard | None:
    """A hazard by its number."""
    row = await work.first(_ONE, {"of": work.bot, "which": number})
    return _hazard(row) if row else None


async def open_of_kind(work: Work, kind: str) -> list[Hazard]:
    """What of a kind is still to be mended."""
    return [_hazard(row) for row in await work.fetch(_OPEN_OF_KIND, {"of": work.bot, "the_kind": kind})]


async def public(work: Work) -> list[Hazard]:
    """What is open or was mended lately, the latest change first."""
    since = work.now - SHOWN_AFTER
    return [_hazard(row) for row in await work.fetch(_PUBLIC, {"of": work.bot, "since": since})]


async def reported_by(work: Work, person: int) -> list[Hazard]:
    """What somebody reported, the latest first."""
    return [_hazard(row) for row in await work.fetch(_MINE, {"of": work.bot, "whose": person})]


async def open_ones(work: Work) -> list[Hazard]:
    """What is to be mended, the next deadline first."""
    return [_hazard(row) for row in await work.fetch(_OPEN, {"of": work.bot})]


async def reporters(work: Work, number: int) -> list[Recipient]:
    """Who reported it and can be reached."""
    rows = await work.fetch(_REPORTERS, {"of": work.bot, "which": number})
    return [Recipient(row.id, row.account, row.language) for row in rows]


async def reports(work: Work, number: int) -> Sequence[Any]:
    """Who reported it, with note, attachment and moment of each report, in order."""
    return await work.fetch(_REPORTS, {"of": work.bot, "which": number})


async def is_reporter(work: Work, number: int, person: int) -> bool:
    """Whether somebody reported it."""
    return await work.first(_IS_REPORTER, {"of": work.bot, "which": number, "whose": person}) is not None


async def change(work: Work, number: int, **values: Any) -> Hazard:
    """Write what changes; gives the hazard as it is now."""
    this = sa.and_(hazards.c.bot == work.bot, hazards.c.id == number)
    await work.execute(sa.update(hazards).where(this).values(changed_at=work.now, **values))
    found = await get(work, number)
    assert found is not None  # noqa: S101 - whoever changes one holds it
    return found


async def drop_report(work: Work, number: int, person: int) -> None:
    """Forget that somebody reported it, and what they said."""
    await work.execute(_DROP_REPORT, {"of": work.bot, "which": number, "whose": person})


async def drop(work: Work, number: int) -> None:
    """Forget a hazard that nobody reports any more."""
    await work.execute(_DROP, {"of": work.bot, "which": number})


async def prune(work: Work) -> None:
    """Forget what is long over, with who reported it."""
    for statement in _PRUNE:
        await work.execute(statement, {"of": work.bot, "before": work.now - KEEP})


def _hazard(row: Any) -> Hazard:
    return Hazard(
        row.id,
        row.kind,
        row.place,
        Point(row.lat, row.lon) if row.lat is not None else None,
        row.is_exact,
        row.district,
        State(row.state),
        row.desk,
        row.branch,
        row.next_at,
        row.answer,
        row.made_at,
        row.changed_at,
        int(row.reports),
    )


_OF: Any = sa.bindparam("of")
_COUNT: Any = (
    sa.select(sa.func.count())
    .where(hazard_reports.c.bot == hazards.c.bot, hazard_reports.c.hazard == hazards.c.id)
    .scalar_subquery()
    .label("reports")
)
_ROW: Final = sa.select(hazards, _COUNT).where(hazards.c.bot == _OF)
_ONE: Final = _ROW.where(hazards.c.id == sa.bindparam("which"))
_IS_OPEN: Final = hazards.c.state.in_([state.value for state in OPEN])
_OPEN_OF_KIND: Final = _ROW.where(_IS_OPEN, hazards.c.kind == sa.bindparam("the_kind")).order_by(hazards.c.id)
_OPEN: Final = _ROW.where(_IS_OPEN).order_by(hazards.c.next_at, hazards.c.id)
_LATELY_FIXED: Final = sa.and_(
    hazards.c.state == State.FIXED.value, hazards.c.changed_at > sa.bindparam("since")
)
_PUBLIC: Final = _ROW.where(sa.or_(_IS_OPEN, _LATELY_FIXED)).order_by(
    hazards.c.changed_at.desc(), hazards.c.id.desc()
)
_OF_HAZARD: Final = sa.and_(hazard_reports.c.bot == _OF, hazard_reports.c.hazard == sa.bindparam("which"))
_MINE: Final = _ROW.where(
    hazards.c.id.in_(
        sa.select(hazard_reports.c.hazard).where(
            hazard_reports.c.bot == _OF, hazard_reports.c.person == sa.bindparam("whose")
        )
    )
).order_by(hazards.c.id.desc())
_REPORTERS: Final = (
    sa.select(people.c.id, people.c.account, people.c.language)
    .join(hazard_reports, hazard_reports.c.person == people.c.id)
    .where(_OF_HAZARD, people.c.blocked_at.is_(None))
    .order_by(people.c.id)
)
_REPORTS: Final = (
    sa.select(
        *(hazard_reports.c[name] for name in ("person", "note", "attachment", "made_at")),
    )
    .where(_OF_HAZARD)
    .order_by(hazard_reports.c.made_at, hazard_reports.c.person)
)
_IS_REPORTER: Final = sa.select(hazard_reports.c.person).where(
    _OF_HAZARD, hazard_reports.c.person == sa.bindparam("whose")
)
_DROP_REPORT: Final = sa.delete(hazard_reports).where(
    _OF_HAZARD, hazard_reports.c.person == sa.bindparam("whose")
)
_DROP: Final = sa.delete(hazards).where(hazards.c.bot == _OF, hazards.c.id == sa.bindparam("which"))
_OVER: Final = sa.and_(hazards.c.bot == _OF, ~_IS_OPEN, hazards.c.changed_at < sa.bindparam("before"))
_PRUNE: Final = (
    sa.delete(hazard_reports).where(
        hazard_reports.c.bot == _OF, hazard_reports.c.hazard.in_(sa.select(hazards.c.id).where(_OVER))
    ),
    sa.delete(hazards).where(_OVER),
)
