"""The schema's history, run by Alembic on SQLite and on PostgreSQL."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.database import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@cache
def _history() -> ScriptDirectory:
    """The revisions of this release; reading them all takes longer than asking the database for its own."""
    return ScriptDirectory.from_config(_config())


async def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to its newest revision, or to an earlier one.

    Does nothing if it is there already, or further: revisions only add, so the release before can work on the
    schema of the next one, and a new release can be taken back.
    """

    def run(connection: sa.Connection) -> None:
        if _is_ahead(connection):
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    async with database.transaction() as connection:
        await connection.run_sync(run)


async def is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for, or a later release's."""

    def run(connection: sa.Connection) -> bool:
        current = MigrationContext.configure(connection).get_current_revision()
        return current == _history().get_current_head() or _is_ahead(connection)

    async with database.reading() as connection:
        return await connection.run_sync(run)


def revisions() -> list[str]:
    """All revisions, the first one first."""
    return [script.revision for script in _history().walk_revisions()][::-1]


def _is_ahead(connection: sa.Connection) -> bool:
    """Whether the database has a revision that comes after all that this code knows: they are numbered."""
    current = MigrationContext.configure(connection).get_current_revision()
    newest = _history().get_current_head()
    return bool(current and newest and current.isdigit() and int(current) > int(newest))
