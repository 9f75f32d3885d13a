"""Files on their way out: uploaded once, then by the channel's own id."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.services import files
from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import Stage, text


def picture(colour: str) -> bytes:
    """A small PNG."""
    written = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(written, "PNG")
    return written.getvalue()


async def kept(stage: Stage, content: bytes, name: str = "a.png") -> str:
    """Keep a file; gives its key."""
    async with stage.database.work(BOT, stage.now) as work:
        return await files.keep(work, content, name, "image/png")


def photo(file: str, words: str = "", **more: Any) -> dict[str, Any]:
    """A neutral picture body."""
    return {"type": "photo", "file": file, "text": words, "spans": [], "rows": [], **more}


async def shown(stage: Stage, chat: int) -> list[Any]:
    """The bot's messages in a chat."""
    answer = await stage.driver.look(f"chats/{chat}/messages")
    messages = answer["messages"] if isinstance(answer, dict) else answer
    return [message for message in messages if message["from"]["is_bot"]]


def uploads(stage: Stage) -> int:
    """How many files the sandbox was given."""
    return len(stage.driver.sandbox.stage.files.by_id)


async def test_a_picture_goes_up_once_and_shows_everywhere(stage: Stage) -> None:
    key = await kept(stage, picture("red"))
    people = [await stage.driver.started(f"P{number}") for number in range(5)]
    await stage.say(stage.speaker(), [Outgoing(BOT, who, photo(key, "红")) for who in people])
    assert {row.state for row in await stage.settled()} == {"sent"}
    found = [(await shown(stage, who))[-1] for who in people]
    assert {message["caption"] for message in found} == {"红"}
    assert len({message["photo"][-1]["file_unique_id"] for message in found}) == 1
    assert uploads(stage) == 1


async def test_another_process_needs_no_upload_either(stage: Stage) -> None:
    key = await kept(stage, picture("red"))
    who = await stage.driver.started()
    for owner in ("one", "two"):
        speaker = stage.speaker(owner)
        await stage.put([Outgoing(BOT, who, photo(key))])
        await speaker.idle()
    assert len(await shown(stage, who)) == 2
    assert uploads(stage) == 1


async def test_an_id_that_the_channel_lost_is_uploaded_anew(stage: Stage) -> None:
    key = await kept(stage, picture("red"))
    who = await stage.driver.started()
    async with stage.database.work(BOT, stage.now) as work:
        await files.note_copy(work, key.removeprefix(files.KEPT), "photo", "AgACunknown")
    await stage.say(stage.speaker(), [Outgoing(BOT, who, photo(key))])
    assert {row.state for row in await stage.settled()} == {"sent"}
    assert len(await shown(stage, who)) == 1


async def test_a_document_has_its_name(stage: Stage) -> None:
    key = await kept(stage, b"a,b\n1,2\n", "台账.csv")
    who = await stage.driver.started()
    body = {**photo(key, "本周"), "type": "file", "name": "台账 5月.csv"}
    await stage.say(stage.speaker(), [Outgoing(BOT, who, body)])
    await stage.settled()
    (message,) = await shown(stage, who)
    assert (message["document"]["file_name"], message["caption"]) == ("台账 5月.csv", "本周")
    url = f"{stage.driver.sandbox.url}/client/files/{message['document']['file_id']}"
    async with stage.driver.http.get(url) as answer:
        assert await answer.read() == b"a,b\n1,2\n"


@pytest.mark.parametrize("name", ['a"; name="chat_id', "a\r\nX: y", '\\"', "😀.pdf"])
async def test_a_hostile_name_stays_a_name(stage: Stage, name: str) -> None:
    key = await kept(stage, b"%PDF", "a.pdf")
    who = await stage.driver.started()
    await stage.say(stage.speaker(), [Outgoing(BOT, who, {**photo(key), "type": "file", "name": name})])
    assert {row.state for row in await stage.settled()} == {"sent"}
    (message,) = await shown(stage, who)
    plain = "".join(char for char in name if char.isprintable() and char not in '"\\') or "file"
    assert message["document"]["file_name"] == plain


