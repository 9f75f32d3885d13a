"""The engine's promises: replay, Back, changed dialogs, and the mistakes it names."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.talk import hears, says
from bot.talk.engine import MAX_STEPS, Go, Run, Talk, run
from bot.talk.errors import DuplicateKey, ForgottenAwait, JournalTooLarge, TooManySteps
from bot.talk.inputs import LongText
from bot.talk.journal import Journal
from tests.talk import sample

Json = Any


def _round_trip(journal: Journal) -> Journal:
    return Journal(orjson.loads(orjson.dumps(journal.to_json())))


async def _play(*events: hears.Event, filed: list[Json] | None = None) -> Run:
    filed = [] if filed is None else filed

    async def dialog(talk: Talk) -> None:
        await sample.file(talk, filed)

    brought = await run(dialog, Journal())
    for event in events:
        brought = await run(dialog, _round_trip(brought.journal), event)
    return brought


def _step(brought: Run) -> str | None:
    return brought.prompt.step if brought.prompt else None


PAY, STORY, SKIP = hears.Choice("pay"), hears.Text("They owe me money"), hears.Skip()
DONE, NO, YES = hears.Choice("done"), hears.Choice(False), hears.Choice(True)
UP, BACK = hears.Choice("up"), hears.Back()


async def test_a_conversation_from_start_to_end() -> None:
    filed: list[Json] = []
    brought = await _play(PAY, STORY, SKIP, UP, UP, DONE, NO, YES, hears.Choice(1), filed=filed)
    assert brought.prompt is None
    assert filed == [("pay", "They owe me money", None, 3, [])]


async def test_an_effect_happens_once_however_often_it_is_replayed() -> None:
    filed: list[Json] = []
    brought = await _play(PAY, STORY, SKIP, DONE, NO, YES, hears.Text("?"), hears.Text("??"), filed=filed)
    assert _step(brought) == "after"
    assert len(filed) == 1


async def test_what_was_done_cannot_be_taken_back() -> None:
    filed: list[Json] = []
    brought = await _play(PAY, STORY, SKIP, DONE, NO, YES, BACK, BACK, filed=filed)
    assert _step(brought) == "after"
    assert brought.refusal is not None
    assert brought.prompt is not None
    assert not brought.prompt.back


async def test_a_typed_label_or_number_is_a_tap() -> None:
    assert _step(await _play(hears.Text("pay"))) == "story"
    assert _step(await _play(hears.Text("2"))) == "story"


@pytest.mark.parametrize("event", [hears.Choice("in two words"), hears.Text("in two words")])
async def test_a_quick_answer_is_heard_as_if_it_were_typed(event: hears.Event) -> None:
    async def dialog(talk: Talk) -> None:
        await talk.ask("said", "Say it.", LongText(), quick=[("Two words", "in two words")])

    asked = await run(dialog, Journal())
    assert asked.prompt is not None
    assert [option.label for option in says.options_of(asked.prompt.message)] == ["Two words"]
    assert (await run(dialog, asked.journal, event)).journal.value("said") == "in two words"


async def test_a_refusal_says_what_to_do_and_loses_nothing() -> None:
    brought = await _play(PAY, hears.Text("no"))
    assert _step(brought) == "story"
    assert brought.refusal is not None
    assert "5" in brought.refusal
    assert list(brought.journal) == ["kind"]


async def test_an_event_of_another_kind_is_not_heard() -> None:
    assert not (await _play(hears.Location(1, 2))).heard
    assert not (await _play(PAY, hears.Location(1, 2))).heard
    assert (await _play(PAY, hears.Text("no"))).heard


async def test_back_opens_a_left_screen_as_it_was() -> None:
    brought = await _play(PAY, STORY, SKIP, UP, UP, DONE, BACK)
    assert brought.prompt is not None
    assert isinstance(brought.prompt.message, says.Text)
    assert brought.prompt.message.text == "How many? 3"


async def test_a_dialog_that_gained_a_step_asks_only_that() -> None:
    async def gained(talk: Talk) -> None:
        await talk.choose("kind", "What?", sample.KINDS)
        await talk.ask("when", "Since when?", LongText(1, 20))
        await talk.ask("story", "Tell.", LongText(5, 200))

    before = await _play(PAY, STORY)
    brought = await run(gained, before.journal)
    assert _step(brought) == "when"
    assert (await run(gained, brought.journal, hears.Text("May"))).prompt is None


async def test_a_dialog_that_lost_a_step_goes_on() -> None:
    async def lost(talk: Talk) -> None:
        await talk.ask("story", "Tell.", LongText(5, 200))

    before = await _play(PAY, STORY)
    assert (await run(lost, before.journal)).prompt is None


@pytest.mark.parametrize(("said", "sure"), [("好的", True), ("no thanks", False)])
async def test_a_yes_or_no_may_be_said_in_other_words_than_the_buttons(said: str, sure: bool) -> None:
    async def asks(talk: Talk) -> None:
        heard.append(await talk.confirm("sure", "Really?"))

    heard: list[bool] = []
    asked = await run(asks, Journal({}))
    await run(asks, asked.journal, hears.Text(said))
    assert heard == [sure]


async def test_an_answer_no_longer_accepted_is_asked_again_alone() -> None:
    async def renamed(talk: Talk) -> str:
        kind = await talk.choose("kind", "What?", [("Wages", "wages"), ("Parking", "parking")])
        story = await talk.ask("story", "Tell.", LongText(5, 200))
        await talk.say("end", f"{kind}: {story}")
        return ""

    before = await _play(PAY, STORY)
    brought = await run(renamed, before.journal)  # type: ignore[arg-type]
    assert _step(brought) == "kind"
    brought = await run(renamed, brought.journal, hears.Choice("wages"))  # type: ignore[arg-type]
    assert brought.prompt is None
    assert [message.text for message in brought.said if isinstance(message, says.Text)] == [
        "wages: They owe me money"
    ]


async def test_the_first_run_sees_what_a_replay_sees() -> None:
    """A tuple comes back from JSON as a list: a dialog must not see the difference only after a restart."""
    seen: list[Json] = []

    async def dialog(talk: Talk) -> None:
        seen.append(await talk.once("pair", lambda: (1, 2)))
        await talk.ask("story", "Tell.", LongText())

    brought = await run(dialog, Journal())
    await run(dialog, _round_trip(brought.journal))
    assert seen == [[1, 2], [1, 2]]


async def test_what_json_cannot_hold_is_refused_at_once() -> None:
    async def dialog(talk: Talk) -> None:
        await talk.once("when", lambda: datetime(2026, 5, 13, tzinfo=UTC))

    with pytest.raises(TypeError):
        await run(dialog, Journal())


async def test_a_note_can_be_taken_back_with_its_answer() -> None:
    looks: list[int] = []

    async def dialog(talk: Talk) -> None:
        await talk.ask("first", "?", LongText())
        looks.append(await talk.note("dice", lambda: len(looks)))
        await talk.ask("second", "?", LongText())

    brought = await run(dialog, Journal())
    for event in (hears.Text("a"), hears.Text(""), BACK, hears.Text("a")):
        brought = await run(dialog, _round_trip(brought.journal), event)
    assert looks == [0, 0, 2]


async def test_handing_over_to_another_dialog() -> None:
    async def dialog(talk: Talk) -> Go:
        return Go("other", {"kind": "pay"})

    assert (await run(dialog, Journal())).go == Go("other", {"kind": "pay"})


async def test_a_forgotten_await_is_named() -> None:
    async def in_the_middle(talk: Talk) -> None:
        talk.ask("first", "?", LongText())
        await talk.ask("second", "?", LongText())

    async def at_the_end(talk: Talk) -> None:
        talk.say("bye", "Bye.")

    with pytest.raises(ForgottenAwait, match="'first'"):
        await run(in_the_middle, Journal())
    with pytest.raises(ForgottenAwait, match="'bye'"):
        await run(at_the_end, Journal())


async def test_a_key_used_twice_is_named() -> None:
    async def dialog(talk: Talk) -> None:
        await talk.say("hello", "Hello.")
        await talk.say("hello", "Hello again.")

    with pytest.raises(DuplicateKey, match="'hello'"):
        await run(dialog, Journal())


async def test_a_loop_without_end_is_found() -> None:
    async def dialog(talk: Talk) -> None:
        for index in range(MAX_STEPS + 1):
            await talk.say(f"line#{index}", "On and on.")

    with pytest.raises(TooManySteps):
        await run(dialog, Journal())


async def test_a_journal_has_a_cap() -> None:
    async def dialog(talk: Talk) -> None:
        await talk.once("blob", lambda: "x" * 70_000)

    with pytest.raises(JournalTooLarge):
        await run(dialog, Journal())


# -- Any sequence of events ------------------------------------------------------

EVENTS = st.one_of(
    st.sampled_from(["pay", "parking", "up", "down", "done", True, False, 1, 0, None, "nonsense"]).map(
        hears.Choice
    ),
    st.text(max_size=300).map(hears.clean).map(hears.Text),
    st.sampled_from(["pay", "1", "2", "42", "a long enough story"]).map(hears.Text),
    st.builds(hears.Location, st.floats(-90, 90), st.floats(-180, 180)),
    st.builds(hears.Photo, st.just("file"), st.text(max_size=20)),
    st.just(hears.Voice("voice", 3)),
    st.just(hears.Other()),
    st.just(hears.Skip()),
    st.just(hears.Back()),
)


@given(st.lists(EVENTS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_events_keep_the_invariants(events: list[hears.Event]) -> None:
    asyncio.run(_keeps_the_invariants(events))


async def _keeps_the_invariants(events: list[hears.Event]) -> None:
    filed: list[Json] = []

    async def dialog(talk: Talk) -> None:
        await sample.file(talk, filed)

    brought = await run(dialog, Journal())
    for event in events:
        before = brought.journal.answers()
        could_go_back = brought.journal.last_answer() is not None
        brought = await run(dialog, _round_trip(brought.journal), event)
        again = await run(dialog, _round_trip(brought.journal))
        assert again.prompt == brought.prompt
        assert again.journal.to_json() == brought.journal.to_json()
        assert again.said == []
        assert len(filed) <= 1
        if isinstance(event, hears.Back):
            assert brought.journal.answers() == before - could_go_back
        elif brought.prompt is not None and not brought.journal.answers():
            assert _step(brought) in ("kind", "after")
        if brought.prompt is None:
            return


async def test_the_choice_that_leads_has_a_row_of_its_own() -> None:
    """Among ten buttons the one that sends an appeal was the left half of a row."""

    async def dialog(talk: Talk) -> None:
        choices = [("Send", 1), ("Kind", 2), ("Story", 3), ("Place", 4)]
        await talk.choose("sure", "Right?", choices, leading=1)

    prompt = (await run(dialog, Journal())).prompt
    assert prompt is not None
    rows = [[button.label for button in row] for row in prompt.message.rows]
    assert rows == [["Send"], ["Kind", "Story"], ["Place"]]
