"""Who was forgotten, in a file apart from the data, for a backup that brings them back."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock.privacy import keeping_private
from bot.dialogs.privacy_words import data_ready
from bot.services.privacy.forgetting import SWEEPS, forget
from bot.services.privacy.forgotten import Forgotten, add, forget_again, noted, read
from bot.services.privacy.holdings import Whom
from bot.store.database import Database
from tests.clock.conftest import Stand
from tests.conftest import BOT, NOW
from tests.services.people import City


@pytest.fixture
def stand(sqlite: Database, now: datetime) -> Stand:
    """A clock and its hands."""
    return Stand(sqlite, now)


def test_lines_are_added_and_none_is_lost(tmp_path: Path) -> None:
    """Another bot's, and those of a log that was cut off or restored, stay."""
    path = tmp_path / "apart" / "forgotten"
    first, second = Forgotten(BOT, 7, NOW), Forgotten(BOT + 1, 3, NOW)
    add(path, [first])
    add(path, [second])
    add(path, [])
    assert read(path) == [first, second]
    assert path.read_text() == f"{BOT} 7 {NOW.isoformat()}\n{BOT + 1} 3 {NOW.isoformat()}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_is_none_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "forgotten"
    path.write_text(f"{BOT} 7 {NOW.isoformat()}\nhalf a line\n")
    with pytest.raises(ValueError, match="line 2"):
        add(path, [Forgotten(BOT, 8, NOW)])
    assert "half a line" in path.read_text()


async def test_the_clock_writes_it_a_minute_later(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "forgotten"
    sweep = keeping_private(data_ready, path)[1]
    async with stand.database.work(BOT, stand.now) as work:
        await forget(work, Whom(BOT, 910_000_001, 1001))
    at = stand.now
    stand.now += SWEEPS[0]
    await stand.clock(sweep).work_off()
    assert read(path) == [Forgotten(BOT, 910_000_001, at)]


async def test_a_file_that_cannot_be_written_keeps_nothing_from_being_forgotten(
    stand: Stand, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    sweep = keeping_private(data_ready, tmp_path / "file" / "forgotten")[1]
    async with stand.database.work(BOT, stand.now) as work:
        await forget(work, Whom(BOT, 910_000_001, 1001))
    stand.now += SWEEPS[-1]
    await stand.clock(sweep).work_off()
    assert await stand.states() == ["done"] * len(SWEEPS)


async def test_who_came_back_is_forgotten_and_who_has_the_number_now_is_not(
    database: Database, now: datetime
) -> None:
    city = City(database, now)
    back, other = await city.somebody(1), await city.somebody(2)
    later = now + timedelta(hours=1)
    whom = [
        Forgotten(BOT, back, later),
        Forgotten(BOT, other, now - timedelta(days=1)),
        Forgotten(BOT + 1, other, later),
        Forgotten(BOT, 999, later),
    ]
    async with database.work(BOT, later + timedelta(hours=1)) as work:
        assert await forget_again(work, whom) == 1
        assert await forget_again(work, whom) == 0
        assert [one.person for one in await noted(work)] == [back]
    assert await city.somebody(2) == other
    assert await city.somebody(1) != back
