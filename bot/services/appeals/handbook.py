"""What a process holds about appeals: read once, the same for everybody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.receipts import Randbelow
from bot.services.appeals.rulebook import read_rulebook
from bot.services.danger import DangerWords, read_danger


@dataclass(frozen=True, slots=True)
class Handbook:
    """Kinds, desks and deadlines; words of danger; where receipt numbers come from."""

    rules: Rulebook
    danger: DangerWords
    randbelow: Randbelow = secrets.randbelow


def read_handbook(content: Path) -> Handbook:
    """What stands in the folder `content`. Raises RulebookError or DangerError where it is wrong."""
    return Handbook(read_rulebook(content), read_danger(content))
