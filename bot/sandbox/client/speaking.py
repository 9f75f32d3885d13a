"""POST /client/messages: what a person says, shows or changes."""

from typing import Any, Final

from bot import limits
from bot.sandbox import entities
from bot.sandbox.chats import Chat, inline_message_id
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ApiError, ClientError
from bot.sandbox.methods.media import media_content, store
from bot.sandbox.methods.sending import without_reply
from bot.sandbox.people import User
from bot.sandbox.spans import cut, utf16_length

Json = dict[str, Any]
PLAIN_KINDS: Final = ("text", "location", "venue", "contact", "inline_result")
FILE_KINDS: Final = ("photo", "voice", "document", "audio")
LONGEST_WORD: Final = 512


def say(fields: Fields) -> Json | list[Json]:
    """Post what a person sends and tell the bots.

    Gives the message, or the list of an album's. A text of more than 4096 units goes out in several
    messages, as Telegram's apps send it; then the last one is given.
    """
    user = fields.user()
    if user.deactivated:
        raise ClientError(f"user {user.id} is deactivated")
    chat = fields.chat(user)
    if fields.has("edit"):
        return _edit(fields, user, chat)
    contents = _contents(fields)
    shared = {**_thread(fields, chat), **_reply(fields, chat)}
    if chat.private:
        _begin(fields, user, chat, str(contents[0].get("text", "")))
    album = len(contents) > 1 and "text" not in contents[0]
    if album:
        shared["media_group_id"] = fields.stage.fresh_id()
    messages = [_post(fields, user, chat, {**shared, **content}) for content in contents]
    return messages if album else messages[-1]


def _post(fields: Fields, user: User, chat: Chat, content: Json) -> Json:
    world = fields.stage.world
    message = world.post(chat, user.profile(), content)
    world.announce(chat, message)
    if "via_bot" in message:
        _tell_chosen(fields, user, chat, message)
    return message


def _tell_chosen(fields: Fields, user: User, chat: Chat, message: Json) -> None:
    """The bot hears which of its results was chosen; with a keyboard it can edit the message later."""
    result = fields.mapping("inline_result")
    chosen = fields.stage.offered[(str(result.get("inline_query_id")), str(result.get("id")))]
    body: Json = {"result_id": str(result["id"]), "from": user.profile(), "query": chosen.query}
    if "reply_markup" in message:
        body["inline_message_id"] = inline_message_id(chat.key, message["message_id"])
    fields.stage.world.update(fields.stage.world.bots[chosen.bot_id], "chosen_inline_result", body, user.id)


def _begin(fields: Fields, user: User, chat: Chat, text: str) -> None:
    """A person's first message starts the chat; /start also lifts a block, as the client's button does."""
    world = fields.stage.world
    bot = world.bots[chat.key[0]]
    if bot.id in user.blocked:
        if not text.startswith("/start"):
            raise ClientError(
                f"user {user.id} has blocked the bot; unblock it by POST /client/blocks or send /start"
            )
        world.set_blocked(bot, user, False)
    if bot.id not in user.started:
        user.started.add(bot.id)
        world.touch(user)


def _contents(fields: Fields) -> list[Json]:
    """What is sent: one kind of content, or several photos or files as an album."""
    kinds = [kind for kind in PLAIN_KINDS if fields.value(kind) is not None]
    uploads = [(_kind(name), upload) for name, upload in fields.args.files.items()]
    if uploads and kinds:
        raise ClientError("send either files or one of " + ", ".join(PLAIN_KINDS))
    if uploads:
        if len(uploads) > limits.ALBUM_MAX:
            raise ClientError(f"an album holds at most {limits.ALBUM_MAX} files")
        return [_file(fields, kind, upload, first=index == 0) for index, (kind, upload) in enumerate(uploads)]
    if len(kinds) != 1:
        raise ClientError("send exactly one of " + ", ".join((*PLAIN_KINDS, *FILE_KINDS)))
    return _texts(fields) if kinds[0] == "text" else [_plain(fields, kinds[0])]


def _plain(fields: Fields, kind: str) -> Json:
    match kind:
        case "location":
            return {"location": _location(fields, fields.mapping("location"))}
        case "venue":
            return _venue(fields, fields.mapping("venue"))
        case "contact":
            return {"contact": _contact(fields)}
        case _:
            return _inline_result(fields)


def _texts(fields: Fields) -> list[Json]:
    parts = cut(fields.text("text", longest=limits.TEXT_BYTES_BEFORE_PARSING), limits.MESSAGE_TEXT)
    tidied = [entities.tidy(part, []) for part in parts]
    contents = [{"text": plain, **({"entities": found} if found else {})} for plain, found in tidied if plain]
    if not contents:
        raise ClientError('"text" must not be empty')
    return contents


