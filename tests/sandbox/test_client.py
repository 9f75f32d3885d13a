"""The /client side: people, messages, waiting, votes, figures; refusals in plain words."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.sandbox.driver import PNG, Driver, Refusal


async def test_people_are_made_and_changed(driver: Driver) -> None:
    who = await driver.person("Ann", username="ann", language_code="zh-hans")
    await driver.client("users", id=who, first_name="Anna")
    state = await driver.look("state")
    assert state["users"] == [
        {
            "id": who,
            "is_bot": False,
            "first_name": "Anna",
            "username": "ann",
            "language_code": "zh-hans",
            "blocked": False,
            "blocked_bots": [],
            "started": False,
            "deactivated": False,
        }
    ]
    fresh = await driver.client("users", first_name="Bo")
    assert fresh["id"] == who + 1


async def test_a_renamed_person_is_renamed_in_their_chat(driver: Driver) -> None:
    who = await driver.started("Ann")
    await driver.client("users", id=who, first_name="Anna")
    assert (await driver.bot("getChat", chat_id=who))["first_name"] == "Anna"


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("users", {}, '"first_name" must not be empty'),
        ("users", {"first_name": "x", "id": -1}, '"id" must be a positive number'),
        ("users", {"first_name": "x", "id": 1.5}, '"id" must be a whole number'),
        ("users", {"first_name": "x", "username": "ab"}, '"username" must be 3 to 32'),
        ("users", {"first_name": "x", "language_code": "<b>"}, '"language_code" must be a language tag'),
        ("chats", {"type": "channel", "title": "x"}, '"type" must be group or supergroup'),
        ("chats", {"type": "group", "title": "x", "members": []}, '"members" must name at least one user'),
        ("chats", {"type": "group", "title": "x", "members": [5]}, "there is no user or bot 5"),
        ("messages", {"from": 5, "text": "x"}, 'there is no user "from" 5'),
        ("messages", {"text": "x"}, '"from" must be a whole number'),
        ("presses", {"from": 5}, 'there is no user "from" 5'),
        ("members", {"chat": -5, "user": 1, "status": "member"}, "there is no group -5"),
        ("blocks", {"user": 5, "blocked": True}, 'there is no user "user" 5'),
        ("faults", {"method": "sendMessage"}, "a fault needs error_code, retry_after, drop or delay"),
        ("faults", {"method": "x", "error_code": 200}, '"error_code" must lie between 400 and 599'),
        ("faults", {"method": "x", "drop": "during"}, '"drop" must be before or after'),
    ],
)
async def test_refusals_are_plain_words(driver: Driver, name: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as caught:
        await driver.client(name, **body)
    assert caught.value.code == 400
    assert words in caught.value.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "send exactly one of text, location"),
        ({"text": "x", "location": {}}, "send exactly one of"),
        ({"text": "   "}, '"text" must not be empty'),
        ({"text": "x" * 40_000}, '"text" must not be longer than'),
        ({"text": "x" * 4097, "edit": 1}, "must not be longer than 4096 UTF-16 units"),
        ({"text": 5}, '"text" must be a string'),
        ({"location": {"latitude": 91, "longitude": 0}}, '"latitude" must lie between -90 and 90'),
        ({"location": {"latitude": "1", "longitude": 0}}, '"latitude" must be a number'),
        ({"venue": {"latitude": 1, "longitude": 1, "title": "x"}}, '"address" must be a string'),
        ({"contact": {"phone_number": "1"}}, '"first_name" must be a string'),
        ({"text": "x", "chat": 77}, "there is no chat 77"),
        ({"text": "x", "chat": -77}, "there is no chat -77"),
        ({"text": "x", "reply_to": 77}, "has no message 77 to reply to"),
        ({"text": "x", "edit": 77}, "is not one that user"),
        ({"inline_result": {"id": "1"}}, '"inline_result" must be a result'),
    ],
)
async def test_refused_messages(driver: Driver, body: dict[str, Any], words: str) -> None:
    who = await driver.started()
    with pytest.raises(Refusal) as caught:
        await driver.client("messages", **{"from": who, **body})
    assert caught.value.code == 400
    assert words in caught.value.text


async def test_every_kind_of_message_reaches_the_bot(driver: Driver) -> None:
    who = await driver.started()
    place = {"latitude": 29.5, "longitude": 106.5}
    await driver.client("messages", **{"from": who, "location": place})
    await driver.client("messages", **{"from": who, "venue": {**place, "title": "a", "address": "b"}})
    await driver.client("messages", **{"from": who, "contact": {"phone_number": "1", "first_name": "A"}})
    for kind, name in (("photo", "p.png"), ("voice", "v.oga"), ("document", "d.pdf")):
        form = aiohttp.FormData({"from": str(who), "chat": str(who)})
        form.add_field(kind, PNG, filename=name)
        await driver.form("messages", form)
    heard = [update["message"] for update in await driver.updates()]
    kinds = ["location", "venue", "contact", "photo", "voice", "document"]
    assert [kind for kind, message in zip(kinds, heard, strict=True) if kind in message] == kinds
    async with driver.http.get(
        f"{driver.sandbox.url}/client/files/{heard[5]['document']['file_id']}"
    ) as response:
        assert await response.read() == PNG
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_long_text_goes_out_in_parts_as_telegrams_apps_send_it(driver: Driver) -> None:
    who = await driver.started()
    last = await driver.say(who, "word 😀 " * 1250)
    heard = [update["message"] for update in await driver.updates()]
    assert len(heard) == 3
    assert heard[-1] == last
    assert " ".join(message["text"] for message in heard).split() == ["word", "😀"] * 1250


async def test_an_edit_by_a_person(driver: Driver) -> None:
    who = await driver.started()
    said = await driver.say(who, "helo")
    await driver.say(who, "hello", edit=said["message_id"])
    updates = await driver.updates()
    assert updates[1]["edited_message"]["text"] == "hello"
    assert updates[1]["edited_message"]["message_id"] == said["message_id"]


async def test_waiting_ends_with_a_new_or_an_edited_or_a_deleted_message(driver: Driver) -> None:
    who = await driver.started()
    url = f"{driver.sandbox.url}/client/chats/{who}/messages"

    async def after(changed: int) -> tuple[list[int], int, str]:
        params = {"after": "99", "wait": "10", "changed": str(changed)}
        async with driver.http.get(url, params=params) as response:
            ids = [message["message_id"] for message in await response.json()]
            return ids, int(response.headers["X-Changes"]), response.headers["X-Deleted"]

    waiting = asyncio.create_task(after(1))
    sent = await driver.bot("sendMessage", chat_id=who, text="one")
    assert await waiting == ([2], 2, "")
    waiting = asyncio.create_task(after(2))
    await driver.bot("editMessageText", chat_id=who, message_id=sent["message_id"], text="two")
    assert await waiting == ([2], 3, "")
    waiting = asyncio.create_task(after(3))
    await driver.bot("deleteMessage", chat_id=who, message_id=sent["message_id"])
    assert await waiting == ([], 4, "2")


async def test_waiting_without_news_ends_in_time(driver: Driver) -> None:
    who = await driver.started()
    began = time.monotonic()
    assert await driver.look(f"chats/{who}/messages", after=1, wait=0.1) == []
    assert 0.1 <= time.monotonic() - began < 20
    with pytest.raises(Refusal, match="must be a number of seconds"):
        await driver.look(f"chats/{who}/messages", wait="nan")


async def test_a_chat_that_has_not_begun_is_empty_and_can_be_waited_for(driver: Driver) -> None:
    who = await driver.person()
    assert await driver.look(f"chats/{who}/messages") == []
    await driver.bot("getMe")
    waiting = asyncio.create_task(driver.look(f"chats/{who}/messages", wait=10))
    await asyncio.sleep(0.05)
    await driver.say(who, "/start")
    assert [message["text"] for message in await waiting] == ["/start"]


async def test_history_is_capped(driver: Driver) -> None:
    who = await driver.started()
    chat = next(iter(driver.sandbox.stage.world.chats.values()))
    driver.sandbox.stage.world.history_cap = 5
    for number in range(9):
        await driver.say(who, f"{number}")
    assert [message["text"] for message in chat.messages.values()] == ["4", "5", "6", "7", "8"]


async def test_votes_in_a_quiz(driver: Driver) -> None:
    who = await driver.started()
    quiz = await driver.bot(
        "sendPoll",
        chat_id=who,
        question="?",
        options=["a", {"text": "b"}],
        type="quiz",
        correct_option_id=1,
        is_anonymous=False,
        explanation="because",
    )
    voted = await driver.client(
        "votes", **{"from": who, "chat": who, "message_id": quiz["message_id"], "option_ids": [1]}
    )
    assert [option["voter_count"] for option in voted["poll"]["options"]] == [0, 1]
    answer, poll = await driver.updates()
    assert answer["poll_answer"]["option_ids"] == [1]
    assert poll["poll"]["correct_option_id"] == 1
    with pytest.raises(Refusal, match="this poll can be answered once"):
        await driver.client(
            "votes", **{"from": who, "chat": who, "message_id": quiz["message_id"], "option_ids": [0]}
        )
    stopped = await driver.bot("stopPoll", chat_id=who, message_id=quiz["message_id"])
    assert stopped["is_closed"]
    with pytest.raises(Refusal, match="poll has already been closed"):
        await driver.bot("stopPoll", chat_id=who, message_id=quiz["message_id"])


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"options": []}, "poll must have at least one answer option"),
        ({"options": ["x"] * 13}, "poll can't have more than 12 options"),
        ({"options": ["x" * 101]}, "poll options length must not exceed 100"),
        ({"options": [5]}, "expected an option to be of type String"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"type": "riddle"}, "unsupported poll type specified"),
        ({"type": "quiz"}, "QUIZ_CORRECT_ANSWER_INVALID"),
        ({"open_period": 1}, "POLL_CLOSE_DATE_INVALID"),
    ],
)
async def test_refused_polls(driver: Driver, parameters: dict[str, Any], reason: str) -> None:
    who = await driver.started()
    with pytest.raises(Refusal, match=reason):
        await driver.bot("sendPoll", **{"chat_id": who, "question": "?", "options": ["a", "b"], **parameters})


async def test_another_sites_page_cannot_act_here(driver: Driver) -> None:
    """A form on some web page could post to a server on the reader's own machine."""
    url = f"{driver.sandbox.url}/client/users"
    foreign = {"Origin": "https://example.com"}
    async with driver.http.post(url, data={"first_name": "x"}, headers=foreign) as response:
        assert response.status == 403
    own = {"Origin": driver.sandbox.url}
    async with driver.http.post(url, data={"first_name": "x"}, headers=own) as response:
        assert response.status == 200
