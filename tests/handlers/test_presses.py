"""Taps: on one's own buttons, on forged ones, on messages that are gone."""

from __future__ import annotations

import pytest

from tests.handlers.conftest import Ears
from tests.handlers.updates import GROUP, ME, PERSON, USERNAME, said, tapped


async def test_a_tap_answers_and_is_answered(ears: Ears) -> None:
    await ears.hear(said("/file"))
    assert await ears.hear(tapped(ears.stand.data("Pay"))) == ["Tell us what happened."]
    assert ears.stand.heard.toasts == [("77", None)]
    assert ears.stand.heard.rows[-1].target == {"edit": 10}


async def test_somebody_elses_tap_in_a_group_gets_a_toast(ears: Ears) -> None:
    await ears.hear(said(f"/ask@{USERNAME}", chat=GROUP))
    message = {"message_id": 10, "date": 1, "from": ME, "chat": GROUP, "text": "Which colour?"}
    other = tapped(ears.stand.data("Red"), message=message, **{"from": {**PERSON, "id": 6}})
    assert await ears.hear(other) == []
    assert ears.stand.heard.toasts[-1][1] == "These buttons are somebody else's. Send the command yourself."


async def test_a_message_too_old_for_telegram_to_show_can_still_be_tapped(ears: Ears) -> None:
    """Of such a message only chat and number come (InaccessibleMessage, date 0)."""
    await ears.hear(said("/file"))
    gone = {"chat": {"id": 5, "type": "private", "first_name": "Ann"}, "message_id": 10, "date": 0}
    assert await ears.hear(tapped(ears.stand.data("Pay"), message=gone)) == ["Tell us what happened."]


@pytest.mark.parametrize("data", ["", "t:zz:1:0", "a:nothing:x", "t:1:1:1\x00", "🙂" * 16, "t:" + "9" * 62])
async def test_forged_data_gets_a_word(ears: Ears, data: str) -> None:
    assert await ears.hear(tapped(data)) == []
    assert ears.stand.heard.toasts[-1][1]


async def test_taps_without_message_or_data_are_skipped(ears: Ears) -> None:
    """Under a message sent through inline mode, and on a game's button."""
    assert await ears.hear(tapped("t:1:1:0", message=None, inline_message_id="9"), tapped(None)) == []
    assert ears.stand.heard.toasts == []
