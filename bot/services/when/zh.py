"""What each rule of zh.lark gives: the parts of a time said in Chinese."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lark import v_args

from bot.services.when.numbers import chinese
from bot.services.when.parts import (
    LAST_DAY,
    Before,
    Clock,
    Count,
    DayRange,
    Delay,
    Every,
    Feast,
    Mark,
    MonthDay,
    NthWeekday,
    Offset,
    PartOfDay,
    Span,
    Weekday,
    Weekend,
)
from bot.services.when.shared import (
    MINUTES_IN_QUARTER,
    WEEKEND,
    WORKDAYS,
    SharedRules,
    earlier,
    every_length,
    full_year,
    of_hours,
    of_minutes,
    through,
)

_HALF: Final = 30
_DAYS_IN_HALF_MONTH: Final = 15
_MONTHS_IN_QUARTER: Final = 3
_WEEKDAYS: Final = {**dict(zip("一二三四五六日", range(7), strict=True)), "天": 6} | {
    str(day + 1): day for day in range(7)
}
_WEEKDAY: Final = re.compile(r"[一二三四五六日天1-7]")
_WEEK_WORDS: Final = re.compile(r"星期|礼拜|周")
_OFFSETS: Final = {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}
_PARTS: Final = {
    PartOfDay.SMALL_HOURS: "凌晨",
    PartOfDay.MORNING: "大清早 清早 清晨 一大早 一早 大早上 早晨 早上 早尚 早间 早",
    PartOfDay.FORENOON: "上午",
    PartOfDay.NOON: "正午 中午 晌午 午间",
    PartOfDay.AFTERNOON: "午后 下午",
    PartOfDay.DUSK: "傍晚 黄昏 擦黑",
    PartOfDay.EVENING: "晚间 晚上 晚尚 夜晚 黑了 黑间 晚 夜",
    PartOfDay.NIGHT: "大半夜 半夜 深夜 夜里 夜间",
    PartOfDay.MIDNIGHT: "午夜",
}
_PART_OF: Final = {word: part for part, words in _PARTS.items() for word in words.split()}
_FEASTS: Final = {
    "元旦": "new_year", "春节": "spring_festival", "大年初一": "spring_festival",
    "除夕": "spring_eve", "大年三十": "spring_eve", "清明": "tomb_sweeping", "五一": "labour",
    "劳动": "labour", "端午": "dragon_boat", "中秋": "mid_autumn", "国庆": "national",
    "三八": "women", "妇女": "women", "五四": "youth", "青年": "youth",
    "六一": "children", "儿童": "children", "教师": "teachers", "圣诞": "christmas",
}  # fmt: skip


def _weekdays(text: str) -> tuple[int, ...]:
    found = _WEEKDAY.findall(_WEEK_WORDS.sub("", text))
    return tuple(sorted({_WEEKDAYS[each] for each in found}))


def _ahead(text: str) -> int:
    """这 0, 下 1, 下下 2, 上 -1."""
    return text.count("下") - text.count("上")


@v_args(inline=True)
class ChineseRules(SharedRules):
    """Turns each rule into its part."""

    # ---- the clock

    def clock_in_part(self, part: str, face: Clock) -> Clock:
        """下午三点."""
        return replace(face, part=_PART_OF[str(part)])

    def span_from_number(self, hour: str, end: Clock) -> Span:
        """2到4点: the part of the day of the end is that of the start."""
        return Span(replace(_clock(hour, 0), part=end.part), end)

    def span_from_part(self, part: str, hour: str, end: Clock) -> Span:
        """下午2到4点."""
        return Span(replace(_clock(hour, 0), part=_PART_OF[str(part)]), end)

    def full_hour(self, hour: str, _dian: str) -> Clock:
        """八点."""
        return _clock(hour, 0)

    def hour_minute(self, hour: str, _dian: str, minute: str) -> Clock:
        """八点十分."""
        return _clock(hour, chinese(minute))

    def half_hour(self, hour: str, _dian: str, _ban: str) -> Clock:
        """八点半."""
        return _clock(hour, _HALF)

    def hour_quarters(self, hour: str, _dian: str, quarters: str) -> Clock:
        """八点三刻."""
        return _clock(hour, chinese(quarters) * MINUTES_IN_QUARTER)

    def hour_minus(self, hour: str, _dian: str, minutes: str) -> Clock:
        """八点差五分."""
        return earlier(_clock(hour, 0), chinese(minutes))

    def minutes_to(self, minutes: str, clock: Clock) -> Clock:
        """差五分八点."""
        return earlier(clock, chinese(minutes))

    def quarters_to(self, quarters: str, clock: Clock) -> Clock:
        """差一刻八点."""
        return earlier(clock, chinese(quarters) * MINUTES_IN_QUARTER)

    def part(self, word: str) -> PartOfDay:
        """晚上, without an hour."""
        return _PART_OF[str(word)]

    # ---- days

    def day_word(self, word: str) -> Offset:
        """今天, 大后天."""
        text = str(word)
        far = text.count("大")
        return Offset(_OFFSETS[text[far]] + far)

    def weekday(self, *found: str) -> Weekday:
        """周三, 下周三."""
        return Weekday(_weekdays(found[-1]), _ahead(found[0]) if len(found) > 1 else None)

    def weekday_range(self, *found: str) -> Weekday:
        """周一到周五."""
        week = _ahead(found[0]) if len(found) > 2 else None
        return Weekday(through(_weekdays(found[-2])[0], _weekdays(found[-1])[-1]), week, through=True)

    def weekend(self, *found: str) -> Weekend:
        """周末, 下周末."""
        return Weekend(_ahead(found[0]) if found else None)

    def some_month(self, ref: str) -> MonthDay:
        """下个月, no day said."""
        return MonthDay(None, ahead=_ahead(ref))

    def month_day(self, month: str, day: str) -> MonthDay:
        """5月20号."""
        return MonthDay(chinese(day), chinese(month))

    def year_month_day(self, year: str, month: str, day: str) -> MonthDay:
        """2026年6月3日."""
        return MonthDay(chinese(day), chinese(month), full_year(chinese(year)))

    def year_ref_month_day(self, ref: str, month: str, day: str) -> MonthDay:
        """明年3月1号."""
        return MonthDay(chinese(day), chinese(month), years=_OFFSETS[ref[0]])

    def month_ref_day(self, ref: str, day: str) -> MonthDay:
        """下个月5号."""
        return MonthDay(chinese(day), ahead=_ahead(ref))

    def month_ref_last(self, ref: str) -> MonthDay:
        """下个月底."""
        return MonthDay(LAST_DAY, ahead=_ahead(ref))

    def month_last(self, month: str) -> MonthDay:
        """6月底."""
        return MonthDay(LAST_DAY, chinese(month))

    def slash_date(self, text: str) -> MonthDay:
        """5/20, 6.1号: the month first."""
        month, day = text.replace(".", "/").split("/")
        return MonthDay(int(day), int(month))

    def bare_last(self) -> MonthDay:
        """最后一天, of the month that is spoken of."""
        return MonthDay(LAST_DAY)

    def month_end(self, word: str) -> MonthDay:
        """月底, 年底."""
        return MonthDay(LAST_DAY, 12) if word.startswith("年") else MonthDay(LAST_DAY)

    def bare_day(self, day: str) -> MonthDay:
        """15号."""
        return MonthDay(chinese(day))

    def day_or_last(self, day: str) -> MonthDay:
        """30号或最后一天."""
        return MonthDay(chinese(day), or_last=True)

    def day_range(self, first: MonthDay, last: MonthDay) -> DayRange:
        """6月1号到5号."""
        return DayRange(first, last)

    def feast(self, *found: str) -> Feast:
        """端午节, 明年国庆."""
        key = next(key for word, key in _FEASTS.items() if found[-1].startswith(word))
        return Feast(key, _OFFSETS[found[0][0]] if len(found) > 1 else None)

    def before(self, _qian: str, days: str) -> Before:
        """前三天."""
        return Before(chinese(days))

    def nth(self, _di: str, number: str, weekday: str) -> NthWeekday:
        """第一个周一."""
        return NthWeekday(chinese(number), _weekdays(weekday)[0])

    def last_weekday(self, _last: str, weekday: str) -> NthWeekday:
        """最后一个周五."""
        return NthWeekday(LAST_DAY, _weekdays(weekday)[0])

    # ---- again and again

    def daily(self, word: str) -> Every:
        """每天, 隔天."""
        return Every("day", 2 if word.startswith("隔") else 1)

    def daily_word(self, _mei: str) -> Every:
        """每一个天: every day, however it came in pieces."""
        return Every("day")

    def every_duration(self, mei: str, length: Delay) -> Every:
        """每两周, 每隔一天 (of days and longer that means every other one)."""
        every = every_length(length)
        skips = "隔" in mei and every.interval == 1 and every.unit not in ("hour", "minute")
        return Every(every.unit, 2) if skips else every

    def every_duration_on(self, mei: str, length: Delay, days: str) -> Every:
        """每两周三."""
        every = self.every_duration(mei, length)
        return Every(every.unit, every.interval, _weekdays(days))

    def every_hour(self, _mei: str) -> Every:
        """每小时."""
        return Every("hour")

    def every_minute(self, _mei: str) -> Every:
        """每分钟."""
        return Every("minute")

    def every_week(self, _mei: str) -> Every:
        """每周."""
        return Every("week")

    def every_weekday(self, _mei: str, days: str) -> Every:
        """每周一三五."""
        return Every("week", 1, _weekdays(days))

    def every_weekday_range(self, _mei: str, first: str, last: str) -> Every:
        """每周一到周五."""
        return Every("week", 1, through(_weekdays(first)[0], _weekdays(last)[-1]))

    def every_weekend(self, _mei: str) -> Every:
        """每个周末."""
        return Every("week", 1, WEEKEND)

    def every_workday(self, *_mei: str) -> Every:
        """工作日."""
        return Every("week", 1, WORKDAYS)

    def every_month(self, _mei: str) -> Every:
        """每月."""
        return Every("month")

    def every_quarter(self, _mei: str) -> Every:
        """每季度."""
        return Every("month", _MONTHS_IN_QUARTER)

    def every_year(self, _mei: str) -> Every:
        """每年."""
        return Every("year")

    def every_other_week(self, *days: str) -> Every:
        """隔周三."""
        return Every("week", 2, _weekdays(days[0]) if days else ())

    def count(self, word: str) -> Count:
        """两次."""
        return Count(chinese(word[:-1]))

    # ---- lengths of time

    def ago(self, _length: Delay, _qian: str) -> Mark:
        """十分钟前."""
        return Mark.PAST

    def hours(self, number: str) -> Delay:
        """两个小时."""
        return of_hours(chinese(number))

    def decimal_hours(self, number: str) -> Delay:
        """1.5小时."""
        return of_hours(float(number))

    def hours_and_half(self, number: str, *_half: str) -> Delay:
        """一个半小时."""
        return of_hours(chinese(number) + 0.5)

    def half_an_hour(self, *_half: str) -> Delay:
        """半小时."""
        return of_hours(0.5)

    def minutes(self, number: str, *half: str) -> Delay:
        """20分钟, 两分半."""
        return of_minutes(chinese(number) + (0.5 if half else 0))

    def quarters(self, number: str) -> Delay:
        """一刻钟."""
        return of_minutes(chinese(number) * MINUTES_IN_QUARTER)

    def seconds(self, number: str) -> Delay:
        """30秒."""
        return Delay(seconds=chinese(number))

    def days(self, number: str) -> Delay:
        """三天."""
        return Delay(days=chinese(number))

    def weeks(self, number: str) -> Delay:
        """两周."""
        return Delay(weeks=chinese(number))

    def months(self, number: str) -> Delay:
        """一个月."""
        return Delay(months=chinese(number))

    def half_a_month(self, _half: str) -> Delay:
        """半个月."""
        return Delay(days=_DAYS_IN_HALF_MONTH)

    def years(self, number: str) -> Delay:
        """一年."""
        return Delay(months=chinese(number) * 12)

    def half_a_year(self, _half: str) -> Delay:
        """半年."""
        return Delay(months=6)


def _clock(hour: str, minute: int) -> Clock:
    number = chinese(hour)
    return Clock(number, minute, exact=number > 12 or number == 0 or (len(hour) == 2 and hour[0] == "0"))
