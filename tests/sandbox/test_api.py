"""The Bot API over HTTP: tokens, methods, ways to send parameters, files, faults."""

from __future__ import annotations

import aiohttp
import pytest

from bot.limits import PRIVATE_BURST
from bot.sandbox import SandboxSettings, start_sandbox
from tests.sandbox.driver import PNG, TOKEN, Driver, Refusal


@pytest.mark.parametrize(
    ("token", "method", "status", "description"),
    [
        ("nonsense", "getMe", 401, "Unauthorized"),
        ("12:short", "getMe", 401, "Unauthorized"),
        ("0:" + "A" * 35, "getMe", 401, "Unauthorized"),
        (TOKEN, "noSuchMethod", 404, "Not Found"),
    ],
)
async def test_refused_at_the_door(
    driver: Driver, token: str, method: str, status: int, description: str
) -> None:
    async with driver.http.post(f"{driver.sandbox.url}/bot{token}/{method}") as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}


async def test_a_second_secret_for_a_known_bot_is_refused(driver: Driver) -> None:
    await driver.bot("getMe")
    driver.token = TOKEN[:-1] + "B"
    with pytest.raises(Refusal, match="401 Unauthorized"):
        await driver.bot("getMe")


async def test_only_listed_tokens_where_there_is_a_list() -> None:
    sandbox = await start_sandbox(SandboxSettings(port=0, tokens=frozenset({TOKEN})))
    async with aiohttp.ClientSession() as http:
        driver = Driver(sandbox, http)
        assert (await driver.bot("getMe"))["is_bot"]
        driver.token = "77:" + "C" * 35
        with pytest.raises(Refusal, match="401"):
            await driver.bot("getMe")
    await sandbox.close()


async def test_every_way_to_send_parameters(driver: Driver) -> None:
    who = await driver.started()
    url = f"{driver.sandbox.url}/bot{TOKEN}/SENDmessage"
    fields = {"chat_id": str(who), "text": "hi"}
    form = aiohttp.FormData(fields, default_to_multipart=True)
    answers = [
        await driver.http.get(url, params=fields),
        await driver.http.post(url, data=fields),
        await driver.http.post(url, data=form),
        await driver.http.post(url, json=fields),
        await driver.http.post(url, params={"chat_id": who}, json={"text": "hi"}),
    ]
    assert [(await answer.json())["result"]["text"] for answer in answers] == ["hi"] * len(answers)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b'{"text": "\\ud800"}', b'{"chat_id": NaN}', b"\xff\xfe"]
)
async def test_a_broken_body_is_a_400(driver: Driver, body: bytes) -> None:
    await driver.bot("getMe")
    headers = {"Content-Type": "application/json"}
    url = f"{driver.sandbox.url}/bot{TOKEN}/sendMessage"
    async with driver.http.post(url, data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"].startswith("Bad Request: ")


async def test_a_file_can_be_fetched_with_the_token_only(driver: Driver) -> None:
    who = await driver.started()
    form = aiohttp.FormData({"from": str(who), "caption": "look"})
    form.add_field("photo", PNG, filename="p.png", content_type="image/png")
    message = await driver.form("messages", form)
    file = await driver.bot("getFile", file_id=message["photo"][-1]["file_id"])
    for token, status in ((TOKEN, 200), ("nonsense", 401)):
        async with driver.http.get(f"{driver.sandbox.url}/file/bot{token}/{file['file_path']}") as response:
            assert response.status == status
            assert (await response.read() == PNG) == (status == 200)


async def test_ordered_faults_meet_the_next_calls(driver: Driver) -> None:
    who = await driver.started()
    await driver.client("faults", method="sendMessage", error_code=429, retry_after=7, times=2)
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            await driver.bot("sendMessage", chat_id=who, text="x")
        assert (caught.value.text, caught.value.parameters) == (
            "Too Many Requests: retry after 7",
            {"retry_after": 7},
        )
    await driver.bot("sendMessage", chat_id=who, text="x")


async def test_a_drop_after_has_acted_and_a_drop_before_has_not(driver: Driver) -> None:
    who = await driver.started()
    for drop, sent in (("before", 0), ("after", 1)):
        before = len(await driver.look(f"chats/{who}/messages"))
        await driver.client("faults", method="sendMessage", drop=drop, times=1)
        with pytest.raises(aiohttp.ClientError):
            await driver.bot("sendMessage", chat_id=who, text="x")
        assert len(await driver.look(f"chats/{who}/messages")) - before == sent


async def test_floods_are_refused_with_the_official_words(strict: Driver) -> None:
    who = await strict.started()
    with pytest.raises(Refusal, match="429 Too Many Requests: retry after 1"):
        for _ in range(PRIVATE_BURST + 1):
            await strict.bot("sendMessage", chat_id=who, text="x")
    stats = await strict.look("stats")
    assert stats["floods_refused"] == 1
    assert stats["messages"][str(who)] == PRIVATE_BURST + 1
