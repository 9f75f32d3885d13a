"""What a process holds about appeals and hazards: read once, the same for everybody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.rulebook import read_rulebook
from bot.services.codes import Randbelow
from bot.services.danger import Ear, read_danger
from bot.services.hazards.kinds import HazardKinds, read_hazards


@dataclass(frozen=True, slots=True)
class Handbook:
    """Kinds, desks and deadlines; who listens for danger; kinds of hazards; where numbers come from."""

    rules: Rulebook
    danger: Ear
    hazards: HazardKinds
    randbelow: Randbelow = secrets.randbelow


def read_handbook(content: Path) -> Handbook:
    """What stands in the folder `content`. Raises RulebookError, DangerError, HazardsError."""
    return Handbook(read_rulebook(content), read_danger(content), read_hazards(content))