def _text(fields: Fields) -> Json:
    contents = _texts(fields)
    if len(contents) > 1:
        raise ClientError(f'"text" must not be longer than {limits.MESSAGE_TEXT} UTF-16 units')
    return contents[0]


def _location(fields: Fields, source: Json) -> Json:
    latitude = fields.real(source, "latitude", -90, 90)
    longitude = fields.real(source, "longitude", -180, 180)
    location: Json = {"latitude": latitude, "longitude": longitude}
    if source.get("horizontal_accuracy") is not None:
        location["horizontal_accuracy"] = fields.real(
            source, "horizontal_accuracy", 0, limits.LOCATION_ACCURACY_METRES
        )
    return location


def _venue(fields: Fields, source: Json) -> Json:
    place = source.get("location", source)
    if not isinstance(place, dict):
        raise ClientError('"location" of a venue must be an object')
    location = _location(fields, place)
    title, address = _word(source, "title"), _word(source, "address")
    return {"venue": {"location": location, "title": title, "address": address}, "location": location}


def _contact(fields: Fields) -> Json:
    source = fields.mapping("contact")
    contact: Json = {"phone_number": _word(source, "phone_number"), "first_name": _word(source, "first_name")}
    if source.get("last_name") is not None:
        contact["last_name"] = _word(source, "last_name")
    if source.get("user_id") is not None:
        contact["user_id"] = Fields(fields.stage, type(fields.args)(source)).number("user_id")
    return contact


def _word(source: Json, name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_WORD:
        raise ClientError(f'"{name}" must be a string of 1 to {LONGEST_WORD} characters')
    return value


def _inline_result(fields: Fields) -> Json:
    """A result chosen from an inline query: its message, sent through the bot."""
    result = fields.mapping("inline_result")
    key = (str(result.get("inline_query_id")), str(result.get("id")))
    chosen = fields.stage.offered.get(key)
    if chosen is None:
        raise ClientError('"inline_result" must be a result that POST /client/inline gave, as it was')
    bot = fields.stage.world.bots[chosen.bot_id]
    content = {**chosen.result["message"], "via_bot": bot.profile()}
    if chosen.result.get("reply_markup"):
        content["reply_markup"] = chosen.result["reply_markup"]
    return content


def _kind(name: str) -> str:
    kind = name.split("#", 1)[0].rstrip("0123456789[]")
    if kind not in FILE_KINDS:
        raise ClientError("file parts are called " + ", ".join(FILE_KINDS))
    return kind


def _file(fields: Fields, kind: str, upload: Any, *, first: bool) -> Json:
    try:
        stored = store(fields.stage, kind, upload.name, upload.mime_type, upload.data)
    except ApiError as error:
        raise ClientError(f"this {kind} cannot be sent: {error.description}") from None
    content = media_content(fields.stage, stored)
    if kind in ("voice", "audio"):
        content[kind]["duration"] = max(fields.number("duration", 1), 0)
    return {**content, **(_caption(fields) if first else {})}


def _caption(fields: Fields) -> Json:
    plain, found = entities.tidy(fields.text("caption", longest=limits.TEXT_BYTES_BEFORE_PARSING), [])
    if utf16_length(plain) > limits.CAPTION:
        raise ClientError(f'"caption" must not be longer than {limits.CAPTION} UTF-16 units')
    if not plain:
        return {}
    return {"caption": plain, **({"caption_entities": found} if found else {})}


def _thread(fields: Fields, chat: Chat) -> Json:
    if not fields.has("thread"):
        return {}
    thread = fields.number("thread")
    topic = chat.topics.get(thread)
    if topic is None or topic.closed:
        raise ClientError(f"chat {chat.id} has no open topic {thread}")
    return {"message_thread_id": thread, "is_topic_message": True}


def _reply(fields: Fields, chat: Chat) -> Json:
    if not fields.has("reply_to"):
        return {}
    original = chat.messages.get(fields.number("reply_to"))
    if original is None:
        raise ClientError(f"chat {chat.id} has no message {fields.number('reply_to')} to reply to")
    return {"reply_to_message": without_reply(original)}


def _edit(fields: Fields, user: User, chat: Chat) -> Json:
    """Change the text or caption of one's own message; the bots get edited_message."""
    message = chat.messages.get(fields.number("edit"))
    if message is None or message["from"]["id"] != user.id:
        raise ClientError(f"message {fields.number('edit')} is not one that user {user.id} can edit")
    if "text" in message:
        gone, content = {"text", "entities"}, _text(fields)
    else:
        gone, content = {"caption", "caption_entities"}, _caption(fields)
    edited = {name: value for name, value in message.items() if name not in gone}
    edited.update(content)
    edited["edit_date"] = int(fields.stage.now())
    fields.stage.world.replace(chat, edited)
    fields.stage.world.announce(chat, edited, "edited_message")
    return edited
