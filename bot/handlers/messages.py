"""Messages, and edited ones: commands, words, places, pictures."""

from __future__ import annotations

import re

from aiogram.enums import ChatType
from aiogram.types import Message

from bot.services.incoming import Command, Faceless, Incoming, Moved, What
from bot.services.intake import Intake
from bot.talk import hears

# As Telegram writes commands: up to 32 letters, digits and underscores, perhaps with the bot's name.
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w{3,32}))?(?:\s+(.*))?\Z", re.DOTALL)
# A deep link's payload is at most 64 of these.
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
# What a film is called that nobody named.
_FILM = "video.mp4"


async def on_message(message: Message, update_id: int, intake: Intake, username: str) -> str | None:
    """Somebody sent something."""
    if message.migrate_to_chat_id is not None:
        return await intake.take(_moved(message, message.migrate_to_chat_id, update_id))
    incoming = read(message, update_id, username)
    return await intake.take(incoming) if incoming is not None else None


async def on_edited(message: Message, update_id: int, intake: Intake, username: str) -> str | None:
    """Somebody corrected a text. Other edits (a moving live location, a caption) are not for us."""
    if message.text is None:
        return None
    incoming = read(message, update_id, username, edited=True)
    if incoming is None or not isinstance(incoming.what, hears.Text):
        return None
    return await intake.take(incoming)


def read(message: Message, update_id: int, username: str, *, edited: bool = False) -> Incoming | None:
    """What a message says to us; None if it is nobody's or, in a group, not meant for us."""
    if message.sender_chat is not None and message.sender_chat.id == message.chat.id:
        return None if edited else _faceless(message, update_id, username)
    sender = message.from_user
    if sender is None or sender.is_bot or message.sender_chat is not None:
        return None
    private = message.chat.type == ChatType.PRIVATE
    if not private and message.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return None
    what = _what(message) if private else _what_in_group(message, username)
    if what is None:
        return None
    return Incoming(
        update_id,
        message.chat.id,
        sender.id,
        what,
        private,
        sender.language_code,
        message.message_id,
        message.message_thread_id if message.is_topic_message else None,
        edited,
    )


def _faceless(message: Message, update_id: int, username: str) -> Incoming | None:
    """What an administrator says who posts as the group: only a command wants an answer."""
    if message.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return None
    what = _what_in_group(message, username)
    if not isinstance(what, Command):
        return None
    thread = message.message_thread_id if message.is_topic_message else None
    chat = message.chat.id
    return Incoming(update_id, chat, chat, Faceless(what), private=False, thread=thread)


def _moved(message: Message, to: int, update_id: int) -> Incoming:
    """The group became a supergroup; whoever did that is of no matter."""
    return Incoming(update_id, message.chat.id, 0, Moved(to), private=False)


def _what(message: Message) -> What | None:
    if message.text is not None:
        return _text(hears.clean(message.text), None)
    if message.venue is not None:
        place = message.venue.location
        return hears.Location(place.latitude, place.longitude, hears.clean(message.venue.title))
    if message.location is not None:
        return hears.Location(message.location.latitude, message.location.longitude)
    caption = hears.clean(message.caption or "")
    if message.photo:
        largest = message.photo[-1]
        return hears.Photo(largest.file_id, caption, message.media_group_id, largest.file_size or 0)
    if message.document is not None:
        sent = message.document
        name, album = hears.clean(sent.file_name or ""), message.media_group_id
        return hears.File(sent.file_id, name, caption, sent.file_size or 0, album)
    if message.video is not None:
        film, name = message.video, hears.clean(message.video.file_name or _FILM)
        return hears.File(film.file_id, name, caption, film.file_size or 0, message.media_group_id)
    if message.voice is not None:
        return hears.Voice(message.voice.file_id, message.voice.duration, message.voice.file_size or 0)
    return hears.Other() if _is_content(message) else None


def _is_content(message: Message) -> bool:
    """Whether a person sent this, and not Telegram itself about the chat."""
    return bool(
        message.sticker or message.contact or message.video_note or message.audio or message.animation
    )


def _what_in_group(message: Message, username: str) -> What | None:
    """In a group only what names the bot is for the bot, or what answers one of its messages."""
    if message.text is None:
        return _what(message) if _answers(message, username) else None
    text = hears.clean(message.text)
    command = _COMMAND.match(text)
    if command is not None:
        addressee = (command.group(2) or "").lower()
        return _text(text, username, named=bool(addressee)) if addressee in ("", username.lower()) else None
    mention = re.compile(rf"(?<!\w)@{re.escape(username)}\b", re.IGNORECASE)
    if mention.search(text):
        return _text(mention.sub(" ", text).strip(), username)
    return _text(text, None) if _answers(message, username) else None


def _answers(message: Message, username: str) -> bool:
    replied = message.reply_to_message
    author = replied.from_user if replied else None
    return author is not None and (author.username or "").lower() == username.lower()


def _text(text: str, username: str | None, *, named: bool = True) -> What:
    command = _COMMAND.match(text.strip())
    if command is None or (username and (command.group(2) or username).lower() != username.lower()):
        return hears.Text(text)
    name, argument = command.group(1).lower(), (command.group(3) or "").strip()
    if name == "start" and not _PAYLOAD.match(argument):
        argument = ""
    return Command(name, argument, named)
