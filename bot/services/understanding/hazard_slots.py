"""What somebody says along with a hazard: of what kind, and where."""

from __future__ import annotations

from typing import Any

from bot.services.understanding.places import place_said
from bot.services.understanding.said import Said


def hazard_slots(said: Said) -> dict[str, Any]:
    """`kind` and `place`, where they were said."""
    kind, place = said.named("hazard"), place_said(said)
    return {**({"kind": kind} if kind else {}), **({"place": place} if place else {})}
