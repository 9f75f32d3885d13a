"""Whom a segment reaches: asked of the database in two statements, never beyond the organizer's reach.

Each person is there once, each group once, however many conditions they meet. Who blocked the bot, and groups
that it left or may not write to, are counted but not reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.services.roles.rules import Reach
from bot.services.segments.model import (
    Both,
    Condition,
    Either,
    Has,
    Segment,
    Without,
)
from bot.services.segments.predicates import (
    PREDICATES,
    Asked,
    Test,
    belongs_below,
    bound_below,
)
from bot.services.segments.settling import settle_again
from bot.store.tables import chats, people
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Audience:
    """Ids of people and of group chats, in order; and how many would be meant but can't be reached."""

    people: tuple[int, ...]
    groups: tuple[int, ...]
    blocked: int = 0
    left: int = 0

    def __len__(self) -> int:
        return len(self.people) + len(self.groups)


async def audience(work: Work, segment: Segment, reach: Reach) -> Audience:
    """Whom a settled segment reaches within `reach`. SegmentError where a branch is out of it by now."""
    chosen = await settle_again(work, segment, reach)
    to_people, to_groups = tests(work, chosen, reach)
    found: list[tuple[int, bool]] = []
    if to_people is not None:
        rows = await work.fetch(
            sa.select(people.c.id, people.c.blocked_at).where(to_people).order_by(people.c.id)
        )
        found = [(row.id, row.blocked_at is not None) for row in rows]
    groups: list[tuple[int, bool]] = []
    if to_groups is not None:
        away = sa.or_(chats.c.left_at.is_not(None), chats.c.silent_since.is_not(None)).label("away")
        rows = await work.fetch(sa.select(chats.c.chat, away).where(to_groups).order_by(chats.c.chat))
        groups = [(row.chat, bool(row.away)) for row in rows]
    return Audience(
        tuple(person for person, blocked in found if not blocked),
        tuple(chat for chat, away in groups if not away),
        sum(blocked for _person, blocked in found),
        sum(away for _chat, away in groups),
    )


def tests(work: Work, segment: Segment, reach: Reach) -> tuple[Test | None, Test | None]:
    """What rows of `people` and of `chats` must meet; None where it does not go there.

    The segment must be settled. The reach is asked beside the condition, so that nothing in it can widen it.
    """
    asked = Asked(work.bot, work.now)
    to_people: Test | None = None
    if segment.to != "groups":
        to_people = sa.and_(
            people.c.bot == work.bot, people_within(reach), _of_people(segment.condition, asked)
        )
    to_groups: Test | None = None
    if segment.to != "people":
        fits = _of_groups(segment.condition, asked)
        # A group's old id lives on as the supergroup: it is counted there.
        present = chats.c.became.is_(None)
        to_groups = sa.and_(
            chats.c.bot == work.bot, present, groups_within(reach), sa.false() if fits is None else fits
        )
    return to_people, to_groups


def people_within(reach: Reach) -> Test:
    """Whether a row of `people` is within reach."""
    return sa.true() if reach.everywhere else belongs_below(reach.branches)


def groups_within(reach: Reach) -> Test:
    """Whether a row of `chats` is within reach."""
    return sa.true() if reach.everywhere else bound_below(reach.branches)


# -- Conditions as SQL -----------------------------------------------------------------------


def _of_people(condition: Condition, asked: Asked) -> Test:
    if isinstance(condition, Has):
        return PREDICATES[condition.key].people(condition.values, asked)
    if isinstance(condition, Without):
        # What was never said (NULL) is not so, too.
        return sa.not_(sa.func.coalesce(_of_people(condition.part, asked), sa.false()))
    if isinstance(condition, Both):
        return sa.and_(*(_of_people(part, asked) for part in condition.parts))
    if isinstance(condition, Either):
        return sa.or_(*(_of_people(part, asked) for part in condition.parts))
    return sa.true()


def _of_groups(condition: Condition, asked: Asked) -> Test | None:
    """What is known of groups (branch, language) is asked; what only people have (work, role) drops out.

    None where nothing that is known of groups is left: then no group is meant.
    """
    if isinstance(condition, Has):
        known = PREDICATES[condition.key].groups
        return None if known is None else known(condition.values, asked)
    if isinstance(condition, Without):
        part = _of_groups(condition.part, asked)
        return None if part is None else sa.not_(sa.func.coalesce(part, sa.false()))
    if isinstance(condition, Both | Either):
        parts = [part for each in condition.parts if (part := _of_groups(each, asked)) is not None]
        combined = sa.and_ if isinstance(condition, Both) else sa.or_
        return combined(*parts) if parts else None
    return sa.true()
