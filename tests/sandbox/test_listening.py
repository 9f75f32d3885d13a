"""How a bot hears: long polls, conflicts, webhooks with redelivery; taps and inline queries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.sandbox.driver import Driver, FakeClock, Refusal

Json = dict[str, Any]


class Hook:
    """A bot's webhook that keeps what it gets; `answers` are the statuses it gives first, 200 after them."""

    def __init__(self) -> None:
        self.url = ""
        self.got: asyncio.Queue[tuple[Json, str | None]] = asyncio.Queue()
        self.answers: list[int] = []
        self.reply: Json = {}

    async def handle(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.put_nowait((await request.json(), secret))
        return web.json_response(self.reply, status=self.answers.pop(0) if self.answers else 200)

    async def next(self) -> Json:
        """The next update."""
        async with asyncio.timeout(30):
            return (await self.got.get())[0]


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.add_routes([web.post("/", hook.handle)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield hook
    await runner.cleanup()


async def test_a_long_poll_ends_with_the_first_update(driver: Driver) -> None:
    who = await driver.started()
    poll = asyncio.create_task(driver.updates(timeout=50))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await driver.say(who, "hello")
    assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_a_second_poll_ends_the_first(driver: Driver) -> None:
    await driver.started()
    first = asyncio.create_task(driver.bot("getUpdates", offset=driver.offset, timeout=50))
    await asyncio.sleep(0.05)
    assert await driver.bot("getUpdates", offset=driver.offset) == []
    with pytest.raises(Refusal) as caught:
        await first
    assert (caught.value.code, caught.value.text) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )


async def test_a_webhook_and_a_poll_exclude_each_other(driver: Driver) -> None:
    await driver.started()
    poll = asyncio.create_task(driver.bot("getUpdates", offset=driver.offset, timeout=50))
    await asyncio.sleep(0.05)
    async with hooked() as hook:
        await driver.bot("setWebhook", url=hook.url)
        with pytest.raises(Refusal, match="409 Conflict: terminated by setWebhook request"):
            await poll
        with pytest.raises(
            Refusal, match="409 Conflict: can't use getUpdates method while webhook is active"
        ):
            await driver.bot("getUpdates")
        assert (await driver.bot("getWebhookInfo"))["url"] == hook.url
        await driver.bot("deleteWebhook")
        assert await driver.bot("getUpdates", offset=driver.offset) == []


async def test_a_webhook_gets_the_secret_and_each_update_again_until_it_says_200(driver: Driver) -> None:
    who = await driver.started()
    async with hooked() as hook:
        hook.answers = [500]
        await driver.bot("setWebhook", url=hook.url, secret_token="s3-cret")
        await driver.say(who, "one")
        await driver.say(who, "two")
        first, again, second = await hook.next(), await hook.next(), await hook.next()
        assert first == again
        assert (first["message"]["text"], second["message"]["text"]) == ("one", "two"), (
            "a chat stays in order"
        )
        info = await driver.bot("getWebhookInfo")
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
        await driver.say(who, "three")
        assert (await hook.got.get())[1] == "s3-cret"


async def test_a_method_in_the_webhooks_answer_is_carried_out(driver: Driver) -> None:
    who = await driver.started()
    async with hooked() as hook:
        hook.reply = {"method": "sendMessage", "chat_id": who, "text": "from the reply"}
        await driver.bot("setWebhook", url=hook.url)
        said = await driver.say(who, "hello")
        shown = await driver.look(f"chats/{who}/messages", after=said["message_id"], wait=5)
        assert [message["text"] for message in shown] == ["from the reply"]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"url": "ftp://example.com"}, "invalid webhook URL specified"),
        ({"url": "https://example.com", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "https://example.com", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_refused_webhooks(driver: Driver, parameters: Json, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        await driver.bot("setWebhook", **parameters)


async def _tap(driver: Driver, who: int) -> tuple[asyncio.Task[Any], Json]:
    """Tap a fresh button; gives the waiting tap and the query that the bot got."""
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
    sent = await driver.bot("sendMessage", chat_id=who, text="?", reply_markup=keys)
    body = {"from": who, "chat": who, "message_id": sent["message_id"], "data": "x"}
    tap = asyncio.create_task(driver.client("presses", **body))
    query = (await driver.updates(timeout=5))[0]["callback_query"]
    return tap, query


async def test_a_tap_waits_for_its_answer(driver: Driver) -> None:
    tap, query = await _tap(driver, await driver.started())
    assert query["data"] == "x"
    await driver.bot("answerCallbackQuery", callback_query_id=query["id"], text="ok", show_alert=True)
    assert await tap == {"answered": True, "text": "ok", "show_alert": True}


async def test_a_tap_that_is_150_seconds_old_cannot_be_answered(driver: Driver, clock: FakeClock) -> None:
    tap, query = await _tap(driver, await driver.started())
    clock.pass_seconds(151)
    with pytest.raises(Refusal) as caught:
        await driver.bot("answerCallbackQuery", callback_query_id=query["id"])
    reason = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert caught.value.text == reason
    tap.cancel()


async def test_a_forged_tap_reaches_the_bot(driver: Driver) -> None:
    who = await driver.started()
    sent = await driver.bot("sendMessage", chat_id=who, text="no buttons")
    forged = {"from": who, "chat": who, "message_id": sent["message_id"], "data": "' OR 1=1 --"}
    tap = asyncio.create_task(driver.client("presses", **forged))
    assert (await driver.updates(timeout=5))[0]["callback_query"]["data"] == "' OR 1=1 --"
    tap.cancel()


async def test_an_inline_query_offers_results_and_a_chosen_one_is_sent(driver: Driver) -> None:
    who = await driver.started()
    await driver.bot("getUpdates", allowed_updates=["message", "inline_query", "chosen_inline_result"])
    asked = asyncio.create_task(driver.client("inline", **{"from": who, "query": "李家沱"}))
    query = (await driver.updates(timeout=5))[0]["inline_query"]
    result = {
        "type": "article",
        "id": "1",
        "title": "驿站",
        "input_message_content": {"message_text": "<b>驿站</b>", "parse_mode": "HTML"},
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]},
    }
    await driver.bot("answerInlineQuery", inline_query_id=query["id"], results=[result])
    answer = await asked
    assert [offered["title"] for offered in answer["results"]] == ["驿站"]
    sent = await driver.client("messages", **{"from": who, "inline_result": answer["results"][0]})
    assert (sent["text"], sent["via_bot"]["id"]) == ("驿站", await driver.me())
    chosen = (await driver.updates())[-1]["chosen_inline_result"]
    assert (chosen["result_id"], chosen["query"]) == ("1", "李家沱")
    place = {"inline_message_id": chosen["inline_message_id"]}
    assert await driver.bot("editMessageText", **place, text="关了") is True
    shown = await driver.look(f"chats/{who}/messages", after=sent["message_id"] - 1)
    assert shown[0]["text"] == "关了"
    with pytest.raises(Refusal, match="MESSAGE_ID_INVALID"):
        await driver.bot("editMessageText", inline_message_id="im_1_1_1", text="x")


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([{"type": "article", "id": "1"}], 'Can\'t find field "title"'),
        ([{"type": "nonsense", "id": "1"}], 'type "nonsense" is unsupported for the inline query result'),
        ([{"type": "article", "id": "x" * 65}], "RESULT_ID_INVALID"),
        ([{}] * 51, "too many inline query results specified"),
        (["x"], "inline query result must be an object"),
    ],
)
async def test_refused_inline_results(driver: Driver, results: list[Any], reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        await driver.bot("answerInlineQuery", inline_query_id="1", results=results)
    assert reason in caught.value.text
