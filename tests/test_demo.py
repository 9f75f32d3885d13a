"""The demo as a newcomer has it: one command, a page, an answer; also after it was killed."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.services.stations.desk import FIRST, NEARBY
from bot.services.stations.geo import metres_between
from bot.services.stations.hours import opening
from bot.services.stations.model import Point
from bot.settings import ROOT

COURIER = 1002
HERE = Point(29.4738, 106.5486)


class Demo:
    """A running demo and the people in it."""

    def __init__(self, process: asyncio.subprocess.Process, session: aiohttp.ClientSession) -> None:
        self.process = process
        self._session = session

    async def say(self, **what: Any) -> int:
        """Send something as the courier; gives its number."""
        body = {"from": COURIER, "chat": COURIER, **what}
        async with self._session.post("/client/messages", json=body) as sent:
            return int((await sent.json())["message_id"])

    async def ask(self, words: str, **what: Any) -> dict[str, Any]:
        """Send something as the courier; gives the answer that has these words, whatever else is said."""
        return await self.wait_for(lambda message: words in message.get("text", ""), await self.say(**what))

    async def wait_for(self, wanted: Callable[[dict[str, Any]], bool], after: int) -> dict[str, Any]:
        """Wait for such a message; others may come before it, as what a kill repeated does."""
        async with asyncio.timeout(120):
            while True:
                query = {"after": after, "wait": 10}
                path = f"/client/chats/{COURIER}/messages"
                async with self._session.get(path, params=query) as response:
                    messages = list(await response.json())
                found = next(filter(wanted, messages), None)
                if found is not None:
                    return dict(found)
                after = messages[-1]["message_id"] if messages else after

    async def press(self, message: dict[str, Any], label: str) -> dict[str, Any]:
        """Tap a button by its label."""
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if label in button["text"])
        body = {"from": COURIER, "chat": COURIER, "message_id": message["message_id"], "data": data}
        async with self._session.post("/client/presses", json=body) as response:
            return dict(await response.json())


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Demo]:
    """`wayside demo` on a free port, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(data),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            ready = (await process.stdout.readline()).decode()
        assert ready.startswith("Ready: http://127.0.0.1:")
        async with aiohttp.ClientSession(ready.removeprefix("Ready: ").strip()) as session:
            yield Demo(process, session)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


def _shown(count: int) -> list[str]:
    """The nearest stations by name; where most of them are closed now, open ones nearby stand first."""
    rows = [row for path in (ROOT / "content/stations").glob("*.csv") for row in csv.DictReader(path.open())]
    rows.sort(key=lambda row: metres_between(HERE, Point(float(row["lat"]), float(row["lon"]))))
    now = datetime.now(UTC)
    is_open = {row["id"]: opening(row["opening_hours"], now).open for row in rows[:NEARBY]}
    if 2 * sum(is_open[row["id"]] is False for row in rows[:count]) > count:
        rows = sorted(rows[:NEARBY], key=lambda row: not is_open[row["id"]])
    return [row["name"] for row in rows[:count]]


async def test_a_courier_finds_the_five_nearest_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        found = await demo.ask("你附近", location={"latitude": HERE.lat, "longitude": HERE.lon})
        places = [found["text"].index(f". {name}") for name in _shown(FIRST)]
        assert places == sorted(places)
        texts = [
            (await demo.ask("李家沱附近", text=text))["text"] for text in ("李家沱", "lijiatuo", "李家坨")
        ]
        assert texts[0] == texts[1] == texts[2]
        listed = await demo.ask("充电", text="李家沱 充电")
        await demo.say(text="/menu")
        demo.process.kill()
        await demo.process.wait()
    async with running(tmp_path) as demo:
        answer = await demo.press(listed, "1")
        assert answer["answered"]
        await demo.wait_for(lambda message: "venue" in message, listed["message_id"])
