"""A new appeal, as it begins: at a desk, taken by nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.services.appeals.desks import Stop
from bot.services.appeals.model import Appeal, Draft, State
from bot.services.codes import Randbelow, characters, new_code

ALIAS_LENGTH: Final = 4
"""Of a short code to tell authors apart by; it stands for one appeal only."""


def new_appeal(draft: Draft, stop: Stop, now: datetime, randbelow: Randbelow) -> Appeal:
    """What is entered for a draft; its number, seal and deadline come with that."""
    return Appeal(
        id=0,
        receipt=new_code(randbelow),
        alias=characters(randbelow, ALIAS_LENGTH),
        industry=None,
        kind=draft.kind,
        story=draft.story,
        place=draft.place,
        point=draft.point,
        district=draft.district,
        since=draft.since,
        amount=draft.amount,
        wish=draft.wish,
        state=State.FILED,
        desk=stop.desk,
        branch=stop.branch,
        holder=None,
        step=0,
        started_at=now,
        next_what=None,
        next_at=None,
        hops=0,
        head="",
        hand_overs=0,
        reopenings=0,
        is_collective=False,
        collective=None,
        rating=None,
        filed_at=now,
        changed_at=now,
        settled_at=None,
        points=draft.points,
    )
