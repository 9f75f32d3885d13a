"""Who floods is answered once, then not heard; everybody else is."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.services.floods import WORD_EVERY, Dam, Rate, Verdict
from bot.services.incoming import Gone
from bot.services.intake import IGNORED, TAKEN, NotTaken
from bot.store.tables import updates
from bot.talk import hears
from tests.conftest import BOT, NOW
from tests.services.conftest import Stand

SECOND = timedelta(seconds=1)
SLOW = Rate(2, 10)


def _verdicts(dam: Dam, moments: list[datetime], account: int = 1) -> list[Verdict]:
    return [dam.hear(account, moment) for moment in moments]


def test_a_burst_is_heard_then_one_word_then_silence() -> None:
    verdicts = _verdicts(Dam(SLOW), [NOW] * 30)
    assert verdicts == [Verdict.HEARD] * 10 + [Verdict.TOLD] + [Verdict.IGNORED] * 19


def test_who_slows_down_is_heard_again() -> None:
    dam = Dam(SLOW)
    _verdicts(dam, [NOW] * 30)
    assert dam.hear(1, NOW + SECOND / 2) is Verdict.HEARD
    assert dam.hear(1, NOW + SECOND / 2) is Verdict.IGNORED
    assert _verdicts(dam, [NOW + 10 * SECOND] * 10) == [Verdict.HEARD] * 10
    assert dam.hear(1, NOW + 10 * SECOND) is Verdict.IGNORED
    assert _verdicts(dam, [NOW + WORD_EVERY] * 11)[-1] is Verdict.TOLD


def test_a_clock_that_is_set_back_shuts_nobody_out() -> None:
    """The machine's clock went back by an hour, and for an hour the bot heard nobody who had just written."""
    dam = Dam(SLOW, SLOW)
    earlier = NOW - timedelta(hours=1)
    _verdicts(dam, [NOW] * 30)
    assert dam.is_open(NOW)
    assert dam.hear(1, earlier) is Verdict.HEARD
    assert dam.is_open(earlier)
    assert _verdicts(dam, [earlier] * 30).count(Verdict.HEARD) == SLOW.burst - 1


def test_a_flood_is_nobody_elses() -> None:
    dam = Dam(SLOW)
    _verdicts(dam, [NOW] * 1000)
    assert dam.hear(2, NOW) is Verdict.HEARD


@given(gaps=st.lists(st.floats(0, 3), max_size=200))
def test_nobody_is_heard_more_often_than_the_rate_and_one_burst(gaps: list[float]) -> None:
    dam, now, heard = Dam(SLOW), NOW, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        heard += dam.hear(1, now) is Verdict.HEARD
    assert heard <= SLOW.burst + SLOW.per_second * (now - NOW).total_seconds() + 1


@given(times=st.integers(1, 300))
def test_who_keeps_to_the_rate_is_always_heard(times: int) -> None:
    dam = Dam(SLOW)
    moments = [NOW + SECOND / 2 * number for number in range(times)]
    assert set(_verdicts(dam, moments)) == {Verdict.HEARD}


def test_it_remembers_so_many_and_no_more() -> None:
    dam = Dam(SLOW, most=3)
    for account in range(100):
        dam.hear(account, NOW)
    assert len(dam._people) == 3


# -- In the intake ---------------------------------------------------------------------------


@pytest.fixture
def flooded(stand: Stand) -> Stand:
    """An intake with little patience."""
    stand.intake._settings.dam = Dam(SLOW, Rate(2, 40))
    return stand


async def _take(stand: Stand, times: int, account: int = 5) -> list[BaseException | str]:
    running = asyncio.create_task(stand.intake.run())
    taking = [stand.intake.take(stand.update(hears.Text("hello"), account)) for _ in range(times)]
    results = await asyncio.gather(*taking, return_exceptions=True)
    running.cancel()
    return results


async def test_a_flood_costs_no_transaction_and_one_answer(flooded: Stand) -> None:
    assert Counter(await _take(flooded, 100)) == {TAKEN: 11, IGNORED: 89}
    assert len([text for text in flooded.heard.texts if "too fast" in text]) == 1
    async with flooded.database.work(BOT, flooded.now) as work:
        assert len(await work.fetch(sa.select(updates))) == 11


async def test_too_many_from_all_come_again_later(flooded: Stand) -> None:
    results: list[BaseException | str] = []
    with capture_logs() as logs:
        for account in range(10, 20):
            results += await _take(flooded, 8, account)
    assert len([one for one in results if one == TAKEN]) == 40
    assert all(isinstance(one, NotTaken) for one in results if one != TAKEN)
    assert {entry["event"] for entry in logs} == {"too many updates"}
    flooded.now += 20 * SECOND
    assert set(await _take(flooded, 8, 10)) == {TAKEN}


async def test_who_blocks_the_bot_is_always_heard(flooded: Stand) -> None:
    await _take(flooded, 50)
    running = asyncio.create_task(flooded.intake.run())
    gone = flooded.update(Gone())
    await flooded.intake.take(gone)
    running.cancel()
    async with flooded.database.work(BOT, flooded.now) as work:
        taken = [row.update_id for row in await work.fetch(sa.select(updates))]
    assert gone.update_id in taken
