"""Where people said they are: in memory, for a few minutes, and nowhere else.

A shared location finds stations and is then forgotten. It is in no table, no journal and no log; after a
restart, or at another listener, the bot asks for it again.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.services.stations.model import Point

# A courier on an e-bike is a few streets on after this.
KEEP = timedelta(minutes=15)
MOST = 100_000


class Whereabouts:
    """The last shared place of each person, the oldest forgotten first."""

    def __init__(self, keep: timedelta = KEEP, most: int = MOST) -> None:
        self._keep = keep
        self._most = most
        self._places: OrderedDict[tuple[int, int], tuple[Point, datetime]] = OrderedDict()

    def remember(self, bot: int, person: int, point: Point, now: datetime) -> None:
        """Keep a place until it is too old."""
        self._forget_old(now)
        key = (bot, person)
        self._places[key] = (point, now)
        self._places.move_to_end(key)
        if len(self._places) > self._most:
            self._places.popitem(last=False)

    def recall(self, bot: int, person: int, now: datetime) -> Point | None:
        """The place, or None where there is none any more."""
        self._forget_old(now)
        found = self._places.get((bot, person))
        return found[0] if found else None

    def forget(self, bot: int, person: int) -> None:
        """Forget it now."""
        self._places.pop((bot, person), None)

    def _forget_old(self, now: datetime) -> None:
        while self._places:
            key, (_, since) = next(iter(self._places.items()))
            if now - since < self._keep:
                return
            del self._places[key]
