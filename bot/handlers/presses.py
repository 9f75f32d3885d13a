"""Taps on inline buttons."""

from __future__ import annotations

from aiogram.enums import ChatType
from aiogram.types import CallbackQuery

from bot.services.incoming import Incoming, Press
from bot.services.intake import Intake


async def on_press(query: CallbackQuery, update_id: int, intake: Intake) -> str | None:
    """Somebody tapped a button. Messages sent through inline mode carry links only, so they are skipped."""
    message = query.message
    if message is None or query.data is None:
        return None
    thread = (
        getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
    )
    return await intake.take(
        Incoming(
            update_id,
            message.chat.id,
            query.from_user.id,
            Press(query.data, query.id),
            message.chat.type == ChatType.PRIVATE,
            query.from_user.language_code,
            message.message_id,
            thread,
        )
    )
