"""The schema's history, run by Alembic on SQLite and on PostgreSQL."""

from __future__ import annotations

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


async def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to its newest revision, or to an earlier one.

    Does nothing if it is there already, or further: revisions only add, so the release before can work on the
    schema of the next one, and a new release can be taken back.
    """

    def run(connection: sa.Connection) -> None:
        config = _config()
        if _is_ahead(connection, ScriptDirectory.from_config(config)):
            return
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    async with database.transaction() as connection:
        await connection.run_sync(run)


async def is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for, or a later release's."""

    def run(connection: sa.Connection) -> bool:
        history = ScriptDirectory.from_config(_config())
        current = MigrationContext.configure(connection).get_current_revision()
        return current == history.get_current_head() or _is_ahead(connection, history)

    async with database.transaction() as connection:
        return await connection.run_sync(run)


def revisions() -> list[str]:
    """All revisions, the first one first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def _is_ahead(connection: sa.Connection, history: ScriptDirectory) -> bool:
    """Whether the database has a revision that comes after all that this code knows: they are numbered."""
    current = MigrationContext.configure(connection).get_current_revision()
    newest = history.get_current_head()
    return bool(current and newest and current.isdigit() and int(current) > int(newest))
