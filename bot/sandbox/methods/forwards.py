"""Forwarding, copying and reacting to messages that are already there."""

from typing import Any, Final

from bot.sandbox.chats import Chat
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.access import chat_of, check_rights, message_of, writable
from bot.sandbox.methods.edits import message_ids
from bot.sandbox.methods.media import MEDIA_FIELDS
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import (
    caption_content,
    deliver,
    markup_content,
    reply_content,
    thread_content,
)
from bot.sandbox.privacy import is_service
from bot.sandbox.stage import Call

Json = dict[str, Any]
# Fields that are the content of a message, rather than where and by whom it was sent.
CONTENT: Final = MEDIA_FIELDS | {
    "text",
    "entities",
    "caption",
    "caption_entities",
    "location",
    "venue",
    "contact",
    "poll",
    "link_preview_options",
}


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """Send a message again, naming its origin (Bot API, forwardMessage)."""
    source = chat_of(call, "from_chat_id")
    message = _movable(message_of(call, source, "message to forward"))
    return deliver(call, _forwarded(message))


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    """Forward up to 100 messages; those that cannot be are skipped (Bot API, forwardMessages)."""
    return [{"message_id": message["message_id"]} for message in _all(call, _forwarded)]


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """Send the content of a message again, without its origin (Bot API, copyMessage)."""
    source = chat_of(call, "from_chat_id")
    message = _movable(message_of(call, source, "message to copy"))
    content = _copied(message)
    if "caption" in call.args.values and not MEDIA_FIELDS.isdisjoint(content):
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content.update(caption_content(call))
    return {"message_id": deliver(call, content)["message_id"]}


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    """Copy up to 100 messages; those that cannot be are skipped (Bot API, copyMessages)."""
    return [{"message_id": message["message_id"]} for message in _all(call, _copied)]


def _all(call: Call, content: Any) -> list[Json]:
    source = chat_of(call, "from_chat_id")
    wanted = [source.messages[number] for number in message_ids(call) if number in source.messages]
    found = [message for message in wanted if not is_service(message)]
    if not found:
        raise bad_request("there are no messages to forward")
    chat = writable(call)
    check_rights(call, chat, found[0])
    shared = {**thread_content(call, chat), **reply_content(call, chat), **markup_content(call, chat)}
    call.stage.spend(call.bot, chat, len(found))
    sender = call.bot.profile()
    return [call.world.post(chat, sender, {**shared, **content(message)}) for message in found]


def _movable(message: Json) -> Json:
    if is_service(message) or message.get("has_protected_content"):
        raise bad_request("message can't be forwarded")
    return message


def _forwarded(message: Json) -> Json:
    origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
    return {"forward_origin": message.get("forward_origin", origin), **_copied(message)}


def _copied(message: Json) -> Json:
    content = {name: value for name, value in message.items() if name in CONTENT}
    if "poll" in content:
        raise bad_request("message can't be copied")
    return content


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """React to a message with at most one emoji (Bot API, setMessageReaction)."""
    chat = writable(call)
    message = message_of(call, chat, "message to react")
    reactions = call.args.listing("reaction", "reaction types", "ReactionType")
    if len(reactions) > 1:
        raise ApiError(400, "Bad Request: REACTIONS_TOO_MANY")
    emoji = [_emoji(reaction) for reaction in reactions]
    _react(call, chat, message, emoji)
    return True


def _emoji(reaction: object) -> str:
    if not isinstance(reaction, dict) or reaction.get("type") != "emoji":
        raise bad_request("can't parse ReactionType: invalid reaction type specified")
    if str(reaction.get("emoji")) not in EMOJI:
        raise ApiError(400, "Bad Request: REACTION_INVALID")
    return str(reaction["emoji"])


def _react(call: Call, chat: Chat, message: Json, emoji: list[str]) -> None:
    """Keep the bot's reaction with the message under `reactions`, an addition for the chat page."""
    others = [entry for entry in message.get("reactions", []) if entry["user"] != call.bot.id]
    reactions = others + [{"user": call.bot.id, "emoji": sign} for sign in emoji]
    changed = {name: value for name, value in message.items() if name != "reactions"}
    call.world.replace(chat, {**changed, **({"reactions": reactions} if reactions else {})})


# Bot API, ReactionTypeEmoji: the only emoji that a reaction may be.
_REACTIONS: Final = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 "
    "🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ "
    "💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
EMOJI: Final = frozenset(_REACTIONS.split())
