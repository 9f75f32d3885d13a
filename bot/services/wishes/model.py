"""What a wish is, what can become of it, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from bot.services.notices import Recipient

# The kind of due things that remind whoever claimed a wish, and let it go back to the list.
CLAIM: Final = "wish_claim"

CLAIM_LASTS: Final = timedelta(days=7)
REMINDED: Final = timedelta(days=2)
"""So long before a claim ends whoever made it is reminded."""
THANKED_AFTER: Final = timedelta(days=30)
"""What was brought, and nobody said a word about, counts as come true then."""
KEEP: Final = timedelta(days=365)
"""After the last change of a wish that is over."""
SHORTEST: Final = 2
LONGEST: Final = 120
LONGEST_THANKS: Final = 120
"""All in characters."""
MOST_WISHES: Final = 2
"""Open at once by one person, so that the list has room for everybody."""
MOST_CLAIMS: Final = 5
"""Taken on at once by one person: more than anybody keeps within a week."""
CODE_DIGITS: Final = 4
"""Of what stands on the parcel: few wishes wait at one station."""

Called = Literal["person", "shop", "branch"]
"""As what somebody takes a wish on; nothing more is told of them."""
CALLED: Final[tuple[Called, ...]] = ("person", "shop", "branch")


class State(StrEnum):
    """Where a wish stands."""

    POSTED = "posted"  # an organizer looks at it before anybody sees it
    OPEN = "open"
    CLAIMED = "claimed"
    BROUGHT = "brought"  # it waits at the station
    THANKED = "thanked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ALIVE: Final = (State.POSTED, State.OPEN, State.CLAIMED, State.BROUGHT)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish as everybody may know it: nothing here says whose it is.

    `station` is the id of the station where it is handed over; `claims` counts who took it on so far.
    """

    id: int
    what: str
    station: str
    branch: str
    state: State
    claims: int
    thanks: str
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's word to make a wish true `until` a moment; `code` stands on what they hand over."""

    wish: int
    number: int
    called: Called
    code: str
    until: datetime


class Tiding(StrEnum):
    """What there is to hear of."""

    # To organizers
    TO_SEE = "to_see"
    # To who wishes
    SEEN = "seen"
    REFUSED = "refused"
    CLAIMED = "claimed"
    BROUGHT = "brought"
    BACK = "back"  # who took it on gave it back, or let the time pass
    # To who took it on
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"
    THANKED = "thanked"
    NOT_FOUND = "not_found"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class News:
    """Word to somebody about a wish."""

    to: Recipient
    what: Tiding
    wish: Wish
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A wish as it is now, and who has to hear of it."""

    wish: Wish
    news: tuple[News, ...] = ()
    claim: Claim | None = None
