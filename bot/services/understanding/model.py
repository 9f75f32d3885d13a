"""What was understood of a text, and the names of all that can be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NONE: Final = "none"
"""The intent of small talk and nonsense: nothing is to be done."""

INTENTS: Final = (
    "find_station",
    "start_lesson",
    "resume_lesson",
    "file_appeal",
    "appeal_status",
    "add_reminder",
    "list_reminders",
    "check_in",
    "points",
    "redeem",
    "wish",
    "hazard_report",
    "survey_suggestion",
    "guide_question",
    "profile",
    "stop",
    "help",
    "broadcast",
    "roster",
    "stats",
    "assign_appeal",
    NONE,
)
"""In the order in which people see them."""

Slots = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of a text, or a rule, and by how much it speaks for the intent that was chosen (log odds)."""

    kind: str
    piece: str
    weight: float


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text wants. `choices` are the likely intents, likeliest first; `confidence` is from 0 to 1.

    `slots` are what was said along with it, by name, as JSON values; `reasons` are there if they were asked
    for.
    """

    text: str
    intent: str
    confidence: float
    choices: tuple[str, ...]
    slots: Slots = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
