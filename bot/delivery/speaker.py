"""The speaker: takes rows of the outbox to Telegram and says what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.delivery.answers import CallbackAnswer, InlineAnswer, draw_answer
from bot.delivery.draw import Call
from bot.delivery.ledger import Clock, Ledger, Rest
from bot.delivery.limiter import Limiter, Stopping, Ticket, Timer
from bot.delivery.lines import Lines
from bot.delivery.outcomes import reason
from bot.delivery.pace import Pace, Rates, Shared, interval_of
from bot.delivery.request import Request, Timeouts
from bot.delivery.sending import Sending, Withdrawn
from bot.delivery.turns import Turns
from bot.delivery.uploads import Uploads
from bot.services import outbox
from bot.services.outbox import DEAD, REPLY, UNCERTAIN, Outgoing, Settled
from bot.store.database import Database, name_of
from bot.store.work import Note
from bot.waiting import wait_for

TELEGRAM = "https://api.telegram.org"
# Where `content:` files are, as settings have it by default.
CONTENT = Path("content")

# Chats in hand beyond which nothing more is claimed: seconds of work, a few MB of memory.
ROOM = 500
# A chat that must wait counts once, whatever waits for it, up to this many rows in all.
ROWS_MOST = 10_000
# Of these for broadcasts: enough to keep all flights busy.
HAND = 256
TICK_SECONDS = 1.0
RETRY_SECONDS = 1.0
# A person waits for their tap to do something.
RANK_SECONDS = 3.0
# Bot API, ChatMember.status.
ADMINISTRATORS = ("creator", "administrator")
# At the end; a database that takes longer is down.
SETTLE_SECONDS = 1.0

log = structlog.get_logger()


class Speaker:
    """Sends one bot's messages.

    Rows just committed come by `take`, those of others and of earlier lives are claimed by `run`. Within a
    chat messages of one priority go strictly by id, a more urgent one passes; different chats go side by
    side. Where it is `shared` (on PostgreSQL, unless told otherwise), other speakers send for the same bot:
    rows are left in the outbox for whoever has the turn in their chat, and the rates are everybody's.

    `username` is the bot's, without @; `owner` names this process in the leases; `clock` gives aware UTC
    times; `rest` waits so many seconds between tries; `tick_seconds` is how often the outbox is looked at;
    `content` is the folder of files that are sent by their path there.
    """

    def __init__(
        self,
        database: Database,
        token: str,
        *,
        username: str,
        owner: str,
        clock: Clock,
        api_url: str = TELEGRAM,
        rates: Rates | None = None,
        timeouts: Timeouts | None = None,
        timer: Timer | None = None,
        rest: Rest = asyncio.sleep,
        tick_seconds: float = TICK_SECONDS,
        content: Path = CONTENT,
        shared: bool | None = None,
    ) -> None:
        # python-telegram-bot logs addresses (with the token) and texts at DEBUG.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._username = username
        self._is_shared = not database.is_sqlite if shared is None else shared
        self._owner = owner
        self._interval = interval_of(rates or Rates())
        bot_id = int(token.partition(":")[0])
        self._limiter = self._make_limiter(rates, timer, bot_id)
        self._request = Request(timeouts)
        self._bot = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            request=self._request,
            get_updates_request=self._request,
            rate_limiter=self._limiter,
        )
        turns = Turns(owner, self._limiter.pace, self._limiter.timer, clock) if self._is_shared else None
        self._ledger = Ledger(database, bot_id, owner, clock, rest=rest, written=self._written, turns=turns)
        database.listen(self.heed)
        self._uploads = Uploads(database, bot_id, clock, content, self._post)
        self._rest = rest
        self._tick_seconds = tick_seconds
        self._lines = Lines(self._ledger, self._deliver)
        self._answering: set[asyncio.Task[None]] = set()
        self._is_stopping = asyncio.Event()
        self._wanted = asyncio.Event()
        self._letters_wanted = asyncio.Event()
        self._is_more = self._are_more_letters = False
        self._claiming, self._claiming_letters = asyncio.Lock(), asyncio.Lock()

    def _make_limiter(self, rates: Rates | None, timer: Timer | None, bot: int) -> Limiter:
        if not self._is_shared:
            return Limiter(Pace(rates), timer, unwritten=self._unwritten, bot=bot)
        shared = Shared(self._interval) if self._interval else None
        pace = Pace(rates, shared)
        return Limiter(
            pace, timer, reserve=self._reserve, refused=self._refused, unwritten=self._unwritten, bot=bot
        )

    def _unwritten(self) -> int:
        return self._ledger.unwritten

    async def _reserve(self, count: int) -> float:
        return await self._ledger.reserve(count, self._interval)

    def _refused(self, chat: int, seconds: float) -> None:
        self._aside(self._patiently(self._ledger.refuse(chat, seconds)))

    # -- What comes in ---------------------------------------------------------------------------------------

    @property
    def owner(self) -> str | None:
        """Whom to lease rows to that are then handed over by `take`; None where speakers share the bot."""
        return None if self._is_shared else self._owner

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send rows that are committed and leased to `owner`, at once and without reading them again."""
        if self._is_shared:
            self._aside(self._patiently(self._claim()))
            return
        self._ledger.hold(rows)
        self._lines.add(rows)

    def answer(self, answer: CallbackAnswer | InlineAnswer) -> None:
        """Answer a tap or an inline query at once; a failure is logged, such answers expire anyway."""
        self._aside(self._answer(draw_answer(answer, self._username)))

    def _aside(self, deed: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(deed)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def heed(self, note: Note) -> None:
        """Something was put into the outbox: look at it now rather than at the next tick."""
        if note.about == outbox.NOTE:
            self._ask()

    def _ask(self) -> None:
        """Something may wait."""
        self._wanted.set()
        self._letters_wanted.set()

    async def run(self) -> None:
        """Send what others left, until `stop`."""
        await self._patiently(self._ledger.recover())
        await asyncio.gather(self._claim_on(), self._claim_letters_on(), self._keep_up())

    async def _claim_on(self) -> None:
        while not self._is_stopping.is_set():
            self._wanted.clear()
            await self._patiently(self._claim())
            await wait_for(self._wanted, self._tick_seconds)

    async def _claim_letters_on(self) -> None:
        """Broadcasts by themselves: what is urgent need not wait for their claims."""
        while not self._is_stopping.is_set():
            self._letters_wanted.clear()
            await self._patiently(self._claim_letters())
            await wait_for(self._letters_wanted, self._tick_seconds)

    async def _keep_up(self) -> None:
        while not self._is_stopping.is_set():
            await self._patiently(self._ledger.renew())
            await self._patiently(self._ledger.tend())
            await wait_for(self._is_stopping, self._tick_seconds)

    async def idle(self) -> None:
        """Return when nothing waits that may be sent now, and all that was sent is settled."""
        while True:
            await self._patiently(self._claim())
            await self._patiently(self._claim_letters())
            if not self._lines.tasks:
                break
            await asyncio.wait(self._lines.tasks)
            await self._ledger.flush()

    async def stop(self, grace_seconds: float) -> None:
        """Finish what is under way, settle it, return the rest, close the connections.

        What has no answer when the grace is over is given back too, broadcasts are reported as uncertain. The
        database then gets SETTLE_SECONDS; where it takes longer, leases end by themselves.
        """
        self._is_stopping.set()
        self._ask()
        self._limiter.close()
        self._lines.close()
        busy = {*self._lines.tasks, *self._answering}
        late = (await asyncio.wait(busy, timeout=grace_seconds))[1] if busy else set()
        for row in self._lines.under_way:
            self._give_up(row)
        try:
            # A claim that was cut off in its commit would leave its rows leased to nobody: it ends first.
            async with asyncio.timeout(SETTLE_SECONDS), self._claiming, self._claiming_letters:
                await _cut_off(late)
                await self._patiently(self._ledger.flush())
                await self._patiently(self._ledger.give_back(list(self._ledger.held.values())))
        except TimeoutError:
            log.error("outbox_not_given_back", rows=len(self._ledger.held))
        await self._request.shutdown()

    def _give_up(self, row: Outgoing) -> None:
        if not row.is_repeatable:
            self._ledger.settle(Settled(row.id, UNCERTAIN, error="stopped before the answer"), is_urgent=True)

    async def _claim(self) -> None:
        """Take more into hand."""
        async with self._claiming:
            room = min(ROOM - len(self._lines), ROWS_MOST - len(self._ledger.held))
            if room > 0 and not self._is_stopping.is_set():
                rows = await self._ledger.claim(room)
                self._is_more = bool(rows)
                self._lines.add(rows)

    async def _claim_letters(self) -> None:
        """Take more of broadcasts into hand."""
        async with self._claiming_letters:
            room = min(HAND - self._ledger.letters_held, ROOM - len(self._lines))
            if self._wants_letters and room > 0 and not self._is_stopping.is_set():
                rows = await self._ledger.claim_letters(room)
                self._are_more_letters = bool(rows)
                self._lines.add(rows)

    def _written(self) -> None:
        """Results are settled: where more waits, there is room for it."""
        self._limiter.look()
        if self._is_more and len(self._lines) <= ROOM // 2:
            self._wanted.set()
        if self._are_more_letters and self._wants_letters:
            self._letters_wanted.set()

    @property
    def _wants_letters(self) -> bool:
        """Few at a time would be claimed again and again."""
        return self._ledger.letters_held <= HAND // 2

    async def _patiently(self, deed: Coroutine[Any, Any, None]) -> None:
        """A database that fails now may answer at the next tick."""
        try:
            await deed
        except (SQLAlchemyError, OSError) as error:
            log.error("outbox_unreachable", error=name_of(error))

    async def _answer(self, call: Call) -> None:
        try:
            await self._call(call, Ticket(REPLY))
        except TelegramError as error:
            log.info("answer_failed", method=call.method, error=reason(error))

    # -- What goes out ---------------------------------------------------------------------------------------

    async def _deliver(self, row: Outgoing) -> Settled | None:
        """Send one message until it is settled; None when the speaker stops before."""
        while True:
            try:
                await self._ledger.aim(row)
                sending = Sending(
                    row,
                    self._username,
                    post=self._call,
                    ledger=self._ledger,
                    rest=self._pause,
                    moved=self._lines.note_move,
                )
                result = await sending.finish()
                if result.state == DEAD:
                    log.error("message_dead", row=row.id, update=row.update_id, error=result.error)
                return result
            except (Stopping, Withdrawn):
                return self._half_said(row)
            except (SQLAlchemyError, OSError) as error:
                log.error("outbox_unreachable", error=name_of(error))
                await self._rest(RETRY_SECONDS)
            except Exception as error:
                # What cannot be drawn must not hold up its chat. The error's text might quote it.
                log.error("message_dead", row=row.id, update=row.update_id, error=type(error).__name__)
                return Settled(row.id, DEAD, error=type(error).__name__)

    def _half_said(self, row: Outgoing) -> Settled | None:
        """A broadcast of which a part was said is not begun anew."""
        if row.is_begun and not row.is_repeatable:
            return Settled(row.id, UNCERTAIN, error="stopped in the middle")
        return None

    async def _pause(self, seconds: float) -> None:
        """Wait between tries. Raises Stopping when the speaker stops meanwhile."""
        resting = asyncio.ensure_future(self._rest(seconds))
        stopping = asyncio.ensure_future(self._is_stopping.wait())
        try:
            await asyncio.wait({resting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            resting.cancel()
            stopping.cancel()
        if self._is_stopping.is_set():
            raise Stopping

    async def administers(self, chat: int, account: int) -> bool:
        """Whether somebody administers a group now; False where Telegram does not say so in time."""
        # A string: this is no message, and does not count against the chat's pace.
        params = {"chat_id": str(chat), "user_id": account}
        try:
            async with asyncio.timeout(RANK_SECONDS):
                member = await self._post("getChatMember", params, Ticket(REPLY))
        except (TelegramError, TimeoutError) as error:
            log.info("rank_unknown", error=type(error).__name__)
            return False
        return member["status"] in ADMINISTRATORS

    async def _call(self, call: Call, ticket: Ticket) -> Any:
        if call.medium is not None:
            return await self._uploads.carry_out(call, call.medium, ticket)
        return await self._post(call.method, call.params, ticket)

    async def _post(self, method: str, params: dict[str, Any], ticket: Ticket) -> Any:
        # In lower case, which Telegram takes too, python-telegram-bot does not insist on its typed methods.
        return await self._bot.do_api_request(method.lower(), params, rate_limit_args=ticket)


async def _cut_off(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
