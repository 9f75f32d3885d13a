"""One raw update on its way to the routers."""

from __future__ import annotations

from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError

log = structlog.get_logger()


class Feed:
    """Reads raw updates and hands each to its router; returns when what it did is committed."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher) -> None:
        self._bot = bot
        self._dispatcher = dispatcher

    async def take(self, raw: Any) -> None:
        """Play a raw update. One that is malformed is skipped: it would be malformed the next time too.

        Raises what kept it from being committed.
        """
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            log.warning("update not understood", update=_number(raw), flaws=error.error_count())
            return
        await self._dispatcher.feed_update(self._bot, update)


def _number(raw: Any) -> Any:
    return raw.get("update_id") if isinstance(raw, dict) else None
