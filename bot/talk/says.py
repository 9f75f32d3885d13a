"""What a dialog says, neutral of the channel. Every message turns into plain JSON for the outbox and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""A value that JSON can hold: None, bool, int, float, str, list or dict of such."""


@dataclass(frozen=True, slots=True)
class Option:
    """A button inside a conversation: what it shows and the value it stands for."""

    label: str
    value: Json


@dataclass(frozen=True, slots=True)
class Action:
    """A button outside of any conversation: (action, object), looked up and authorised when tapped."""

    label: str
    action: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address: https, `start:<payload>` for a deep link to the private chat, or
    `startgroup:<payload>` for one that puts the bot into a group of the person's choice."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """A button that lets one share `@bot query` in another chat."""

    label: str
    query: str


Button = Option | Action | Link | Share
Rows = Sequence[Sequence[Button]]


def in_columns(buttons: Sequence[Button], columns: int) -> list[list[Button]]:
    """Buttons in rows of so many."""
    return [list(buttons[start : start + columns]) for start in range(0, len(buttons), columns)]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with buttons under it. `menu` also brings up the channel's lasting menu of the main ways."""

    text: str
    rows: Rows = ()
    menu: bool = False
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A pin on the map (degrees, WGS-84) with its name and address."""

    lat: float
    lon: float
    title: str
    address: str
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with a caption; `file` as in File."""

    file: str
    caption: str = ""
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class File:
    """A document to keep or open.

    `file` is a file id at the channel, `kept:…` for bytes that the services keep, or `content:…` for a path
    in the content. It shows under `name` where the channel gets it for the first time.
    """

    file: str
    name: str
    caption: str = ""
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Audio:
    """Something to listen to, with its title and length in seconds; `file` as in File."""

    file: str
    title: str
    seconds: int = 0
    caption: str = ""
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question that a group answers with taps, nobody sees who; `right` is the place of the right one."""

    question: str
    options: tuple[str, ...]
    right: int
    why: str = ""
    rows: Rows = ()


Message = Text | Place | Photo | File | Audio | Quiz


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a waiting step shows: the message, and which answers its buttons stand for.

    `optional` offers Skip, `back` offers « Back; a `browsing` step has ways out of its own, unless it `stops`
    with the usual one. One that `takes_words` may be answered by any text.
    """

    step: str
    message: Text | Photo
    optional: bool = False
    back: bool = False
    browsing: bool = False
    takes_words: bool = False
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """One state of a browsed step, drawn: a text, or a picture (`file` as in File) with the text under it.

    One that brings up the lasting menu has no buttons of its own. One that `takes_words` asks for a typed
    line: what is written is its answer, and only what plainly is none leads elsewhere. One in the middle of
    something that is being made `stops` it with one tap, as a question does.
    """

    text: str
    rows: Rows = field(default=())
    menu: bool = False
    picture: str = ""
    takes_words: bool = False
    stops: bool = False

    def message(self) -> Text | Photo:
        """The screen as a message."""
        if self.picture:
            return Photo(self.picture, self.text, self.rows)
        return Text(self.text, self.rows, self.menu)


def options_of(message: Message) -> list[Option]:
    """The conversation's own buttons, in reading order: a button's index is its place here."""
    return [button for row in message.rows for button in row if isinstance(button, Option)]
