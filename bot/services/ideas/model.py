"""What a suggestion is, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from bot.services.notices import Recipient

# The kind of due things that tell voters what was answered.
ANSWERED: Final = "idea_answered"

SHORTEST: Final = 6
LONGEST: Final = 300
LONGEST_ANSWER: Final = 500
"""All in characters."""
MOST_OPEN: Final = 5
"""Suggested by one person and not answered yet: a bound for scripts."""
KEEP: Final = timedelta(days=365)
"""After it was answered, sent back or taken back."""

Verdict = Literal["done", "planned", "no"]
VERDICTS: Final[tuple[Verdict, ...]] = ("done", "planned", "no")

FOR: Final = 1
AGAINST: Final = -1


class State(StrEnum):
    """Where a suggestion stands."""

    POSTED = "posted"  # an organizer looks at it before anybody sees it
    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


WAITING: Final = (State.POSTED, State.OPEN)
PUBLIC: Final = (State.OPEN, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class Idea:
    """A suggestion as everybody may know it: nothing here says whose it is."""

    id: int
    text: str
    branch: str
    state: State
    verdict: Verdict | None
    answer: str
    made_at: datetime
    changed_at: datetime
    votes_for: int = 0
    votes_against: int = 0

    @property
    def score(self) -> int:
        """Votes for it less those against it."""
        return self.votes_for - self.votes_against


class Tiding(StrEnum):
    """What there is to hear of."""

    TO_SEE = "to_see"  # to organizers
    SEEN = "seen"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class News:
    """Word to somebody about a suggestion, perhaps their own."""

    to: Recipient
    what: Tiding
    idea: Idea
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A suggestion as it is now, and who has to hear of it."""

    idea: Idea
    news: tuple[News, ...] = ()
