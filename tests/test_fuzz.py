"""Hostile updates against the whole stack: none brings it down, holds up others, or comes back for ever."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import Update
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.delivery.draw import draw as drawn
from bot.handlers.feed import Feed
from bot.knowledge import Knowledge
from bot.services.intake import Intake, IntakeSettings
from bot.services.outbox import Outgoing
from bot.settings import UPDATES, Settings
from bot.store.database import Database, sqlite_url
from tests.conftest import BOT, NOW
from tests.modelled import DEEPEST, of_type

USERNAME = "wayside_bot"
ANN, HONEST, GROUP = 1001, 1002, -2001
LARGEST = 2**63


@dataclass
class Stack:
    """Everything from a raw update to what is to be said, over the real content."""

    feed: Feed
    said: list[Outgoing] = field(default_factory=list)
    number: int = 0

    def take(self, rows: Sequence[Outgoing]) -> None:
        """What a speaker would send."""
        self.said.extend(rows)

    def toast(self, query: str, text: str | None) -> None:
        """What a speaker would show."""

    async def hear(self, raw: Any) -> None:
        """Deliver an update under the next number."""
        self.number += 1
        if isinstance(raw, dict):
            raw = {**raw, "update_id": self.number}
        await self.feed.take(raw)

    async def answers(self) -> bool:
        """Whether somebody else is answered all the same."""
        before = len(self.said)
        await self.hear({"message": message(HONEST, text="/menu")})
        return any(row.chat == HONEST for row in self.said[before:])

    def draw(self) -> None:
        """Draw all that is to be said as the speaker does: a message that it cannot draw is dead."""
        for row in self.said:
            assert drawn(row, USERNAME)


def message(who: int, chat: int | None = None, **content: Any) -> dict[str, Any]:
    """A message as Telegram tells of it."""
    kind = "private" if (chat or who) > 0 else "group"
    return {
        "message_id": 7,
        "date": 1,
        "from": {"id": who, "is_bot": False, "first_name": "A", "language_code": "en"},
        "chat": {"id": chat or who, "type": kind, "first_name": "A", "title": "G"},
        **content,
    }


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """What a bot knows, read once."""
    read = Knowledge(Settings())
    read.prepare()
    return read


@asynccontextmanager
async def opened(path: Path, knowledge: Knowledge) -> AsyncIterator[Stack]:
    """A stack over a database of its own."""
    database = Database(sqlite_url(path))
    stack = Stack.__new__(Stack)
    intake = Intake(
        database,
        knowledge.repertoire,
        knowledge.services(USERNAME),
        stack,
        IntakeSettings(BOT, None, lambda: NOW, iter(range(1, 10**9)).__next__, "zh_CN"),
    )
    Stack.__init__(stack, Feed(intake, USERNAME, _no_offers))
    playing = asyncio.create_task(intake.run())
    try:
        yield stack
    finally:
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing
        await database.close()


async def _no_offers(_query: str, _text: str, _language: str | None) -> None:
    return None


# -- What may come ---------------------------------------------------------------------------------

# Words that lead into every dialog, and what was ever dangerous in a chat.
WORDS = st.sampled_from(
    [
        *("/start", "/menu", "/appeal", "/remind", "/learn", "/stations", "/me", "/privacy", "/forget"),
        *("/broadcast", "/checkins", "/lessons", "/ledger", "/branches", "/group", "/cancel", "/nonsense"),
        *("/start join_x", "/start lesson_", "/start st_🔋", "/start together_999999999999999999999"),
        *("李家沱 充电", "明早8点提醒我换电池", "平台欠我三千二", "第二个", "0", "-1", "1" * 400),
        *(
            "<b>x</b>",
            "**[x](tg://user?id=1)**",
            "{name} {} {0.__class__}",
            "'; DROP TABLE x",
            "%s%n",
        ),
        *("\u202e\u0000\ud800", "\U0001f9d1\u200d\U0001f680" * 50, "\n" * 200, "a" * 4096, " "),
    ]
)
TEXT = WORDS | st.text(max_size=60)
NUMBER = st.integers(-LARGEST, LARGEST) | st.sampled_from([0, -1, 1, 2**31, 2**53])
JUNK = st.recursive(
    st.none() | st.booleans() | NUMBER | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
DEGREES = st.floats(-200, 200) | st.sampled_from([0.0, 90.0, -180.0, 29.47, 106.55])
FILE = st.fixed_dictionaries(
    {"file_id": st.text(max_size=40), "file_unique_id": st.just("u")},
    optional={"file_size": NUMBER, "file_name": TEXT, "width": NUMBER, "height": NUMBER, "duration": NUMBER},
)
CONTENT: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"text": TEXT}),
    st.fixed_dictionaries({"location": st.fixed_dictionaries({"latitude": DEGREES, "longitude": DEGREES})}),
    st.fixed_dictionaries({"photo": st.lists(FILE, max_size=2), "caption": TEXT}),
    st.fixed_dictionaries({"document": FILE, "caption": TEXT}),
    st.fixed_dictionaries({"voice": FILE}),
    st.fixed_dictionaries({"sticker": JUNK}),
    st.fixed_dictionaries({"contact": st.fixed_dictionaries({"phone_number": TEXT, "first_name": TEXT})}),
    st.dictionaries(st.sampled_from(["text", "photo", "venue", "location", "dice"]), JUNK, max_size=3),
)
PRESSED = ["", "x", "t:1:0:0", "t:1:1:-1", "a:lesson:", "a:mydata:x", "a:forget:", "::::"]
MEMBER = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["member", "administrator", "left", "kicked", "restricted", "creator"]),
        "user": st.just({"id": BOT, "is_bot": True, "first_name": "B"}),
    },
    optional={
        "is_member": st.booleans(),
        "can_send_messages": st.booleans(),
        "until_date": NUMBER,
        "can_manage_chat": JUNK,
    },
)
CHAT = st.sampled_from(
    [
        {"id": ANN, "type": "private", "first_name": "A"},
        {"id": GROUP, "type": "group", "title": "G"},
        {"id": GROUP - 10**12, "type": "supergroup", "title": "\u202e" * 300},
        {"id": -3001, "type": "channel", "title": "C"},
        {"id": 0, "type": "group"},
    ]
)
MEMBERSHIP = JUNK | st.fixed_dictionaries(
    {
        "chat": CHAT,
        "from": st.just({"id": ANN, "is_bot": False, "first_name": "A", "language_code": "xx-yy-zz"}),
        "date": st.integers(0, 2**31),
        "old_chat_member": MEMBER,
        "new_chat_member": MEMBER,
    }
)
DATA = st.sampled_from(PRESSED) | st.text(max_size=70)


@st.composite
def update(draw: st.DrawFn) -> Any:
    """Some update: one that is well formed, one with a field of another shape, or no update at all."""
    who, chat = draw(st.sampled_from([ANN, ANN, 1003])), draw(st.sampled_from([None, None, GROUP]))
    said = message(who, chat, **draw(CONTENT))
    raw: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"message": said},
                {"edited_message": said},
                {
                    "callback_query": {
                        "id": "1",
                        "from": said["from"],
                        "chat_instance": "1",
                        "data": draw(DATA),
                        "message": {**said, "from": {"id": BOT, "is_bot": True, "first_name": "B"}},
                    }
                },
                {"inline_query": {"id": "1", "from": said["from"], "query": draw(TEXT), "offset": ""}},
                {"my_chat_member": draw(MEMBERSHIP)},
                {"message": message(who, GROUP, migrate_to_chat_id=draw(NUMBER))},
            ]
        )
    )
    if draw(st.integers(0, 3)) == 0:
        kind = next(iter(raw))
        if isinstance(raw[kind], dict) and raw[kind]:
            broken = draw(st.sampled_from(sorted(raw[kind])))
            raw = {kind: {**raw[kind], broken: draw(JUNK)}}
    return raw if draw(st.integers(0, 9)) else draw(JUNK)


@given(st.lists(update(), min_size=1, max_size=15))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_update_brings_it_down_or_holds_up_others(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge, raws: list[Any]
) -> None:
    _play(sqlite_template, tmp_path_factory, knowledge, raws)


def _play(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge, raws: list[Any]
) -> None:
    """Deliver updates to a stack of their own: somebody else is answered, all can be drawn, no bug shows."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("fuzz") / "any.sqlite"))

    async def play() -> None:
        async with opened(path, knowledge) as stack:
            for raw in raws:
                await stack.hear(raw)
            assert await stack.answers()
            stack.draw()

    with capture_logs() as logs:
        asyncio.run(asyncio.wait_for(play(), 60))
    # An apology would be no fall either, but each one is a bug.
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


@st.composite
def modelled(draw: st.DrawFn) -> dict[str, Any]:
    """An update as the Bot API's types describe it, of a kind that the bot takes or of any other."""
    kinds = Update.model_fields.keys() - {"update_id"}
    kind = draw(st.sampled_from(UPDATES) | st.sampled_from(sorted(kinds)))
    made: dict[str, Any] = draw(of_type(Update.model_fields[kind].annotation, DEEPEST))
    if draw(st.booleans()):
        # From somebody, in a chat where the bot is: else most would be nobody's.
        made = {**made, **message(ANN), "chat": draw(CHAT)}
    return {kind: made}


@given(st.lists(modelled(), min_size=1, max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_the_bot_api_may_send_is_played_or_passed_over(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge, raws: list[Any]
) -> None:
    _play(sqlite_template, tmp_path_factory, knowledge, raws)


def test_every_kind_of_update_is_among_them() -> None:
    """A kind that the bot begins to take has to be tried here too."""
    assert set(UPDATES) == {"message", "edited_message", "callback_query", "inline_query", "my_chat_member"}
