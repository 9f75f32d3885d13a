"""One update, as far as Wayside cares: who said what, where, in answer to which message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.talk import hears


@dataclass(frozen=True, slots=True)
class Command:
    """A command such as /stations, with the words after it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on an inline button: what the button carries, and the query to answer."""

    data: str
    query: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person unblocked the bot."""


What = hears.Event | Command | Press | Gone | Returned


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one update brings. `message` is the message that was sent or tapped."""

    update_id: int
    chat: int
    account: int
    what: What
    private: bool = True
    language_code: str | None = None
    message: int | None = None
    thread: int | None = None
    edited: bool = False
