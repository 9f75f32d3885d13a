"""Hostile callers: whatever is sent to either side is answered, and never with a 500."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox import SandboxSettings, start_sandbox
from bot.sandbox.client.routes import POSTS
from bot.sandbox.methods import METHODS
from tests.sandbox.driver import TOKEN, Driver

Json = dict[str, Any]

_NAMES = """
chat_id from_chat_id message_id message_ids text caption parse_mode entities reply_markup
reply_parameters message_thread_id media photo latitude longitude question options type
correct_option_id open_period commands scope language_code menu_button reaction results
inline_query_id callback_query_id button user_id file_id name offset limit allowed_updates url
link_preview_options action title address phone_number first_name from chat id members status user
blocked data option_ids query location venue contact edit reply_to thread method error_code drop
delay times forum inline_result
"""
_INNER = """
type text inline_keyboard keyboard callback_data url offset length user id message_id media emoji
command description chat_id latitude longitude web_app style title address location
input_message_content message_text start_parameter copy_text
"""
NAMES, INNER = _NAMES.split(), _INNER.split()
scalars = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, 2, -1, 1001, -4001, -1000000004002, 1 << 31, 1 << 62, -(1 << 63), 0.5, 1e300])
    | st.sampled_from(
        ["", "x", "1001", "typing", "photo", "bold", "quiz", "emoji", "supergroup", "<b>x", "http://a.b"]
    )
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=10,
)
# Half right is worse than all wrong: most calls name a chat, a person and a message that exist.
BASE: Json = {
    "chat_id": 1001,
    "from_chat_id": 1001,
    "from": 1001,
    "user": 1001,
    "user_id": 1001,
    "message_id": 2,
    "message_ids": [1, 2],
    "message_thread_id": 0,
    "text": "x",
    "title": "x",
    "name": "x",
    "first_name": "x",
    "phone_number": "1",
    "address": "x",
    "latitude": 1,
    "longitude": 1,
    "question": "?",
    "options": ["a", "b"],
    "commands": [],
    "blocked": False,
}
bodies = st.builds(
    lambda base, more: {**base, **more},
    st.sampled_from([BASE, {**BASE, "chat_id": -1000000004001, "chat": -1000000004001}, {}]),
    st.dictionaries(st.sampled_from(NAMES), values, max_size=7),
)
# These wait, switch off the poll that other examples use, or order faults for them.
SLOW = {"getupdates", "setwebhook", "presses", "inline", "faults"}


async def _statuses(calls: list[tuple[str, Json]]) -> list[int]:
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    async with aiohttp.ClientSession() as http:
        driver = Driver(sandbox, http)
        who = await driver.started()
        group = await driver.group(who, forum=True)
        await driver.client("members", chat=group, user=await driver.me(), status="administrator")
        for chat in (who, group):
            await driver.bot("sendMessage", chat_id=chat, text="hello")
        statuses = []
        for path, body in calls:
            async with http.post(sandbox.url + path, json=body) as response:
                await response.json()
                statuses.append(response.status)
        async with http.get(f"{sandbox.url}/client/state") as response:
            statuses.append(response.status)
    await sandbox.close()
    return statuses


api_calls = st.tuples(
    st.sampled_from([f"/bot{TOKEN}/{name}" for name in sorted(METHODS) if name not in SLOW]), bodies
)
client_calls = st.tuples(
    st.sampled_from([f"/client/{name}" for name in POSTS if name not in SLOW]),
    bodies,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(api_calls | client_calls, min_size=1, max_size=25))
def test_no_call_breaks_the_server(calls: list[tuple[str, Json]]) -> None:
    statuses = asyncio.run(_statuses(calls))
    assert set(statuses) <= {200, 400, 403, 404}


waiting_calls = st.tuples(
    st.sampled_from([f"/client/{name}" for name in ("presses", "inline", "faults")]),
    bodies.map(lambda body: {"data": "x", "query": "x", "method": "*", **body}),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(waiting_calls, min_size=1, max_size=12))
def test_no_call_that_waits_or_orders_faults_breaks_the_server(calls: list[tuple[str, Json]]) -> None:
    """Nobody answers these taps: the patience for an answer is made short."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.sandbox.client.asking.ANSWER_SECONDS", 0.005)
        statuses = asyncio.run(_statuses(calls))
    assert set(statuses) <= {200, 400}


