"""Neutral bodies as Bot API calls; what is drawn is shown by the sandbox as it was meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.draw import draw, entities
from bot.services.messages import compose
from bot.services.outbox import Outgoing
from bot.talk import says
from tests.conftest import BOT
from tests.delivery.conftest import USERNAME, Stage, text


def calls(body: dict[str, Any], chat: int = 5, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    drawn = draw(Outgoing(BOT, chat, body, **more), USERNAME)
    return [(call.method, call.params) for call in drawn]


def test_a_text() -> None:
    ((method, params),) = calls(text("hi"))
    assert method == "sendMessage"
    assert params == {"chat_id": 5, "text": "hi", "link_preview_options": {"is_disabled": True}}


def test_a_text_with_a_preview_in_a_topic() -> None:
    ((_, params),) = calls(text("hi", preview=True), -5, thread=7)
    assert params == {"chat_id": -5, "text": "hi", "message_thread_id": 7}


def test_spans_become_entities_in_utf16() -> None:
    body = text("🔋 now", spans=[["bold", 2, 3], ["link", 0, 1, "https://example.org/"]])
    ((_, params),) = calls(body)
    assert params["entities"] == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org/"},
    ]


@given(st.text(max_size=40), st.data())
def test_entities_cover_exactly_what_spans_cover(words: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words)))
    length = data.draw(st.integers(0, len(words) - start))
    (entity,) = entities(words, [["bold", start, length]])
    wide = words.encode("utf-16-le", "surrogatepass")
    covered = wide[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
    assert covered.decode("utf-16-le", "surrogatepass") == words[start : start + length]


def test_a_telephone_link_is_left_to_the_app() -> None:
    assert entities("023-110", [["link", 0, 7, "tel:023-110"]]) == []


def test_buttons_of_every_kind() -> None:
    rows = [
        [{"label": "A", "data": "t:1:0:0"}, {"label": "B", "url": "https://example.org/"}],
        [{"label": "C", "url": "start:st_17"}, {"label": "D", "share": "lijiatuo"}],
    ]
    ((_, params),) = calls(text("hi", rows=rows))
    assert params["reply_markup"]["inline_keyboard"] == [
        [{"text": "A", "callback_data": "t:1:0:0"}, {"text": "B", "url": "https://example.org/"}],
        [
            {"text": "C", "url": f"https://t.me/{USERNAME}?start=st_17"},
            {"text": "D", "switch_inline_query": "lijiatuo"},
        ],
    ]


MENU = [[{"label": "Near", "kind": "location"}, {"label": "Help", "kind": "text"}]]


def test_the_menu_stays_and_asks_for_the_place() -> None:
    ((_, params),) = calls(text("hi", menu=MENU))
    assert params["reply_markup"] == {
        "keyboard": [[{"text": "Near", "request_location": True}, {"text": "Help"}]],
        "is_persistent": True,
        "resize_keyboard": True,
    }


@pytest.mark.parametrize("more", [{"chat": -5}, {"target": {"edit": 9}}])
def test_groups_and_redrawn_messages_have_no_menu(more: dict[str, Any]) -> None:
    """Telegram refuses a location button in a group, and any menu in an edit."""
    ((_, params),) = calls(text("hi", menu=MENU), **more)
    assert "reply_markup" not in params


def test_a_redraw() -> None:
    ((method, params),) = calls(text("hi"), target={"edit": 9})
    assert method == "editMessageText"
    assert (params["chat_id"], params["message_id"], params["text"]) == (5, 9, "hi")


def test_only_the_buttons_of_a_message() -> None:
    ((method, params),) = calls({"type": "buttons", "rows": []}, target={"edit": 9})
    assert (method, params) == ("editMessageReplyMarkup", {"chat_id": 5, "message_id": 9})


def test_a_long_text_has_its_buttons_last() -> None:
    body = text("a" * 4000 + "\n\n" + "b" * 4000, rows=[[{"label": "A", "data": "x"}]])
    first, last = calls(body)
    assert (first[1]["text"], last[1]["text"]) == ("a" * 4000, "b" * 4000)
    assert "reply_markup" not in first[1]
    assert "reply_markup" in last[1]


def test_a_long_redraw_goes_on_below_the_message() -> None:
    assert [name for name, _ in calls(text("a " * 4000), target={"edit": 9})] == [
        "editMessageText",
        "sendMessage",
    ]


def test_a_photo_whose_caption_is_too_long_goes_on_as_text() -> None:
    body = {"type": "photo", "file": "AgAC", "text": "a " * 1000, "spans": [["bold", 0, 2000]], "rows": []}
    photo, rest = calls(body)
    assert (photo[0], rest[0]) == ("sendPhoto", "sendMessage")
    assert photo[1]["caption_entities"][0]["length"] <= 1024
    assert rest[1]["entities"][0]["type"] == "bold"


def test_a_place_needs_an_address_at_telegram() -> None:
    body = {"type": "place", "lat": 29.4, "lon": 106.5, "title": "驿站", "address": "", "rows": []}
    ((method, params),) = calls(body, target={"edit": 4})
    assert method == "sendVenue"
    assert (params["latitude"], params["title"], params["address"]) == (29.4, "驿站", "·")


def test_an_unknown_body_is_refused() -> None:
    with pytest.raises(ValueError, match="hologram"):
        calls({"type": "hologram"})


async def test_what_a_dialog_says_is_shown_so(strict_stage: Stage) -> None:
    """From talk/ to the screen: the sandbox checks what Telegram checks."""
    ann = await strict_stage.driver.started()
    option = says.Option("🔋 充电", 1)
    shown = says.Text("**not formatted** <b>", [[option], [says.Link("to the bot", "start:st_1")]])
    place = says.Place(29.4, 106.5, "李家沱驿站", "巴南区", [[says.Share("share", "李家沱")]])
    messages = [Outgoing(BOT, ann, compose(says_, 36, 2)) for says_ in (shown, place)]
    await strict_stage.say(strict_stage.speaker(), messages)
    rows = await strict_stage.settled()
    assert [(row.state, row.error) for row in rows] == [("sent", None), ("sent", None)]
    history = await strict_stage.driver.look(f"chats/{ann}/messages")
    message, venue = [message for message in history if message["from"]["is_bot"]]
    assert message["text"] == "**not formatted** <b>"
    assert "entities" not in message
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "t:10:2:0"
    assert venue["venue"]["title"] == "李家沱驿站"
