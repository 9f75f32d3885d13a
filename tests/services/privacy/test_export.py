"""What people get of themselves is everything, nothing of others, and reads back as it was."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import files
from bot.services.privacy import export
from bot.services.privacy.export import MOST_OPEN
from bot.services.privacy.register import REGISTER
from bot.store.database import Database
from bot.store.tables import attachments
from bot.store.types import Moment
from tests.conftest import BOT
from tests.services.privacy.rows import EPOCH, Row, fill
from tests.services.privacy.test_forgetting import ME, MINE, YOU, YOURS

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def _zip(database: Database, locale: str = "en") -> zipfile.ZipFile:
    async with database.work(BOT, EPOCH) as work:
        with speaking(locale):
            return zipfile.ZipFile(io.BytesIO(await export.zipped(work, ME, SHANGHAI)))


def _typed(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Moment | sa.DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, sa.Date) else value


async def test_it_reads_back_as_it_was(database: Database) -> None:
    made = dict(await fill(database, ME, MINE))
    await fill(database, YOU, YOURS)
    told = orjson.loads((await _zip(database)).read("mydata.json"))
    assert datetime.fromisoformat(told["made_at"]) == EPOCH
    about_people = [holding.table for holding in REGISTER if holding.whose is not None]
    assert set(told["tables"]) == {table.name for table in about_people}
    for table in about_people:
        (row,) = told["tables"][table.name]
        read: Row = {name: _typed(table.c[name], value) for name, value in row.items()}
        assert read | {"bot": BOT} == made[table], table.name


async def test_nothing_of_others_is_in_it(database: Database) -> None:
    await fill(database, ME, MINE)
    await fill(database, YOU, YOURS)
    packed = await _zip(database)
    everything = b"".join(packed.read(name) for name in packed.namelist()).decode(errors="replace")
    assert "canary1" in everything
    for trace in ("canary2", str(YOU.account), str(YOU.person)):
        assert trace not in everything


@pytest.mark.parametrize(("locale", "heading"), [("en", "Your reminders"), ("zh_CN", "你的提醒")])
async def test_the_page_is_in_their_language(database: Database, locale: str, heading: str) -> None:
    await fill(database, ME, MINE)
    packed = await _zip(database, locale)
    page = packed.read(next(name for name in packed.namelist() if name.endswith(".html"))).decode()
    assert heading in page
    assert page.count("<h2>") == sum(holding.whose is not None for holding in REGISTER)


async def test_no_heading_stands_above_nothing() -> None:
    """An unfinished conversation has nothing for people to read: its heading stood there alone."""
    conversation = next(one for one in REGISTER if one.table.name == "conversations")
    with speaking("en"):
        read = export.page([(conversation, [{"id": 7, "dialog": "hazards"}])], EPOCH, SHANGHAI)
    assert "Kept in a form for machines" in read


@pytest.mark.parametrize(("count", "folded"), [(MOST_OPEN, False), (MOST_OPEN + 1, True)])
async def test_a_long_section_opens_by_a_tap(count: int, folded: bool) -> None:
    """All messages of a week, a table each, made a page that nobody scrolled to its end."""
    reminders = next(one for one in REGISTER if one.table.name == "reminders")
    with speaking("en"):
        read = export.page([(reminders, [{"what": f"tea {n}"} for n in range(count)])], EPOCH, SHANGHAI)
    assert ("<summary>4 entries</summary>" in read) is folded
    assert all(f"tea {n}" in read for n in range(count))


async def test_what_somebody_wrote_is_data_on_the_page(database: Database) -> None:
    await fill(database, ME, MINE)
    async with database.work(BOT, EPOCH) as work:
        reminders = next(one.table for one in REGISTER if one.table.name == "reminders")
        await work.execute(sa.update(reminders).values(what="<script>alert(1)</script> 50%"))
    packed = await _zip(database)
    assert "<script>" not in packed.read("mydata.html").decode()


async def test_what_was_sent_along_is_in_it_under_a_harmless_name(database: Database) -> None:
    async with database.work(BOT, EPOCH) as work:
        key = await files.hold(work, b"a picture", "x", "image/jpeg")
        row = {
            "bot": BOT,
            "person": ME.person,
            "kind": "file",
            "purpose": "appeal",
            "channel_file": "x",
            "name": "../../etc/工资条.pdf",
            "state": "kept",
            "hash": key.removeprefix(files.KEPT),
            "size": 9,
            "made_at": EPOCH,
            "not_before": EPOCH,
        }
        await work.execute(sa.insert(attachments), row)
    packed = await _zip(database)
    (name,) = [name for name in packed.namelist() if name.startswith("files/")]
    assert ".." not in name
    assert name.endswith("工资条.pdf")
    assert packed.read(name) == b"a picture"


@pytest.mark.parametrize(
    ("locale", "purpose", "state"),
    [("en", "Keep what I tell of injuries and health", "sent"), ("zh_CN", "保存我说的伤病情况", "已发送")],
)
async def test_codes_stand_in_words_on_the_page(locale: str, purpose: str, state: str) -> None:
    """It said “Purpose health”, “State sent”, to who reads no English."""
    held = {one.table.name: one for one in REGISTER}
    rows = [(held["consents"], [{"purpose": "health"}]), (held["outbox"], [{"state": "sent"}])]
    with speaking(locale):
        read = export.page(rows, EPOCH, SHANGHAI)
    assert f"<td>{purpose}</td>" in read
    assert f"<td>{state}</td>" in read
    assert "<td>health</td>" not in read


async def test_what_is_planned_shows_when_and_not_how() -> None:
    """It showed the number of the person in braces."""
    due = next(one for one in REGISTER if one.table.name == "due")
    with speaking("en"):
        read = export.page([(due, [{"kind": "mydata", "what": {"person": 5}, "at": EPOCH}])], EPOCH, SHANGHAI)
    assert "mydata</td>" not in read
    assert "person" not in read
    assert "When" in read
