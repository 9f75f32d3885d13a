"""Inline queries go to whoever offers stations; nothing is kept of them."""

from __future__ import annotations

from typing import Any

from bot.handlers.feed import Feed
from bot.store.tables import people, updates
from tests.handlers.conftest import Ears
from tests.handlers.updates import PERSON, USERNAME, said, update


def _asked(query: str, **more: Any) -> dict[str, Any]:
    return update("inline_query", {"id": "88", "from": PERSON, "query": query, "offset": "", **more})


async def test_what_is_typed_after_the_name_is_asked(ears: Ears) -> None:
    await ears.hear(_asked("李家沱"), _asked(""), _asked("a\x00\u202eb"))
    assert ears.asked_inline == [("88", "李家沱", "en"), ("88", "", "en"), ("88", "ab", "en")]
    assert await ears.count(updates) == await ears.count(people) == 0


async def test_a_bug_in_an_offer_holds_up_nothing(ears: Ears) -> None:
    """It would be the same bug at every delivery: polling would never get past it."""

    async def offers(_query: str, text: str, _language: str | None) -> None:
        raise ValueError(text)

    feed = Feed(ears.stand.intake, USERNAME, offers)
    await feed.take(_asked("李家沱"))
    await feed.take(said("/menu"))
    assert ears.stand.heard.texts == ["The menu"]
