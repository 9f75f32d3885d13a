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
    **dict.fromkeys(("上周", "上星期", "上礼拜", "last week"), relativedelta(weeks=1)),
    **dict.fromkeys(("上月", "last month"), relativedelta(months=1)),
    **dict.fromkeys(("去年", "last year"), relativedelta(years=1)),
    **dict.fromkeys(("半个月", "半个多月"), relativedelta(days=15)),
    **dict.fromkeys(("半年", "半年多", "half a year"), relativedelta(months=6)),
}
_BEGINNINGS: Final = {
    **dict.fromkeys(
        ("月初", "这个月", "本月", "this month", "the beginning of the month"), relativedelta(day=1)
    ),
    **dict.fromkeys(("年初", "今年", "今年年初", "this year"), relativedelta(month=1, day=1)),
}
_UNITS: Final = {
    **dict.fromkeys(("天", "日", "day"), "days"),
    **dict.fromkeys(("周", "星期", "礼拜", "week"), "weeks"),
    **dict.fromkeys(("月", "month"), "months"),
    **dict.fromkeys(("年", "year"), "years"),
}
_HALVES: Final = {
    "weeks": relativedelta(days=3),
    "months": relativedelta(days=15),
    "years": relativedelta(months=6),
}
_SOME: Final = {"a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4}
_WEEKDAYS_ZH: Final = "一二三四五六日"
_WEEKDAYS_EN: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS_EN: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BACK_ZH: Final = re.compile(
    r"(\d{1,3}|[一二两俩三仨四五六七八九十]{1,3})(?:多|来)?"
    r"(?:(?P<unit>天|周|星期|礼拜|年)(?P<and_half>半)?|(?:(?<=[俩仨])|个(?:多|来)?(?P<half>半)?)(?P<of>月|星期|礼拜))"
    r"多?(?:以?前|了|之前|来)?"
)
_BACK_EN: Final = re.compile(
    r"(?:the )?(?:(?:last|past) )?(\d{1,3}|[a-z]+|a couple of|a few)( and a half)? (day|week|month|year)s?"
    r"(?: and (a half))?(?: ago| now| already)?"
)
_WEEKDAY_ZH: Final = re.compile(r"(上|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAY_EN: Final = re.compile(r"(last )?(mon|tue|wed|thu|fri|sat|sun)(?:s?day|nesday|rsday|urday)?")
_MONTH_ZH: Final = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_MONTH_EN: Final = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}")
_DAY_OF_MONTH: Final = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th|号|日)")
_FIGURES: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})")
_AHEAD: Final = re.compile(r"明|后天|下个?[周星礼月]|tomorrow|\bnext\b|^in ")
_AROUND: Final = re.compile(
    r"^(?:从|自|大概|差不多|大约|有|已经|快|大|近|since |for |from |about |around |ever |over |almost |"
    r"nearly |more than |at least |up to )+|(?:开始|起|以来|左右|的时候|到现在|至今)+$"
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
    if said in _BEGINNINGS:
        return today + _BEGINNINGS[said]
    bare = said.removesuffix(" ago").removesuffix("了").removesuffix("前")
    # 上个月 is 上月, as 上个礼拜 is 上礼拜.
    ago = _LAST.get(bare) or _LAST.get(bare.replace("上个", "上"))
    if ago is not None:
        return today - ago
    return _on_a_weekday(said, today) or _so_many_back(said, today) or _in_a_month(said, today)


def _on_a_weekday(said: str, today: date) -> date | None:
    if match := _WEEKDAY_ZH.fullmatch(said):
        weekday = _WEEKDAYS_ZH.index(match[2].replace("天", "日"))
    elif match := _WEEKDAY_EN.fullmatch(said):
        weekday = _WEEKDAYS_EN.index(match[2])
    else:
        return None
    if match[1] in ("上", "last "):
        return today - timedelta(days=today.weekday() + 7 - weekday)
    back = (today.weekday() - weekday) % 7
    # Who means today says so, unless it is the one of this week.
    return today - timedelta(days=back if match[1] else back or 7)


def _so_many_back(said: str, today: date) -> date | None:
    if match := _BACK_ZH.fullmatch(said):
        unit, half = _UNITS[match["unit"] or match["of"]], match["half"] or match["and_half"]
    elif match := _BACK_EN.fullmatch(said):
        unit, half = _UNITS[match[3]], match[2] or match[4]
    else:
        return None
    amount = _SOME.get(match[1]) or _number(match[1])
    if amount is None:
        return None
    day = today - relativedelta(**{unit: amount})  # type: ignore[arg-type]  # unit is one of its keywords
    return day - _HALVES.get(unit, relativedelta()) if half else day


def _number(said: str) -> int | None:
    try:
        return english(said) if said.isascii() else chinese(said)
    except (KeyError, UnclearError):
        return None


def _in_a_month(said: str, today: date) -> date | None:
    """The first of a month, or the last time it was a day of the month."""
    if said in ("a fortnight", "fortnight"):
        return today - timedelta(weeks=2)
    if match := _MONTH_ZH.fullmatch(said):
        return _latest(_number(match[1]) or 0, 1, today)
    if match := _MONTH_EN.fullmatch(said):
        return _latest(_MONTHS_EN.index(match[1]) + 1, 1, today)
    if match := _DAY_OF_MONTH.fullmatch(said):
        this, before = today.month, (today - relativedelta(months=1)).month
        return _latest(this if int(match[1]) <= today.day else before, int(match[1]), today)
    return None


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
