"""Sealed columns: nothing readable in the database, nothing that can be moved, keys that change."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.services.privacy.rotation import reseal, sealed_columns
from bot.store.database import Database
from bot.store.sealing import CannotOpen, Key, Seal
from bot.store.tables import conversations, files, reminders
from tests.conftest import BOT

OLD, NEW = Key("old", bytes(32)), Key("new", bytes([1] * 32))
PLACE = "reminders.what"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CANARY = "CANARY 金丝雀"


# -- The seal ------------------------------------------------------------------------------


@given(text=TEXTS, keys=st.sampled_from([(), (OLD,), (OLD, NEW)]))
def test_what_is_closed_opens(text: str, keys: tuple[Key, ...]) -> None:
    seal = Seal(BOT, keys)
    assert seal.open(seal.close(text, PLACE), PLACE) == text
    assert seal.open_bytes(seal.close_bytes(text.encode(), PLACE), PLACE) == text.encode()


@given(text=TEXTS)
def test_what_is_closed_with_an_older_key_opens_still(text: str) -> None:
    assert Seal(BOT, [OLD, NEW]).open(Seal(BOT, [OLD]).close(text, PLACE), PLACE) == text


@given(text=TEXTS)
def test_what_was_kept_in_the_clear_opens_with_a_key(text: str) -> None:
    assert Seal(BOT, [NEW]).open(Seal().close(text, PLACE), PLACE) == text


@pytest.mark.parametrize(
    ("seal", "place"),
    [
        (Seal(BOT, [OLD]), "grants.called"),
        (Seal(BOT + 1, [OLD]), PLACE),
        (Seal(BOT, [Key("old", bytes([9] * 32))]), PLACE),
        (Seal(BOT, [NEW]), PLACE),
        (Seal(), PLACE),
    ],
    ids=["another column", "another city", "another secret", "another key", "no key"],
)
def test_what_was_closed_elsewhere_does_not_open(seal: Seal, place: str) -> None:
    with pytest.raises(CannotOpen):
        seal.open(Seal(BOT, [OLD]).close("a story", PLACE), place)


def test_a_changed_value_does_not_open() -> None:
    seal = Seal(BOT, [OLD])
    closed = seal.close("a story", PLACE)
    for changed in (closed[:-6] + "AAAA==", closed[:10], closed + "!", "~old~"):
        with pytest.raises(CannotOpen):
            seal.open(changed, PLACE)


def test_no_two_values_look_alike() -> None:
    seal = Seal(BOT, [OLD])
    assert seal.close("the same", PLACE) != seal.close("the same", PLACE)


def test_a_secret_is_found_by_its_blind_index_under_every_key() -> None:
    old, both = Seal(BOT, [OLD]), Seal(BOT, [OLD, NEW])
    (before,) = old.blind("123456", "x.y")
    after = both.blind("123456", "x.y")
    assert before in after
    assert after[0] != before
    assert not set(after) & set(both.blind("123456", "x.z"))
    assert not set(after) & set(both.blind("123457", "x.y"))


def test_every_sealed_column_names_its_place() -> None:
    columns = list(sealed_columns())
    assert {f"{column.table.name}.{column.name}" for column in columns} >= {PLACE, "conversations.journal"}
    for column in columns:
        assert column.type.place == f"{column.table.name}.{column.name}"  # type: ignore[attr-defined]


# -- In the database ---------------------------------------------------------------------------


def _with(database_url: str, *keys: Key) -> Database:
    return Database(database_url, Seal(BOT, keys))


async def _write(database: Database, now: datetime, number: int, text: str) -> None:
    reminder: dict[str, Any] = {
        "bot": BOT,
        "person": 5,
        "what": text,
        "zone": "UTC",
        "at": now,
        "state": "active",
        "until_done": False,
        "rings": 0,
        "answered": 0,
        "made_at": now,
    }
    talk: dict[str, Any] = {
        "id": number,
        "bot": BOT,
        "chat": number,
        "person": number,
        "dialog": "reminders",
        "parked": False,
        "journal": {"b": ["answer", text], "a": ["answer", 1]},
        "prompt": None,
        "touched_at": now,
    }
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(reminders), reminder)
        await work.execute(sa.insert(conversations), talk)
        content = {"bot": BOT, "hash": str(number), "content": text.encode(), "mime": "", "name": ""}
        await work.execute(sa.insert(files), content | {"made_at": now})


async def _read(database: Database, now: datetime) -> list[tuple[Any, ...]]:
    joined = reminders.join(conversations, reminders.c.id == conversations.c.id)
    joined = joined.join(files, files.c.hash == sa.cast(reminders.c.id, sa.String))
    query = sa.select(
        reminders.c.what, conversations.c.journal, conversations.c.prompt, files.c.content
    ).select_from(joined)
    async with database.work(BOT, now) as work:
        return [tuple(row) for row in await work.fetch(query.order_by(reminders.c.id))]


async def _dump(database: Database, now: datetime) -> str:
    async with database.work(BOT, now) as work:
        found = [
            await work.fetch(sa.text(f"SELECT * FROM {name}"))  # noqa: S608
            for name in ("reminders", "conversations", "files")
        ]
    return str(
        [
            [bytes(v).decode("latin-1") if isinstance(v, bytes) else v for v in row]
            for rows in found
            for row in rows
        ]
    )


def _expected(text: str) -> tuple[Any, ...]:
    return text, {"b": ["answer", text], "a": ["answer", 1]}, None, text.encode()


async def test_nothing_readable_stands_in_the_database(database_url: str, now: datetime) -> None:
    database = _with(database_url, OLD)
    await _write(database, now, 1, CANARY)
    dump = await _dump(database, now)
    assert "~old~" in dump
    for trace in ("CANARY", "金丝雀", "answer", CANARY.encode().decode("latin-1")):
        assert trace not in dump
    (row,) = await _read(database, now)
    assert row == _expected(CANARY)
    assert list(row[1]) == ["b", "a"]
    await database.close()


async def test_rotation_goes_on_where_it_stopped(database_url: str, now: datetime) -> None:
    clear, old, new = Database(database_url), _with(database_url, OLD), _with(database_url, OLD, NEW)
    texts = ["~odd", "", CANARY, "~new~", "x" * 3000, "另一个", "six"]
    for number, text in enumerate(texts, 1):
        await _write(clear if number % 2 else old, now, number, text)
    steps = itertools.count()
    for column in sealed_columns():
        while True:
            async with new.work(BOT, now) as work:
                done = await reseal(work, column, "new", most=2)
            # Whatever was done so far, everything can be read.
            assert await _read(new, now) == [_expected(text) for text in texts]
            if not done:
                break
            next(steps)
    assert next(steps) == 3 * 4
    only_new = _with(database_url, NEW)
    assert await _read(only_new, now) == [_expected(text) for text in texts]
    assert "~old~" not in await _dump(new, now)
    for database in (clear, old, new, only_new):
        await database.close()
