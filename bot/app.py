"""The one place that wires everything together: one bot, in one process, with the roles it plays there."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
import structlog

from bot.delivery.answers import CallbackAnswer, InlineAnswer
from bot.delivery.pace import UNLIMITED, Rates
from bot.delivery.profile import Profile, Webhook
from bot.delivery.speaker import Speaker
from bot.keys import database_of
from bot.logs import trace_of
from bot.services.outbox import Outgoing
from bot.settings import UPDATES, Settings
from bot.stopping import Grace
from bot.store.common_time import CommonTime
from bot.store.migrations import is_current, upgrade

if TYPE_CHECKING:
    from bot.clock.loop import Clock
    from bot.handlers.webhook import Doors
    from bot.knowledge import Knowledge
    from bot.services.floods import Dam

Role = Literal["all", "listen", "speak", "clock"]
Part = Callable[[float], Awaitable[None]]
"""Stops something within so many seconds."""

log = structlog.get_logger()

# How soon a change of the stations in another process shows here.
LOOK_SECONDS = 1.0
# Of the time there is to stop: for results to be settled and connections to be closed.
CLOSING_SECONDS = 1.5
NUMBER_BITS = 53


def utc_now() -> datetime:
    """The clock of a running Wayside; everything below gets it as an argument."""
    return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds that nobody sets, those included in which the machine slept, where it can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def new_number() -> int:
    """A number that nobody guesses, small enough for JSON."""
    return secrets.randbits(NUMBER_BITS)


def process_name() -> str:
    """A name for this process in leases: the host, and what no other process of it has."""
    return f"{socket.gethostname()[:20]}-{secrets.token_hex(6)}"


@dataclass(slots=True)
class Voice:
    """What the intake speaks through: rows are leased to the `owner`, or left for any speaker."""

    speaker: Speaker
    owner: str | None

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send rows that were just committed."""
        if self.owner:
            self.speaker.take(rows)

    def toast(self, query: str, text: str | None) -> None:
        """Answer a tap."""
        self.speaker.answer(CallbackAnswer(query, text or ""))


