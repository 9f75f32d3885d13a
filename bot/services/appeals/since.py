"""Since when something is so, as people say it: 昨天, 三个月了, 上周三, 4月20日, two weeks ago, May 1.

The grammar of times looks ahead, as reminders do. Dates are read by it from a year ago on, so that they come
out in the past; what counts back from today is read here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.home import SHANGHAI
from bot.services.when import read
from bot.services.when.folding import fold
from bot.services.when.model import UnclearError
from bot.services.when.numbers import chinese, english

LONGEST: Final = 40
"""Characters; nobody needs more to say when."""
# A year less a day: the same date a year on is today.
_YEAR_BACK: Final = timedelta(days=364)
_OLDEST: Final = relativedelta(years=20)

_NAMED: Final = {
    **dict.fromkeys(("今天", "今日", "刚才", "刚刚", "today", "just now"), 0),
    **dict.fromkeys(("昨天", "昨日", "昨晚", "yesterday", "last night"), 1),
    "前天": 2,
    "大前天": 3,
}
_LAST: Final = {
    "上周": relativedelta(weeks=1),
    "上星期": relativedelta(weeks=1),
    "上个月": relativedelta(months=1),
    "上月": relativedelta(months=1),
    "去年": relativedelta(years=1),
    "半个月": relativedelta(days=15),
    "半年": relativedelta(months=6),
    "last week": relativedelta(weeks=1),
    "last month": relativedelta(months=1),
    "last year": relativedelta(years=1),
    "half a year": relativedelta(months=6),
}
_UNITS: Final = {
    **dict.fromkeys(("天", "日", "day"), "days"),
    **dict.fromkeys(("周", "星期", "礼拜", "week"), "weeks"),
    **dict.fromkeys(("个月", "month"), "months"),
    **dict.fromkeys(("年", "year"), "years"),
}
_WEEKDAYS_ZH: Final = "一二三四五六日"
_WEEKDAYS_EN: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BACK_ZH: Final = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3})多?(天|周|星期|礼拜|个月|年)多?(?:以?前|了|之前|来)?"
)
_BACK_EN: Final = re.compile(r"(\d{1,3}|[a-z]+) (day|week|month|year)s?(?: ago)?")
_WEEKDAY_ZH: Final = re.compile(r"上(?:个?)(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAY_EN: Final = re.compile(r"last (mon|tue|wed|thu|fri|sat|sun)(?:s?day|nesday|rsday|urday)?")
_FIGURES: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})")
_AHEAD: Final = re.compile(r"明|后天|下个?[周星礼月]|tomorrow|\bnext\b|^in ")
_AROUND: Final = re.compile(
    r"^(?:从|自|大概|差不多|大约|有|已经|快|大|since |for |from |about )+|(?:开始|起|左右|的时候)$"
)


def since(text: str, now: datetime) -> date | None:
    """The day that a text says something began, today at the latest; None where it can't be read."""
    today = now.astimezone(SHANGHAI).date()
    whole = fold(text[:LONGEST]).strip(" ,.")
    said = _AROUND.sub("", whole).strip()
    day = _counted_back(whole, today) or _counted_back(said, today) or _date_in(said, today)
    return day if day is not None and today - _OLDEST <= day <= today else None


def _counted_back(said: str, today: date) -> date | None:
    if said in _NAMED:
        return today - timedelta(days=_NAMED[said])
    if match := _WEEKDAY_ZH.fullmatch(said):
        return _last_week(today, _WEEKDAYS_ZH.index(match[1].replace("天", "日")))
    if match := _WEEKDAY_EN.fullmatch(said):
        return _last_week(today, _WEEKDAYS_EN.index(match[1]))
    for words, ago in _LAST.items():
        if said.removesuffix("了").removesuffix("前") == words or said == f"{words} ago":
            return today - ago
    return _so_many_back(said, today)


def _last_week(today: date, weekday: int) -> date:
    return today - timedelta(days=today.weekday() + 7 - weekday)


def _so_many_back(said: str, today: date) -> date | None:
    match = _BACK_ZH.fullmatch(said) or _BACK_EN.fullmatch(said)
    if match is None:
        return None
    try:
        amount = english(match[1]) if match[1].isascii() else chinese(match[1])
    except (KeyError, UnclearError):
        return None
    unit = _UNITS[match[2]]
    return today - relativedelta(**{unit: amount})  # type: ignore[arg-type]  # unit is one of its keywords


def _date_in(said: str, today: date) -> date | None:
    if match := _FIGURES.fullmatch(said):
        return _latest(int(match[1]), int(match[2]), today)
    if _AHEAD.search(said):
        return None
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=SHANGHAI)
    for locale in ("zh_CN", "en"):
        for now in (noon - _YEAR_BACK, noon):
            at = read(said, now, SHANGHAI, locale).at
            day = at.date() if isinstance(at, datetime) else at
            if day is not None and day <= today:
                return day
    return None


def _latest(month: int, day: int, today: date) -> date | None:
    """The last time that this day of the year was."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
