"""Seeing inside: /metrics for Prometheus, /healthz and /readyz for whoever watches over the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.services import condition
from bot.store.database import Database
from bot.store.migrations import is_current

log = structlog.get_logger()

# A look reads what is not settled yet; a scrape comes every 15 seconds, some come from several places.
LOOK_AGAIN_SECONDS = 5.0
# A database that takes longer is as good as away.
PATIENCE_SECONDS = 3.0
# Scrapes that are under way when the process ends.
SHUTDOWN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to see of a bot: its database, and the time that its processes go by."""

    database: Database
    clock: Callable[[], datetime]


@dataclass(slots=True)
class Watch:
    """What there is to see of one process: the bots it serves, by id. It is ready inside of `ready`."""

    bots: Mapping[int, Sight]
    is_ready: bool = False
    looked_at: dict[int, datetime] = field(default_factory=dict)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Everything is up as long as the block runs: not yet while it starts, no more while it stops."""
        self.is_ready = True
        try:
            yield
        finally:
            self.is_ready = False

    def app(self) -> web.Application:
        """The application that shows it."""
        made = web.Application()
        made.router.add_get("/metrics", self._metrics)
        made.router.add_get("/healthz", self._healthz)
        made.router.add_get("/readyz", self._readyz)
        return made

    async def _healthz(self, _request: web.Request) -> web.Response:
        """The process answers at all: whoever gets none restarts it."""
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        """The process can work: a balancer sends nothing to one that cannot."""
        if not self.is_ready:
            return web.Response(status=503, text="It starts or stops.\n")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if not all([await is_current(database) for database in self._databases]):
                    return web.Response(status=503, text="The database has another schema.\n")
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return web.Response(status=503, text=f"The database does not answer: {type(error).__name__}.\n")
        return web.Response(text="ready\n")

    @property
    def _databases(self) -> set[Database]:
        return {sight.database for sight in self.bots.values()}

    async def _metrics(self, _request: web.Request) -> web.Response:
        await self._look()
        body = generate_latest(metrics.REGISTRY)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _look(self) -> None:
        for bot, sight in self.bots.items():
            now, before = sight.clock(), self.looked_at.get(bot)
            if before is not None and abs((now - before).total_seconds()) < LOOK_AGAIN_SECONDS:
                continue
            self.looked_at[bot] = now
            try:
                async with asyncio.timeout(PATIENCE_SECONDS), sight.database.look(bot, now) as work:
                    _show(bot, await condition.look(work))
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                # The counters of this process are worth showing all the same.
                log.warning("condition_unknown", bot=bot, error=type(error).__name__)


def _show(bot: int, found: condition.Condition) -> None:
    for state, number in found.messages.items():
        metrics.OUTBOX.labels(bot, state).set(number)
    metrics.OUTBOX_AGE.labels(bot).set(found.oldest_seconds)
    metrics.DUE_LAG.labels(bot).set(found.due_lag_seconds)


@asynccontextmanager
async def watched(watch: Watch, host: str, port: int) -> AsyncIterator[int]:
    """Shown as long as the block runs; gives the port. OSError where it is taken."""
    runner = web.AppRunner(watch.app(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
