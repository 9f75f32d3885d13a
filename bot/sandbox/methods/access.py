"""Which chat and which message a call means, and whether the bot may act there."""

import re
from typing import Any, Final

from bot.sandbox.chats import Chat
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.people import ADMINS, IN_CHAT
from bot.sandbox.stage import Call

Json = dict[str, Any]
# A venue is a location too, so it goes first.
KINDS_IN_WORDS: Final = (
    ("venue", "venues"),
    ("location", "locations"),
    ("contact", "contacts"),
    ("photo", "photos"),
    ("document", "documents"),
    ("voice", "voice notes"),
    ("audio", "music"),
    ("poll", "polls"),
)
_NUMBER = re.compile(r"-?\d{1,18}")


def chat_of(call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names, whether or not the bot may write there. Raises ApiError 400."""
    value = call.args.values.get(name)
    if value in (None, ""):
        raise bad_request(f"{name} is empty")
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_request("chat not found")
    return group_of(call, value) if value < 0 else private_of(call, value)


def private_of(call: Call, user_id: int) -> Chat:
    """The bot's private chat with a person. Raises ApiError for strangers and people who never began."""
    user = call.world.users.get(user_id)
    if user is None:
        if user_id in call.world.bots:
            raise forbidden("bot can't send messages to bots")
        raise bad_request("chat not found")
    if call.bot.id not in user.started:
        raise forbidden("bot can't initiate conversation with a user")
    return call.world.private_chat(call.bot, user)


def group_of(call: Call, chat_id: int) -> Chat:
    """A group that the bot has ever been in. Raises ApiError 400."""
    chat = call.world.group(chat_id)
    if chat is None or call.bot.id not in chat.members:
        raise bad_request("chat not found")
    return chat


def writable(call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names, once it is sure that the bot may write there. Raises ApiError."""
    chat = chat_of(call, name)
    check_writable(call, chat)
    return chat


def check_writable(call: Call, chat: Chat) -> None:
    """Raise ApiError 403 or 400 where the bot is blocked, removed or late (the group moved)."""
    if chat.private:
        user = call.world.users[chat.id]
        if user.deactivated:
            raise forbidden("user is deactivated")
        if call.bot.id in user.blocked:
            raise forbidden("bot was blocked by the user")
        return
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    status = chat.members[call.bot.id]
    kind = f"{chat.type} chat"
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {kind}")
    if status not in IN_CHAT:
        raise forbidden(f"bot is not a member of the {kind}")


def check_rights(call: Call, chat: Chat, content: Json) -> None:
    """Raise ApiError 400 where the bot is restricted, or where members may not write and it is one of them.

    The words are TDLib's (MessageContent.cpp, can_send_message_content).
    """
    status = chat.members.get(call.bot.id)
    if chat.private or status in ADMINS or (chat.may_write and status != "restricted"):
        return
    what = next((name for kind, name in KINDS_IN_WORDS if kind in content), "text messages")
    raise bad_request(f"not enough rights to send {what} to the chat")


def check_admin(call: Call, chat: Chat, what: str) -> None:
    """Raise ApiError 400 unless the bot is an administrator of the group."""
    if not chat.private and chat.members.get(call.bot.id) not in ADMINS:
        raise bad_request(f"not enough rights to {what}")


def message_of(call: Call, chat: Chat, what: str, name: str = "message_id") -> Json:
    """The message that a parameter names; `what` ends the sentence "… not found". Raises ApiError 400."""
    number = call.args.number(name)
    if number <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None:
        raise bad_request(f"{what} not found")
    return message
