"""Whom a broadcast goes to: counted before, and read in pages when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.home import HOME_ZONE
from bot.i18n import DEFAULT_LOCALE, speaking
from bot.services.branches.tree import Branch, name_of
from bot.services.broadcasts import letter
from bot.services.broadcasts.model import Content, DryRun
from bot.services.groups.quiet import NIGHT
from bot.services.hearing import QUIET_FROM, QUIET_OF_PEOPLE, QUIET_TO, ZONE, hours
from bot.services.letters import Recipient
from bot.services.outbox import WAITING
from bot.services.privacy.consents import refused, topic
from bot.services.roles.rules import Reach
from bot.services.segments import Segment, groups_within, people_within, settle_again, tests
from bot.store.tables import branches, chats, checkin_people, memberships, outbox, people, quiet_hours
from bot.store.work import Work

PAGE: Final = 500
"""People that one transaction adds: some 50 ms, in which no reply is held up for long."""
PUT_OFF_AT_ONCE: Final = 2000
"""Rows that one statement puts off until the morning."""

Test = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Whom:
    """A settled segment within an organizer's reach, about a topic."""

    segment: Segment
    reach: Reach
    topic: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group that gets a broadcast: where, in which language, and not before when."""

    chat: int
    locale: str
    branch: str | None
    thread: int | None
    not_before: datetime | None


async def whom(work: Work, segment: Segment, reach: Reach, about: str) -> Whom:
    """A settled segment. SegmentError where one of its branches is not within reach."""
    return Whom(await settle_again(work, segment, reach), reach, about)


# -- Counting ---------------------------------------------------------------------------


async def dry_run(work: Work, meant: Whom, at: datetime | None = None) -> DryRun:
    """Who would get it if it went at a moment, or now; who counts as quiet is who sleeps then."""
    moment = at or work.now
    to_people, to_groups = tests(work, meant.segment, meant.reach)
    numbers = dict.fromkeys(("people", "groups", "blocked", "left", "opted_out", "quiet"), 0)
    for row in await work.fetch(_tally(to_people, meant.topic)) if to_people is not None else ():
        if row.blocked:
            numbers["blocked"] += row.number
        elif row.opted_out:
            numbers["opted_out"] += row.number
        else:
            numbers["people"] += row.number
            is_asleep = _wakes(moment, row.zone, row.start, row.end) is not None
            numbers["quiet"] += row.number if is_asleep else 0
    for row in await work.fetch(_groups(to_groups)) if to_groups is not None else ():
        numbers["left" if row.away else "groups"] += 1
        is_asleep = not row.away and _wakes(moment, row.zone, row.start, row.end) is not None
        numbers["quiet"] += int(is_asleep)
    return DryRun(**numbers)


async def is_within(work: Work, meant: Whom, reach: Reach) -> bool:
    """Whether all of the audience is within somebody else's reach, too."""
    to_people, to_groups = tests(work, meant.segment, meant.reach)
    beyond: list[sa.Select[Any]] = []
    if to_people is not None:
        beyond.append(sa.select(people.c.id).where(to_people, ~people_within(reach)))
    if to_groups is not None:
        beyond.append(sa.select(chats.c.chat).where(to_groups, ~groups_within(reach)))
    for statement in beyond:
        if await work.first(statement.limit(1)) is not None:
            return False
    return True


async def latecomers(work: Work, meant: Whom, broadcast: int) -> tuple[int, int]:
    """How many people and groups belong to the audience by now who did not when it started."""
    to_people, to_groups = tests(work, meant.segment, meant.reach)
    late_people = late_groups = 0
    if to_people is not None:
        has_it = sa.exists().where(
            outbox.c.bot == people.c.bot, outbox.c.broadcast == broadcast, outbox.c.chat == people.c.account
        )
        reachable = (people.c.blocked_at.is_(None), ~_opted_out(meant.topic))
        late_people = await _count(work, people, to_people, *reachable, ~has_it)
    if to_groups is not None:
        late_groups = await _count(work, chats, to_groups, ~_AWAY, ~_group_has(broadcast))
    return late_people, late_groups


