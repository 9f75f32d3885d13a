"""Whom a segment reaches: asked of the database in two statements, never beyond the organizer's reach.

Each person is there once, each group once, however many conditions they meet. Who blocked the bot, and groups
that it left or may not write to, are counted but not reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from rapidfuzz import process

from bot.i18n import Phrase, _
from bot.services.branches import tree
from bot.services.branches.tree import Branch, name_of
from bot.services.roles.rules import Reach
from bot.services.segments.model import (
    Both,
    Condition,
    Either,
    Has,
    Segment,
    SegmentError,
    Without,
    both,
    conditions,
    either,
    without,
)
from bot.services.segments.predicates import (
    BRANCH,
    PREDICATES,
    Asked,
    Test,
    belongs_below,
    bound_below,
)
from bot.services.segments.saying import Names
from bot.services.segments.words import sentences
from bot.store.tables import branch_paths, chats, people
from bot.store.work import Work

_ALIKE: Final = 60
_MOST_SUGGESTED: Final = 3


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
    """Whom a segment reaches within `reach`. SegmentError where it names a branch that is not in reach."""
    chosen = await settle(work, segment, reach)
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


# -- Names ----------------------------------------------------------------------------------------


async def settle(work: Work, segment: Segment, reach: Reach) -> Segment:
    """The segment with the ids of its branches in place of their names.

    Raises SegmentError for a branch that is not there or not within reach: both are told the same way.
    """
    if all(each.key != BRANCH.name for each in conditions(segment.condition)):
        return segment
    settling = _Settling(segment.text, await _branches_within(work, reach))
    return replace(segment, condition=settling.settled(segment.condition))


async def names(work: Work, segment: Segment) -> Names:
    """What the branches of a settled segment are called, in the language being spoken."""
    found: dict[tuple[str, str], str] = {}
    for each in conditions(segment.condition):
        for value in each.values if each.key == BRANCH.name else ():
            branch = await tree.get(work, value)
            if branch is not None:
                found[BRANCH.name, value] = name_of(branch)
    return found


class _Settling:
    """Puts ids in the place of names; `mine` are the branches that may be named."""

    def __init__(self, text: str, mine: Sequence[Branch]) -> None:
        self._text = text
        self._mine = mine
        self._ids = {branch.id for branch in mine}

    def settled(self, condition: Condition) -> Condition:
        """The condition with ids."""
        if isinstance(condition, Has) and condition.key == BRANCH.name:
            found = [
                self._named(value, condition.place(index)) for index, value in enumerate(condition.values)
            ]
            return replace(condition, values=tuple(found))
        if isinstance(condition, Without):
            return without(self.settled(condition.part))
        if isinstance(condition, Both | Either):
            combined = both if isinstance(condition, Both) else either
            return combined(*map(self.settled, condition.parts))
        return condition

    def _named(self, value: str, position: int) -> str:
        """The id of the branch of that id or name, or of the only one whose name begins so."""
        if value in self._ids:
            return value
        said = value.casefold()
        names = [(branch, {branch.name.casefold(), branch.name_en.casefold()}) for branch in self._mine]
        found = [branch for branch, called in names if said in called]
        found = found or [branch for branch, called in names if any(each.startswith(said) for each in called)]
        if len(found) != 1:
            raise SegmentError(self._text, position, self._question(value, found))
        return found[0].id

    def _question(self, value: str, several: Sequence[Branch]) -> Phrase:
        """Which one of several, or that there is none, with those that sound alike."""
        if several:
            likely = several[:_MOST_SUGGESTED]
            begin = _("Several branches begin with “{name}”.").format(name=value)
        else:
            choices = {branch.id: name_of(branch) for branch in self._mine}
            alike = process.extract(value, choices, limit=_MOST_SUGGESTED, score_cutoff=_ALIKE)
            likely = [branch for branch in self._mine if branch.id in {each[2] for each in alike}]
            begin = _("None of your branches is called “{name}”.").format(name=value)
        if not likely:
            return begin
        listed = ", ".join(f"{branch.id} ({name_of(branch)})" for branch in likely)
        return sentences(begin, _("Possible: {branches}").format(branches=listed))


async def _branches_within(work: Work, reach: Reach) -> list[Branch]:
    """The open branches that an organizer may name."""
    found = [branch for branch in await tree.all_branches(work) if not branch.closed]
    if reach.everywhere:
        return found
    below = sa.select(branch_paths.c.below).where(
        branch_paths.c.bot == work.bot, branch_paths.c.above.in_(reach.branches)
    )
    mine = {row.below for row in await work.fetch(below)}
    return [branch for branch in found if branch.id in mine]
