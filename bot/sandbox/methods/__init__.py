"""The Bot API, method by method. Importing this package fills the table."""

from bot.sandbox.methods import (
    answers,
    chats,
    edits,
    forwards,
    listening,
    media,
    places,
    polls,
    profile,
    sending,
    topics,
)
from bot.sandbox.methods.registry import METHODS

__all__ = [
    "METHODS",
    "answers",
    "chats",
    "edits",
    "forwards",
    "listening",
    "media",
    "places",
    "polls",
    "profile",
    "sending",
    "topics",
]
