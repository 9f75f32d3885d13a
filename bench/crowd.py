"""A sandbox in a process of its own, with people who have started the bot.

`python -m bench.crowd PEOPLE FLOOD` serves until it is killed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import uvloop

from bot.sandbox import SandboxSettings, start_sandbox
from bot.sandbox.people import User
from bot.sandbox.settings import FloodMode

BOT = 700_000_001
TOKEN = f"{BOT}:" + "A" * 35


async def stand(people: int, flood: FloodMode) -> None:
    """Serve until killed; people have the numbers from 1 on."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood=flood))
    world = sandbox.stage.world
    bot = world.add_bot(BOT, TOKEN)
    for number in range(1, people + 1):
        user = User(number, "Ann", started={bot.id})
        world.add_user(user)
        world.private_chat(bot, user)
    print(f"Ready: {sandbox.url}", flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def crowd(people: int, flood: FloodMode = "off") -> AsyncIterator[str]:
    """Such a process as long as the block runs; gives its URL."""
    command = (sys.executable, "-m", "bench.crowd", str(people), flood)
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().removeprefix("Ready: ").strip()
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    modes = {mode: mode for mode in get_args(FloodMode)}
    uvloop.run(stand(int(sys.argv[1]), modes[sys.argv[2]]))
