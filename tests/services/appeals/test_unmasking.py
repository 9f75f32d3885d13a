"""Who wrote an appeal: with consent, or for a reason that a second one shares; always told and logged."""

from __future__ import annotations

import orjson
import pytest
import sqlalchemy as sa

from bot.services import audit
from bot.services.appeals.counter import HasIt
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.unmasking import NobodyElse
from bot.services.refusals import NotThere
from tests.services.appeals.conftest import CHIEF, CLERK, COLLEAGUE, RIDERS, TOP, WEST, Court

ME, OTHER = RIDERS[:2]


async def said_to(court: Court, account: int) -> list[str]:
    """What somebody was told."""
    return [said.text for said in await court.said() if said.chat == account]


async def ask_second(court: Court, number: int) -> int:
    """A desk gives a reason; gives the number of its question."""
    async with court.at(CLERK) as clerk:
        changed = await clerk.unmasking.ask_second(number, "要上门看伤")
        await clerk.tell(changed)
    asked = next(news.number for news in changed.news)
    assert asked is not None
    return asked


async def test_what_was_given_for_the_desk_is_shown_when_it_asks(small_court: Court) -> None:
    appeal = await small_court.file(contact="微信 abc")
    assert not any("微信 abc" in text for text in await said_to(small_court, CLERK))
    async with small_court.at(CLERK) as clerk:
        await clerk.tell(await clerk.unmasking.ask_author(appeal.id))
    assert "微信 abc" in (await said_to(small_court, CLERK))[-1]
    assert "知道怎么联系你了" in (await said_to(small_court, ME))[-1]
    assert not any("微信 abc" in text for text in await said_to(small_court, COLLEAGUE))


async def test_without_consent_nothing_is_shown(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.tell(await clerk.unmasking.ask_author(appeal.id))
    async with small_court.at(ME) as me:
        await me.tell(await me.unmasking.decline(appeal.id))
        with pytest.raises(NotThere):
            await me.unmasking.consent(appeal.id, "微信 abc")
    assert "不愿透露" in (await said_to(small_court, CLERK))[-1]


async def test_a_reason_needs_a_second_one_at_the_desk(small_court: Court) -> None:
    appeal = await small_court.file()
    asked = await ask_second(small_court, appeal.id)
    for account in (CLERK, WEST, ME, OTHER):
        async with small_court.at(account) as somebody:
            for decide in (somebody.unmasking.agree, somebody.unmasking.refuse):
                with pytest.raises(NotThere):
                    await decide(asked)
    assert not any(str(ME) in text for text in await said_to(small_court, CLERK))
    async with small_court.at(COLLEAGUE) as colleague:
        await colleague.tell(await colleague.unmasking.agree(asked))
        with pytest.raises(NotThere):
            await colleague.unmasking.agree(asked)
    assert str(ME) in (await said_to(small_court, CLERK))[-1]
    told = (await said_to(small_court, ME))[-1]
    assert "要上门看伤" in told
    assert not any(str(ME) in text for text in await said_to(small_court, COLLEAGUE))
    async with small_court.work() as work:
        entries = [row[0] for row in await work.fetch(sa.text("SELECT entry FROM audit"))]
        assert not (await audit.verify(work)).flaws
    (entry,) = [orjson.loads(one) for one in entries if "appeal.unmasked" in one]
    assert (entry["actor"], entry["details"]) == (
        small_court.persons[CLERK],
        {
            "appeal": appeal.id,
            "branch": "east-1",
            "agreed_by": small_court.persons[COLLEAGUE],
            "rule": "two at the desk",
        },
    )


async def test_a_refusal_ends_it(small_court: Court) -> None:
    appeal = await small_court.file()
    asked = await ask_second(small_court, appeal.id)
    async with small_court.at(CHIEF) as chief:
        await chief.tell(await chief.unmasking.refuse(asked))
    async with small_court.at(COLLEAGUE) as colleague:
        with pytest.raises(NotThere):
            await colleague.unmasking.agree(asked)
    assert "不愿透露" in (await said_to(small_court, CLERK))[-1]


async def test_who_can_not_ask(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.take(appeal.id)
    async with small_court.at(COLLEAGUE) as colleague:
        with pytest.raises(HasIt):
            await colleague.unmasking.ask_author(appeal.id)
    async with small_court.at(WEST) as west:
        with pytest.raises(NotThere):
            await west.unmasking.ask_second(appeal.id, "想知道")
    async with small_court.at(ME) as me:
        await me.appeals.withdraw(appeal.id)
    async with small_court.at(CLERK) as clerk:
        with pytest.raises(NotPossible):
            await clerk.unmasking.ask_author(appeal.id)


async def test_alone_one_can_only_ask_the_author(small_court: Court) -> None:
    appeal = await small_court.file(district="", kind="gate")
    assert appeal.branch == "city"
    async with small_court.at(TOP) as top:
        with pytest.raises(NobodyElse):
            await top.unmasking.ask_second(appeal.id, "要上门看伤")
