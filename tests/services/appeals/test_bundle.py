"""The evidence of an appeal: whoever unpacks it can read it, and check that nothing was changed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import orjson
import pytest

from bot.i18n import speaking
from bot.services import attachments
from bot.services.appeals import bundle
from bot.services.appeals.model import Appeal
from bot.services.appeals.register import Register
from bot.services.attachments import Attachments
from bot.store.database import Database
from bot.talk import hears
from tests.services.appeals.conftest import CLERK, RIDERS, Court, draft

SHANGHAI = ZoneInfo("Asia/Shanghai")
PICTURE, PAPER = b"\xff\xd8 a picture", b"%PDF a paper"
NAMES = ("../../etc/passwd", "流水 5月.pdf", "a<b>.jpg")


@pytest.fixture
async def court(sqlite: Database, now: datetime) -> Court:
    """One kind of database is enough: it is about what is packed."""
    made = Court(sqlite, now)
    await made.build()
    return made


async def filed(court: Court, contents: dict[str, bytes], story: str = "平台欠我运费") -> Appeal:
    """An appeal with files that were sent along; all but the last were fetched."""
    async with court.at(RIDERS[0]) as me:
        desk = Attachments(me.work, me.person)
        sent = [await desk.take(hears.File(f"id{name}", name), "appeal") for name in contents]
        for wanted in (await attachments.claim(me.work, 10))[: len(contents)]:
            content = contents[wanted.name]
            if content:
                await attachments.note_kept(me.work, wanted, content, wanted.name, "application/pdf")
        changed = await me.appeals.file(draft(story=story, attachments=tuple(sent), wish="<b>快点</b>"))
        return changed.appeal


async def packed(court: Court, appeal: Appeal, locale: str = "zh_CN") -> dict[str, bytes]:
    """The files of the bundle, by name."""
    async with court.work() as work:
        register = Register(work, court.handbook.rules)
        with speaking(locale):
            content = bundle.pack(await bundle.collect(register, appeal), court.now, SHANGHAI)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_every_hash_verifies(court: Court) -> None:
    appeal = await filed(court, {"a.jpg": PICTURE, "b.pdf": PAPER})
    found = await packed(court, appeal)
    sums = dict(line.split("  ", 1)[::-1] for line in found[bundle.SUMS].decode().splitlines())
    assert set(sums) == set(found) - {bundle.SUMS}
    assert {name: hashlib.sha256(found[name]).hexdigest() for name in sums} == sums
    index = orjson.loads(found[bundle.JSON_INDEX])
    assert [hashlib.sha256(found[one["name"]]).hexdigest() for one in index["files"]] == [
        one["sha256"] for one in index["files"]
    ]
    assert {found[one["name"]] for one in index["files"]} == {PICTURE, PAPER}
    assert all(one["sent_at"] and one["kept_at"] for one in index["files"])


async def test_the_index_tells_what_was_said_by_whom(court: Court) -> None:
    appeal = await filed(court, {"a.jpg": PICTURE})
    async with court.at(CLERK) as clerk:
        await clerk.desk.answer(appeal.id, "正在找平台")
    found = await packed(court, appeal)
    index = orjson.loads(found[bundle.JSON_INDEX])
    assert [(said["side"], said["text"]) for said in index["said"]] == [
        ("author", "平台欠我运费"),
        ("desk", "正在找平台"),
    ]
    assert index["said"][0]["files"] == ["files/01-a.jpg"]
    assert index["appeal"]["receipt"] == appeal.number
    chain = index["history"]
    assert all(one["previous"] == before["hash"] for before, one in pairwise(chain))


@pytest.mark.parametrize(("locale", "words"), [("zh_CN", "回执号"), ("en", "Receipt number")])
async def test_the_page_is_readable_and_trusts_no_text(court: Court, locale: str, words: str) -> None:
    appeal = await filed(court, {"a.jpg": PICTURE}, story="<script>alert(1)</script>\n第二行")
    page = (await packed(court, appeal, locale))[bundle.INDEX].decode()
    assert words in page
    assert hashlib.sha256(PICTURE).hexdigest() in page
    assert '<img src="files/01-a.jpg"' in page
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page
    assert "<b>快点" not in page


async def test_no_name_leaves_the_folder_or_comes_twice(court: Court) -> None:
    appeal = await filed(court, {name: name.encode() for name in NAMES})
    names = [name for name in await packed(court, appeal) if name.startswith("files/")]
    assert names == ["files/01-passwd", "files/02-流水_5月.pdf", "files/03-a_b_.jpg"]


async def test_what_is_not_there_is_named(court: Court) -> None:
    appeal = await filed(court, {"a.jpg": PICTURE, "late.pdf": b""})
    found = await packed(court, appeal)
    assert orjson.loads(found[bundle.JSON_INDEX])["left_out"] == ["02-late.pdf"]
    assert "02-late.pdf" in found[bundle.INDEX].decode()


async def test_the_same_appeal_makes_the_same_bytes(court: Court) -> None:
    appeal = await filed(court, {"a.jpg": PICTURE})
    assert await packed(court, appeal) == await packed(court, appeal)
