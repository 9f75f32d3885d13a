"""What an error of the Bot API means for the message that met it."""

from __future__ import annotations

import re
from enum import Enum, auto

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.delivery.request import NotSent


class Outcome(Enum):
    """What to do next."""

    STANDS = auto()  # the message shows already what it should
    NO_TARGET = auto()  # the message to change is gone or closed to changes
    NO_TEXT = auto()  # the message to change shows a picture: a text can't take its place
    NO_TOPIC = auto()  # the forum topic is gone
    MIGRATED = auto()
    GONE = auto()  # the person blocked the bot or left Telegram, or the group removed the bot
    NOT_SENT = auto()  # nothing happened: try again
    UNCERTAIN = auto()  # perhaps it was carried out
    NO_RIGHTS = auto()  # the bot may not write in the group
    DEAD = auto()  # it will never be taken


# Words of the official server (telegram-bot-api, Client.cpp, and the errors of the layers below it).
_BY_WORDS = (
    ("message is not modified", Outcome.STANDS),
    ("message to edit not found", Outcome.NO_TARGET),
    ("message can't be edited", Outcome.NO_TARGET),
    ("there is no text in the message to edit", Outcome.NO_TEXT),
    ("message_id_invalid", Outcome.NO_TARGET),
    ("message thread not found", Outcome.NO_TOPIC),
    ("topic_closed", Outcome.NO_TOPIC),
    ("topic_deleted", Outcome.NO_TOPIC),
    ("not enough rights to send", Outcome.NO_RIGHTS),
    ("have no write access to the chat", Outcome.NO_RIGHTS),
    ("chat_write_forbidden", Outcome.NO_RIGHTS),
)
# The server quotes what it refuses: addresses of buttons, tags, names.
_QUOTED = re.compile(r"(?<!\w)'.*'|\".*\"", re.DOTALL)
_REASON_LENGTH = 200


def judge(error: TelegramError) -> Outcome:
    """What an error means for the message."""
    match error:
        case ChatMigrated():
            return Outcome.MIGRATED
        case Forbidden():
            return Outcome.GONE
        # A refused token acted on nothing and is not the message's fault.
        case NotSent() | InvalidToken():
            return Outcome.NOT_SENT
        case BadRequest():
            words = error.message.lower()
            return next((outcome for part, outcome in _BY_WORDS if part in words), Outcome.DEAD)
        case _:
            return Outcome.UNCERTAIN


def reason(error: TelegramError) -> str:
    """An error's text fit for logs and tables: nothing that people wrote, no address."""
    return _QUOTED.sub("…", error.message)[:_REASON_LENGTH]
