"""Answers to taps and inline queries, through the sandbox."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.delivery.answers import CallbackAnswer, InlineAnswer, draw_answer
from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import USERNAME, Stage, text


async def _tap(stage: Stage, answer: dict[str, Any]) -> Any:
    """A person taps the only button; the bot gives that answer."""
    speaker = stage.speaker()
    ann = await stage.driver.started()
    await stage.say(speaker, [Outgoing(BOT, ann, text("?", rows=[[{"label": "A", "data": "x"}]]))])
    (row,) = await stage.settled()
    press = asyncio.create_task(
        stage.driver.client("presses", **{"from": ann}, chat=ann, message_id=row.message_id, data="x")
    )
    (update,) = await stage.driver.updates(timeout=5)
    speaker.answer(CallbackAnswer(update["callback_query"]["id"], **answer))
    return await press


async def test_a_toast(strict_stage: Stage) -> None:
    answered = await _tap(strict_stage, {"text": "好" * 300})
    assert answered["answered"] is True
    assert answered["text"] == "好" * 200


async def test_a_silent_answer(strict_stage: Stage) -> None:
    assert (await _tap(strict_stage, {}))["answered"] is True


async def test_an_alert(strict_stage: Stage) -> None:
    assert (await _tap(strict_stage, {"text": "!", "alert": True}))["show_alert"] is True


def test_a_deep_link_as_an_answer() -> None:
    call = draw_answer(CallbackAnswer("1", url="start:st_7"), USERNAME)
    assert call.params["url"] == f"https://t.me/{USERNAME}?start=st_7"


async def test_inline_results(strict_stage: Stage) -> None:
    driver = strict_stage.driver
    ann = await driver.started()
    asked = asyncio.create_task(driver.client("inline", **{"from": ann}, query="李家沱"))
    (update,) = await driver.updates(timeout=5)
    rows = [[{"label": "Open", "url": "start:st_1"}]]
    about = {"title": "驿站", "description": "巴南区"}
    place = {"type": "place", "lat": 29.4, "lon": 106.5, "title": "驿站", "address": "巴南区", "rows": rows}
    results: list[dict[str, Any]] = [
        {"id": "a", **about, "body": text("words", spans=[["bold", 0, 5]], rows=rows)},
        {"id": "b", **about, "body": place},
        {"id": "c", **about, "body": text("words"), "lat": 29.4, "lon": 106.5},
    ]
    strict_stage.speaker().answer(InlineAnswer(update["inline_query"]["id"], results, 60, personal=False))
    answer = await asked
    shown = answer["results"] if isinstance(answer, dict) else answer
    assert [(result["type"], result["id"]) for result in shown] == [
        ("article", "a"),
        ("venue", "b"),
        ("venue", "c"),
    ]


async def test_an_answer_that_comes_too_late_harms_nobody(strict_stage: Stage) -> None:
    speaker = strict_stage.speaker()
    speaker.answer(CallbackAnswer("123456", "late"))
    ann = await strict_stage.driver.started()
    await strict_stage.say(speaker, [Outgoing(BOT, ann, text("on"))])
    assert [row.state for row in await strict_stage.settled()] == ["sent"]
