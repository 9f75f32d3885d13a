"""Who is forgotten is in no table any more, but for what is said to stay; everybody else is as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.i18n import speaking
from bot.services import attachments, audit, certificates, files
from bot.services.privacy.forgetting import forget, sweep, what_stays
from bot.services.privacy.holdings import Whom
from bot.services.privacy.register import REGISTER
from bot.store.database import Database
from bot.store.sealing import Sealed, SealedBytes, SealedJson
from tests.conftest import BOT
from tests.services.privacy.rows import EPOCH, Row, everything, fill
from tests.services.test_certificates import PAPER

ME = Whom(BOT, 910_000_001, 555_000_001)
YOU = Whom(BOT, 920_000_001, 555_000_002)
HOLDINGS = {holding.table.name: holding for holding in REGISTER}
MINE, YOURS = 1_000_000, 2_000_000


@pytest.fixture
async def filled(database: Database) -> dict[str, list[Row]]:
    """Two people in every table."""
    await fill(database, ME, MINE)
    await fill(database, YOU, YOURS)
    return await everything(database, BOT)


async def _forget(database: Database, whom: Whom) -> dict[str, list[Row]]:
    async with database.work(BOT, EPOCH) as work:
        await forget(work, whom)
    return await everything(database, BOT)


def _cells(found: dict[str, list[Row]]) -> list[tuple[str, str, Any]]:
    return [
        (table, name, value) for table, rows in found.items() for row in rows for name, value in row.items()
    ]


async def test_the_register_finds_somebody_in_every_table_that_is_about_people(
    database: Database, filled: dict[str, list[Row]]
) -> None:
    async with database.work(BOT, EPOCH) as work:
        for holding in REGISTER:
            statement = holding.rows_of(ME)
            if statement is not None:
                found = await work.fetch(statement)
                assert len(found) == 1, f"tests/services/privacy/rows.py makes no row of {holding.table}"


async def test_nothing_is_left_of_who_is_forgotten(database: Database, filled: dict[str, list[Row]]) -> None:
    after = await _forget(database, ME)
    for table, name, value in _cells(after):
        assert str(ME.account) not in str(value), f"{table}.{name} still holds the account"
        holding = HOLDINGS[table]
        if str(ME.person) in str(value):
            stays = name in holding.numbers or holding.leaves is not None
            assert stays, f"{table}.{name} still holds the person's number"
    texts = {str(value) for _table, _name, value in _cells(after)}
    for table, name, value in _cells(filled):
        holding = HOLDINGS[table]
        if holding.whose is None or not _is_mine(value):
            continue
        gone = holding.leaves is None or name in holding.leaves
        assert not gone or str(value) not in texts, f"{table}.{name} is still there"


def _is_mine(value: Any) -> bool:
    """A canary of ME: the number of its text is among those made for them."""
    digits = "".join(char for char in str(value) if char.isdigit())
    return "canary" in str(value) and MINE <= int(digits or 0) < YOURS


async def _about(database: Database, whom: Whom) -> dict[str, list[Row]]:
    found = {}
    async with database.work(BOT, EPOCH) as work:
        for holding in REGISTER:
            statement = holding.rows_of(whom)
            if statement is not None:
                found[holding.table.name] = [dict(row._mapping) for row in await work.fetch(statement)]
    return found


async def test_everybody_else_is_as_before(database: Database, filled: dict[str, list[Row]]) -> None:
    before = await _about(database, YOU)
    assert all(before.values())
    await _forget(database, ME)
    assert await _about(database, YOU) == before


@pytest.mark.parametrize("holding", REGISTER, ids=lambda one: one.table.name)
def test_what_stays_holds_none_of_their_words(holding: Any) -> None:
    sealed = [
        column.name
        for column in holding.table.c
        if isinstance(column.type, Sealed | SealedJson | SealedBytes)
    ]
    if holding.leaves is not None:
        assert set(sealed) <= set(holding.leaves), f"what people wrote in {holding.table.name} would stay"


async def test_no_file_that_was_made_for_them_is_left(database: Database, now: datetime) -> None:
    """A certificate with a real name on it stayed for a week after /forget, here and at the channel."""
    async with database.work(BOT, now) as work:
        keys = [
            *await certificates.draw(work, ME.person, PAPER),
            await attachments.hold_for(work, ME.person, "evidence", b"words", "appeal.zip", "x"),
        ]
        for key in keys:
            await files.note_copy(work, key.removeprefix(files.KEPT), "document", "at the channel")
        theirs = await certificates.draw(work, YOU.person, replace(PAPER, called="老王"))
    async with database.work(BOT, now) as work:
        await forget(work, ME)
    left = await everything(database, BOT)
    assert {row["hash"] for row in left["files"]} == {key.removeprefix(files.KEPT) for key in theirs}
    assert left["file_copies"] == []


async def test_what_stays_is_said_once_each(database: Database, filled: dict[str, list[Row]]) -> None:
    async with database.work(BOT, EPOCH) as work:
        for locale in ("zh_CN", "en"):
            with speaking(locale):
                said = await what_stays(work, ME)
                assert len(said) == len(set(said)) >= 3
                assert await what_stays(work, Whom(BOT, 1, 1)) == []


async def test_the_log_knows_that_somebody_was_forgotten(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        await forget(work, ME)
        assert (await audit.verify(work)).entries == 1


async def test_the_last_message_goes_once_it_was_sent(
    database: Database, filled: dict[str, list[Row]]
) -> None:
    async with database.work(BOT, EPOCH) as work:
        for holding in REGISTER:
            if holding.table.name == "people":
                for statement in holding.forget(ME):
                    await work.execute(statement)
        await sweep(work)
    after = await everything(database, BOT)
    assert [row["chat"] for row in after["outbox"]] == [YOU.account]
    assert [row["chat"] for row in after["paces"]] == [YOU.account]
