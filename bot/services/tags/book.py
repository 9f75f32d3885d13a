"""Tags as rows: given, taken away, counted within somebody's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.branches.desk import SMALLEST_COUNT
from bot.services.roles.rules import Reach
from bot.services.segments import people_within
from bot.services.segments.model import QUOTES
from bot.store.tables import people, person_tags
from bot.store.work import Work

LONGEST: Final = 30
"""In characters: what fits a button."""

Test = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and how many people within reach have it at least; None for fewer than SMALLEST_COUNT."""

    name: str
    people: int | None


def cleaned(typed: str) -> str | None:
    """A tag as it is kept: on one line, without the marks that segments quote with. None for what is none."""
    name = " ".join("".join(each for each in typed if each not in QUOTES).split())
    return name if 0 < len(name) <= LONGEST else None


def rounded(count: int) -> int | None:
    """How many at least, by fives as of branches; None where a number would tell who."""
    return count // SMALLEST_COUNT * SMALLEST_COUNT or None


async def within(work: Work, reach: Reach) -> list[Tag]:
    """The tags of people within reach, by name."""
    counted = (
        sa.select(person_tags.c.tag, sa.func.count().label("number"))
        .join(people, _OF_PEOPLE)
        .where(person_tags.c.bot == work.bot, people_within(reach))
        .group_by(person_tags.c.tag)
        .order_by(person_tags.c.tag)
    )
    return [Tag(row.tag, rounded(row.number)) for row in await work.fetch(counted)]


async def of(work: Work, person: int) -> list[str]:
    """A person's own tags."""
    rows = await work.fetch(_OF, {"of": work.bot, "whose": person})
    return [row.tag for row in rows]


async def give(work: Work, tag: str, whom: Test, by: int | None) -> int:
    """Give a tag to all people who meet a test and have it not yet; gives their number."""
    chosen = sa.select(
        people.c.bot,
        people.c.id,
        sa.literal(tag),
        sa.literal(by, sa.BigInteger),
        sa.literal(work.now, person_tags.c.set_at.type),
    ).where(people.c.bot == work.bot, whom)
    columns = ["bot", "person", "tag", "set_by", "set_at"]
    return await work.execute(
        _INSERT[work.dialect](person_tags).from_select(columns, chosen).on_conflict_do_nothing()
    )


async def take(work: Work, tag: str, whom: Test) -> int:
    """Take a tag away from all people who meet a test; gives their number."""
    theirs = sa.select(people.c.id).where(people.c.bot == work.bot, whom)
    return await work.execute(sa.delete(person_tags).where(_is(work, tag), person_tags.c.person.in_(theirs)))


async def undo(work: Work, tag: str, whom: Test, by: int, at: datetime) -> int:
    """Take a tag away from those to whom somebody gave it at that moment; gives their number."""
    theirs = sa.select(people.c.id).where(people.c.bot == work.bot, whom)
    given = (person_tags.c.set_by == by, person_tags.c.set_at == at, person_tags.c.person.in_(theirs))
    return await work.execute(sa.delete(person_tags).where(_is(work, tag), *given))


async def drop(work: Work, tag: str, person: int) -> int:
    """Take a tag away from one person."""
    return await work.execute(sa.delete(person_tags).where(_is(work, tag), person_tags.c.person == person))


def _is(work: Work, tag: str) -> Test:
    return sa.and_(person_tags.c.bot == work.bot, person_tags.c.tag == tag)


_OF_PEOPLE: Final = sa.and_(people.c.bot == person_tags.c.bot, people.c.id == person_tags.c.person)
_OF: Final = (
    sa.select(person_tags.c.tag)
    .where(person_tags.c.bot == sa.bindparam("of"), person_tags.c.person == sa.bindparam("whose"))
    .order_by(person_tags.c.tag)
)
_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
