"""How messages are read: commands, deep links, groups, albums, places, and what is nobody's business."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import Message

from bot.handlers.messages import read
from bot.services.incoming import Command, Faceless, Incoming, What
from bot.talk import hears
from tests.handlers.conftest import Ears
from tests.handlers.updates import GROUP, ME, PERSON, PRIVATE, USERNAME, photo, said

RLO = "\u202e"


def reading(raw: dict[str, Any], *, edited: bool = False) -> Incoming | None:
    """What a raw update with a message says to the bot."""
    body = raw["edited_message"] if edited else raw["message"]
    return read(Message.model_validate(body), raw["update_id"], USERNAME, edited=edited)


def what(text: str | None = None, **more: Any) -> What | None:
    """What a message means."""
    incoming = reading(said(text, **more))
    return incoming.what if incoming else None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/menu", Command("menu")),
        ("/MENU", Command("menu")),
        (f"/menu@{USERNAME}", Command("menu")),
        ("/menu@SomeOtherBot", Command("menu")),
        ("/stations 李家沱 充电", Command("stations", "李家沱 充电")),
        ("/stations\n李家沱\n充电", Command("stations", "李家沱\n充电")),
        ("  /stations   ljt  ", Command("stations", "ljt")),
        (f"/sta{RLO}tions", Command("stations")),
        ("/stations\x00 ljt", Command("stations", "ljt")),
        ("/", hears.Text("/")),
        ("//menu", hears.Text("//menu")),
        ("/menu!", hears.Text("/menu!")),
        ("please /menu", hears.Text("please /menu")),
        ("/" + "a" * 33, hears.Text("/" + "a" * 33)),
        ("／menu", hears.Text("／menu")),
        ("/菜单", hears.Text("/菜单")),
        ("李家沱", hears.Text("李家沱")),
        ("a\x07b\x00c\nd", hears.Text("abc\nd")),
        ("<b>[x](tg://user?id=1)</b>", hears.Text("<b>[x](tg://user?id=1)</b>")),
        ("", hears.Text("")),
    ],
)
def test_texts_in_a_private_chat(text: str, meant: What) -> None:
    assert what(text) == meant


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        ("st_bn001", "st_bn001"),
        ("a" * 64, "a" * 64),
        ("a" * 65, ""),
        ("st_x y", ""),
        ("../../etc", ""),
        ("st_'; DROP TABLE stations;--", ""),
        ("站", ""),
        ("st_\u0661", ""),
        ("", ""),
    ],
)
def test_a_deep_link_carries_what_telegram_lets_it_carry_and_nothing_else(payload: str, meant: str) -> None:
    assert what(f"/start {payload}") == Command("start", meant)


async def test_an_unknown_deep_link_gets_a_sentence(ears: Ears) -> None:
    for payload in ("no", "st", "st_", "_", "-", "x_" * 30):
        leads_nowhere, menu = await ears.hear(said(f"/start {payload}"))
        assert leads_nowhere.startswith("That link leads nowhere")
        assert menu == "The menu"


async def test_a_command_pasted_into_the_middle_of_a_dialog_is_a_command(ears: Ears) -> None:
    await ears.hear(said("/file"))
    assert await ears.hear(said("/menu")) == ["The menu"]
    assert await ears.hear(said("Pay")) == ["Tell us what happened."]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"/stations@{USERNAME} 李家沱", Command("stations", "李家沱")),
        (f"/stations@{USERNAME.lower()}", Command("stations")),
        ("/stations", Command("stations", named=False)),
        ("/stations@SomeOtherBot", None),
        (f"@{USERNAME} 李家沱", hears.Text("李家沱")),
        (f"李家沱 @{USERNAME.upper()}?", hears.Text("李家沱  ?")),
        (f"@{USERNAME}Too 李家沱", None),
        (f"@{USERNAME} /stations ljt", Command("stations", "ljt")),
        (f"@{USERNAME} /stations@SomeOtherBot ljt", hears.Text("/stations@SomeOtherBot ljt")),
        ("just chatting", None),
        ("mail@waysidebot.example", None),
    ],
)
def test_in_a_group_only_what_names_the_bot_is_for_the_bot(text: str, meant: What | None) -> None:
    assert what(text, chat=GROUP) == meant


def test_in_a_group_answers_to_the_bot_are_for_the_bot() -> None:
    to_me = {"message_id": 9, "date": 1, "from": ME, "chat": GROUP, "text": "Where?"}
    to_ann = {**to_me, "from": PERSON}
    place = {"latitude": 29.47, "longitude": 106.55}
    assert what("here", chat=GROUP, reply_to_message=to_me) == hears.Text("here")
    assert what(location=place, chat=GROUP, reply_to_message=to_me) == hears.Location(29.47, 106.55)
    assert what("here", chat=GROUP, reply_to_message=to_ann) is None
    assert what(location=place, chat=GROUP) is None
    assert what("/stations", chat=GROUP, reply_to_message=to_me) == Command("stations", named=False)


async def test_a_bare_command_in_a_group_is_answered_where_it_can_only_be_ours(ears: Ears) -> None:
    """People type /ask as they read it; a bare /menu may be meant for another bot, and gets no answer."""
    assert await ears.hear(said("/ask", chat=GROUP)) == ["Which colour?"]
    assert await ears.hear(said("/menu", chat=GROUP), said("/file", chat=GROUP), said("/x", chat=GROUP)) == []
    assert await ears.hear(said("/cancel", chat=GROUP)) == ["Left. Nothing was sent."]
    assert await ears.hear(said("/cancel", chat=GROUP)) == []


async def test_in_a_group_everybody_has_a_conversation_of_their_own(ears: Ears) -> None:
    ben = {**PERSON, "id": 6, "first_name": "Ben"}
    ask = f"/ask@{USERNAME}"
    assert await ears.hear(said(ask, chat=GROUP), said(ask, chat=GROUP, **{"from": ben})) == [
        "Which colour?",
        "Which colour?",
    ]
    assert await ears.hear(said("Red", chat=GROUP)) == []
    assert await ears.hear(said(f"@{USERNAME} Red", chat=GROUP)) == []
    assert (await ears.hear(said(f"@{USERNAME} Pink", chat=GROUP, **{"from": ben})))[0].endswith(
        "Which colour?"
    )


async def test_what_is_personal_moves_to_the_private_chat(ears: Ears) -> None:
    (text,) = await ears.hear(said(f"/file@{USERNAME}", chat=GROUP))
    assert text == "That is between you and me: let's go on in private."
    assert ears.stand.heard.rows[-1].body["rows"][0][0]["url"] == "start:menu"


def test_places_pictures_files_and_voices() -> None:
    place = {"latitude": 29.47, "longitude": 106.55}
    venue = {"location": place, "title": f"Du{RLO}he", "address": "Square 1"}
    file = {"file_id": "f1", "file_unique_id": "u1"}
    assert what(location=place) == hears.Location(29.47, 106.55)
    # Telegram sends a venue's location a second time, beside it.
    assert what(venue=venue, location=place) == hears.Location(29.47, 106.55, "Duhe")
    assert what(document=file) == hears.File("f1")
    named = {**file, "file_name": "a\x00b.pdf"}
    assert what(document=named, caption="my\x07 file") == hears.File("f1", "ab.pdf", "my file")
    assert what(voice={**file, "duration": 7}) == hears.Voice("f1", 7)
    assert what(contact={"phone_number": "13800138000", "first_name": "Ann"}) == hears.Other()


def test_a_film_is_a_file() -> None:
    """Who was told to send a recording as a video was told the next moment that videos are not taken."""
    film = {"file_id": "v1", "file_unique_id": "u", "width": 9, "height": 16, "duration": 3}
    assert what(video=film, caption="the gate") == hears.File("v1", "video.mp4", "the gate")
    assert what(video={**film, "file_name": "IMG_2.MP4", "file_size": 7}) == hears.File(
        "v1", "IMG_2.MP4", size=7
    )
    assert (
        what(video_note={"file_id": "n", "file_unique_id": "u", "length": 9, "duration": 3}) == hears.Other()
    )


def test_of_a_picture_the_largest_size_is_taken() -> None:
    incoming = reading(photo(caption="the door", media_group_id="album-1"))
    assert incoming is not None
    assert incoming.what == hears.Photo("large", "the door", "album-1")


async def test_an_album_is_answered_once(ears: Ears) -> None:
    assert await ears.hear(*(photo(media_group_id="album-1") for _ in range(4))) == ["The menu"]


def test_a_sticker_is_something_and_a_notice_of_telegram_is_nothing() -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    assert what(sticker=sticker) == hears.Other()
    assert what(pinned_message={"message_id": 3, "date": 0, "chat": PRIVATE}) is None
    assert what(chat=GROUP, new_chat_title="Riders of Banan") is None
    assert what(chat=GROUP, migrate_to_chat_id=-100_7) is None
    assert what() is None


def test_who_is_nobody_is_not_answered() -> None:
    channel = {"id": -100_9, "type": "channel", "title": "News"}
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    text = f"/stations@{USERNAME}"
    assert what(text, chat=channel, sender_chat=channel) is None
    assert what("/stations@SomeOtherBot", chat=GROUP, sender_chat=GROUP, **{"from": anonymous}) is None
    assert what("hello", chat=GROUP, sender_chat=GROUP, **{"from": anonymous}) is None
    assert what(text, chat=GROUP, sender_chat=channel) is None
    assert what(text, **{"from": ME}) is None
    assert what(text, **{"from": None}) is None


def test_an_administrator_who_posts_as_the_group_is_heard_as_nobody() -> None:
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    raw = said(f"/group@{USERNAME}", chat=GROUP, sender_chat=GROUP, **{"from": anonymous})
    incoming = reading(raw)
    assert incoming is not None
    assert incoming.what == Faceless(Command("group"))
    assert (incoming.chat, incoming.account, incoming.private) == (GROUP["id"], GROUP["id"], False)


def test_where_it_was_said_goes_along() -> None:
    incoming = reading(said(f"/ask@{USERNAME}", chat=GROUP, message_thread_id=4, is_topic_message=True))
    assert incoming is not None
    assert (incoming.chat, incoming.account, incoming.private) == (GROUP["id"], PERSON["id"], False)
    assert (incoming.message, incoming.thread, incoming.language_code) == (10, 4, "en")
    # In a group without topics the number is only that of a thread of replies.
    reply = reading(said(f"/ask@{USERNAME}", chat=GROUP, message_thread_id=4))
    assert reply is not None
    assert reply.thread is None


async def test_a_corrected_text_counts_where_it_still_can(ears: Ears) -> None:
    corrected = await ears.hear(said("colours", kind="edited_message"))
    assert corrected == ["Which colour?"]
    (refusal,) = await ears.hear(said("Red", kind="edited_message"))
    assert refusal.startswith("An edited message changes nothing here")


async def test_other_edits_are_not_for_us(ears: Ears) -> None:
    """A live location moves every few seconds: each move comes as an edited message."""
    place = {"latitude": 29.47, "longitude": 106.55}
    edits = [
        said(kind="edited_message", location=place),
        said(kind="edited_message", caption="new words"),
        said("/menu", kind="edited_message"),
        said("hello", kind="edited_message", chat=GROUP),
    ]
    assert await ears.hear(*edits) == []
