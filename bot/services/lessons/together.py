"""Lessons that a group takes together: one message there counts who is through, each learns in private.

The message is written by the clock: at once, or when the group's quiet hours are over. Counting waits a few
seconds for company, since a group bears twenty messages a minute.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import due, outbox
from bot.services.groups import rows as groups
from bot.services.groups.rows import Group
from bot.services.messages import Body
from bot.services.outbox import NOTICE, Outgoing
from bot.services.people import Person
from bot.services.roles.rules import Action, demand, may, reach
from bot.services.segments.audience import groups_within
from bot.store.tables import chats, group_learners, group_lessons
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work

START: Final = "group_lesson"
COUNT: Final = "group_lesson_count"
COUNT_AFTER: Final = timedelta(seconds=5)
CODE_LENGTH: Final = 16
"""In hexadecimal digits, 64 bits: the way in is the group's message, no number that one counts up."""
_PURPOSE: Final = b"wayside group lesson"


def code_of(secret: str, number: int) -> str:
    """What a group's link carries beside its lesson's number; `secret` is the bot's token."""
    made = hmac.new(secret.encode(), _PURPOSE + f":{number}".encode(), hashlib.sha256)
    return made.hexdigest()[:CODE_LENGTH]


@dataclass(frozen=True, slots=True)
class GroupLesson:
    """A lesson in a group; `message` is its row of the outbox, `asked` counts the questions asked there."""

    id: int
    chat: int
    thread: int | None
    lesson: str
    language: str
    message: int | None
    asked: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many have begun, and how many are through."""

    begun: int
    finished: int


Draw = Callable[[GroupLesson, Tally], Body]
"""The group's message, worded."""


class TogetherDesk:
    """Lessons in groups, for whoever starts or takes one."""

    def __init__(self, work: Work, person: Person, secret: str) -> None:
        self._work = work
        self._person = person
        self._secret = secret

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    async def groups(self) -> list[Group]:
        """The groups in which this person may start a lesson."""
        within = await reach(self._work, self._person.id, Action.RUN_TRACKS)
        if not within:
            return []
        present = sa.and_(chats.c.left_at.is_(None), chats.c.became.is_(None), chats.c.silent_since.is_(None))
        bound = chats.c.branch.is_not(None)
        found = await self._work.fetch(
            sa.select(chats.c.chat)
            .where(chats.c.bot == self._work.bot, present, bound, groups_within(within))
            .order_by(chats.c.title, chats.c.chat)
        )
        return [group for row in found if (group := await groups.get(self._work, row.chat)) is not None]

    async def start(self, chat: int, lesson: str) -> datetime:
        """Start a lesson in a group; gives when its message comes: now, or after the quiet hours.

        Raises NotAllowed, and LookupError where the bot is not there any more.
        """
        group = await groups.get(self._work, chat)
        if group is None or group.gone:
            raise LookupError("the bot is not in that group")
        await demand(self._work, self._person.id, Action.RUN_TRACKS, group.branch)
        now = self._work.now
        at = (group.quiet.end_after(now, group.zone) if group.quiet else None) or now
        what = {"chat": chat, "lesson": lesson, "by": self._person.id}
        await due.plan(self._work, START, at, what, whose=f"chat:{chat}")
        return at

    async def open(self, number: int) -> GroupLesson | None:
        """A lesson of a group; None where it is not known (any more)."""
        return await _get(self._work, number)

    async def take(self, number: int, code: str) -> bool:
        """This person begins it, by the link of the group's message; False for any other link.

        Who comes by an old one has the message drawn again, with the link of today.
        """
        await _count_soon(self._work, number)
        if not hmac.compare_digest(code.encode(), code_of(self._secret, number).encode()):
            return False
        values = {"bot": self._work.bot, "group_lesson": number, "person": self._person.id}
        await self._work.execute(_TAKE[self._work.dialect], {**values, "begun_at": self._work.now})
        return True

    async def finished(self, lesson: str) -> None:
        """This person is through with a lesson: wherever they took it with a group, that counts."""
        params = {"of": self._work.bot, "whose": self._person.id, "which": lesson, "now": self._work.now}
        rows = await self._work.write(_FINISHED, params)
        for row in rows:
            await _count_soon(self._work, row.group_lesson)

    async def may_ask(self, found: GroupLesson) -> bool:
        """Whether this person may ask its questions in the group."""
        group = await groups.get(self._work, found.chat)
        branch = group.branch if group else None
        return await may(self._work, self._person.id, Action.RUN_TRACKS, branch)

    async def asked(self, number: int, before: int) -> bool:
        """One more question is asked; False where somebody was faster."""
        params = {"of": self._work.bot, "number": number, "before": before}
        return await self._work.execute(_ASKED, params) > 0


