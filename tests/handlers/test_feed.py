"""Hostile updates: whatever comes, nothing is raised, and the next update is heard."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import metrics
from bot.handlers.feed import EVENTS, read_json
from bot.settings import UPDATES
from bot.store.database import Database, sqlite_url
from tests.conftest import BOT
from tests.handlers.conftest import Ears, listening
from tests.handlers.updates import GROUP, ME, PERSON, PRIVATE, USERNAME, said

ids = st.integers() | st.sampled_from([0, 5, -5, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 2**70])
words = st.text() | st.sampled_from(
    [
        "/start",
        "/start " + "a" * 65,
        "/file",
        "/ask",
        "/break",
        "/cancel",
        f"/ask@{USERNAME}",
        f"@{USERNAME} hello",
        "colours",
        "Pay",
        "\ud83d",
        "half \udc00 /menu",
        "\x00",
        "\u202etxet",
        "<b>[x](tg://user?id=5)",
        "x" * 10_000,
        "字" * 5_000,
        "a:poke:x",
        "t:1:1:0",
        "t:zzzzzzzzzzzz:1:0",
    ]
)
scalars = st.none() | st.booleans() | ids | st.floats() | words
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What the Bot API would say, now and then something else."""
    return st.integers(0, 59).flatmap(lambda chance: junk if chance == 23 else good)


def record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object whose fields are mostly right, now and then missing."""
    whole = st.fixed_dictionaries({name: mostly(value) for name, value in fields.items()})
    part = st.fixed_dictionaries({}, optional={name: mostly(value) for name, value in fields.items()})
    return st.integers(0, 29).flatmap(lambda chance: part if chance == 11 else whole)


users = st.sampled_from([PERSON, {**PERSON, "id": 6}, ME]) | record(
    id=ids, is_bot=st.booleans(), first_name=words, username=words, language_code=words
)
chats = st.sampled_from([PRIVATE, GROUP]) | record(
    id=ids, type=st.sampled_from(["private", "group", "supergroup", "channel"]), title=words
)
places = record(latitude=st.floats(), longitude=st.floats())
files = record(file_id=words, file_unique_id=words, width=ids, height=ids, duration=ids, file_name=words)
plain = record(message_id=ids, date=st.integers(0, 2**31), chat=chats, text=words, **{"from": users})
contents = {
    "text": words,
    "location": places,
    "venue": record(location=places, title=words, address=words),
    "photo": st.lists(files, max_size=3),
    "document": files,
    "voice": files,
    "sticker": files,
    "contact": record(phone_number=words, first_name=words),
}


@st.composite
def messages(draw: st.DrawFn) -> Any:
    """A message with one kind of content, perhaps an answer, perhaps from nobody."""
    message = draw(record(message_id=ids, date=st.integers(0, 2**31), chat=chats, **{"from": users}))
    if not isinstance(message, dict):
        return message
    kind = draw(st.sampled_from(sorted(contents)))
    message[kind] = draw(mostly(contents[kind]))
    extras = {
        "caption": words,
        "media_group_id": words,
        "reply_to_message": plain,
        "sender_chat": chats,
        "message_thread_id": ids,
        "is_topic_message": st.booleans(),
        "entities": st.lists(record(type=words, offset=ids, length=ids), max_size=2),
    }
    for name in draw(st.lists(st.sampled_from(sorted(extras)), max_size=2)):
        message[name] = draw(mostly(extras[name]))
    return message


taps = record(id=words, chat_instance=words, data=words, message=plain, **{"from": users})
queries = record(id=words, query=words, offset=words, **{"from": users})
members = record(user=users, status=st.sampled_from(["member", "kicked", "left"]), until_date=ids)
moves = record(chat=chats, date=ids, old_chat_member=members, new_chat_member=members, **{"from": users})
bodies = {
    "message": messages(),
    "edited_message": messages(),
    "callback_query": taps,
    "inline_query": queries,
    "my_chat_member": moves,
}


@st.composite
def hostile_updates(draw: st.DrawFn) -> Any:
    """An update that Telegram would never send, or might."""
    kind = draw(st.sampled_from(UPDATES))
    return {"update_id": draw(mostly(st.integers(1, 2**40))), kind: draw(mostly(bodies[kind]))}


@pytest.fixture
def hearing(sqlite_path: Path, now: datetime) -> Iterator[tuple[asyncio.Runner, Ears]]:
    """Ears that stay open over all examples of one property."""
    with asyncio.Runner() as runner:
        database = Database(sqlite_url(sqlite_path))
        opened = listening(database, now)
        ears = runner.run(opened.__aenter__())
        yield runner, ears
        runner.run(opened.__aexit__(None, None, None))
        runner.run(database.close())


def test_all_that_telegram_is_asked_for_is_read() -> None:
    assert tuple(EVENTS) == UPDATES


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(raw=st.one_of(hostile_updates(), hostile_updates(), hostile_updates(), junk))
def test_no_update_is_raised_and_none_stops_the_next(hearing: tuple[asyncio.Runner, Ears], raw: Any) -> None:
    runner, ears = hearing
    runner.run(ears.hear(raw))
    canary = {**PERSON, "id": 424_242}
    private = {**PRIVATE, "id": 424_242}
    # A number that no example used.
    number = 2**41 + len(ears.stand.heard.texts)
    after = {**said("/menu", chat=private, **{"from": canary}), "update_id": number}
    assert "The menu" in runner.run(ears.hear(after))[-1]


@given(raw=junk)
def test_what_python_can_write_as_json_is_read(raw: Any) -> None:
    """As text, whatever is in it: lone surrogates come back as question marks, the rest as it was."""
    body = json.dumps(raw).encode()
    if b"NaN" in body or b"Infinity" in body:
        return
    assert orjson.dumps(read_json(body)) is not None


def _counted() -> Counter[str]:
    outcomes = ("taken", "put_off", "skipped", "ignored", "malformed")
    read = metrics.REGISTRY.get_sample_value
    name = "wayside_updates_total"
    return Counter({one: int(read(name, {"bot": str(BOT), "outcome": one}) or 0) for one in outcomes})


async def test_every_update_is_counted_as_what_became_of_it(
    ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that a bug skipped counted as taken, the malformed ones nowhere."""
    before = _counted()
    await ears.hear(said("/menu"), {"update_id": 5}, {"update_id": 6, "message": 7}, "nonsense")

    async def fail(*_given: Any) -> None:
        raise ValueError

    monkeypatch.setattr("bot.services.intake.conversations.save", fail)
    with capture_logs() as logs:
        await ears.hear(said("/menu"))
    assert _counted() - before == {"taken": 1, "skipped": 1, "malformed": 3}
    assert [entry["event"] for entry in logs] == ["update skipped"]
