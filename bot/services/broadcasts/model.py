"""What a broadcast is: whom, what, when, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bot.i18n import DEFAULT_LOCALE
from bot.talk.says import Json

# Kinds of due things.
START: Final = "broadcast_start"
FILL: Final = "broadcast_fill"
WATCH: Final = "broadcast_watch"

# What a broadcast is. A running one may be paused: that stands with its rows (`letters.state`).
ASKED: Final = "asked"
PLANNED: Final = "planned"
RUNNING: Final = "running"
OVER: Final = "over"
CANCELLED: Final = "cancelled"
REFUSED: Final = "refused"

LONGEST_TEXT: Final = 3000
"""In characters: one message, with room for a long name."""
LONGEST_CAPTION: Final = 900
"""In characters, under a picture."""
MOST_BUTTONS: Final = 4
MOST_AHEAD: Final = timedelta(days=60)
"""Later than this nobody remembers what they planned."""

NAME: Final = "name"
BRANCH: Final = "branch"
"""The marks of a text that stand for who reads it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator set: above how many recipients a second organizer approves, and the rate."""

    threshold: int = 200
    per_second: float = 30.0


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a broadcast: what it opens (a kind of target and its name), and its words by locale."""

    kind: str
    object: str
    labels: Mapping[str, str]

    def label(self, locale: str) -> str:
        """Its words in a locale, or in any other."""
        return self.labels.get(locale) or next(iter(self.labels.values()))


@dataclass(frozen=True, slots=True)
class Content:
    """What is said: a text for each locale (at least one), perhaps a picture (a file id), buttons."""

    texts: Mapping[str, str]
    picture: str = ""
    buttons: tuple[Button, ...] = ()

    def spoken_to(self, locale: str) -> str:
        """The locale of the text that readers of a locale get: theirs, or one that there is."""
        choices = (each for each in (locale, DEFAULT_LOCALE) if each in self.texts)
        return next(choices, None) or next(iter(self.texts))

    def text(self, locale: str) -> str:
        """The text for a locale; where there is none the one that there is."""
        return self.texts[self.spoken_to(locale)]

    def to_json(self) -> Json:
        """As a row keeps it."""
        buttons = [[each.kind, each.object, dict(each.labels)] for each in self.buttons]
        return {"texts": dict(self.texts), "picture": self.picture, "buttons": buttons}


def content_from(value: Mapping[str, Any]) -> Content:
    """What a row keeps. Raises KeyError, TypeError or ValueError for anything else."""
    buttons = tuple(Button(kind, name, dict(labels)) for kind, name, labels in value["buttons"])
    return Content(dict(value["texts"]), value["picture"], buttons[:MOST_BUTTONS])


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast, as its row says. `segment` is canonical text, with branches by their ids."""

    id: int
    made_by: int
    segment: str
    topic: str
    content: Content
    state: str
    starts_at: datetime | None
    made_at: datetime
    decided_by: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    screen: int | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who would get it: each person and each group once. Those who are `quiet` get it when they wake.

    Left out are who blocked the bot, groups that it can't write to, and who wants nothing of the topic.
    """

    people: int = 0
    groups: int = 0
    blocked: int = 0
    left: int = 0
    opted_out: int = 0
    quiet: int = 0

    @property
    def recipients(self) -> int:
        """People and groups together."""
        return self.people + self.groups

    @property
    def left_out(self) -> dict[str, int]:
        """How many do not get it, by reason."""
        return {"blocked": self.blocked, "left": self.left, "opted_out": self.opted_out}

    def duration(self, per_second: float) -> timedelta:
        """How long it takes at a rate, for who is awake."""
        return timedelta(seconds=(self.recipients - self.quiet) / per_second if per_second else 0)


Phase = Literal["filling", "running", "paused", "night", "over", "cancelled"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: numbers of recipients. `asleep` of those who wait get it when they wake."""

    phase: Phase
    sent: int = 0
    blocked: int = 0
    failed: int = 0
    uncertain: int = 0
    cancelled: int = 0
    waiting: int = 0
    asleep: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    per_second: float = 0
    wakes_at: datetime | None = None

    @property
    def recipients(self) -> int:
        """All who were to get it when it started."""
        return self.sent + self.blocked + self.failed + self.uncertain + self.cancelled + self.waiting

    @property
    def audience(self) -> int:
        """All who were meant, also those left out from the start."""
        return self.recipients + sum(self.left_out.values())

    @property
    def to_go(self) -> timedelta | None:
        """How long it will take for who is awake; None where nothing is going."""
        awake = self.waiting - self.asleep
        return timedelta(seconds=awake / self.per_second) if awake > 0 and self.per_second > 0 else None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one part of the recipients: a branch (`group` is None) or one group chat."""

    title: str
    numbers: Mapping[str, int]
    taps: int
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a broadcast. `taps` are people by button, each once; `late` people and
    `late_groups` came after it started."""

    progress: Progress
    taps: tuple[int, ...] = ()
    tapped: int = 0
    branches: tuple[Line, ...] = ()
    groups: tuple[Line, ...] = ()
    late: int = 0
    late_groups: int = 0
