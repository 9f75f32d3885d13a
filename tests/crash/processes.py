"""The bot as processes of its own, which can be stopped and killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.keys import database_of
from bot.settings import ROOT, Settings
from bot.store.database import Database
from tests.conftest import BOT
from tests.office import KEYS

TOKEN = f"{BOT}:" + "A" * 35
# Telegram's own limit: what is under way at any moment, and so what a kill may double, depends on it.
MESSAGES_PER_SECOND = 30
# Some seconds; minutes where many start side by side on a busy machine.
START_SECONDS = 180


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, api_url: str, **more: str) -> dict[str, str]:
    """What a process is told: of this shell only what is not about Wayside."""
    settings = {
        "TOKEN": TOKEN,
        "KEYS": KEYS,
        "DATABASE_URL": database_url,
        "API_URL": api_url,
        "MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
        **more,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WAYSIDE_")}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        **{f"WAYSIDE_{name}": value for name, value in settings.items()},
    }


def looking_at(database_url: str) -> Database:
    """The database, opened with the key that the processes seal with."""
    return database_of(Settings.model_validate({"token": TOKEN, "keys": KEYS, "database_url": database_url}))


@dataclass
class Process:
    """`wayside run` in one role. It writes its log into the folder, under its name."""

    name: str
    role: str
    environment: dict[str, str]
    folder: Path
    running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start; returns at once."""
        with self._log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run", "--role", self.role),
                env=self.environment,
                cwd=self.folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Return when it says that it is ready."""
        assert self.running is not None
        assert self.running.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self.running.stdout.readline()
        assert line == b"Ready\n", self._log.read_text()[-3000:]

    async def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(how)
            await self.running.wait()

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}.log"
