"""The stations as a process knows them: made anew when they change anywhere, and not otherwise."""

from __future__ import annotations

from bot.knowledge import Knowledge
from bot.services.revisions import next_revision
from bot.services.stations.board import STATIONS
from bot.settings import Settings
from bot.store.database import Database
from tests.conftest import BOT, NOW


async def test_what_changes_in_the_database_is_shown_after_the_next_look(database: Database) -> None:
    knowledge = Knowledge(Settings())
    board = knowledge._board
    await knowledge.refresh(database, BOT, NOW)
    empty = board.index
    async with database.work(BOT, NOW) as work:
        await knowledge.fill(work)
    await knowledge.refresh(database, BOT, NOW)
    filled = board.index
    await knowledge.refresh(database, BOT, NOW)
    assert empty is not filled is board.index
    async with database.work(BOT, NOW) as work:
        await next_revision(work, STATIONS)
    await knowledge.refresh(database, BOT, NOW)
    assert board.index is not filled