class Wayside:
    """One bot. `running` starts what its role needs and stops it at the end."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        numbers: Callable[[], int] = new_number,
    ) -> None:
        self.settings = settings
        self.database = database_of(settings)
        self.clock = CommonTime(self.database, clock, steady_seconds)
        self._numbers = numbers
        self._owner = process_name()
        self._token = settings.token.get_secret_value()
        self._webhook = webhook_of(settings)

    @cached_property
    def _knowledge(self) -> Knowledge:
        # Whoever only speaks knows nothing.
        from bot.knowledge import Knowledge

        return Knowledge(self.settings)

    @asynccontextmanager
    async def running(
        self, role: Role = "all", doors: Doors | None = None, grace: Grace | None = None
    ) -> AsyncIterator[None]:
        """Everything of a role is up inside.

        Several bots of a process have common `doors` for webhooks, and one `grace` to stop in.
        """
        grace = grace or Grace()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            await self._prepare_database()
            await self._share_with_others(stack)
            if role == "clock":
                clock = await self._keep_time(stack)
                stack.push_async_callback(_stop, grace, clock.stop)
                yield
                return
            listens = role in ("all", "listen")
            username = await self._introduce(listens=listens)
            speaker = self._speaker(username)
            parts: list[Part] = [speaker.stop]
            if role in ("all", "speak"):
                await stack.enter_async_context(background(speaker.run()))
                await self._fetch(stack)
            if role == "all":
                parts.append((await self._keep_time(stack)).stop)
            if listens:
                parts.append(self._prepare())
            # Before they are cut off: that would leave what the speaker just claimed leased to nobody.
            stack.push_async_callback(_stop, grace, *parts)
            if listens:
                await stack.enter_async_context(background(self._look_after_stations()))
                voice = Voice(speaker, speaker.owner if role == "all" else None)
                await self._listen(stack, voice, username, doors)
                await self._call_updates_here()
            yield

    async def fill_with_content(self) -> None:
        """Put the stations and branches of the content into a database that has none, as the demo does."""
        await upgrade(self.database)
        async with self.database.work(self.settings.bot, self.clock()) as work:
            await self._knowledge.fill(work)

    async def _prepare_database(self) -> None:
        """A file of our own is brought up to date; a server is upgraded by hand, when its people say so."""
        if self.database.is_sqlite:
            await upgrade(self.database)
        elif not await is_current(self.database):
            raise SystemExit("The database has another schema: run 'wayside db upgrade' first.")

    async def _share_with_others(self, stack: AsyncExitStack) -> None:
        """Go by the time of the database, and hear what other processes leave word of."""
        await self.clock.set()
        await stack.enter_async_context(background(self.clock.keep_right()))
        await stack.enter_async_context(background(self.database.hear()))

    async def _introduce(self, *, listens: bool) -> str:
        profile = Profile(self._token, self.settings.api_url)
        try:
            username = await profile.username()
            if listens:
                await profile.introduce(*self._knowledge.menus())
                await profile.show(self._knowledge.brand)
        finally:
            await profile.close()
        return username

    async def _call_updates_here(self) -> None:
        """Once somebody listens: Telegram waits longer and longer after each delivery that finds nobody."""
        profile = Profile(self._token, self.settings.api_url)
        try:
            await profile.deliver_to(self._webhook, UPDATES)
        finally:
            await profile.close()

    def _speaker(self, username: str) -> Speaker:
        return Speaker(
            self.database,
            self._token,
            username=username,
            owner=self._owner,
            clock=self.clock,
            api_url=self.settings.api_url,
            rates=rates_of(self.settings),
            content=self.settings.content,
        )

    async def _fetch(self, stack: AsyncExitStack) -> None:
        from bot.delivery.fetcher import Fetcher

        fetcher = Fetcher(self.database, self._token, clock=self.clock, api_url=self.settings.api_url)
        stack.push_async_callback(fetcher.close)
        await stack.enter_async_context(background(fetcher.run()))

    # -- Listening --------------------------------------------------------------------------

    async def _listen(self, stack: AsyncExitStack, voice: Voice, username: str, doors: Doors | None) -> None:
        from bot.services.intake import Intake, IntakeSettings

        await self._refresh_stations()
        intake = Intake(
            self.database,
            self._knowledge.repertoire,
            self._knowledge.services(username),
            voice,
            IntakeSettings(
                self.settings.bot,
                voice.owner,
                self.clock,
                self._numbers,
                self.settings.default_locale,
                dam_of(self.settings),
            ),
            voice.speaker.administers,
        )
        await stack.enter_async_context(background(intake.run()))
        # Only who listens pays for aiogram: seconds and a hundred megabytes.
        from bot.handlers.listening import listening

        secret = self._webhook.secret if self._webhook else None
        offer = partial(self._offer, voice.speaker)
        await stack.enter_async_context(listening(self.settings, secret, intake, username, offer, doors))

    def _prepare(self) -> Part:
        """Load, or learn once, what is needed to understand; who writes before that waits for it.

        Gives how to wait for the end of it.
        """
        preparing = asyncio.create_task(asyncio.to_thread(self._knowledge.prepare))

        async def ended(seconds: float) -> None:
            await asyncio.wait({preparing}, timeout=seconds)

        return ended

    async def _offer(self, speaker: Speaker, query: str, text: str, language: str | None) -> None:
        speaker.answer(InlineAnswer(query, self._knowledge.offers(text, language, self.clock())))

    # -- Keeping time ---------------------------------------------------------------------------

    async def _keep_time(self, stack: AsyncExitStack) -> Clock:
        """What is due is done from here on, and said by any speaker."""
        from bot.clock.loop import Clock
        from bot.clock.tidy import plan_tidying
        from bot.services.appeals.deadlines import plan_rounds

        async with self.database.work(self.settings.bot, self.clock()) as work:
            await plan_tidying(work)
            await plan_rounds(work)
        clock = Clock(
            self.database,
            self.settings.bot,
            self._knowledge.deeds(),
            owner=self._owner,
            now=self.clock,
        )
        await stack.enter_async_context(background(clock.run()))
        return clock

    # -- Looking after -------------------------------------------------------------------------

    async def _refresh_stations(self) -> None:
        await self._knowledge.refresh(self.database, self.settings.bot, self.clock())

    async def _look_after_stations(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._refresh_stations()
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("stations not refreshed", error=type(error).__name__)


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something that runs as long as the block does. If it ends in an error, so does the block."""
    task = asyncio.create_task(work)
    block = asyncio.current_task()

    def ended(done: asyncio.Task[None]) -> None:
        if not done.cancelled() and (error := done.exception()) and block is not None:
            log.critical("stopping", error=type(error).__name__, trace=trace_of(error))
            # Half a bot is worse than none: whoever watches over the process starts it again.
            block.cancel()

    task.add_done_callback(ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _stop(grace: Grace, *parts: Part) -> None:
    """Stop side by side: each has all the time there is."""
    await asyncio.gather(*(part(grace.left(less=CLOSING_SECONDS)) for part in parts))


def webhook_of(settings: Settings) -> Webhook | None:
    """Where Telegram is to deliver; None for polling."""
    if not settings.webhook_url:
        return None
    secret = settings.webhook_secret.get_secret_value() or _secret_of(settings.token.get_secret_value())
    return Webhook(settings.webhook_url, secret)


def _secret_of(token: str) -> str:
    """A secret for the webhook: every listener makes the same one, and who sees it learns no token."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def dam_of(settings: Settings) -> Dam:
    """How much is heard, of one person and of all."""
    from bot.services.floods import OF_ALL, OF_PERSON, Dam, Rate

    return Dam(
        Rate(settings.person_updates_per_second, OF_PERSON.burst),
        Rate(settings.updates_per_second, OF_ALL.burst),
    )


def rates_of(settings: Settings) -> Rates:
    """How fast this bot may speak; 0 messages a second means as fast as it can, for a peer without limits."""
    return Rates(per_second=settings.messages_per_second) if settings.messages_per_second else UNLIMITED
