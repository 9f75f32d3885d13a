"""Who blocked the bot, and who came back."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import people
from tests.conftest import BOT
from tests.handlers.conftest import Ears
from tests.handlers.updates import GROUP, moved, said


async def _is_blocked(ears: Ears) -> bool:
    async with ears.stand.database.work(BOT, ears.stand.now) as work:
        row = await work.first(sa.select(people.c.blocked_at))
    assert row is not None
    return row.blocked_at is not None


async def test_a_block_is_noted_and_its_end_too(ears: Ears) -> None:
    await ears.hear(said("/menu"), moved("kicked"))
    assert await _is_blocked(ears)
    await ears.hear(moved("member"))
    assert not await _is_blocked(ears)


async def test_nothing_is_said_to_who_blocked_the_bot(ears: Ears) -> None:
    assert await ears.hear(said("/menu"), moved("kicked"), moved("member")) == ["The menu"]


async def test_being_thrown_out_of_a_group_blocks_nobody(ears: Ears) -> None:
    await ears.hear(said("/menu"), moved("kicked", GROUP), moved("left", GROUP))
    assert not await _is_blocked(ears)


async def test_who_blocks_before_a_first_word_is_no_trouble(ears: Ears) -> None:
    assert await ears.hear(moved("kicked"), moved("member"), said("/menu")) == ["The menu"]
