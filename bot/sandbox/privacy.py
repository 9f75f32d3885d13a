"""Privacy mode: which messages of a group a bot gets to see.

The rules are those of https://core.telegram.org/bots/features#privacy-mode; mentions pass too, as they do on
Telegram.
"""

import re
from typing import Any, Final

from bot.sandbox.chats import Chat
from bot.sandbox.people import ADMINS, Bot

Json = dict[str, Any]

SERVICE_FIELDS: Final = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "group_chat_created",
        "supergroup_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)
_MENTION = re.compile(r"(?<!\w)@(\w{3,32})")


def is_service(message: Json) -> bool:
    """Whether a message only reports what happened to the chat."""
    return not SERVICE_FIELDS.isdisjoint(message)


def sees(bot: Bot, chat: Chat, message: Json, *, alone: bool) -> bool:
    """Whether a bot in a group gets this message; `alone` tells that it is the only bot there."""
    if not bot.privacy or chat.members.get(bot.id) in ADMINS or is_service(message):
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    if message.get("via_bot", {}).get("id") == bot.id:
        return True
    text = message.get("text") or message.get("caption") or ""
    name = bot.username.lower()
    if any(mentioned.lower() == name for mentioned in _MENTION.findall(text)):
        return True
    return _commanded(text, name, general=alone or chat.last_bot == bot.id)


def _commanded(text: str, name: str, *, general: bool) -> bool:
    """/command@name is for this bot; /command is for a bot that is alone or spoke last."""
    if not text.startswith("/"):
        return False
    _, at, addressee = text.split(maxsplit=1)[0].partition("@")
    return addressee.lower() == name if at else general
