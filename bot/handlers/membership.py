"""Who blocked the bot, and who came back."""

from __future__ import annotations

from aiogram import Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated, Update

from bot.services.incoming import Gone, Incoming, Returned
from bot.services.intake import Intake


def router() -> Router:
    """Routes of membership."""
    made = Router(name="membership")
    made.my_chat_member.register(on_membership)
    return made


async def on_membership(change: ChatMemberUpdated, event_update: Update, intake: Intake) -> None:
    """The bot's own place in a chat changed. In a private chat that is a block or its end."""
    if change.chat.type != ChatType.PRIVATE:
        return
    gone = change.new_chat_member.status == ChatMemberStatus.KICKED
    await intake.take(
        Incoming(event_update.update_id, change.chat.id, change.from_user.id, Gone() if gone else Returned())
    )
