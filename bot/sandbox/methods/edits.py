"""Changing and deleting what was sent."""

from typing import Any

from bot import limits
from bot.sandbox.chats import Chat, inline_message_place
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.access import check_admin, message_of, writable
from bot.sandbox.methods.media import MEDIA_FIELDS, edited_media
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import caption_content, markup_content, text_content
from bot.sandbox.people import ADMINS
from bot.sandbox.privacy import is_service
from bot.sandbox.stage import Call

Json = dict[str, Any]
TEXT_FIELDS = frozenset({"text", "entities", "link_preview_options"})
CAPTION_FIELDS = frozenset({"caption", "caption_entities"})
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


@method("editMessageText")
def edit_message_text(call: Call) -> Json | bool:
    """Replace the text of a message (Bot API, editMessageText)."""
    chat, message = _editable(call)
    content = text_content(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, TEXT_FIELDS, content)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json | bool:
    """Replace the caption of a medium; an empty one takes it away (Bot API, editMessageCaption)."""
    chat, message = _editable(call)
    if MEDIA_FIELDS.isdisjoint(message):
        raise bad_request("there is no caption in the message to edit")
    return _change(call, chat, message, CAPTION_FIELDS, caption_content(call))


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json | bool:
    """Replace the medium of a message, caption included (Bot API, editMessageMedia)."""
    chat, message = _editable(call)
    content = edited_media(call)
    return _change(call, chat, message, MEDIA_FIELDS | CAPTION_FIELDS | TEXT_FIELDS, content)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json | bool:
    """Replace or remove the inline keyboard (Bot API, editMessageReplyMarkup)."""
    chat, message = _editable(call)
    return _change(call, chat, message, frozenset(), {})


def _editable(call: Call) -> tuple[Chat, Json]:
    """The message a call wants to edit. Raises ApiError 400 where it may not."""
    if call.args.has("inline_message_id"):
        return _inline_editable(call)
    chat = writable(call)
    message = message_of(call, chat, "message to edit")
    ours = message["from"]["id"] == call.bot.id and "via_bot" not in message
    keyboard = message.get("reply_markup", {})
    if not ours or is_service(message) or not keyboard.keys() <= {"inline_keyboard"}:
        raise bad_request("message can't be edited")
    return chat, message


def _inline_editable(call: Call) -> tuple[Chat, Json]:
    """A message that was sent through the bot, by its inline_message_id. Raises ApiError 400."""
    place = inline_message_place(call.args.text("inline_message_id"))
    chat = call.world.chats.get(place[0]) if place is not None else None
    message = chat.messages.get(place[1]) if chat is not None and place is not None else None
    if chat is None or message is None or message.get("via_bot", {}).get("id") != call.bot.id:
        raise ApiError(400, "Bad Request: MESSAGE_ID_INVALID")
    return chat, message


def _change(call: Call, chat: Chat, message: Json, replaced: frozenset[str], content: Json) -> Json | bool:
    """Put new content in the place of `replaced` fields; a call without reply_markup removes the keyboard.

    Gives the edited message, or True for one that was sent through the bot.
    """
    markup = markup_content(call, chat, only_inline=True)
    gone = replaced | {"reply_markup", "edit_date"}
    edited = {name: value for name, value in message.items() if name not in gone}
    edited.update(content)
    edited.update(markup)
    if edited == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    call.stage.spend(call.bot, chat)
    edited["edit_date"] = int(call.stage.now())
    call.world.replace(chat, edited)
    return True if "via_bot" in edited else edited


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete one message (Bot API, deleteMessage: 48 hours, others' messages only by administrators)."""
    chat = writable(call)
    message = message_of(call, chat, "message to delete")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted")
    call.world.delete(chat, message["message_id"])
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages; those that are not there are skipped (Bot API, deleteMessages)."""
    chat = writable(call)
    for message_id in message_ids(call):
        message = chat.messages.get(message_id)
        if message is not None and _deletable(call, chat, message):
            call.world.delete(chat, message_id)
    return True


def message_ids(call: Call) -> list[int]:
    """The list of message ids of a call, between 1 and 100."""
    ids = call.args.listing("message_ids", "message_ids", "message identifiers")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > limits.MESSAGES_PER_CALL:
        raise bad_request("too many message identifiers specified")
    if any(isinstance(message_id, bool) or not isinstance(message_id, int) for message_id in ids):
        raise bad_request("message identifier must be a Number")
    if min(ids) <= 0:
        raise bad_request("invalid message identifier specified")
    return ids


def _deletable(call: Call, chat: Chat, message: Json) -> bool:
    if call.stage.now() - message["date"] > limits.DELETE_AGE_SECONDS:
        return chat.members.get(call.bot.id) in ADMINS and not chat.private
    ours = message["from"]["id"] == call.bot.id
    return ours or chat.private or chat.members.get(call.bot.id) in ADMINS


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message and say so in the chat (Bot API, pinChatMessage)."""
    chat = writable(call)
    message = message_of(call, chat, "message to pin")
    check_admin(call, chat, "manage pinned messages in the chat")
    if is_service(message):
        raise bad_request("service messages can't be pinned")
    if message["message_id"] in chat.pinned:
        return True
    chat.pinned.append(message["message_id"])
    call.world.post(chat, call.bot.profile(), {"pinned_message": message})
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, the newest pinned one where none is named (Bot API, unpinChatMessage)."""
    chat = writable(call)
    check_admin(call, chat, "manage pinned messages in the chat")
    wanted = call.args.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.touch(chat)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything in a chat (Bot API, unpinAllChatMessages)."""
    chat = writable(call)
    check_admin(call, chat, "manage pinned messages in the chat")
    chat.pinned.clear()
    call.world.touch(chat)
    return True
