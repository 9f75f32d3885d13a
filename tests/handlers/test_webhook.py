"""The webhook over real HTTP: who may deliver, what is taken, and that 200 means committed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.handlers.webhook import MOST_BYTES, SECRET_HEADER
from bot.store.database import Database, sqlite_url
from bot.store.tables import conversations, outbox, updates
from tests.handlers.conftest import SECRET, Ears, Hook, Outage, listening, serving
from tests.handlers.updates import said, tapped


@pytest.mark.parametrize(
    "secret", [None, "", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "sécret", "秘密"]
)
async def test_who_does_not_know_the_secret_is_turned_away(
    hook: Hook, ears: Ears, secret: str | None
) -> None:
    assert await hook.post(said("/file"), secret) == 401
    assert await ears.count(updates) == 0


async def test_a_secret_of_raw_bytes_is_turned_away(hook: Hook) -> None:
    """Bytes that are no UTF-8 must not break the comparison; aiohttp's client would not send them."""
    host, port = hook.url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = b"POST /telegram/hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\xe9\r\n"
    writer.write(head + b"Content-Length: 2\r\n\r\n{}")
    assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()


async def test_who_only_looks_is_told_to_post(hook: Hook) -> None:
    async with hook.http.get(hook.url) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")


async def test_200_says_that_it_is_committed(hook: Hook, ears: Ears) -> None:
    assert await hook.post(said("/file")) == 200
    assert ears.stand.heard.texts == ["What is it about?"]
    assert [await ears.count(table) for table in (updates, conversations, outbox)] == [1, 1, 1]


async def test_the_same_update_delivered_again_is_applied_once(hook: Hook, ears: Ears) -> None:
    update = said("/file")
    assert [await hook.post(update) for _ in range(3)] == [200, 200, 200]
    assert await asyncio.gather(*(hook.post(update) for _ in range(5))) == [200] * 5
    assert await ears.count(outbox) == 1


async def test_an_impatient_telegram_delivers_at_the_same_time(hook: Hook, ears: Ears) -> None:
    """It asks again when an answer takes too long, while the first delivery is still being played."""
    pairs = [said("/file", chat=_chat(number), **_by(number)) for number in range(1, 31)]
    statuses = await asyncio.gather(*(hook.post(update) for update in [*pairs, *pairs]))
    assert set(statuses) == {200}
    assert await ears.count(outbox) == 30


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b'{"update_id": NaN}', b"[" * 100_000],
)
async def test_what_is_no_json_is_a_bad_request(hook: Hook, ears: Ears, body: bytes) -> None:
    assert await hook.post(body) == 400
    assert await ears.count(updates) == 0


async def test_a_body_over_the_cap_is_refused(hook: Hook, ears: Ears) -> None:
    assert await hook.post(orjson.dumps(said("x" * MOST_BYTES))) == 413
    assert await ears.count(updates) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"null",
        7,
        "text",
        [],
        {},
        {"update_id": "many", "message": {}},
        {"update_id": True, "message": {}},
        {"update_id": -1, "message": {}},
        {"update_id": 2**63, "message": {}},
        {"update_id": 5},
        {"update_id": 5, "message": 7},
        {"update_id": 5, "message": {"message_id": 1}},
        {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}}},
    ],
)
async def test_what_can_never_be_read_is_skipped_and_does_not_come_again(hook: Hook, raw: object) -> None:
    with capture_logs() as logs:
        assert await hook.post(raw) == 200
    assert [entry["log_level"] for entry in logs] == ["warning"]


async def test_kinds_of_updates_that_nobody_asked_for_are_skipped(hook: Hook, ears: Ears) -> None:
    assert await hook.post({"update_id": 5, "kind_of_next_year": {"some": "thing"}}) == 200
    assert await hook.post(said("hello", kind="channel_post", sender_chat=_chat(9))) == 200
    assert await ears.count(updates) == 0


async def test_a_lone_surrogate_is_answered_like_any_text(hook: Hook, ears: Ears) -> None:
    """orjson refuses what Python's own reader takes; a person's message must not be lost over it."""
    body = orjson.dumps(said("/file HALF")).replace(b"HALF", rb"\ud83d")
    assert await hook.post(body) == 200
    assert ears.stand.heard.texts == ["What is it about?"]


async def test_nothing_of_a_message_is_logged(hook: Hook) -> None:
    canary = "canary 13800138000"
    with capture_logs() as logs:
        await hook.post({**said(canary), "message": {"text": canary}})
        await hook.post(canary.encode())
        await hook.post(tapped(canary), "forged")
    assert "canary" not in str(logs)
    assert SECRET not in str(logs)


async def test_while_the_database_is_away_updates_are_kept_by_telegram(
    hook_on_each: Hook, ears_on_each: Ears, outage: Outage
) -> None:
    """503 tells Telegram to come again; then the same update is applied, once."""
    first, second = said("/file"), said("Pay")
    assert await hook_on_each.post(first) == 200
    async with outage():
        assert await hook_on_each.post(second) == 503
        assert await hook_on_each.post(second) == 503
    assert await hook_on_each.post(second) == 200
    assert await hook_on_each.post(second) == 200
    assert ears_on_each.stand.heard.texts == ["What is it about?", "Tell us what happened."]


async def test_a_cut_connection_costs_no_update(
    hook_on_each: Hook, ears_on_each: Ears, outage: Outage
) -> None:
    """The pool still holds connections from before the outage: the first update after it finds them dead."""
    assert await hook_on_each.post(said("/file")) == 200
    async with outage():
        pass
    update = said("Pay")
    statuses = [await hook_on_each.post(update) for _ in range(3)]
    assert statuses[-1] == 200
    assert ears_on_each.stand.heard.texts == ["What is it about?", "Tell us what happened."]


def _by(number: int) -> dict[str, Any]:
    return {"from": {"id": number, "is_bot": False, "first_name": "Ann", "language_code": "en"}}


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "Ann"}


# -- Any body ----------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [b'{"update_id": 5', b'"message": {', b"}", b"]", b"[" * 50, b"null", b"1e999", b"\\ud800", b"\x00", b'"']
)
UPDATE = orjson.dumps(said("/menu"))
BODIES = (
    st.binary(max_size=64)
    | st.lists(PIECES, max_size=8).map(b"".join)
    | st.tuples(st.integers(0, 40), st.integers(20, 400)).map(lambda cut: UPDATE[slice(*cut)])
)
HEADERS = st.fixed_dictionaries(
    {SECRET_HEADER: st.sampled_from([SECRET, SECRET, SECRET, "x", ""])},
    optional={
        "Content-Type": st.sampled_from(["application/json", "text/plain", "multipart/form-data", "x"]),
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "identity", "x"]),
    },
)


@given(sent=st.lists(st.tuples(BODIES, HEADERS), min_size=1, max_size=10))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_body_is_answered_and_the_next_update_taken(
    sqlite_path: Path, now: datetime, sent: list[tuple[bytes, dict[str, str]]]
) -> None:
    """To Telegram a 5xx would mean to deliver it again, for ever."""

    async def deliver() -> set[int]:
        database = Database(sqlite_url(sqlite_path))
        statuses = set()
        async with listening(database, now) as ears, serving(ears) as hook:
            for body, headers in sent:
                # A body that cannot be unpacked costs the connection.
                alone = {**headers, "Connection": "close"}
                async with hook.http.post(hook.url, data=body, headers=alone) as answer:
                    await answer.read()
                    statuses.add(answer.status)
            assert await hook.post(said("/menu")) == 200
        await database.close()
        return statuses

    assert asyncio.run(deliver()) <= {200, 400, 401}
