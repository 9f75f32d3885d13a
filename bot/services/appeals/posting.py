"""Puts word of appeals into the outbox: to people in private, to a desk's group in the appeal's own topic.

A topic is made by the channel, so its number comes back later: the card that opens it waits for that in a due
thing. What comes before it is known goes to the group itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import due, outbox
from bot.services.appeals import telling
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import News, Tiding
from bot.services.appeals.register import Register
from bot.services.due import Due
from bot.services.messages import compose, topic
from bot.services.notices import NOBODY, Recipient
from bot.services.outbox import NOTICE, SENT, WAITING, Outgoing
from bot.store.tables import appeal_topics, desk_groups
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[News], Sequence[says.Message]]
"""Words a piece of news in the language that is being spoken."""

TOPIC: Final = "appeal_topic"
"""The kind of due things that open an appeal's topic with its card."""

LOOK_AGAIN: Final = timedelta(seconds=2)
MOST_LOOKS: Final = 15
# What an appeal comes to a desk with: these open its topic.
_CARDS: Final = (Tiding.NEW, Tiding.REFERRED, Tiding.CAME_UP, Tiding.CAME_BACK, Tiding.CALLED_IN)


class AppealPost:
    """Sends word of appeals in the transaction of one turn."""

    def __init__(self, work: Work, rules: Rulebook) -> None:
        self._work = work
        self._rules = rules

    async def send(
        self, news: Sequence[News], draw: Callable[[News, Rulebook], Sequence[says.Message]]
    ) -> None:
        """Put news into the outbox, worded by `draw` in the language of each recipient."""
        messages = await post(self._work, news, lambda one: draw(one, self._rules))
        await outbox.put(self._work, messages)


async def post(work: Work, news: Sequence[News], draw: Draw) -> list[Outgoing]:
    """The messages for news, in order, to be put into the outbox; and the topics they open."""
    messages: list[Outgoing] = []
    for one in news:
        thread = None
        if one.to.person == NOBODY:
            topic = await _topic(work, one)
            if topic.is_coming and one.what in _CARDS:
                continue
            thread = topic.thread
        messages += _drawn(work, one, draw, thread)
    return messages


async def open_topic(register: Register, thing: Due, draw: Draw) -> list[Outgoing]:
    """Put the card of an appeal into its topic; into the group where there will be none."""
    work, told = register.work, thing.what
    appeal = await register.get(int(told["appeal"]))
    topic = await _known(work, int(told["appeal"]), int(told["chat"]))
    if appeal is None or topic is None:
        return []
    if topic.is_coming and told["looks"] < MOST_LOOKS:
        await _look_again(work, {**told, "looks": told["looks"] + 1})
        return []
    to = Recipient(NOBODY, int(told["chat"]), str(told["locale"]))
    who = await telling.owner_name(register, appeal, to.locale)
    return _drawn(work, News(to, Tiding(told["tiding"]), appeal, who=who), draw, topic.thread)


def _drawn(work: Work, news: News, draw: Draw, thread: int | None) -> list[Outgoing]:
    with speaking(news.to.locale):
        bodies = [compose(message) for message in draw(news)]
    return [Outgoing(work.bot, news.to.account, body, NOTICE, thread=thread) for body in bodies]


# -- Topics ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Topic:
    """An appeal's topic in a group: its `thread` once it is known, or whether the channel still makes it."""

    thread: int | None
    is_coming: bool


async def _topic(work: Work, news: News) -> _Topic:
    """Where news of an appeal go in a group; what comes to a desk there is asked a topic for."""
    appeal, chat = news.appeal, news.to.account
    known = await _known(work, appeal.id, chat)
    if known is not None:
        return known
    if news.what not in _CARDS or not await _is_forum(work, chat):
        return _Topic(None, is_coming=False)
    name = f"{appeal.alias} · {appeal.kind}"
    message = Outgoing(work.bot, chat, topic(name), NOTICE)
    await outbox.put(work, [message])
    row = {"bot": work.bot, "appeal": appeal.id, "chat": chat, "asked": message.id}
    await work.execute(sa.insert(appeal_topics), row)
    told = {"appeal": appeal.id, "chat": chat, "locale": news.to.locale, "tiding": news.what.value}
    await _look_again(work, {**told, "looks": 0})
    return _Topic(None, is_coming=True)


async def _look_again(work: Work, told: dict[str, Any]) -> None:
    await due.plan(work, TOPIC, work.now + LOOK_AGAIN, told, whose=f"appeal:{told['appeal']}")


async def _known(work: Work, appeal: int, chat: int) -> _Topic | None:
    """The topic that was asked for; None where none was."""
    params = {"of": work.bot, "which": appeal, "where_to": chat}
    row = await work.first(_TOPIC, params)
    if row is None:
        return None
    if row.thread is None and row.state == SENT and row.message_id is not None:
        await work.execute(_FOUND, {**params, "new": row.message_id})
        return _Topic(int(row.message_id), is_coming=False)
    return _Topic(row.thread, is_coming=row.thread is None and row.state == WAITING)


async def _is_forum(work: Work, chat: int) -> bool:
    row = await work.first(_FORUM, {"of": work.bot, "where_to": chat})
    return bool(row and row.is_forum)


_THIS = sa.and_(
    appeal_topics.c.bot == sa.bindparam("of"),
    appeal_topics.c.appeal == sa.bindparam("which"),
    appeal_topics.c.chat == sa.bindparam("where_to"),
)
_TOPIC: Final = (
    sa.select(appeal_topics.c.thread, outbox_table.c.state, outbox_table.c.message_id)
    .outerjoin(outbox_table, outbox_table.c.id == appeal_topics.c.asked)
    .where(_THIS)
)
_FOUND: Final = sa.update(appeal_topics).where(_THIS).values(thread=sa.bindparam("new"))
_FORUM: Final = sa.select(desk_groups.c.is_forum).where(
    desk_groups.c.bot == sa.bindparam("of"), desk_groups.c.chat == sa.bindparam("where_to")
)
