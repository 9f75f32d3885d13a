"""`wayside keys`, and a start without them."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.keys import read_keys
from bot.services.points.rewards import WAITING
from bot.store.database import Database, sqlite_url
from bot.store.tables import redemptions
from tests.conftest import BOT, NOW
from tests.office import KEYS, Office


def test_a_new_key_seals_from_then_on(office: Office) -> None:
    file = office.folder / "apart" / "keys"
    for count in (1, 2):
        done = office.run("keys", "new", str(file))
        assert done.returncode == 0, done.stderr
        assert len(read_keys(file.read_text())) == count
    assert "WAYSIDE_KEYS_FILE" in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = read_keys(file.read_text())
    assert first.name != second.name
    assert first.secret != second.secret
    assert office.run("db", "upgrade").returncode == 0
    done = office.run("keys", "rotate", WAYSIDE_KEYS_FILE=str(file))
    assert done.returncode == 0, done.stderr
    assert f"All is under {second.name}" in done.stdout


async def _exchange(office: Office) -> None:
    """A reward waits to be picked up."""
    database = Database(sqlite_url(office.folder / "wayside.sqlite"))
    row = {
        "bot": BOT,
        "reward": "mug",
        "pool": "p",
        "points": 1,
        "fen": 1,
        "code_hash": "x",
        "state": WAITING,
    }
    async with database.transaction() as connection:
        ends = datetime(2126, 5, 27, tzinfo=UTC)
        await connection.execute(sa.insert(redemptions), {**row, "made_at": NOW, "expires_at": ends})
    await database.close()


def test_codes_that_wait_need_the_old_key(office: Office) -> None:
    """Told that only backups need it, people took it away: no code was good any more."""
    assert office.run("db", "upgrade").returncode == 0
    assert "at least until" not in office.run("keys", "rotate").stdout
    asyncio.run(_exchange(office))
    assert "at least until 2126-05-27: codes of rewards" in office.run("keys", "rotate").stdout


def test_keys_do_not_lie_with_the_data(office: Office) -> None:
    done = office.run("keys", "new", str(office.folder / "keys"))
    assert done.returncode == 1
    assert "whoever takes one would have both" in done.stderr
    assert not (office.folder / "keys").exists()


def test_the_real_bot_does_not_start_without_a_key(office: Office) -> None:
    done = office.run("run", WAYSIDE_KEYS="")
    assert done.returncode == 1
    assert "wayside keys new" in done.stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("one", "line 1"),
        (f"{KEYS}\ntwo c2hvcnQ=", "line 2"),
        (f"{KEYS}\n{KEYS}", "already"),
        ("Up~Case AAAA", "line 1"),
    ],
)
def test_a_key_that_is_none_is_named_by_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        read_keys(text)
    assert text.split()[-1] not in str(refused.value)


def test_a_file_that_is_not_there(office: Office, tmp_path: Path) -> None:
    done = office.run("run", WAYSIDE_KEYS_FILE=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
