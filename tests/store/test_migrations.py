"""The schema's history ends where the tables are."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Database
from bot.store.migrations import is_current, upgrade
from bot.store.tables import metadata


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
