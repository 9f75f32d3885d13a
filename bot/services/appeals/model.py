"""What an appeal is, what can happen to it, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.services.appeals.working_time import Span
from bot.services.codes import spell
from bot.services.notices import Recipient


class State(StrEnum):
    """Where an appeal stands; one at each moment."""

    FILED = "filed"  # at a desk, and nobody there has taken it
    ACKNOWLEDGED = "acknowledged"  # somebody has it
    IN_PROGRESS = "in_progress"  # the author was told what is being done
    ANSWERED = "answered"  # solved, says the desk; the author is asked
    CONFIRMED = "confirmed"  # solved, says the author; asked again after four weeks
    REOPENED = "reopened"  # not solved, says the author: at the next step up
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # part of a case of many, whose life it shares


ABOUT_HEALTH: Final = ("injury",)
"""Kinds that tell of an injury or an illness: of them nothing is kept without a word of its own."""
OVER: Final = frozenset({State.CLOSED, State.WITHDRAWN, State.MERGED})
"""What needs no owner and no deadline of its own any more."""
OPEN: Final = frozenset(State) - OVER


class Side(StrEnum):
    """In what part somebody acts."""

    AUTHOR = "author"
    DESK = "desk"  # serves where the appeal is
    HELPER = "helper"  # serves at a desk that was called in
    ORGANIZER = "organizer"
    CLOCK = "clock"


class Next(StrEnum):
    """What the next deadline is for."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    SOLVE = "solve"
    ASK = "ask"  # the author, whether it is (still) solved
    CLOSE = "close"  # unless the author says no


OF_THE_DESK: Final = frozenset({Next.ACKNOWLEDGE, Next.ANSWER, Next.SOLVE})
"""Deadlines that the owner keeps or misses."""

# Whether it is solved is asked with the answer, and again so much later.
ASK_AGAIN_AFTER: Final = timedelta(weeks=4)
# Whoever says nothing within a week of the second question has no more to say.
CLOSE_AFTER: Final = timedelta(days=7)

# Where there is no step further up everybody hears of it again and again, but not every few hours.
OVERDUE_AGAIN: Final = Span(3, "days")

# Other desks get their full time, so an appeal goes sideways that often at most before it goes up.
MOST_HAND_OVERS: Final = 2
# After that many times other help is needed than one more round.
MOST_REOPENINGS: Final = 5
# Open at once by one person: more than anybody has, and a bound for scripts.
MOST_OPEN: Final = 20

LONGEST_STORY: Final = 2000
LONGEST_WISH: Final = 500
LONGEST_PLACE: Final = 100
LONGEST_CONTACT: Final = 100
LONGEST_WORDS: Final = 2000
"""In characters; of an answer, a question, an addition."""
MOST_ATTACHMENTS: Final = 20
"""With one appeal or one addition."""
# Fewer than that are never counted out to anybody: a small number may tell who.
FEWEST_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody tells when they file. `amount` is in fen; without a `contact` they stay unnamed.

    `points` are those they had and let the desk see, for its information: they decide nothing.
    """

    kind: str
    story: str
    attachments: tuple[int, ...] = ()
    place: str = ""
    point: tuple[float, float] | None = None
    district: str = ""
    since: date | None = None
    amount: int | None = None
    wish: str = ""
    contact: str = ""
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as everybody may know it who may know of it: nothing here says who wrote it.

    Owned by those who serve at `desk` (of the content; empty further up) for `branch`, or by one of them,
    `holder`. `point` is in degrees WGS-84. `started_at` is when its deadlines began to count at this `step`.
    """

    id: int
    receipt: str
    alias: str
    industry: str | None
    kind: str
    story: str
    place: str
    point: tuple[float, float] | None
    district: str
    since: date | None
    amount: int | None
    wish: str
    state: State
    desk: str
    branch: str
    holder: int | None
    step: int
    started_at: datetime
    next_what: Next | None
    next_at: datetime | None
    hops: int
    head: str
    hand_overs: int
    reopenings: int
    is_collective: bool
    collective: int | None
    rating: int | None
    filed_at: datetime
    changed_at: datetime
    settled_at: datetime | None
    points: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def number(self) -> str:
        """The receipt number as people read it."""
        return spell(self.receipt)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who makes a move and why. `actor` is never the author; `words` and `digest` are of what is said."""

    side: Side
    actor: int | None = None
    reason: str = ""
    words: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One hop of an appeal's history. `actor` is somebody's number, never the author's.

    What follows `reason` is how the appeal stood afterwards. `digest` seals the words said with it.
    """

    number: int
    at: datetime
    move: str
    role: Side
    actor: int | None
    reason: str
    state: State
    desk: str
    branch: str
    holder: int | None
    step: int
    next_what: Next | None
    next_at: datetime | None
    words: int | None
    digest: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something said about an appeal: by its author, or by a desk to the author or to another desk."""

    id: int
    at: datetime
    side: Side
    kind: str
    text: str
    attachments: tuple[int, ...] = ()


class Tiding(StrEnum):
    """What there is to hear of; each has words of its own."""

    # To the author; what is said right back to them needs none.
    TAKEN = "taken"
    HANDED_ON = "handed_on"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    SOLVED = "solved"
    STILL_SOLVED = "still_solved"
    WENT_UP = "went_up"
    REOPENED = "reopened"
    LATE = "late"
    JOINED = "joined"
    SPLIT_OFF = "split_off"
    CLOSED = "closed"
    CONSENT = "consent"
    UNMASKED = "unmasked"
    # To a desk
    NEW = "new"
    REFERRED = "referred"
    CAME_UP = "came_up"
    CAME_BACK = "came_back"
    ADDED = "added"
    GREW = "grew"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    MISSED = "missed"
    CALLED_IN = "called_in"
    NOTED = "noted"
    SECOND_NEEDED = "second_needed"
    CONTACT = "contact"
    CONTACT_REFUSED = "contact_refused"
    ENCLOSED = "enclosed"


@dataclass(frozen=True, slots=True)
class News:
    """Word to somebody about an appeal, yet to be worded in their language.

    `said` is relayed as new text. `who` names the desk and, once somebody took it, who has it. `part` is the
    appeal, within a case of many, whose author it comes from. `files` are (kind, key) of what was sent along;
    `number` is what a button of the message is about besides the appeal. What `is_for_author` goes to nobody
    else; who `is_told_only` can do nothing about it themselves.
    """

    to: Recipient
    what: Tiding
    appeal: Appeal
    said: str = ""
    who: str = ""
    part: Appeal | None = None
    number: int | None = None
    files: tuple[tuple[str, str], ...] = ()
    is_for_author: bool = False
    is_told_only: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What a move brought: the appeal as it is now, and who has to hear of it."""

    appeal: Appeal
    news: tuple[News, ...] = ()
