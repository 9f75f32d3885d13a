"""Telegram's flood limits: 30 messages a second per bot, about one per person, 20 a minute per group.

Each limit is a GCRA bucket (ITU-T I.371): one number, the time at which the bucket would be empty. Nothing is
spent unless every bucket allows it. Pure: the time is an argument.
"""

import math
from dataclasses import dataclass

from bot import limits
from bot.sandbox.settings import FloodMode

FORGET_ABOVE = 50_000
ROUNDING = 1e-6  # seconds; Unix times are floats


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` messages in `seconds`, of which `burst` may come at once."""

    count: int
    seconds: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds that one message costs."""
        return self.seconds / self.count


TOKEN = Rate(limits.MESSAGES_PER_SECOND, 1, limits.MESSAGES_PER_SECOND)
PAID_TOKEN = Rate(limits.PAID_MESSAGES_PER_SECOND, 1, limits.PAID_MESSAGES_PER_SECOND)
PRIVATE = Rate(limits.PRIVATE_MESSAGES_PER_SECOND, 1, limits.PRIVATE_BURST)
GROUP = Rate(limits.GROUP_MESSAGES_PER_MINUTE, 60, limits.GROUP_MESSAGES_PER_MINUTE)


class Floods:
    """The buckets of every bot and of every chat it writes to."""

    def __init__(self, mode: FloodMode) -> None:
        self.mode = mode
        self.refused = 0
        self._empty_at: dict[tuple[int, int], float] = {}

    def spend(self, bot_id: int, chat_id: int, now: float, count: int = 1) -> int:
        """Spend `count` messages to a chat (groups have negative ids); gives the seconds to wait."""
        if self.mode == "off":
            return 0
        token = PAID_TOKEN if self.mode == "paid" else TOKEN
        chat = GROUP if chat_id < 0 else PRIVATE
        wait = max(self._wait((bot_id, 0), token, now), self._wait((bot_id, chat_id), chat, now))
        if wait > ROUNDING:
            self.refused += 1
            return math.ceil(wait)
        self._fill((bot_id, 0), token, now, count)
        self._fill((bot_id, chat_id), chat, now, count)
        return 0

    def _wait(self, key: tuple[int, int], rate: Rate, now: float) -> float:
        return self._empty_at.get(key, now) - now - rate.interval * (rate.burst - 1)

    def _fill(self, key: tuple[int, int], rate: Rate, now: float, count: int) -> None:
        if len(self._empty_at) > FORGET_ABOVE:
            self._empty_at = {old: time for old, time in self._empty_at.items() if time > now}
        self._empty_at[key] = max(self._empty_at.get(key, now), now) + rate.interval * count
