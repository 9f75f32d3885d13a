"""Saying a time back in full, so that reading it again gives the same; and asking about what is unclear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date, get_day_names

from bot.i18n import Phrase, _, clock, current_locale, is_chinese, speaking, weekday
from bot.services.when.model import Instant, Reason, When, local, upcoming
from bot.services.when.parts import LAST_DAY
from bot.services.when.rules import Rule
from bot.services.when.shared import DAYS_IN_WEEK, WORKDAYS

_DASH: Final = "–"
_CHINESE_NUMBERS: Final = "零一二三四"
_ENGLISH_NUMBERS: Final = ("", "first", "second", "third", "fourth")


def say(when: When, locale: str, now: datetime) -> str:
    """The time in full, without the task: 周四 5月14日 08:00, every Wed at 15:00.

    The year only where it is not that of `now`. Of what is unclear nothing can be said: the empty text."""
    if when.at is None:
        return ""
    with speaking(locale):
        here = now.astimezone(when.zone)
        if when.rrule is None:
            return _once(when, when.at, here)
        return _recurring(when, when.at, Rule.of(when.rrule), here)


def _once(when: When, at: Instant, now: datetime) -> str:
    said = _instant(at, now)
    if when.until is None:
        return said
    if isinstance(when.until, datetime):
        return f"{said}{_DASH}{clock(when.until)}"
    return f"{_date(at, now)}{_DASH}{_date(when.until, now)}"


def _instant(at: Instant, now: datetime) -> str:
    day = f"{weekday(at)} {_date(at, now)}"
    return f"{day} {clock(at)}" if isinstance(at, datetime) else day


def _date(day: date, now: datetime) -> str:
    if day.year == now.year:
        return format_date(day, "M月d日" if is_chinese() else "MMM d", locale=current_locale())
    return format_date(day, "y年M月d日" if is_chinese() else "MMM d, y", locale=current_locale())


# ---- again and again


def _recurring(when: When, at: Instant, rule: Rule, now: datetime) -> str:
    said = _SAID[rule.unit](rule)
    if rule.times:
        said = _("{days} at {times}").format(days=Phrase(said), times=_times(when, rule))
    if not _begins_by_itself(when, rule, now):
        elapsed = rule.unit in ("hour", "minute")
        begin = _instant(at if elapsed else date(at.year, at.month, at.day), now)
        said = _("{recurrence}, from {start}").format(recurrence=Phrase(said), start=begin)
    return said


def _begins_by_itself(when: When, rule: Rule, now: datetime) -> bool:
    """Whether the first occurrence is the next one there could be; of every second week it must be said."""
    if rule.interval > 1 or rule.unit in ("hour", "minute"):
        return False
    anchor: Instant = local(now.date(), *rule.times[0], when.zone) if rule.times else now.date()
    return upcoming(replace(when, at=anchor), now, 1) == [when.at]


def _times(when: When, rule: Rule) -> str:
    if isinstance(when.until, datetime) and isinstance(when.at, datetime):
        return f"{clock(when.at)}{_DASH}{clock(when.until)}"
    return _list([f"{hour:02}:{minute:02}" for hour, minute in rule.times])


def _list(parts: Sequence[str]) -> str:
    if is_chinese():
        return "、".join(parts)
    return (
        parts[0]
        if len(parts) == 1
        else _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])
    )


def _every_minute(rule: Rule) -> str:
    return _("every minute") if rule.interval == 1 else _("every {n} minutes").format(n=rule.interval)


def _every_hour(rule: Rule) -> str:
    return _("every hour") if rule.interval == 1 else _("every {n} hours").format(n=rule.interval)


def _every_day(rule: Rule) -> str:
    return _("every day") if rule.interval == 1 else _("every {n} days").format(n=rule.interval)


def _every_week(rule: Rule) -> str:
    if rule.interval == 1 and rule.weekdays == WORKDAYS:
        return _("every weekday")
    days = _list([_weekday_name(day) for day in rule.weekdays])
    if rule.interval == 1:
        return _("every {weekdays}").format(weekdays=days)
    return _("every {n} weeks on {weekdays}").format(n=rule.interval, weekdays=days)


def _every_month(rule: Rule) -> str:
    days = _month_days(rule)
    if rule.interval == 1:
        return _("{days} of every month").format(days=days)
    return _("{days} of every {n} months").format(n=rule.interval, days=days)


def _every_year(rule: Rule) -> str:
    day = _day_of_year(rule)
    if rule.interval == 1:
        return _("every year on {date}").format(date=day)
    return _("every {n} years on {date}").format(n=rule.interval, date=day)


_SAID: Final[dict[str, Callable[[Rule], str]]] = {
    "minute": _every_minute,
    "hour": _every_hour,
    "day": _every_day,
    "week": _every_week,
    "month": _every_month,
    "year": _every_year,
}


def _weekday_name(day: int) -> str:
    names = get_day_names("abbreviated", locale=current_locale())
    return str(names[day % DAYS_IN_WEEK])


def _month_days(rule: Rule) -> str:
    if rule.nth is not None:
        number, day = rule.nth
        if number == LAST_DAY:
            return _("the last {weekday}").format(weekday=_weekday_name(day))
        numbers = _CHINESE_NUMBERS if is_chinese() else _ENGLISH_NUMBERS
        return _("the {nth} {weekday}").format(nth=numbers[number], weekday=_weekday_name(day))
    if rule.or_last is not None:
        return _("the {day} or last day").format(day=_ordinal(rule.or_last))
    said = [_("last day") if day == LAST_DAY else _ordinal(day) for day in rule.monthdays]
    return _("the {days}").format(days=_list(said))


def _ordinal(day: int) -> str:
    if is_chinese():
        return f"{day}日"
    teen = 10 < day % 100 < 20
    return f"{day}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _day_of_year(rule: Rule) -> str:
    # Any leap year: only the month and the day are said.
    month = date(2000, rule.month or 1, 1)
    if rule.monthdays == (LAST_DAY,):
        name = format_date(month, "M月" if is_chinese() else "MMMM", locale=current_locale())
        return _("the last day of {month}").format(month=name)
    return _date(month + timedelta(days=rule.monthdays[0] - 1), datetime(2000, 1, 1))  # noqa: DTZ001


# ---- what is unclear


def ask(when: When, locale: str) -> Phrase:
    """The question that a time that is unclear needs: one sentence that says what to add."""
    with speaking(locale):
        return _questions()[when.reason or Reason.NOTHING]


def _questions() -> dict[Reason, Phrase]:
    return {
        Reason.NOTHING: _("When should it be? For example tomorrow at 8:00, every Wed at 15:00."),
        Reason.UNREAD: _("I can't read that time. Try it like this: tomorrow at 8:00, every Wed at 15:00."),
        Reason.VAGUE: _("When exactly? For example in 20 minutes, or at 16:30."),
        Reason.HALF: _("Which of the two do you mean?"),
        Reason.HOUR: _("At what time?"),
        Reason.WHICH_DAY: _("On which day?"),
        Reason.SEVERAL: _("That is more than one time. Which one is it?"),
        Reason.PAST: _("That time is over. When should it be?"),
        Reason.NO_SUCH_DAY: _("The calendar has no such day. Which one do you mean?"),
        Reason.WEEKDAY: _("The date and the weekday don't match. Which day is it?"),
        Reason.HOLIDAY: _("Its date that year is not announced yet. Which day should I take?"),
        Reason.TOO_LONG: _("That is a lot at once. Just say when, and what to do."),
    }
