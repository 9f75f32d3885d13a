"""What people sent along is fetched, checked and kept, or refused with the reason."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.delivery.fetcher import Fetcher
from bot.services import attachments, files
from bot.services.attachments import Attachment, Attachments, Heard
from bot.talk import hears
from tests.conftest import BOT
from tests.delivery.conftest import TOKEN, Stage
from tests.services.test_containers import PLACE, box, recording, track
from tests.services.test_files import ANN


@pytest.fixture
async def fetcher(stage: Stage) -> AsyncIterator[Fetcher]:
    """A fetcher at the sandbox."""
    made = Fetcher(stage.database, TOKEN, clock=lambda: stage.now, api_url=stage.driver.sandbox.url)
    yield made
    await made.close()


async def sent(stage: Stage, kind: str, content: bytes, name: str) -> dict[str, Any]:
    """Somebody sends a file to the bot; gives the field of the message that tells of it."""
    who = await stage.driver.started()
    form = aiohttp.FormData({"from": str(who), "chat": str(who)})
    form.add_field(kind, content, filename=name)
    answer = await stage.driver.form("messages", form)
    shown = answer[kind]
    about: dict[str, Any] = shown[-1] if isinstance(shown, list) else shown
    return about


async def take(stage: Stage, heard: Heard) -> int:
    """A turn hears it."""
    async with stage.database.work(BOT, stage.now) as work:
        return await Attachments(work, ANN).take(heard, "appeal")


async def look(stage: Stage, number: int) -> Attachment:
    """What became of it."""
    async with stage.database.work(BOT, stage.now) as work:
        (found,) = await attachments.read(work, [number])
        return found


async def content(stage: Stage, number: int) -> bytes:
    """The bytes that are kept."""
    found = await look(stage, number)
    assert found.key is not None
    async with stage.database.work(BOT, stage.now) as work:
        return (await files.read(work, found.key)).content


def photo_with_a_place() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (29.0, 23.0, 4.0)}
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


async def test_a_photo_is_kept_without_the_place_it_was_taken_at(stage: Stage, fetcher: Fetcher) -> None:
    about = await sent(stage, "photo", photo_with_a_place(), "me.jpg")
    number = await take(stage, hears.Photo(about["file_id"], size=about["file_size"]))
    assert await fetcher.fetch() == 1
    kept = await content(stage, number)
    assert b"Exif" in photo_with_a_place()
    assert b"Exif" not in kept
    found = await look(stage, number)
    assert (found.state, found.hash, found.size) == ("kept", files.hash_of(kept), len(kept))
    assert found.fetched_at == stage.now


async def test_a_picture_sent_as_a_file_is_a_picture_too(stage: Stage, fetcher: Fetcher) -> None:
    about = await sent(stage, "document", photo_with_a_place(), "截图.jpeg")
    number = await take(stage, hears.File(about["file_id"], "截图.jpeg"))
    await fetcher.fetch()
    assert b"Exif" not in await content(stage, number)
    assert (await look(stage, number)).name == "截图.jpg"


async def test_a_document_and_a_voice_note_stay_as_they_are(stage: Stage, fetcher: Fetcher) -> None:
    paper = await sent(stage, "document", b"%PDF-1.7 contract", "合同.pdf")
    voice = await sent(stage, "voice", b"OggS hello", "voice.ogg")
    numbers = [
        await take(stage, hears.File(paper["file_id"], "合同.pdf")),
        await take(stage, hears.Voice(voice["file_id"], 4)),
    ]
    assert await fetcher.fetch() == 2
    assert [await content(stage, number) for number in numbers] == [b"%PDF-1.7 contract", b"OggS hello"]


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"])
async def test_a_picture_that_would_keep_its_place_is_refused(
    stage: Stage, fetcher: Fetcher, brand: bytes
) -> None:
    """An iPhone's photo, sent as a file, was kept with where it was taken."""
    about = await sent(stage, "document", box(b"ftyp", brand, bytes(4), brand) + b"Exif GPS", "IMG_1.HEIC")
    number = await take(stage, hears.File(about["file_id"], "IMG_1.HEIC"))
    await fetcher.fetch()
    found = await look(stage, number)
    assert (found.state, found.why) == ("refused", "tells_place")


async def test_a_recording_is_kept_without_the_place_it_was_made_at(stage: Stage, fetcher: Fetcher) -> None:
    about = await sent(stage, "document", recording(box(b"udta", PLACE)), "crash.mp4")
    number = await take(stage, hears.File(about["file_id"], "crash.mp4"))
    await fetcher.fetch()
    kept = await content(stage, number)
    assert PLACE not in kept
    assert b"frames" in kept


async def test_a_recording_with_a_track_of_places_is_refused(stage: Stage, fetcher: Fetcher) -> None:
    about = await sent(stage, "document", recording(track(b"meta")), "IMG_2.MOV")
    number = await take(stage, hears.File(about["file_id"], "IMG_2.MOV"))
    await fetcher.fetch()
    assert (await look(stage, number)).why == "tells_place"


async def test_an_id_that_leads_nowhere_is_refused(stage: Stage, fetcher: Fetcher) -> None:
    number = await take(stage, hears.File("BQACnothing", "a.pdf"))
    await fetcher.fetch()
    found = await look(stage, number)
    assert (found.state, found.why) == ("refused", "gone")


async def test_an_unwilling_channel_is_asked_again_later(stage: Stage, fetcher: Fetcher) -> None:
    about = await sent(stage, "document", b"%PDF", "a.pdf")
    number = await take(stage, hears.File(about["file_id"], "a.pdf"))
    await stage.driver.client("faults", method="getFile", error_code=500, times=1)
    await fetcher.fetch()
    assert (await look(stage, number)).state == "waiting"
    assert await fetcher.fetch() == 0
    stage.later(10)
    assert await fetcher.fetch() == 1
    assert (await look(stage, number)).state == "kept"
