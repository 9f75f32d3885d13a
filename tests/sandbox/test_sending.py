"""Sending, editing, deleting: what the bot may and may not do, in the official server's words."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot import limits
from tests.sandbox.driver import PNG, TOKEN, Driver, FakeClock, Refusal

KEYS: Any = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}


async def _refused(driver: Driver, method: str, **parameters: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await driver.bot(method, **parameters)
    return f"{caught.value.code} {caught.value.text}"


async def test_a_text_of_4096_units_passes_and_one_more_does_not(driver: Driver) -> None:
    who = await driver.started()
    full = "<b>" + "😀" * (limits.MESSAGE_TEXT // 2) + "</b>"
    message = await driver.bot("sendMessage", chat_id=who, text=full, parse_mode="HTML")
    assert message["entities"][0]["length"] == limits.MESSAGE_TEXT
    answer = await _refused(driver, "sendMessage", chat_id=who, text=full + "x", parse_mode="HTML")
    assert answer == "400 Bad Request: message is too long"


@pytest.mark.parametrize(
    ("parameters", "answer"),
    [
        ({"text": ""}, "400 Bad Request: message text is empty"),
        ({"text": " \n "}, "400 Bad Request: text must be non-empty"),
        (
            {"text": "<i>", "parse_mode": "HTML"},
            "400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"i\"",
        ),
        ({"text": "x", "parse_mode": "RTF"}, "400 Bad Request: unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "400 Bad Request: chat_id is empty"),
        ({"text": "x", "chat_id": 999}, "400 Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "400 Bad Request: chat not found"),
        ({"text": "x", "chat_id": -100}, "400 Bad Request: chat not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 77}},
            "400 Bad Request: message to be replied not found",
        ),
        ({"text": "x", "message_thread_id": 5}, "400 Bad Request: message thread not found"),
        (
            {"text": "x", "reply_markup": "{"},
            "400 Bad Request: can't parse reply keyboard markup JSON object",
        ),
    ],
)
async def test_refused_messages(driver: Driver, parameters: dict[str, Any], answer: str) -> None:
    who = await driver.started()
    assert await _refused(driver, "sendMessage", **{"chat_id": who, **parameters}) == answer


async def test_who_cannot_be_written_to(driver: Driver) -> None:
    gone, shy, new = await driver.started("Gone"), await driver.started("Shy"), await driver.person("New")
    await driver.client("users", id=gone, deactivated=True)
    await driver.client("blocks", user=shy, blocked=True)
    assert (
        await _refused(driver, "sendMessage", chat_id=gone, text="x") == "403 Forbidden: user is deactivated"
    )
    assert (
        await _refused(driver, "sendMessage", chat_id=shy, text="x")
        == "403 Forbidden: bot was blocked by the user"
    )
    answer = await _refused(driver, "sendMessage", chat_id=new, text="x")
    assert answer == "403 Forbidden: bot can't initiate conversation with a user"


async def test_blocking_and_coming_back_are_told(driver: Driver) -> None:
    who = await driver.started()
    await driver.client("blocks", user=who, blocked=True)
    with pytest.raises(Refusal, match="has blocked the bot"):
        await driver.say(who, "hello")
    await driver.say(who, "/start")
    updates = await driver.updates()
    states = [update["my_chat_member"]["new_chat_member"]["status"] for update in updates[:2]]
    assert states == ["kicked", "member"]
    assert updates[2]["message"]["text"] == "/start"


async def test_edits(driver: Driver) -> None:
    who = await driver.started()
    sent = await driver.bot("sendMessage", chat_id=who, text="one", reply_markup=KEYS)
    place = {"chat_id": who, "message_id": sent["message_id"]}
    same = await _refused(driver, "editMessageText", **place, text="one", reply_markup=KEYS)
    assert same == (
        "400 Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )
    edited = await driver.bot("editMessageText", **place, text="two")
    assert edited["text"] == "two"
    assert "reply_markup" not in edited, "an edit without a keyboard removes it"
    assert "edit_date" in edited
    shown = await driver.look(f"chats/{who}/messages", after=1)
    assert shown == [edited]


async def test_edits_that_are_not_possible(driver: Driver) -> None:
    who = await driver.started()
    plain = await driver.bot("sendMessage", chat_id=who, text="x", reply_markup={"keyboard": [["a"]]})
    place = await driver.bot("sendLocation", chat_id=who, latitude=29.5, longitude=106.5)
    edit = "editMessageText"
    answers = [
        await _refused(driver, edit, chat_id=who, message_id=1, text="y"),
        await _refused(driver, edit, chat_id=who, message_id=99, text="y"),
        await _refused(driver, edit, chat_id=who, text="y"),
        await _refused(driver, edit, chat_id=who, message_id=plain["message_id"], text="y"),
        await _refused(driver, edit, chat_id=who, message_id=place["message_id"], text="y"),
    ]
    assert [answer.removeprefix("400 Bad Request: ") for answer in answers] == [
        "message can't be edited",
        "message to edit not found",
        "message identifier is not specified",
        "message can't be edited",
        "there is no text in the message to edit",
    ]


async def test_deleting(driver: Driver, clock: FakeClock) -> None:
    who = await driver.started()
    old = await driver.bot("sendMessage", chat_id=who, text="old")
    clock.pass_seconds(limits.DELETE_AGE_SECONDS + 1)
    new = await driver.bot("sendMessage", chat_id=who, text="new")
    answer = await _refused(driver, "deleteMessage", chat_id=who, message_id=old["message_id"])
    assert answer == "400 Bad Request: message can't be deleted"
    assert await driver.bot("deleteMessage", chat_id=who, message_id=new["message_id"])
    answer = await _refused(driver, "deleteMessage", chat_id=who, message_id=new["message_id"])
    assert answer == "400 Bad Request: message to delete not found"
    ids = [message["message_id"] for message in await driver.look(f"chats/{who}/messages")]
    assert new["message_id"] not in ids


async def test_captions_and_photos(driver: Driver) -> None:
    who = await driver.started()
    url = f"{driver.sandbox.url}/bot{TOKEN}/sendPhoto"
    form = aiohttp.FormData({"chat_id": str(who), "caption": "<b>hi</b>", "parse_mode": "HTML"})
    form.add_field("photo", PNG, filename="p.png")
    async with driver.http.post(url, data=form) as response:
        message = (await response.json())["result"]
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    photo = message["photo"][-1]
    assert (photo["width"], photo["height"]) == (2, 2)
    again = await driver.bot("sendPhoto", chat_id=who, photo=photo["file_id"])
    assert again["photo"] == message["photo"]
    answers = [
        await _refused(driver, "sendPhoto", chat_id=who, photo=photo["file_id"], caption="x" * 1025),
        await _refused(driver, "sendPhoto", chat_id=who),
        await _refused(driver, "sendPhoto", chat_id=who, photo="unknown"),
        await _refused(driver, "sendDocument", chat_id=who, document=photo["file_id"]),
        await _refused(driver, "sendPhoto", chat_id=who, photo="https://example.com/p.png"),
    ]
    assert [answer.removeprefix("400 Bad Request: ") for answer in answers] == [
        "message caption is too long",
        "there is no photo in the request",
        "wrong file identifier/HTTP URL specified",
        "can't use file of type Photo as Document",
        "failed to get HTTP URL content",
    ]
    edited = await driver.bot(
        "editMessageCaption", chat_id=who, message_id=message["message_id"], caption="there"
    )
    assert edited["caption"] == "there"


async def test_an_album(driver: Driver) -> None:
    who = await driver.started()
    form = aiohttp.FormData({"from": str(who)})
    for number in range(2):
        form.add_field(f"photo{number or ''}", PNG, filename="p.png")
    album = await driver.form("messages", form)
    assert len({message["media_group_id"] for message in album}) == 1
    media = [{"type": "photo", "media": album[0]["photo"][-1]["file_id"]}]
    sent = await driver.bot("sendMediaGroup", chat_id=who, media=media * 2)
    assert len({message["media_group_id"] for message in sent}) == 1
    answer = await _refused(driver, "sendMediaGroup", chat_id=who, media=media)
    assert answer == "400 Bad Request: album needs 2 items"


async def test_places_and_contacts(driver: Driver) -> None:
    who = await driver.started()
    venue = await driver.bot(
        "sendVenue", chat_id=who, latitude="29.5", longitude=106.5, title="驿站", address="大江西路"
    )
    assert venue["venue"]["location"] == venue["location"] == {"latitude": 29.5, "longitude": 106.5}
    contact = await driver.bot("sendContact", chat_id=who, phone_number="123", first_name="Ann")
    assert contact["contact"] == {"phone_number": "123", "first_name": "Ann"}
    answers = [
        await _refused(driver, "sendLocation", chat_id=who, longitude=1),
        await _refused(driver, "sendLocation", chat_id=who, latitude=91, longitude=1),
        await _refused(driver, "sendLocation", chat_id=who, latitude="nan", longitude=1),
        await _refused(driver, "sendVenue", chat_id=who, latitude=1, longitude=1, title="x"),
    ]
    assert [answer.removeprefix("400 Bad Request: ") for answer in answers] == [
        "latitude is empty",
        "GEO_POINT_INVALID",
        'field "latitude" must be a valid Number',
        'parameter "address" is required',
    ]


async def test_forwards_copies_and_pins(driver: Driver) -> None:
    who, other = await driver.started("Ann"), await driver.started("Bo")
    said = await driver.say(who, "hello /help")
    place = {"from_chat_id": who, "message_id": said["message_id"]}
    forwarded = await driver.bot("forwardMessage", chat_id=other, **place)
    assert forwarded["forward_origin"]["sender_user"]["id"] == who
    copied = await driver.bot("copyMessage", chat_id=other, **place, reply_markup=KEYS)
    shown = (await driver.look(f"chats/{other}/messages", after=copied["message_id"] - 1))[0]
    assert (shown["text"], shown["reply_markup"], "forward_origin" in shown) == ("hello /help", KEYS, False)
    assert await driver.bot("pinChatMessage", chat_id=other, message_id=copied["message_id"])
    full = await driver.bot("getChat", chat_id=other)
    assert full["pinned_message"]["message_id"] == copied["message_id"]
    answer = await _refused(driver, "copyMessage", chat_id=other, from_chat_id=who, message_id=99)
    assert answer == "400 Bad Request: message to copy not found"


async def test_reactions_are_from_telegrams_list(driver: Driver) -> None:
    who = await driver.started()
    place = {"chat_id": who, "message_id": 1}
    assert await driver.bot("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    answer = await _refused(
        driver, "setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "🧱"}]
    )
    assert answer == "400 Bad Request: REACTION_INVALID"


async def test_typing_shows_until_a_message_comes(driver: Driver, clock: FakeClock) -> None:
    who = await driver.started()
    await driver.bot("sendChatAction", chat_id=who, action="typing")
    assert await driver.look(f"chats/{who}/actions") == {"action": "typing"}
    await driver.bot("sendMessage", chat_id=who, text="x")
    assert await driver.look(f"chats/{who}/actions") == {"action": None}
    await driver.bot("sendChatAction", chat_id=who, action="typing")
    clock.pass_seconds(6)
    assert await driver.look(f"chats/{who}/actions") == {"action": None}


async def test_several_at_once(driver: Driver) -> None:
    """The methods that take lists skip what is not there."""
    who, other = await driver.started("Ann"), await driver.started("Bo")
    await driver.say(who, "one")
    await driver.say(who, "two")
    forwarded = await driver.bot("forwardMessages", chat_id=other, from_chat_id=who, message_ids=[2, 3, 99])
    copied = await driver.bot("copyMessages", chat_id=other, from_chat_id=who, message_ids=[2])
    ids = [message["message_id"] for message in forwarded + copied]
    shown = await driver.look(f"chats/{other}/messages", after=ids[0] - 1)
    assert [message["text"] for message in shown] == ["one", "two", "one"]
    assert await driver.bot("deleteMessages", chat_id=other, message_ids=[*ids, 99])
    assert await driver.look(f"chats/{other}/messages", after=ids[0] - 1) == []
    answer = await _refused(driver, "deleteMessages", chat_id=other, message_ids=list(range(1, 102)))
    assert answer == "400 Bad Request: too many message identifiers specified"


async def test_unpinning(driver: Driver) -> None:
    who = await driver.started()
    for number in (1, 2):
        sent = await driver.bot("sendMessage", chat_id=who, text=f"{number}")
        await driver.bot("pinChatMessage", chat_id=who, message_id=sent["message_id"])
    assert (await driver.bot("getChat", chat_id=who))["pinned_message"]["text"] == "2"
    await driver.bot("unpinChatMessage", chat_id=who)
    assert (await driver.bot("getChat", chat_id=who))["pinned_message"]["text"] == "1"
    await driver.bot("unpinAllChatMessages", chat_id=who)
    assert "pinned_message" not in await driver.bot("getChat", chat_id=who)
    answer = await _refused(driver, "unpinChatMessage", chat_id=who)
    assert answer == "400 Bad Request: message to unpin not found"


async def test_a_keyboard_can_be_changed_alone(driver: Driver) -> None:
    who = await driver.started()
    sent = await driver.bot("sendMessage", chat_id=who, text="x")
    place = {"chat_id": who, "message_id": sent["message_id"]}
    edited = await driver.bot("editMessageReplyMarkup", **place, reply_markup=KEYS)
    assert (edited["text"], edited["reply_markup"]) == ("x", KEYS)
    assert "reply_markup" not in await driver.bot("editMessageReplyMarkup", **place)
