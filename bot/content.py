"""Everything wrong in the content, whoever reads it."""

from __future__ import annotations

from pathlib import Path

from bot.services import brand, danger
from bot.services.appeals import check as appeals
from bot.services.branches.files import read_branches
from bot.services.departments import files as departments
from bot.services.hazards import kinds as hazards
from bot.services.lessons import check as lessons
from bot.services.points import rules as points
from bot.services.stations import check as stations
from bot.services.understanding import content as understanding
from bot.services.understanding import danger_ear


def problems(content: Path) -> list[str]:
    """Each mistake as `file:line: what to do`, in the folder `content`."""
    found = [
        *brand.problems(content),
        *stations.problems(content),
        *lessons.problems(content),
        *appeals.problems(content),
        *danger.problems(content),
        *danger_ear.problems(content),
        *hazards.problems(content),
        *read_branches(content / "branches.csv").problems,
        *departments.problems(content),
        *points.problems(content),
        *understanding.problems(content),
    ]
    return list(map(str, found))
