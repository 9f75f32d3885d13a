"""What check-ins, their rounds and their boards are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bot.talk.says import Json

# The kinds of due things.
OPEN: Final = "round_open"
ASK: Final = "round_ask"
NUDGE: Final = "round_nudge"
CLOSE: Final = "round_close"
BOARD: Final = "round_board"
RAISE: Final = "safety_raise"
TELL: Final = "round_tell"

ANSWERING: Final = "answer_round"
"""The conversation in which somebody answers what takes more than a tap."""

MOST_QUESTIONS: Final = 20
MOST_OPTIONS: Final = 8
LONGEST_QUESTION: Final = 300
LONGEST_LABEL: Final = 40
LONGEST_ANSWER: Final = 1000
LONGEST_TITLE: Final = 60
LONGEST_NAME: Final = 40
"""All in characters."""
MOST_TAPPED_NUMBERS: Final = 10
"""A number is tapped where no more than these are possible, else typed."""
LARGEST_NUMBER: Final = 1_000_000_000

SMALLEST_TALLY: Final = 5
"""Fewer anonymous answers are not shown: one could tell who gave which."""
BOARD_AFTER: Final = timedelta(seconds=3)
"""A board is drawn anew so long after an answer: many answers at once are one edit."""
BUDDY_HAS: Final = timedelta(minutes=30)
"""Until then a buddy may find out how somebody is; then organizers are told."""
TREND: Final = 12
"""Rounds that a trend shows."""
KEEP_ROUNDS: Final = timedelta(days=400)
"""A year's trend can be seen; then the answers are forgotten."""

Kind = Literal["here", "options", "number", "text", "photo"]
END: Final = "end"
"""What an option leads to that ends a survey."""


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer. One that needs `attention` reaches organizers at once; `then` is the key of the
    question that comes next, END for none, None for the one below."""

    label: str
    attention: bool = False
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Numbers lie between `low` and `high`, both included."""

    key: str
    kind: Kind
    text: str
    options: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def tapped(self) -> bool:
        """Whether it can be answered with one tap in the message itself."""
        return self.kind in ("here", "options") or bool(self.numbers())

    def numbers(self) -> Sequence[int]:
        """The numbers to tap; empty where there are too many."""
        if self.kind != "number" or self.low is None or self.high is None:
            return ()
        return range(self.low, self.high + 1) if self.high - self.low < MOST_TAPPED_NUMBERS else ()

    def option(self, value: Json) -> Option | None:
        """The option an answer stands for, where it is one."""
        if self.kind != "options" or isinstance(value, bool) or not isinstance(value, int):
            return None
        return self.options[value] if 0 <= value < len(self.options) else None

    def needs_attention(self, value: Json) -> bool:
        """Whether organizers have to know of this answer at once."""
        option = self.option(value)
        return option is not None and option.attention


@dataclass(frozen=True, slots=True)
class Timing:
    """When rounds open: `at`, and again by `rule` at wall times of `zone`; how long after they nudge and
    close."""

    at: datetime
    zone: str
    rule: str | None
    close_minutes: int
    nudge_minutes: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a nudge that would come after the end."""
        if self.close_minutes < 1:
            raise ValueError("a round is open for a minute at least")
        if self.nudge_minutes is not None and not 0 < self.nudge_minutes < self.close_minutes:
            raise ValueError("a nudge comes while the round is open")


@dataclass(frozen=True, slots=True)
class Draft:
    """A check-in that is yet to be made."""

    title: str
    questions: tuple[Question, ...]
    branch: str | None
    segment: str
    timing: Timing
    anonymous: bool = False
    safety: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for what nobody could answer, or only at the price of a promise."""
        if not 0 < len(self.questions) <= MOST_QUESTIONS:
            raise ValueError("a check-in has one question at least")
        if len({question.key for question in self.questions}) < len(self.questions):
            raise ValueError("every question has a key of its own")
        if self.anonymous and any(question.kind == "photo" for question in self.questions):
            raise ValueError("a photo can show who took it: such a check-in is named")
        if self.safety and (self.anonymous or self.is_survey or self.questions[0].kind != "options"):
            raise ValueError("who is looked for must be known")

    @property
    def is_survey(self) -> bool:
        """Whether it is asked in a conversation, question by question."""
        return len(self.questions) > 1


@dataclass(frozen=True, slots=True)
class Checkin:
    """A check-in as organizers made it; `rounds` of it were opened so far."""

    id: int
    title: str
    questions: tuple[Question, ...]
    branch: str | None
    segment: str
    anonymous: bool
    safety: bool
    made_by: int
    timing: Timing
    rounds: int
    next_at: datetime | None = None
    ended: bool = False

    @property
    def is_survey(self) -> bool:
        """Whether it is asked in a conversation, question by question."""
        return len(self.questions) > 1

    def question(self, key: str) -> Question | None:
        """A question by its key."""
        return next((one for one in self.questions if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a check-in."""

    id: int
    checkin: int
    number: int
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    told: str = ""

    def is_open(self, now: datetime) -> bool:
        """Whether answers count."""
        return self.closed_at is None and now < self.closes_at


@dataclass(frozen=True, slots=True)
class Asked:
    """A round as one person is asked it."""

    checkin: Checkin
    round: Round
    answered: bool
    zone: str
    again: bool = False
    """Whether this is a nudge."""


Outcome = Literal["answered", "changed", "closed", "before", "gone"]
"""What became of an answer. `before` is an anonymous one that somebody gives twice."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer brought; `token` is the only key to an anonymous one, and stands nowhere else."""

    outcome: Outcome
    asked: Asked | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question: how often each value was given; `texts` are words, in no order."""

    question: Question
    counts: Mapping[Json, int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()

    @property
    def answers(self) -> int:
        """How many answered it."""
        return sum(self.counts.values()) + len(self.texts)


@dataclass(frozen=True, slots=True)
class Board:
    """How a round stands. `hidden` tallies are those of too few anonymous answers."""

    checkin: Checkin
    round: Round
    asked: int
    answered: int
    unreachable: int
    tallies: tuple[Tally, ...]
    hidden: bool
    zone: str

    @property
    def waiting(self) -> int:
        """Who was asked, can be reached and has not answered yet."""
        return self.asked - self.answered - self.unreachable


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line of a named round: how they want to be called, and what they answered."""

    person: int
    called: str
    answered: bool
    values: Mapping[str, Json] = field(default_factory=dict)


# -- JSON -------------------------------------------------------------------------


def questions_to_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions as they are kept."""
    return [
        {
            "key": one.key,
            "kind": one.kind,
            "text": one.text,
            "options": [[option.label, option.attention, option.then] for option in one.options],
            "low": one.low,
            "high": one.high,
        }
        for one in questions
    ]


def questions_from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions that `questions_to_json` wrote."""
    return tuple(
        Question(
            one["key"],
            one["kind"],
            one["text"],
            tuple(Option(label, attention, then) for label, attention, then in one["options"]),
            one["low"],
            one["high"],
        )
        for one in kept
    )
