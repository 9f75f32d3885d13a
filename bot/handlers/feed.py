"""One raw update on its way to its handler."""

from __future__ import annotations

import json
from typing import Any

import orjson
import structlog
from aiogram.types import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, TelegramObject
from pydantic import ValidationError
from structlog.contextvars import bound_contextvars

from bot import metrics
from bot.handlers import routes
from bot.handlers.inline import Offers
from bot.logs import trace_of
from bot.services.intake import IGNORED, SKIPPED, TAKEN, Intake, NotTaken

log = structlog.get_logger()

# Bot API: update ids are positive; the database keeps 64 bits.
LARGEST_NUMBER = 2**63 - 1

# What may be in an update that we ask for: `bot.settings.UPDATES`.
EVENTS: dict[str, type[TelegramObject]] = {
    "message": Message,
    "edited_message": Message,
    "callback_query": CallbackQuery,
    "inline_query": InlineQuery,
    "my_chat_member": ChatMemberUpdated,
}

# What becomes of updates that no intake saw, or that come again.
MALFORMED = "malformed"
PUT_OFF = "put_off"


class Feed:
    """Reads raw updates and hands each to its handler; returns when what it did is committed."""

    def __init__(self, intake: Intake, username: str, offers: Offers) -> None:
        # Straight to the observer of each kind: what a Dispatcher does before, from its middlewares to the
        # Update around the event, costs 120 µs an update and does nothing for us.
        self._observers = routes().observers
        self._given = {"intake": intake, "username": username, "offers": offers}
        outcomes = (TAKEN, SKIPPED, IGNORED, MALFORMED, PUT_OFF)
        self._counts = {outcome: metrics.UPDATES.labels(intake.bot, outcome) for outcome in outcomes}

    async def take(self, raw: Any) -> None:
        """Play a raw update. One that is malformed is skipped: it would be malformed the next time too.

        Raises NotTaken when it must be delivered again.
        """
        number = number_of(raw)
        kind = None if number is None else _kind_of(raw)
        if number is None or kind is None:
            log.warning("update not for us", update=number)
            self._count(MALFORMED)
            return
        try:
            event = EVENTS[kind].model_validate(raw[kind])
        except ValidationError as error:
            log.warning("update not understood", update=number, flaws=error.error_count())
            self._count(MALFORMED)
            return
        # Whatever is logged while this update is read says so: its number is in the outbox too.
        with bound_contextvars(update=number), metrics.UPDATE_SECONDS.time():
            await self._play(number, kind, event)

    async def _play(self, number: int, kind: str, event: TelegramObject) -> None:
        try:
            outcome = await self._observers[kind].trigger(event, update_id=number, **self._given)
        except NotTaken:
            self._count(PUT_OFF)
            raise
        except Exception as error:
            # A bug of ours, the same the next time: it must not hold up all updates behind it.
            self._count(SKIPPED)
            log.error("update skipped", error=type(error).__name__, trace=trace_of(error))
        else:
            # What is not for the intake (others' words in a group, inline queries) is done with, too.
            self._count(outcome if outcome in (SKIPPED, IGNORED) else TAKEN)

    def _count(self, outcome: str) -> None:
        self._counts[outcome].inc()


def number_of(raw: Any) -> int | None:
    """The id of a raw update, or None for what cannot be one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number <= LARGEST_NUMBER else None


def _kind_of(raw: dict[str, Any]) -> str | None:
    """What is in an update, or None for what we did not ask for."""
    return next((kind for kind in EVENTS if raw.get(kind) is not None), None)


def read_json(body: bytes) -> Any:
    """What a body from Telegram holds; ValueError for what is not JSON.

    Half an emoji (a lone surrogate) becomes a question mark: orjson refuses it, and with it everybody's
    updates in the same body.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_patiently(body)


def _read_patiently(body: bytes) -> Any:
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return orjson.loads(text.encode("utf-8", "replace"))