def _group_has(broadcast: int) -> Test:
    """Whether a group got a broadcast, under the number it has or under one that it had before it moved."""
    before = chats.alias("before")
    earlier = sa.select(before.c.chat).where(before.c.bot == chats.c.bot, before.c.became == chats.c.chat)
    same = sa.or_(outbox.c.chat == chats.c.chat, outbox.c.chat.in_(earlier.correlate(chats)))
    return sa.exists().where(outbox.c.bot == chats.c.bot, outbox.c.broadcast == broadcast, same)


async def _count(work: Work, table: sa.Table, *tests: Test) -> int:
    row = await work.first(sa.select(sa.func.count()).select_from(table).where(*tests))
    return int(row[0]) if row else 0


# -- Reading ------------------------------------------------------------------------------


async def page(
    work: Work, meant: Whom, content: Content, letters: dict[str, int], after: int
) -> tuple[list[Recipient], int]:
    """The next people after an account, each with the letter in their language; and the last account.

    That is 0 at the end. By account, because there is an index of a bot's accounts: a page costs the same
    wherever it begins.
    """
    to_people, _to_groups = tests(work, meant.segment, meant.reach)
    if to_people is None:
        return [], 0
    read = _page(to_people, meant.topic).where(people.c.account > after)
    read = read.order_by(people.c.account).limit(PAGE)
    rows = await work.fetch(read)
    found = [
        Recipient(
            row.account,
            letters.get(row.language, letters[DEFAULT_LOCALE]),
            _blanks(row, content.spoken_to(row.language)),
            None,
            _wakes(work.now, row.zone, row.start, row.end),
        )
        for row in rows
    ]
    return found, rows[-1].account if len(rows) == PAGE else 0


async def groups(work: Work, meant: Whom) -> list[Group]:
    """The groups that can be written to."""
    _to_people, to_groups = tests(work, meant.segment, meant.reach)
    rows = await work.fetch(_groups(to_groups)) if to_groups is not None else ()
    return [
        Group(
            row.chat,
            row.language or DEFAULT_LOCALE,
            row.branch,
            row.topic,
            _wakes(work.now, row.zone, row.start, row.end),
        )
        for row in rows
        if not row.away
    ]


def _blanks(row: Any, locale: str) -> dict[str, str]:
    return letter.blanks(locale, row.called, branch_called(row, locale))


def branch_called(row: Any, locale: str) -> str | None:
    """The name of a branch that was joined to a row, None for none."""
    if row.branch is None or row.name is None:
        return None
    with speaking(locale):
        return name_of(Branch(row.branch, row.name, "branch", name_en=row.name_en))


def _wakes(now: datetime, zone: str, start: int | None, end: int | None) -> datetime | None:
    """When the quiet hours that hold now are over, None where none do."""
    quiet = hours(start, end)
    return quiet.end_after(now, zone) if quiet else None


# -- Quiet hours that begin while it runs ----------------------------------------------------


async def defer(work: Work, broadcast: int, at: datetime) -> bool:
    """Let some of those whose quiet hours hold at a moment wait for their end; whether more are left."""
    for asked, sleeping in ((_HOURS_OF_PEOPLE, _people_of), (_HOURS_OF_GROUPS, _groups_of)):
        for row in await work.fetch(asked, {"of": work.bot}):
            wakes = _wakes(at, row.zone, row.start, row.end)
            if wakes is not None and await _put_off(work, broadcast, wakes, sleeping(row)):
                return True
    return False


async def _put_off(work: Work, broadcast: int, wakes: datetime, is_theirs: Test) -> bool:
    """Let some rows wait until then; whether there may be more."""
    some = (
        sa.select(outbox.c.id)
        .where(
            outbox.c.bot == work.bot,
            outbox.c.broadcast == broadcast,
            outbox.c.state == WAITING,
            outbox.c.not_before < wakes,
            is_theirs,
        )
        .limit(PUT_OFF_AT_ONCE)
    )
    put_off = sa.update(outbox).where(outbox.c.id.in_(some)).values(not_before=wakes)
    return await work.execute(put_off) == PUT_OFF_AT_ONCE


def _people_of(row: Any) -> Test:
    """Whether a row of the outbox goes to somebody with these quiet hours."""
    same = (row.zone == ZONE, row.start == QUIET_FROM, row.end == QUIET_TO)
    joined = sa.select(people.c.id).select_from(people.outerjoin(quiet_hours, QUIET_OF_PEOPLE))
    theirs = (people.c.bot == outbox.c.bot, people.c.account == outbox.c.chat)
    return sa.exists(joined.where(*theirs, *same).correlate(outbox))