# -- What the clock does -----------------------------------------------------------------------


async def post(work: Work, what: dict[str, Any], draw: Draw, default_locale: str) -> list[Outgoing]:
    """The message of a lesson in a group. Nothing where the bot has left meanwhile."""
    group = await groups.get(work, what["chat"])
    if group is None or group.gone:
        return []
    values = {
        "bot": work.bot,
        "chat": group.chat,
        "thread": group.topic,
        "lesson": what["lesson"],
        "language": group.locale or default_locale,
        "started_by": what["by"],
        "asked": 0,
        "made_at": work.now,
    }
    (row,) = await work.write(_POST, values)
    made = await _get(work, row.id)
    if made is None:
        return []
    message = Outgoing(work.bot, group.chat, draw(made, Tally(0, 0)), NOTICE, thread=group.topic)
    await outbox.put(work, [message])
    await work.execute(_POSTED, {"of": work.bot, "number": made.id, "outbox_row": message.id})
    return []


async def count(work: Work, number: int, draw: Draw) -> list[Outgoing]:
    """The group's message with the present count; where it is not sent yet, a little later."""
    made = await _get(work, number)
    if made is None or made.message is None:
        return []
    sent = await work.first(_MESSAGE, {"of": work.bot, "outbox_row": made.message})
    if sent is not None and sent.state == outbox.WAITING:
        await _count_soon(work, number)
    if sent is None or sent.message_id is None:
        return []
    body = draw(made, await _tally(work, number))
    return [Outgoing(work.bot, sent.chat, body, NOTICE, target={"edit": sent.message_id})]


async def _count_soon(work: Work, number: int) -> None:
    await due.plan(work, COUNT, work.now + COUNT_AFTER, {"number": number}, name=str(number))


async def _tally(work: Work, number: int) -> Tally:
    row = await work.first(_TALLY, {"of": work.bot, "number": number})
    return Tally(int(row.begun), int(row.finished)) if row else Tally(0, 0)


async def _get(work: Work, number: int) -> GroupLesson | None:
    row = await work.first(_ONE, {"of": work.bot, "number": number})
    return GroupLesson(**row._mapping) if row else None


_THIS: Final = sa.and_(
    group_lessons.c.bot == sa.bindparam("of"), group_lessons.c.id == sa.bindparam("number")
)
_COLUMNS: Final = ("id", "chat", "thread", "lesson", "language", "message", "asked")
_ONE: Final = sa.select(*(group_lessons.c[name] for name in _COLUMNS)).where(_THIS)
_POST: Final = sa.insert(group_lessons).returning(group_lessons.c.id)
_POSTED: Final = sa.update(group_lessons).where(_THIS).values(message=sa.bindparam("outbox_row"))
_ASKED: Final = (
    sa.update(group_lessons)
    .where(_THIS, group_lessons.c.asked == sa.bindparam("before"))
    .values(asked=group_lessons.c.asked + 1)
)
_MESSAGE: Final = sa.select(outbox_table.c.chat, outbox_table.c.message_id, outbox_table.c.state).where(
    outbox_table.c.bot == sa.bindparam("of"), outbox_table.c.id == sa.bindparam("outbox_row")
)
_TALLY: Final = sa.select(
    sa.func.count().label("begun"), sa.func.count(group_learners.c.finished_at).label("finished")
).where(group_learners.c.bot == sa.bindparam("of"), group_learners.c.group_lesson == sa.bindparam("number"))
_OF_LESSON: Final = sa.select(group_lessons.c.id).where(
    group_lessons.c.bot == sa.bindparam("of"), group_lessons.c.lesson == sa.bindparam("which")
)
_FINISHED: Final = (
    sa.update(group_learners)
    .where(
        group_learners.c.bot == sa.bindparam("of"),
        group_learners.c.person == sa.bindparam("whose"),
        group_learners.c.finished_at.is_(None),
        group_learners.c.group_lesson.in_(_OF_LESSON),
    )
    .values(finished_at=sa.bindparam("now", type_=group_learners.c.finished_at.type))
    .returning(group_learners.c.group_lesson)
)
_TAKE: Final = {
    "sqlite": sqlite.insert(group_learners).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(group_learners).on_conflict_do_nothing(),
}
