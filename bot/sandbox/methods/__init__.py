"""The Bot API, method by method. Importing this package fills the table."""

from bot.sandbox.methods import answers, edits, listening, media, sending
from bot.sandbox.methods.registry import METHODS

__all__ = ["METHODS", "answers", "edits", "listening", "media", "sending"]
