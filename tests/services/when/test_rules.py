"""Rules as RFC 5545 writes them: read by dateutil as they are meant, and back again."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr

from bot.services.when.rules import Rule, day_of_month

RULES = [
    Rule("day", times=((8, 0),)),
    Rule("day", 3, times=((8, 0), (20, 0))),
    Rule("day", times=((7, 30), (20, 0))),
    Rule("week", weekdays=(0, 2), times=((7, 30), (12, 0), (20, 15))),
    Rule("week", 2, (4,), times=((17, 0),)),
    Rule("month", monthdays=(1, 15), times=((9, 0),)),
    Rule("month", monthdays=(-1,)),
    Rule("month", or_last=30, times=((9, 0), (18, 0))),
    Rule("month", nth=(-1, 4), times=((15, 0),)),
    Rule("year", month=5, monthdays=(20,), times=((9, 10), (10, 20))),
    Rule("hour", 2),
    Rule("minute", 45),
]


def occurrences(rule: Rule, start: datetime) -> list[datetime]:
    return list(islice(rrulestr(rule.text(), dtstart=start), 4))


@pytest.mark.parametrize("rule", RULES, ids=Rule.text)
def test_there_and_back(rule: Rule) -> None:
    assert Rule.of(rule.text()) == rule


def test_hours_and_minutes_do_not_multiply() -> None:
    # BYHOUR=7,20;BYMINUTE=0,30 alone would mean four times a day.
    rule = Rule("week", weekdays=(0,), times=((7, 30), (20, 0)))
    found = occurrences(rule, datetime(2026, 5, 13))  # noqa: DTZ001 - on the wall
    assert [each.strftime("%a %H:%M") for each in found] == [
        "Mon 07:30",
        "Mon 20:00",
        "Mon 07:30",
        "Mon 20:00",
    ]


def test_times_that_no_single_rule_has() -> None:
    with pytest.raises(ValueError, match="no single rule"):
        Rule("week", 2, (0,), times=((7, 30), (20, 0))).text()


def test_the_30th_or_the_last_day_twice_a_day() -> None:
    rule = Rule("month", or_last=30, times=((9, 0), (18, 0)))
    found = occurrences(rule, datetime(2027, 2, 1))  # noqa: DTZ001 - on the wall
    assert [each.strftime("%m-%d %H") for each in found] == ["02-28 09", "02-28 18", "03-30 09", "03-30 18"]


def test_short_months_take_their_last_day() -> None:
    assert day_of_month(28) == Rule("month", monthdays=(28,))
    assert day_of_month(29) == Rule("month", or_last=29)
    assert day_of_month(31) == Rule("month", monthdays=(-1,))
    assert day_of_month(29, 2) == Rule("year", month=2, monthdays=(-1,))
