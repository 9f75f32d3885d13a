"""Chats and who is in them."""

from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.access import chat_of, check_writable
from bot.sandbox.methods.registry import method
from bot.sandbox.people import ADMINS, IN_CHAT, member_entry
from bot.sandbox.stage import Call

Json = dict[str, Any]
# Bot API, ChatFullInfo: fields that every answer of getChat has.
FULL_INFO: Json = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


@method("getChat")
def get_chat(call: Call) -> Json:
    """All about a chat (Bot API, getChat)."""
    chat = _readable(call)
    info = {**FULL_INFO, **chat.card()}
    if chat.pinned and chat.pinned[-1] in chat.messages:
        info["pinned_message"] = chat.messages[chat.pinned[-1]]
    if chat.type != "private":
        info["permissions"] = {"can_send_messages": chat.may_write, "can_invite_users": True}
    return info


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """Somebody's status in a chat (Bot API, getChatMember)."""
    chat = _readable(call)
    user_id = call.args.number("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id not in call.world.users and user_id not in call.world.bots:
        raise bad_request("user not found")
    return member_entry(call.world.profile(user_id), chat.members.get(user_id, "left"))


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """The owner and the administrators who are people, and the bot itself (Bot API)."""
    chat = _readable(call)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member_entry(call.world.profile(who), status)
        for who, status in chat.members.items()
        if status in ADMINS and (who in call.world.users or who == call.bot.id)
    ]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many are in a chat (Bot API, getChatMemberCount)."""
    chat = _readable(call)
    return sum(status in IN_CHAT for status in chat.members.values())


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """Leave a group (Bot API, leaveChat)."""
    chat = _readable(call)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    profile = call.bot.profile()
    call.world.post(chat, profile, {"left_chat_member": profile})
    call.world.set_status(chat, call.bot.id, "left", profile)
    return True


def _readable(call: Call) -> Chat:
    """A chat that the bot may look into; private chats and old groups stay readable."""
    chat = chat_of(call)
    if chat.type == "supergroup":
        check_writable(call, chat)
    return chat
