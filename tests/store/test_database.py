"""The database as one process sees it: word of what was written goes round after the commit."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.store.database import Database
from bot.store.work import Note, Work
from tests.conftest import BOT


async def test_a_note_goes_out_after_the_commit(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    async with database.work(BOT, now) as work:
        work.note("due", now)
        assert heard == []
    assert heard == [Note("due", now)]
    async with database.work(BOT, now):
        pass
    assert heard == [Note("due", now)]


async def test_what_was_taken_back_is_not_told(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    with pytest.raises(RuntimeError):
        async with database.work(BOT, now) as work:
            work.note("due", now)
            raise RuntimeError
    async with database.work(BOT, now):
        pass
    assert heard == []


async def test_notes_of_works_that_share_a_transaction(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    async with database.transaction() as connection:
        for about in ("one", "two"):
            Work(connection, BOT, now, shared=True).note(about, now)
    assert [note.about for note in heard] == ["one", "two"]
