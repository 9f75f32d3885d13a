"""The schema's history ends where the tables are."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Database, sqlite_url
from bot.store.migrations import is_current, revisions, upgrade
from bot.store.tables import consents, memberships, metadata
from tests.conftest import NOW


async def test_migrations_make_the_tables(database: Database) -> None:
    async with database.transaction() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    assert differences == []


async def test_upgrading_again_changes_nothing(database: Database) -> None:
    await upgrade(database)
    assert await is_current(database)


async def test_every_row_belongs_to_a_bot() -> None:
    assert [table.name for table in metadata.sorted_tables if "bot" not in table.c] == []


# -- Old and new side by side ------------------------------------------------------------------------------


async def _is_at(database: Database, revision: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


async def test_an_old_release_starts_on_the_schema_of_the_next_one(database: Database) -> None:
    """The schema was upgraded, an old process was killed, and refused to come back before it was replaced."""
    await _is_at(database, "9999")
    assert await is_current(database)
    await upgrade(database)
    assert await is_current(database)


async def test_a_new_release_does_not_start_on_the_schema_of_the_one_before(database: Database) -> None:
    await _is_at(database, revisions()[-2])
    assert not await is_current(database)


def _schema(connection: sa.Connection) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(connection)
    return found


def _is_optional(column: sa.Column[Any]) -> bool:
    return bool(column.nullable or column.server_default is not None or column.autoincrement is True)


def _length(column: sa.Column[Any]) -> float:
    length = getattr(column.type, "length", None)
    return float("inf") if length is None else float(length)


def _unique(table: sa.Table) -> set[tuple[str, ...]]:
    """What must be unique among rows that an old release writes, too: by columns that it knows."""
    indexes = [one.columns for one in table.indexes if one.unique]
    constraints = [one.columns for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    return {tuple(column.name for column in columns) for columns in (*indexes, *constraints)}


def _what_an_old_release_would_miss(old: sa.MetaData, new: sa.MetaData) -> list[str]:
    """Tables and columns gone or narrower, new ones that it does not fill, rules it does not know."""
    missed = [name for name in old.tables if name not in new.tables]
    for before, after in ((old.tables[name], new.tables[name]) for name in old.tables if name in new.tables):
        gone = set(before.c.keys()) - set(after.c.keys())
        missed += [f"{before.name}.{name} is gone" for name in gone]
        for name in set(before.c.keys()) & set(after.c.keys()):
            was, now = before.c[name], after.c[name]
            if (was.nullable and not now.nullable) or _length(now) < _length(was):
                missed.append(f"{before.name}.{name} takes less")
        for name in set(after.c.keys()) - set(before.c.keys()):
            if not _is_optional(after.c[name]):
                missed.append(f"{before.name}.{name} must be filled in")
        known = set(before.c.keys())
        rules = {columns for columns in _unique(after) - _unique(before) if known.issuperset(columns)}
        missed += [f"{before.name}: {columns} must be unique" for columns in rules]
    return missed


def test_what_an_old_release_would_miss_is_found() -> None:
    """The comparison itself: a column that is dropped, narrowed, demanded, unique; a table that is gone."""
    old, new = sa.MetaData(), sa.MetaData()
    name, words = sa.Column("name", sa.String(40)), sa.Column("words", sa.Text())
    sa.Table("people", old, name, words, sa.Column("age", sa.Integer()))
    sa.Table("pets", old, sa.Column("id", sa.Integer()))
    shorter = sa.Column("name", sa.String(20), unique=True)
    sa.Table(
        "people", new, shorter, sa.Column("words", sa.Text()), sa.Column("zone", sa.Text(), nullable=False)
    )
    assert sorted(_what_an_old_release_would_miss(old, new)) == [
        "people.age is gone",
        "people.name takes less",
        "people.zone must be filled in",
        "people: ('name',) must be unique",
        "pets",
    ]


async def test_each_revision_leaves_the_release_before_all_that_it_uses(tmp_path: Path) -> None:
    """Between `db upgrade` and the last restart both work on one schema: revisions only add.

    Compared are the schemas themselves, one revision after the other; so it counts what a migration does,
    however it is written. What rows mean cannot be compared: that stays with who writes the migration.
    """
    database = Database(sqlite_url(tmp_path / "history.sqlite"))
    schemas: list[sa.MetaData] = []
    for revision in revisions():
        await upgrade(database, revision)
        async with database.transaction() as connection:
            schemas.append(await connection.run_sync(_schema))
    await database.close()
    missed = [_what_an_old_release_would_miss(old, new) for old, new in itertools.pairwise(schemas)]
    assert [line for lines in missed for line in lines] == []


async def _migrated(database: Database, revision: str) -> sa.MetaData:
    await upgrade(database, revision)
    async with database.transaction() as connection:
        return await connection.run_sync(_schema)


async def test_who_belongs_to_a_branch_agreed_when_they_joined(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "wayside.sqlite"))
    await upgrade(database, "0020")
    left = {1: None, 2: NOW}
    async with database.transaction() as connection:
        for person, left_at in left.items():
            row = {"bot": 7, "person": person, "branch": "b", "consent": "membership/1", "joined_at": NOW}
            await connection.execute(sa.insert(memberships), {**row, "left_at": left_at})
    await upgrade(database)
    async with database.transaction() as connection:
        (kept,) = (await connection.execute(sa.select(consents))).all()
    assert tuple(kept) == (7, 1, "membership", "1", True, NOW)
    await database.close()


@pytest.mark.parametrize("steps", [1, 5])
async def test_rows_as_the_release_before_writes_them_are_still_taken(tmp_path: Path, steps: int) -> None:
    """Every table of an earlier schema takes, changes and gives back a row of the columns it had then."""
    database = Database(sqlite_url(tmp_path / "wayside.sqlite"))
    then = await _migrated(database, revisions()[-1 - steps])
    await upgrade(database)
    async with database.transaction() as connection:
        await connection.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        for table in (one for one in then.sorted_tables if one.name != "alembic_version"):
            row = {column.name: _some(column) for column in table.c}
            await connection.execute(sa.insert(table), row)
            await connection.execute(sa.update(table).values(row))
            assert (await connection.execute(sa.select(table))).mappings().one() == row
    await database.close()


def _some(column: sa.Column[Any]) -> Any:
    """A value that the column takes."""
    python = column.type.python_type
    if python in (int, float, bool):
        return python(1)
    if python is bytes:
        return b"1"
    if python is datetime:
        return NOW.replace(tzinfo=None)
    if python is date:
        return NOW.date()
    return {} if python is dict else "1"
