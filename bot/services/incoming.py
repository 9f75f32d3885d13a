"""One update, as far as Wayside cares: who said what, where, in answer to which message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.talk import hears


@dataclass(frozen=True, slots=True)
class Command:
    """A command such as /stations, with the words after it.

    One that is not `named` came in a group without the bot's name: it may be another bot's.
    """

    name: str
    argument: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on an inline button: what the button carries, and the query to answer."""

    data: str
    query: str


@dataclass(frozen=True, slots=True)
class Faceless:
    """An administrator gave a command as the group itself: the channel tells nobody who that is."""

    command: Command


@dataclass(frozen=True, slots=True)
class Gone:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person unblocked the bot."""


@dataclass(frozen=True, slots=True)
class TooFast:
    """The person sent too much too fast; what it was is not heard."""


@dataclass(frozen=True, slots=True)
class Place:
    """The bot's own place in a group, as it is now."""

    title: str
    present: bool
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup, with another id."""

    to: int


What = hears.Event | Command | Faceless | Press | TooFast | Gone | Returned | Place | Moved


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one update brings. `message` is the message that was sent or tapped.

    Where nobody can tell who sent it, the `account` is the chat's id.

    `administers` is a group that the person administers, where that was asked of the channel just now.
    """

    update_id: int
    chat: int
    account: int
    what: What
    private: bool = True
    language_code: str | None = None
    message: int | None = None
    thread: int | None = None
    edited: bool = False
    administers: int | None = None
