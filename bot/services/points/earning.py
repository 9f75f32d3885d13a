"""Which happenings give points: told to the clock, which gives them right after, by the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.services.points.ledger import LONGEST_SUBJECT, earned
from bot.store.work import Work

if TYPE_CHECKING:
    from bot.services.happenings import Happening

LESSON: Final = "lesson"
REVIEW: Final = "review"
CORRECTION: Final = "correction"
"""Rules of content/points.yaml that screens tell of."""

_RULES: Final = {
    "learned": LESSON,
    "reviewed": REVIEW,
    "checked_in": "checkin",
    "came": "checkin",
    "answered": "checkin",
    "hazard": "hazard",
    "corrected": CORRECTION,
}
_MINUTES: Final = 60


async def heard(work: Work, happening: Happening) -> None:
    """Earn what a happening is worth. Help counts by full hours, if more than a shared place tells of it."""
    if happening.kind == "helped":
        hours = 0 if happening.weak else happening.minutes // _MINUTES
        for hour in range(hours):
            await earned(work, happening.person, "volunteer_hour", f"{happening.about}.{hour}")
    elif happening.kind in _RULES:
        await earned(work, happening.person, _RULES[happening.kind], happening.about[:LONGEST_SUBJECT])
