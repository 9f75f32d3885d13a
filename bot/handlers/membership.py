"""Who blocked the bot and came back; where the bot was put in, thrown out, silenced."""

from __future__ import annotations

from typing import Final

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated

from bot.services.incoming import Gone, Incoming, Place, Returned, What
from bot.services.intake import Intake
from bot.talk import hears

ABSENT: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


async def on_membership(change: ChatMemberUpdated, update_id: int, intake: Intake) -> str | None:
    """The bot's own place in a chat changed. In a private chat that is a block or its end."""
    what = _what(change)
    if what is None:
        return None
    private = change.chat.type == ChatType.PRIVATE
    return await intake.take(
        Incoming(
            update_id,
            change.chat.id,
            change.from_user.id,
            what,
            private,
            change.from_user.language_code,
        )
    )


def _what(change: ChatMemberUpdated) -> What | None:
    """What the change means; None for a channel, where nobody talks."""
    now = change.new_chat_member
    if change.chat.type == ChatType.PRIVATE:
        return Gone() if now.status == ChatMemberStatus.KICKED else Returned()
    if change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return None
    present, may_write = now.status not in ABSENT, True
    if isinstance(now, ChatMemberRestricted):
        present, may_write = now.is_member, now.can_send_messages
    return Place(hears.clean(change.chat.title or ""), present, may_write)
