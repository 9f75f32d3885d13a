"""`wayside restore`: who was forgotten since the backup is forgotten again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.keys import read_keys
from bot.services import people
from bot.services.people import People
from bot.services.privacy.forgetting import forget
from bot.services.privacy.forgotten import Forgotten, add, noted
from bot.services.privacy.holdings import Whom
from bot.store.database import Database, sqlite_url
from bot.store.sealing import Seal
from bot.store.tables import people as people_table
from tests.conftest import BOT, NOW
from tests.office import KEYS, Office

ANN, BOB, EVE = 1001, 1002, 1003


def _database(office: Office) -> Database:
    return Database(sqlite_url(office.folder / "wayside.sqlite"), Seal(BOT, read_keys(KEYS)))


async def _come(office: Office, *accounts: int) -> dict[int, int]:
    """People who write to the bot; gives their numbers."""
    database = _database(office)
    async with database.work(BOT, NOW) as work:
        met = await people.welcome(work, dict.fromkeys(accounts, "en"), "en")
        for person in met.values():
            await People(work, person).say_district("巴南区")
    await database.close()
    return {account: person.id for account, person in met.items()}


async def _forget(office: Office, person: int, account: int) -> list[Forgotten]:
    """What the file says once somebody is forgotten."""
    database = _database(office)
    async with database.work(BOT, NOW + timedelta(days=1)) as work:
        await forget(work, Whom(BOT, person, account))
        told = await noted(work)
    await database.close()
    return told


async def _there(office: Office) -> dict[int, int]:
    database = _database(office)
    async with database.work(BOT, NOW) as work:
        rows = await work.fetch(sa.select(people_table.c.account, people_table.c.id))
    await database.close()
    return {row.account: row.id for row in rows}


def _move_away(office: Office) -> None:
    for path in office.folder.glob("wayside.sqlite*"):
        if "forgotten" not in path.name:
            path.unlink()


def test_who_was_forgotten_since_is_forgotten_again(office: Office, tmp_path: Path) -> None:
    """A restored backup brought back everybody who had said /forget since it was taken."""
    book = tmp_path / "apart" / "forgotten"
    assert office.run("db", "upgrade").returncode == 0
    numbers = asyncio.run(_come(office, ANN, BOB))
    assert office.run("backup", str(tmp_path / "taken")).returncode == 0
    add(book, asyncio.run(_forget(office, numbers[ANN], ANN)))
    # Her number after the backup's last one is given to somebody, who is forgotten, too.
    eve = asyncio.run(_come(office, EVE))[EVE]
    add(book, asyncio.run(_forget(office, eve, EVE)))
    _move_away(office)

    done = office.run("restore", str(tmp_path / "taken"), WAYSIDE_FORGOTTEN_FILE=str(book))
    assert done.returncode == 0, done.stderr
    assert "1 people were forgotten again." in done.stdout
    assert asyncio.run(_there(office)) == {BOB: numbers[BOB]}


def test_without_the_file_nothing_is_restored(office: Office, tmp_path: Path) -> None:
    assert office.run("db", "upgrade").returncode == 0
    numbers = asyncio.run(_come(office, ANN))
    assert office.run("backup", str(tmp_path / "taken")).returncode == 0
    _move_away(office)
    done = office.run("restore", str(tmp_path / "taken"))
    assert done.returncode == 1
    assert "--nobody-was-forgotten" in done.stderr
    assert not (office.folder / "wayside.sqlite").exists()
    done = office.run("restore", str(tmp_path / "taken"), "--nobody-was-forgotten")
    assert done.returncode == 0, done.stderr
    assert asyncio.run(_there(office)) == numbers


def test_what_stood_still_needs_no_file(office: Office, tmp_path: Path) -> None:
    assert office.run("db", "upgrade").returncode == 0
    assert office.run("backup", str(tmp_path / "taken")).returncode == 0
    _move_away(office)
    assert office.run("restore", str(tmp_path / "taken"), "--stopped").returncode == 0