def _deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[1]",
        b'"\\ud800"',
        b'{"first_name": "\\ud800"}',
        b'{"first_name": NaN}',
        b'{"first_name": "x", "id": 1e400}',
        b'{"first_name": "x", "id": ' + b"9" * 400 + b"}",
        b'{"first_name": "' + b"x" * 100_000 + b'"}',
        b"\x00\xff",
        (f'{{"first_name": {_deep(2000)}}}').encode(),
        (f'{{"first_name": {_deep(300)}}}').encode(),
    ],
)
async def test_broken_bodies_are_refused(driver: Driver, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with driver.http.post(f"{driver.sandbox.url}/client/users", data=body, headers=headers) as response:
        assert response.status == 400
        assert set(await response.json()) == {"error"}


async def test_a_file_name_that_is_no_text_is_repaired(driver: Driver) -> None:
    """Header bytes that are no UTF-8 became lone surrogates, which broke the JSON of the answer."""
    who = await driver.started()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="from"\r\n\r\n' + str(who).encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="document"; filename="\xff\xfe.pdf"\r\n'
        b"Content-Type: \xff/x\r\n\r\ncontent\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    url = f"{driver.sandbox.url}/client/messages"
    async with driver.http.post(url, data=body, headers=headers) as response:
        assert response.status == 200
        document = (await response.json())["document"]
    assert document["file_name"] == "??.pdf"
    assert document["mime_type"] == "application/octet-stream"


async def test_a_huge_body_is_refused(driver: Driver) -> None:
    body = b'{"first_name": "' + b"x" * (5 << 20) + b'"}'
    headers = {"Content-Type": "application/json"}
    async with driver.http.post(f"{driver.sandbox.url}/client/users", data=body, headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="from"\r\n\r\n\xff\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded", b"first_name=%ff%fe&id=1"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"first_name=x"),
        ("application/json; charset=nonsense", b"{"),
    ],
)
async def test_broken_forms_are_refused(driver: Driver, kind: str, body: bytes) -> None:
    for path in ("/client/messages", f"/bot{TOKEN}/sendMessage"):
        headers = {"Content-Type": kind}
        async with driver.http.post(driver.sandbox.url + path, data=body, headers=headers) as response:
            assert response.status == 400


async def test_a_deeply_nested_keyboard_is_refused_or_flattened(driver: Driver) -> None:
    who = await driver.started()
    deep = '{"text": "x", "switch_inline_query_chosen_chat": ' + _deep(900) + "}"
    url = f"{driver.sandbox.url}/bot{TOKEN}/sendMessage"
    markup = f'{{"inline_keyboard": [[{deep}]]}}'
    async with driver.http.post(url, data={"chat_id": who, "text": "x", "reply_markup": markup}) as response:
        assert response.status in (200, 400)
    assert await driver.look(f"chats/{who}/messages")


async def test_paths_do_not_lead_out_of_the_page(driver: Driver) -> None:
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/page/..%2fserver.py", "/server.py"):
        async with driver.http.get(f"{driver.sandbox.url}{path}") as response:
            assert response.status in (403, 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/client/presses", {"from": 1001, "chat": 1001, "message_id": [], "data": "x"}),
        ("/client/presses", {"from": 1001, "chat": 1001, "message_id": 2, "data": None}),
        ("/client/presses", {"from": 1001, "chat": 1001, "message_id": 2, "data": "x" * 5000}),
        ("/client/presses", {"from": 1001, "chat": 1001, "message_id": 1, "data": "x"}),
        ("/client/inline", {"from": 1001, "query": {}}),
        ("/client/inline", {"from": 1001, "query": "x" * 257}),
        ("/client/inline", {"from": 1001, "query": "x", "location": [1, 2]}),
        ("/client/faults", {"method": "x", "delay": "long"}),
        ("/client/faults", {"method": "x", "retry_after": -1}),
        ("/client/faults", {"method": "x", "error_code": 400, "times": 0}),
        ("/client/faults", {"method": [], "error_code": 400}),
        (f"/bot{TOKEN}/getUpdates", {"offset": "x"}),
        (f"/bot{TOKEN}/getUpdates", {"allowed_updates": "x"}),
        (f"/bot{TOKEN}/getUpdates", {"allowed_updates": [5]}),
        (f"/bot{TOKEN}/setWebhook", {"url": ["x"]}),
        (f"/bot{TOKEN}/setWebhook", {"url": "http://[::1"}),
        (f"/bot{TOKEN}/setWebhook", {"url": "http://127.0.0.1:99999/"}),
    ],
)
async def test_calls_that_could_wait_are_refused_at_once(driver: Driver, path: str, body: Json) -> None:
    who = await driver.started()
    await driver.bot("sendMessage", chat_id=who, text="hello")
    async with asyncio.timeout(10):
        async with driver.http.post(driver.sandbox.url + path, json=body) as response:
            assert response.status == 400
