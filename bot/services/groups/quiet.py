"""Quiet hours of a group: when nothing is sent there that can wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one minute of the day to another, perhaps over midnight. ValueError for none of a day's minutes,
    or two that are the same."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_A_DAY and 0 <= self.end < MINUTES_A_DAY):
            raise ValueError("a minute of the day lies between 0 and 1439")
        if self.start == self.end:
            raise ValueError("quiet hours begin and end at different times")

    def end_after(self, moment: datetime, zone: str) -> datetime | None:
        """When the quiet that holds at this moment is over; None where none does.

        Both are aware; `zone` is the IANA name of where the hours are meant.
        """
        local = moment.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        over_midnight = self.start > self.end
        if over_midnight:
            is_quiet = minute >= self.start or minute < self.end
        else:
            is_quiet = self.start <= minute < self.end
        if not is_quiet:
            return None
        day = local.date() + timedelta(days=int(over_midnight and minute >= self.start))
        end = datetime.combine(day, time(self.end // 60, self.end % 60), local.tzinfo)
        # Where clocks are set back within the quiet, its end comes twice: the later one is meant.
        return end if end > moment else end.replace(fold=1)


NIGHT: Final = QuietHours(22 * 60, 7 * 60)
"""What a group begins with: most of its people sleep then, or ride."""
