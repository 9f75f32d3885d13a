"""One message on its way: the calls that show it, and what to do about every error they may meet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import ChatMigrated, TelegramError

from bot.delivery.draw import Call, draw
from bot.delivery.ledger import Ledger, Rest
from bot.delivery.limiter import Ticket
from bot.delivery.outcomes import Outcome, judge, reason
from bot.services.outbox import DEAD, SENT, SKIPPED, UNCERTAIN, Outgoing, Settled

BACK_OFF_SECONDS = 1.0
BACK_OFF_MOST_SECONDS = 300.0
# An answer that never came, so many times over, is the message's fault.
UNANSWERED_MOST = 5
# A message may lose its target and its topic and find its group moved; more turns than that lead nowhere.
TURNS_MOST = 4
_DELETE = "deleteMessage"

Post = Callable[[Call, Ticket], Awaitable[Any]]
Moved = Callable[[int, int], None]

log = structlog.get_logger()


class Withdrawn(Exception):
    """The broadcast was paused or cancelled, or its row is in other hands: the request did not leave."""


class Sending:
    """Sends one message until it is settled.

    `post` carries out a call with a ticket, `rest` waits between tries, `moved` hears of a group's new id.
    What was said already is not said again when a later part of a long message has to be repeated.
    """

    def __init__(
        self, row: Outgoing, username: str, *, post: Post, ledger: Ledger, rest: Rest, moved: Moved
    ) -> None:
        self._row = row
        self._username = username
        self._post = post
        self._ledger = ledger
        self._rest = rest
        self._moved = moved
        self._calls = draw(row, username)
        self._ticket = Ticket(row.priority, None if row.is_repeatable else self._leave)
        self._message_id: int | None = None
        self._turns = 0
        self._unanswered = 0

    async def finish(self) -> Settled:
        """What became of the message.

        Raises Withdrawn, and what `post` and `rest` raise when the speaker stops.
        """
        while self._calls:
            try:
                answer = await self._post(self._calls[0], self._ticket)
            except TelegramError as error:
                settled = await self._meet(error)
                if settled is not None:
                    return settled
            else:
                self._note(answer)
        await self._ledger.hear(self._row.chat)
        return Settled(self._row.id, SENT, self._message_id)

    async def _leave(self) -> None:
        """Note that a broadcast's message leaves now. Raises Withdrawn where it is not to any more."""
        if not self._row.is_begun and not await self._ledger.leave(self._row):
            raise Withdrawn

    def _note(self, answer: Any) -> None:
        # A deletion answers with True, a new topic with itself.
        if isinstance(answer, dict):
            self._message_id = answer.get("message_id") or answer.get("message_thread_id")
        self._calls.pop(0)
        self._row.is_begun = True

    async def _meet(self, error: TelegramError) -> Settled | None:
        """Deal with an error; None when there is something left to do."""
        match judge(error):
            case Outcome.STANDS:
                self._note(self._calls[0].params)
                return None
            case Outcome.GONE:
                await self._ledger.give_up(self._row.chat, reason(error))
                return self._settled(SKIPPED, error)
            case Outcome.NO_RIGHTS:
                if self._row.body["type"] == "text":
                    await self._ledger.silence(self._row.chat)
                return self._settled(SKIPPED, error)
            case Outcome.NOT_SENT:
                await self._back_off(error)
                return None
            case Outcome.UNCERTAIN:
                return await self._wonder(error)
            case outcome:
                return await self._turn(outcome, error)

    async def _wonder(self, error: TelegramError) -> Settled | None:
        """Perhaps it arrived: a reply twice is better than none, of broadcasts one hears in the report."""
        self._unanswered += 1
        if not self._row.is_repeatable:
            return self._settled(UNCERTAIN, error)
        if self._unanswered >= UNANSWERED_MOST:
            return self._settled(DEAD, error)
        await self._back_off(error)
        return None

    async def _turn(self, outcome: Outcome, error: TelegramError) -> Settled | None:
        """Send it another way, where there is one."""
        self._turns += 1
        if self._turns > TURNS_MOST:
            return self._settled(DEAD, error)
        if outcome is Outcome.MIGRATED and isinstance(error, ChatMigrated):
            await self._follow(error.new_chat_id)
            return None
        if outcome is Outcome.NO_TOPIC and self._row.thread is not None:
            await self._ledger.lose_topic(self._row.chat, self._row.thread)
            self._row.thread = None
            for call in self._calls:
                call.params.pop("message_thread_id", None)
            return None
        if self._calls[0].method == _DELETE:
            # Too old to be deleted: it stays, and the new one stands below it.
            self._note(True)
            return None
        if outcome is Outcome.NO_TEXT and self._row.target is not None:
            self._instead(self._row.target["edit"])
            return None
        if outcome is Outcome.NO_TARGET and self._row.target is not None:
            return self._afresh(error)
        return self._settled(DEAD, error)

    async def _follow(self, chat: int) -> None:
        old, self._row.chat = self._row.chat, chat
        for call in self._calls:
            call.params["chat_id"] = chat
        self._moved(old, chat)
        await self._ledger.migrate(old, chat)

    def _afresh(self, error: TelegramError) -> Settled | None:
        """As a new message; new buttons for a message that is gone need none."""
        self._row.target = None
        if self._row.body["type"] == "buttons":
            return self._settled(SKIPPED, error)
        self._calls = draw(self._row, self._username)
        return None

    def _instead(self, picture: int) -> None:
        """A text takes the place of a picture as a new message."""
        self._row.target = None
        gone = Call(_DELETE, {"chat_id": self._row.chat, "message_id": picture})
        self._calls = [gone, *draw(self._row, self._username)]

    async def _back_off(self, error: TelegramError) -> None:
        seconds = min(BACK_OFF_SECONDS * 2 ** min(self._row.attempts, 16), BACK_OFF_MOST_SECONDS)
        self._row.attempts += 1
        log.warning(
            "message_waits",
            row=self._row.id,
            update=self._row.update_id,
            seconds=seconds,
            error=reason(error),
        )
        await self._rest(seconds)

    def _settled(self, state: str, error: TelegramError) -> Settled:
        return Settled(self._row.id, state, error=reason(error))