async def test_something_to_hear_has_title_and_length(stage: Stage) -> None:
    key = await kept(stage, b"ID3 not really", "lesson.mp3")
    who = await stage.driver.started()
    body = {**photo(key), "type": "audio", "title": "防暑", "seconds": 95}
    await stage.say(stage.speaker(), [Outgoing(BOT, who, body)])
    await stage.settled()
    (message,) = await shown(stage, who)
    assert (message["audio"]["title"], message["audio"]["duration"]) == ("防暑", 95)


async def test_a_picture_takes_the_place_of_a_text_and_of_a_picture(stage: Stage) -> None:
    who = await stage.driver.started()
    speaker = stage.speaker()
    await stage.say(speaker, [Outgoing(BOT, who, text("card one"))])
    (row,) = await stage.settled()
    target = {"edit": row.message_id}
    for colour in ("red", "blue"):
        key = await kept(stage, picture(colour))
        await stage.say(speaker, [Outgoing(BOT, who, photo(key, colour), target=target)])
        await stage.settled()
        (message,) = await shown(stage, who)
        assert (message["message_id"], message["caption"]) == (row.message_id, colour)
        assert "text" not in message


async def test_a_text_cannot_take_a_pictures_place_so_the_picture_goes(stage: Stage) -> None:
    who = await stage.driver.started()
    speaker = stage.speaker()
    await stage.say(speaker, [Outgoing(BOT, who, photo(await kept(stage, picture("red"))))])
    (row,) = await stage.settled()
    await stage.say(speaker, [Outgoing(BOT, who, text("words"), target={"edit": row.message_id})])
    assert {row.state for row in await stage.settled()} == {"sent"}
    (message,) = await shown(stage, who)
    assert message["text"] == "words"
    assert (await stage.rows())[-1].message_id == message["message_id"]


async def test_a_picture_that_is_too_old_to_delete_stays(stage: Stage) -> None:
    who = await stage.driver.started()
    speaker = stage.speaker()
    await stage.say(speaker, [Outgoing(BOT, who, photo(await kept(stage, picture("red"))))])
    (row,) = await stage.settled()
    refusal = {"error_code": 400, "description": "Bad Request: message can't be deleted"}
    await stage.driver.client("faults", method="deleteMessage", times=1, **refusal)
    await stage.say(speaker, [Outgoing(BOT, who, text("words"), target={"edit": row.message_id})])
    assert {row.state for row in await stage.settled()} == {"sent"}
    assert [message.get("text") for message in await shown(stage, who)] == [None, "words"]


@pytest.mark.parametrize("file", ["kept:" + "0" * 64, "content:../settings.py", "content:no/such.png"])
async def test_what_is_not_there_is_dead_and_holds_up_nobody(stage: Stage, file: str) -> None:
    who = await stage.driver.started()
    await stage.say(stage.speaker(), [Outgoing(BOT, who, photo(file)), Outgoing(BOT, who, text("next"))])
    rows = await stage.settled()
    assert [(row.state, row.error) for row in rows] == [("dead", "FileGone"), ("sent", None)]


async def test_a_picture_of_the_content(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    place = tmp_path / "lessons" / "a.png"
    place.write_bytes(picture("red"))
    who = await stage.driver.started()
    speaker = stage.speaker(content=tmp_path)
    for _ in range(2):
        await stage.say(speaker, [Outgoing(BOT, who, photo("content:lessons/a.png"))])
        await stage.settled()
    assert uploads(stage) == 1
    place.write_bytes(picture("blue"))
    await stage.say(speaker, [Outgoing(BOT, who, photo("content:lessons/a.png"))])
    await stage.settled()
    assert uploads(stage) == 2