def _groups_of(row: Any) -> Test:
    """Whether a row of the outbox goes to a group with these quiet hours."""
    same = (chats.c.zone == row.zone, chats.c.quiet_from == row.start, chats.c.quiet_to == row.end)
    theirs = (chats.c.bot == outbox.c.bot, chats.c.chat == outbox.c.chat)
    return sa.exists(sa.select(chats.c.chat).where(*theirs, *same).correlate(outbox))


# Few said anything: most are asleep at night in the zone of the bot's city, and need not be looked through.
_HOURS_OF_PEOPLE = sa.union(
    sa.select(
        sa.literal(HOME_ZONE).label("zone"),
        sa.literal(NIGHT.start).label("start"),
        sa.literal(NIGHT.end).label("end"),
    ),
    sa.select(ZONE, quiet_hours.c.quiet_from.label("start"), quiet_hours.c.quiet_to.label("end"))
    .select_from(quiet_hours.join(people, people.c.id == quiet_hours.c.person))
    .where(quiet_hours.c.bot == sa.bindparam("of")),
    sa.select(ZONE, sa.literal(NIGHT.start).label("start"), sa.literal(NIGHT.end).label("end")).where(
        people.c.bot == sa.bindparam("of"), people.c.zone.is_not(None)
    ),
)
_HOURS_OF_GROUPS = (
    sa.select(chats.c.zone, chats.c.quiet_from.label("start"), chats.c.quiet_to.label("end"))
    .where(chats.c.bot == sa.bindparam("of"), chats.c.quiet_from.is_not(None))
    .distinct()
)


# -- Statements ------------------------------------------------------------------------------


def _opted_out(about: str) -> Test:
    """Whether somebody wants nothing of a topic, or nothing at all that they did not ask for."""
    return sa.or_(people.c.silenced_at.is_not(None), refused(people.c.id, people.c.bot, topic(about)))


def _tally(to_people: Test, about: str) -> sa.Select[Any]:
    kinds = (
        people.c.blocked_at.is_not(None).label("blocked"),
        _opted_out(about).label("opted_out"),
        ZONE,
        QUIET_FROM,
        QUIET_TO,
    )
    each = (
        sa.select(*kinds)
        .select_from(people.outerjoin(quiet_hours, QUIET_OF_PEOPLE))
        .where(to_people)
        .subquery()
    )
    return sa.select(*each.c, sa.func.count().label("number")).group_by(*each.c)


def _page(to_people: Test, about: str) -> sa.Select[Any]:
    belongs = sa.and_(
        memberships.c.bot == people.c.bot,
        memberships.c.person == people.c.id,
        memberships.c.left_at.is_(None),
    )
    named = sa.and_(branches.c.bot == memberships.c.bot, branches.c.id == memberships.c.branch)
    called = sa.and_(checkin_people.c.bot == people.c.bot, checkin_people.c.person == people.c.id)
    joined = (
        people.outerjoin(quiet_hours, QUIET_OF_PEOPLE)
        .outerjoin(memberships, belongs)
        .outerjoin(branches, named)
        .outerjoin(checkin_people, called)
    )
    return (
        sa.select(
            people.c.account,
            people.c.language,
            memberships.c.branch,
            branches.c.name,
            branches.c.name_en,
            checkin_people.c.called,
            ZONE,
            QUIET_FROM,
            QUIET_TO,
        )
        .select_from(joined)
        .where(to_people, people.c.blocked_at.is_(None), ~_opted_out(about))
    )


_AWAY = sa.or_(chats.c.left_at.is_not(None), chats.c.silent_since.is_not(None))


def _groups(to_groups: Test) -> sa.Select[Any]:
    return (
        sa.select(
            chats.c.chat,
            chats.c.language,
            chats.c.branch,
            chats.c.topic,
            chats.c.zone,
            chats.c.quiet_from.label("start"),
            chats.c.quiet_to.label("end"),
            _AWAY.label("away"),
        )
        .where(to_groups)
        .order_by(chats.c.chat)
    )
