"""Desks that work together in a group: cards in topics, who decides, and when the group moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.services import addresses
from bot.services.appeals.rooms import DeskRooms
from bot.services.incoming import Incoming
from bot.services.people import Person
from bot.services.roles.rules import NotAllowed
from bot.store.tables import chats, outbox
from bot.talk import hears
from tests.conftest import BOT
from tests.services.appeals.conftest import CLERK, RIDERS, WEST, Court

ROOM, MOVED = -3001, -1_000_000_003_001
ME = RIDERS[0]


async def settle(
    court: Court, account: int = CLERK, *, is_forum: bool = True, administers: bool = True
) -> None:
    """Somebody lets the east's appeals come to the group."""
    async with court.work() as work:
        if await work.first(sa.select(chats).where(chats.c.chat == ROOM)) is None:
            values = {"bot": BOT, "chat": ROOM, "kind": "supergroup", "title": "", "language": "en"}
            await work.execute(sa.insert(chats), {**values, "zone": "Asia/Shanghai"})
        incoming = Incoming(1, ROOM, account, hears.Text("x"), False)
        if administers:
            incoming = replace(incoming, administers=ROOM)
        person = Person(court.persons[account], account, "en", court.now.date())
        rooms = DeskRooms(work, person, court.handbook.rules, incoming)
        assert [name for _stop, name in await rooms.mine()][:1]
        await rooms.settle("east-1", is_forum=is_forum)


async def rows(court: Court) -> list[sa.Row[tuple[object, ...]]]:
    """What goes to the group."""
    group = outbox.c.chat.in_([ROOM, MOVED])
    columns = (outbox.c.id, outbox.c.body, outbox.c.thread, outbox.c.chat)
    async with court.work() as work:
        return list(await work.fetch(sa.select(*columns).where(group).order_by(outbox.c.id)))


async def test_each_appeal_gets_its_topic_and_what_follows_goes_there(court: Court) -> None:
    await settle(court)
    appeal = await court.file()
    (asked,) = await rows(court)
    assert (asked.body["type"], asked.body["text"]) == ("topic", f"{appeal.alias} · pay")
    await court.wait(hours=0.001)
    assert len(await rows(court)) == 1
    await court.settle(asked.id, 77)
    await court.wait(hours=0.001)
    card = (await rows(court))[-1]
    assert (card.thread, "A new appeal" in card.body["text"]) == (77, True)
    async with court.at(ME) as me:
        await me.tell(await me.appeals.add(appeal.id, "还有一张截图"))
    added = (await rows(court))[-1]
    assert (added.thread, "还有一张截图" in added.body["text"]) == (77, True)


async def test_where_no_topic_comes_the_card_goes_to_the_group(court: Court) -> None:
    await settle(court)
    await court.file()
    await court.wait(hours=0.1)
    card = (await rows(court))[-1]
    assert (card.thread, "A new appeal" in card.body["text"]) == (None, True)


async def test_in_a_plain_group_cards_come_at_once_and_take_or_open(court: Court) -> None:
    await settle(court, is_forum=False)
    appeal = await court.file()
    (card,) = await rows(court)
    buttons = [button for line in card.body["rows"] for button in line]
    assert [button["label"] for button in buttons] == ["🙋 Take", "🔎 Open"]
    assert buttons[1]["url"].startswith("start:desk_")
    async with court.at(CLERK) as clerk:
        await clerk.tell(await clerk.desk.take(appeal.id))
    assert all(said.chat in (ROOM, ME) for said in await court.said())


async def test_only_who_serves_there_and_administers_the_group_decides(court: Court) -> None:
    with pytest.raises(NotAllowed):
        await settle(court, WEST)
    with pytest.raises(NotAllowed):
        await settle(court, administers=False)
    await court.file()
    assert await rows(court) == []


async def test_a_group_with_a_new_id_keeps_its_desk_and_one_that_is_left_loses_it(court: Court) -> None:
    await settle(court, is_forum=False)
    async with court.work() as work:
        await addresses.migrate(work, ROOM, MOVED)
    await court.file()
    assert [row.chat for row in await rows(court)] == [MOVED]
    async with court.work() as work:
        await addresses.leave(work, MOVED, "kicked")
    before = len(await rows(court))
    await court.file(RIDERS[1])
    assert len(await rows(court)) == before
    assert CLERK in {said.chat for said in await court.said()}
