"""Commands, taps, parking: how conversations give way to each other and come back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.services import turn_words as words
from bot.services.turn_words import likely_meant
from bot.store.tables import conversations
from bot.talk import hears
from tests.services.conftest import Stand

GROUP = -100


async def _begin(stand: Stand) -> None:
    await stand.say("/file")
    await stand.say("Pay")


async def test_back_takes_the_last_answer_back(stand: Stand) -> None:
    await _begin(stand)
    texts, _ = await stand.press(stand.data("« Back"))
    assert texts == ["What is it about?"]


async def test_stop_is_one_tap(stand: Stand) -> None:
    await _begin(stand)
    texts, _ = await stand.press(stand.data("✕ Stop"))
    assert texts == ["Left. Nothing was sent."]
    assert await stand.say("They owe me") == ["The menu"]


async def test_another_command_parks_what_was_begun(stand: Stand) -> None:
    await _begin(stand)
    colour, offer = await stand.say("/ask")
    assert colour == "Which colour?"
    assert "An appeal" in offer
    texts, _ = await stand.press(stand.data("▶ Go on"))
    assert texts == ["Tell us what happened."]


async def test_what_was_parked_is_offered_once(stand: Stand) -> None:
    """It used to be offered after every matter in between, seven times in one afternoon."""
    await _begin(stand)
    _colour, offer = await stand.say("/ask")
    assert "An appeal" in offer
    assert await stand.say("Red") == []
    assert await stand.say("/ask") == ["Which colour?"]


async def test_what_was_gone_on_with_is_offered_again(stand: Stand) -> None:
    await _begin(stand)
    await stand.say("/ask")
    await stand.press(stand.data("▶ Go on"))
    _colour, offer = await stand.say("/ask")
    assert "An appeal" in offer


async def test_nothing_begun_is_nothing_to_park(stand: Stand) -> None:
    await stand.say("/file")
    assert await stand.say("/ask") == ["Which colour?"]


async def test_a_parked_conversation_can_be_dropped(stand: Stand) -> None:
    await _begin(stand)
    await stand.say("/ask")
    drop = stand.data("🗑 Drop it")
    texts, _ = await stand.press(drop)
    assert texts == ["Dropped."]
    _texts, toast = await stand.press(drop)
    assert toast == "It is not there any more."
    assert await stand.say("Red") == []


async def test_at_most_three_wait(stand: Stand) -> None:
    for _ in range(5):
        await _begin(stand)
    await stand.say("/cancel")
    async with stand.database.transaction() as connection:
        waiting = await connection.execute(sa.select(conversations.c.parked))
    assert [row.parked for row in waiting] == [True] * 3


async def test_words_that_fit_nothing_open_may_be_for_another_dialog(stand: Stand) -> None:
    await stand.say("/file")
    assert (await stand.say("colours"))[0] == "Which colour?"


async def test_an_open_question_has_the_first_word(stand: Stand) -> None:
    await _begin(stand)
    assert await stand.say("colours") == ["Where?"]


async def test_a_double_tap_does_nothing_twice(stand: Stand) -> None:
    await stand.say("/file")
    pay = stand.data("Pay")
    texts, toast = await stand.press(pay)
    assert texts == ["Tell us what happened."]
    assert toast is None
    texts, toast = await stand.press(pay)
    assert texts == []
    assert toast


async def test_an_old_button_brings_the_present_question(stand: Stand) -> None:
    await stand.say("/file")
    old = stand.data("Pay")
    await stand.say("Parking")
    texts, toast = await stand.press(old)
    assert texts == ["Tell us what happened."]
    assert toast


async def test_a_tap_redraws_the_message_and_words_get_a_new_one(stand: Stand) -> None:
    await stand.say("/file")
    await stand.press(stand.data("Pay"), message=77)
    assert stand.heard.rows[-1].target == {"edit": 77}
    await stand.say("They owe me")
    assert stand.heard.rows[-1].target is None


async def test_an_edited_message_does_not_answer_twice(stand: Stand) -> None:
    await _begin(stand)
    (hint,) = await stand.take(stand.update(hears.Text("They owe me!"), edited=True))
    assert "Back" in hint


async def test_in_a_group_everybody_has_their_own_conversation(stand: Stand) -> None:
    await stand.say("/ask", account=1, chat=GROUP)
    ones = stand.data("Red")
    await stand.say("/ask", account=2, chat=GROUP)
    _texts, toast = await stand.press(ones, account=2, chat=GROUP)
    assert toast == "These buttons are somebody else's. Send the command yourself."
    _texts, toast = await stand.press(ones, account=1, chat=GROUP)
    assert toast is None


async def test_personal_matters_leave_the_group(stand: Stand) -> None:
    (sentence,) = await stand.say("/file", account=1, chat=GROUP)
    assert "private" in sentence
    assert stand.heard.rows[-1].body["rows"][0][0]["url"] == "start:menu"


async def test_an_action_disturbs_no_conversation(stand: Stand) -> None:
    await _begin(stand)
    texts, toast = await stand.press("a:poke:it")
    assert (texts, toast) == ([], "poked it")
    assert await stand.say("They owe me") == ["Where?"]


async def test_a_button_for_what_is_gone_says_so(stand: Stand) -> None:
    await _begin(stand)
    texts, toast = await stand.press("a:fetch:it")
    assert (texts, toast) == ([], "It is not there any more.")
    assert await stand.say("They owe me") == ["Where?"]


async def test_an_unknown_command_leaves_the_question_open(stand: Stand) -> None:
    await _begin(stand)
    sorry, question = await stand.say("/wat")
    assert "/wat" in sorry
    assert question == "Tell us what happened."


async def test_a_dialog_that_a_release_took_away_ends_politely(stand: Stand) -> None:
    await _begin(stand)
    stand.repertoire.dialogs.pop("file")  # type: ignore[attr-defined]
    sorry, menu = await stand.say("They owe me")
    assert "any more" in sorry
    assert menu == "The menu"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("wish", "wishes"), ("wishs", "wishes"), ("reminder", "reminders"), ("appael", "appeal")),
        *(("wat", None), ("x", None), ("", None), ("first1", None)),
    ],
)
def test_a_near_miss_of_a_command_is_told_the_command(typed: str, meant: str | None) -> None:
    """/wish only heard that there is none."""
    known = ("wishes", "appeal", "appeals", "reminders", "menu", "me", "stations", "start")
    assert likely_meant(typed, known) == meant
    assert (f"/{meant}" in words.unknown(typed, known).text) == (meant is not None)
