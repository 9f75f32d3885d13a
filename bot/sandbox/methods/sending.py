"""Sending: what every message has in common, and the messages that are only text."""

from typing import Any, Final

from bot import limits
from bot.sandbox import entities, keyboards
from bot.sandbox.chats import Chat
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.access import check_rights, writable
from bot.sandbox.methods.registry import method
from bot.sandbox.people import ADMINS
from bot.sandbox.spans import utf16_length
from bot.sandbox.stage import Call

Json = dict[str, Any]
PREVIEW: Final = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("sendMessage")
def send_message(call: Call) -> Json:
    """A text message (Bot API, sendMessage)."""
    return deliver(call, text_content(call))


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Show for five seconds, or until a message comes, what the bot is doing (Bot API, sendChatAction)."""
    chat = writable(call)
    action = call.args.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = (action, call.stage.now())
    call.world.touch(chat)
    return True


def text_content(call: Call) -> Json:
    """The text and entities of a message. Raises ApiError 400 for no text, or more than 4096 units of it."""
    text = call.args.text("text")
    if not text:
        raise bad_request("message text is empty")
    plain, found = formatted(call, text, "parse_mode", "entities")
    if not plain:
        raise bad_request("text must be non-empty")
    if utf16_length(plain) > limits.MESSAGE_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": plain}
    if found:
        content["entities"] = found
    return {**content, **_preview(call)}


def _preview(call: Call) -> Json:
    given = call.args.structure("link_preview_options", "link preview options")
    if given is not None and not isinstance(given, dict):
        raise bad_request("object expected as link preview options")
    known = (
        {name: given[name] for name in PREVIEW if isinstance(given.get(name), bool | str)} if given else {}
    )
    return {"link_preview_options": known} if known else {}


def caption_content(call: Call) -> Json:
    """The caption of a medium, if any. Raises ApiError 400 above 1024 units."""
    text = call.args.text("caption")
    if not text:
        return {}
    plain, found = formatted(call, text, "parse_mode", "caption_entities")
    return checked_caption(plain, found)


def checked_caption(plain: str, found: list[Json]) -> Json:
    """A caption that is already parsed, as fields of a message."""
    if utf16_length(plain) > limits.CAPTION:
        raise bad_request("message caption is too long")
    if not plain:
        return {}
    return {"caption": plain, **({"caption_entities": found} if found else {})}


def formatted(call: Call, text: str, mode: str, listed: str) -> tuple[str, list[Json]]:
    """Parse a text by the named parameters; mentions of people get their User object."""
    parse_mode = call.args.text(mode)
    given = None if parse_mode else call.args.structure(listed, "entities")
    return named(call, *entities.parse(text, parse_mode, given))


def named(call: Call, plain: str, found: list[Json]) -> tuple[str, list[Json]]:
    """Put the User object into mentions; mentions of strangers go (Bot API, formatting options)."""
    kept = []
    for entity in found:
        if entity["type"] == "text_mention":
            user = call.world.users.get(entity["user"]["id"])
            if user is None:
                continue
            entity = {**entity, "user": user.profile()}
        kept.append(entity)
    return plain, kept


def deliver(call: Call, content: Json) -> Json:
    """Check everything that all messages share, spend a message, and post it to the chat the call names."""
    chat = writable(call)
    check_rights(call, chat, content)
    shared = {**thread_content(call, chat), **reply_content(call, chat), **markup_content(call, chat)}
    if call.args.flag("protect_content"):
        shared["has_protected_content"] = True
    call.stage.spend(call.bot, chat)
    return call.world.post(chat, call.bot.profile(), {**shared, **content})


def thread_content(call: Call, chat: Chat) -> Json:
    """The topic a message goes to. Raises ApiError 400 for deleted and closed ones."""
    thread = call.args.number("message_thread_id")
    if not thread or chat.type == "group" or (chat.type == "supergroup" and not chat.forum):
        return {}
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and chat.members.get(call.bot.id) not in ADMINS:
        raise ApiError(400, "Bad Request: TOPIC_CLOSED")
    return {"message_thread_id": thread, "is_topic_message": True}


def reply_content(call: Call, chat: Chat) -> Json:
    """The message that is replied to, by reply_parameters or by the older reply_to_message_id."""
    given = call.args.structure("reply_parameters", "reply parameters")
    if given is not None and not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    if given:
        wanted, relaxed = given.get("message_id"), given.get("allow_sending_without_reply") is True
        if isinstance(wanted, bool) or not isinstance(wanted, int):
            raise bad_request('field "message_id" must be a valid Number')
        if str(given.get("chat_id", chat.id)) != str(chat.id):
            raise bad_request("message to be replied not found")  # the sandbox replies within one chat only
    else:
        wanted = call.args.number("reply_to_message_id")
        relaxed = call.args.flag("allow_sending_without_reply")
    if not wanted:
        return {}
    original = chat.messages.get(wanted)
    if original is None:
        if relaxed:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(original)}


def without_reply(message: Json) -> Json:
    """A message as it stands in another one's reply_to_message: without its own (Bot API, Message)."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def markup_content(call: Call, chat: Chat, *, only_inline: bool = False) -> Json:
    """The checked reply_markup of a call, if it has any."""
    given = call.args.structure("reply_markup", "reply keyboard markup")
    if given is None:
        return {}
    markup = keyboards.check(given, private=chat.private, only_inline=only_inline)
    return {"reply_markup": markup} if markup else {}
