"""What people write, send and are never shows in a log, whatever breaks."""

from __future__ import annotations

import ast
import asyncio
import io
import itertools
import logging
import re
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.handlers.feed import Feed
from bot.services.incoming import Command, Incoming
from bot.settings import ROOT
from bot.store.database import Database
from bot.talk import hears
from tests.conftest import BOT
from tests.services.conftest import Stand

TOKEN = f"{BOT}:" + "AAbbCCdd_-" * 4
CANARIES = {
    "token": TOKEN,
    "phone": "13912345678",
    "spaced phone": "+86 139 1234 5678",
    "identity": "50011319900101123X",
    "coordinates": "29.47381,106.54862",
    "text": "老板欠我三千块",
    "address": "somebody@example.org",
    "password": "//wayside:hunter2@",
}
LOG_METHODS = ("debug", "info", "warning", "error", "critical", "exception")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the configured logs write."""
    stream = io.StringIO()
    hook, handlers = sys.excepthook, logging.getLogger().handlers[:]
    logs.configure(as_json=True, stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.captureWarnings(False)
    sys.excepthook = hook
    logging.getLogger().handlers[:] = handlers


def _assert_clean(text: str) -> None:
    for kind, canary in CANARIES.items():
        assert canary not in text, kind
        digits = re.sub(r"\D", "", canary)
        assert len(digits) < 8 or digits[-8:] not in text, kind


# -- Each net by itself ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", CANARIES)
def test_nothing_passes_under_a_new_name(written: io.StringIO, kind: str) -> None:
    structlog.get_logger().info("something", words=CANARIES[kind], answer=[CANARIES[kind]])
    assert logs.WITHHELD in written.getvalue()
    _assert_clean(written.getvalue())


@pytest.mark.parametrize("kind", sorted(set(CANARIES) - {"text"}))
def test_nothing_passes_under_a_known_name(written: io.StringIO, kind: str) -> None:
    structlog.get_logger().info(f"went to {CANARIES[kind]}", error=f"bad {CANARIES[kind]}!")
    _assert_clean(written.getvalue())


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_no_place_passes_as_a_number(lat: float, lon: float) -> None:
    line = logs.redact(None, "info", {"event": f"{lat:.5f} {lon:.5f}", "seconds": lat})
    assert round(lat, 1) == line["seconds"]
    assert f"{lat:.5f}" not in line["event"]


@pytest.mark.parametrize("number", [13912345678, 500113199001011234, 1001])
def test_no_number_of_somebody_passes(number: int) -> None:
    assert logs.redact(None, "info", {"event": "x", "chat": number})["chat"] == logs.WITHHELD
    assert logs.redact(None, "info", {"event": "x", "update": 812345678901})["update"] == 812345678901


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in LOG_METHODS and getattr(node.func.value, "id", "") in ("log", "logger"):
                yield path, node


def test_every_line_of_ours_has_fields_of_the_list() -> None:
    calls = list(_calls())
    assert len(calls) > 20
    for path, call in calls:
        if "sandbox" in path.parts:
            continue
        fields = {keyword.arg for keyword in call.keywords}
        assert fields <= logs.FIELDS, f"{path}:{call.lineno}: add the field to FIELDS in bot/logs.py"
        assert not isinstance(call.args[0], ast.JoinedStr), f"{path}:{call.lineno}: an event is no sentence"


# -- The whole stack -------------------------------------------------------------------------


async def test_a_broken_dialog_does_not_tell_what_was_said(
    sqlite: Database, now: datetime, written: io.StringIO
) -> None:
    """Its error quotes the word that the person typed."""
    stand = Stand(sqlite, now)
    await stand.say("/break")
    for canary in CANARIES.values():
        await stand.say(canary)
        await stand.take(stand.update(Command("break", canary)))
        await stand.take(stand.update(hears.Photo(canary, canary)))
        await stand.say("/break")
    assert "turn failed" in written.getvalue()
    _assert_clean(written.getvalue())


async def test_a_broken_statement_does_not_tell_its_values(
    database: Database, now: datetime, written: io.StringIO
) -> None:
    for canary in CANARIES.values():
        with pytest.raises(sa.exc.SQLAlchemyError) as broken:
            async with database.work(BOT, now) as work:
                await work.fetch(sa.text("SELECT * FROM nowhere WHERE a = :a"), {"a": canary})
        logging.getLogger("sqlalchemy").error("trouble %s", canary, exc_info=broken.value)
        assert canary not in str(broken.value)
    _assert_clean(written.getvalue())


async def test_updates_that_nobody_understands_do_not_show(written: io.StringIO) -> None:
    class Deaf:
        bot = BOT

        async def take(self, _incoming: Incoming) -> None:
            raise ValueError(*CANARIES.values())

    async def offers(*_words: object) -> None:
        raise ValueError(*CANARIES.values())

    feed = Feed(Deaf(), "wayside_bot", offers)  # type: ignore[arg-type]  # it breaks as an intake may
    numbers = itertools.count(1)
    for canary in CANARIES.values():
        person = {"id": 13912345678, "is_bot": False, "first_name": canary}
        chat = {"id": 13912345678, "type": "private"}
        message = {"message_id": 1, "date": 1, "from": person, "chat": chat, "text": canary}
        for update in ({"message": message}, {"message": {"text": canary}}, {"message": canary}, {}):
            await feed.take({"update_id": next(numbers), **update})
    _assert_clean(written.getvalue())


def test_libraries_do_not_speak_in_their_own_words(written: io.StringIO) -> None:
    for canary in CANARIES.values():
        try:
            raise ValueError(canary)
        except ValueError as error:
            logging.getLogger("asyncio").error("Task %s", canary, exc_info=error)
            logging.getLogger("aiohttp").exception(canary)
        warnings.warn(canary, stacklevel=1)
    assert "asyncio ValueError" in written.getvalue()
    _assert_clean(written.getvalue())


async def test_a_task_that_nobody_awaits_does_not_tell(written: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(*CANARIES.values())

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    await asyncio.sleep(0)
    _assert_clean(written.getvalue())


def test_an_error_that_nobody_caught_says_where_and_not_what(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError(*CANARIES.values())
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "test_logs.py" in said
    _assert_clean(said)
