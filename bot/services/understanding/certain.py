"""What rules are sure of, as evidence for and against intents (log odds)."""

from __future__ import annotations

import re
from typing import Final

from bot.services.understanding.appeal_slots import case_of
from bot.services.understanding.said import Said
from bot.services.when.task import ASKING

# As much as three strong pieces of text.
STRONG: Final = 3.0
# What is all understood as a station search and nothing else (see stations/search).
_SEARCH: Final = 0.8
_REMINDS: Final = re.compile(
    r"提醒|题醒|闹钟|闹铃|叫醒|喊醒|叫我|喊我|别忘|remind|alarm|wake me|nudge|ping me"
)


def evidence(said: Said) -> list[tuple[str, str, float]]:
    """What speaks for an intent besides the classifier: (intent, by which rule, how much)."""
    found: list[tuple[str, str, float]] = []
    if case_of(said):
        found += [(intent, "receipt number", STRONG) for intent in ("appeal_status", "assign_appeal")]
    if said.asked.confidence >= _SEARCH:
        found.append(("find_station", "all of it is a search", STRONG / 2))
    if _asks_at_a_time(said):
        found.append(("add_reminder", "to be told at a time", STRONG / 2))
    return found


def _asks_at_a_time(said: Said) -> bool:
    """Whether somebody is to be reminded at a time that was read."""
    if not (_REMINDS.search(said.folded) and ASKING.search(said.folded)):
        return False
    return said.when.kind in ("moment", "recurring")
