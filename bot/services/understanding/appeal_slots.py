"""What somebody says along with an appeal: its kind, how much, since when, where; its number and owner."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.services.understanding.lexicon import Lexicon, either
from bot.services.understanding.money import Amount, amounts
from bot.services.understanding.places import place_said
from bot.services.understanding.said import Said

_SOME_TIME: Final = (
    r"(?:半个?多?|[一二两俩三仨四五六七八九十几好0-9]+个?多?)(?:半?(?:月|星期|礼拜|周|年|天))(?:半|多)?(?![前内底号份])"
    r"|\b(?:a few|half a|a couple of|a|an|one|two|three|four|five|six|seven|eight|nine|ten|several|\d+)"
    r"(?:\s+and a half)?\s+(?:day|week|fortnight|month|year)s?\b(?!\s+and a half)"
)
# A day counts only where it is said that it was the first.
_DAY_ZH: Final = (
    r"(?:上个?(?:月|周|星期|礼拜)[一二三四五六日天]?|这个月|月初|今?年初|今年年初|去年(?:年?底)?|春节|过年|五一|国庆|昨天|前天"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日]?)?"
    r"|\d{1,2}[号日])"
)
_DAY_EN: Final = (
    r"(?:(?:last |this )?(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:last|this) (?:week|month|year)"
    r"|yesterday|last night|the \d{1,2}(?:st|nd|rd|th)|\d{1,2}[./]\d{1,2}|the beginning of the month"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b(?:\s+(?:the )?\d{1,2}(?:st|nd|rd|th)?)?)"
)
_OVERDUE: Final = re.compile(
    rf"(?:从|自)(?P<from>{_DAY_ZH})|(?P<on>{_DAY_ZH})(?=开始|起|以来|到现在|到今天|至今|就[没不])"
    rf"|\bsince (?P<since>{_DAY_EN})\b|{_SOME_TIME}"
)
_CASE: Final = re.compile(r"(?<![a-z0-9])a\s?(\d{3,6})(?!\d)")
# A sum stands behind one of these.
_PAID: Final = re.compile(
    either("欠,差,扣,罚,赔,少,拖,涨到,一顿,一碗,一份,要,交,收")
    + r"|\b"
    + either("of,owes?,paid,fined,took,by,pay,owe me,costs?,deducted")
    + r"\b"
)
_BEFORE_SUM: Final = 12
_SURELY_A_SUM: Final = 100


def appeal_slots(said: Said) -> dict[str, Any]:
    """`category`, `amount` in yuan, `overdue`, `place`, `anonymous`: what was said of them."""
    slots: dict[str, Any] = {}
    category = category_of(said.folded, said.lexicon)
    if category:
        slots["category"] = category
    amount = _amount(said.folded)
    if amount is not None:
        slots["amount"] = amount
    # Of what is not owed only who says since when tells how long: three days may be anything.
    match = _OVERDUE.search(said.folded)
    if match is not None and (match.lastgroup or category in ("unpaid_freight", "unpaid_pay")):
        slots["overdue"] = said.original(match, match.lastgroup or 0)
    if place := place_said(said):
        slots["place"] = place
    if said.named("anonymous"):
        slots["anonymous"] = True
    return slots


def category_of(folded: str, lexicon: Lexicon) -> str:
    """What a story is about, by its words; nothing where no word says."""
    if lexicon.value("owed", folded) and not lexicon.value("taken_off", folded):
        if lexicon.value("freight", folded):
            return "unpaid_freight"
        if lexicon.value("pay", folded):
            return "unpaid_pay"
    return lexicon.value("category", folded)


def case_of(said: Said) -> str:
    """The receipt number of an appeal, in capitals; nothing where there is none."""
    match = _CASE.search(said.folded)
    return f"A{match[1]}" if match else ""


def status_slots(said: Said) -> dict[str, Any]:
    """`appeal_id`, where one was said."""
    case = case_of(said)
    return {"appeal_id": case} if case else {}


def _amount(folded: str) -> int | None:
    """The sum of money that a story is about: one with a unit, else one where a sum stands."""
    found = amounts(_CASE.sub(lambda match: " " * len(match[0]), folded))
    likely = [one for one in found if one.has_unit] or [one for one in found if _stands_as_sum(folded, one)]
    return likely[0].value if likely else None


def _stands_as_sum(folded: str, amount: Amount) -> bool:
    before = folded[max(0, amount.begin - _BEFORE_SUM) : amount.begin]
    return amount.value >= _SURELY_A_SUM or _PAID.search(before) is not None


# -- Giving an appeal to somebody -----------------------------------------------------

_GIVES: Final = either(
    "转派给,转派,转办给,转办,转给,转交给,转交,转到,转佳,转,改派给,改派,指派给,指派,分派给,分派,派单给,派给,派,分给,"
    "交给,交由,交到,交,移交给,移交,指定给,指定,给,让,叫,喊,由,请,丢给,畀返,交俾,升级到,到"
)
_ENDS: Final = (
    either("处理,办理,跟进,负责,接手,去办,接,看看,看,跟,办,协助,整,嘛,吧,今天.*") + r"|$|[,，。;；!！?？]"
)
_ASSIGNEE: Final = re.compile(
    rf"{_GIVES}(?:一下|哈|去|到|给)?(?P<who>[^,，。;；!！?？]{{1,20}}?)(?:来|去|先)?(?:{_ENDS})"
)
_GIVEN_TO: Final = re.compile(
    r"\b"
    + either("assign,give,hand,forward,pass,route,transfer,send,reassign,escalate,goes,move,put")
    + r"\b.*?\b(?:over )?to\s+(?P<who>[^,.;!?]{2,40}?)\s*(?:please|now|today)?$"
)
_TAKEN_BY: Final = re.compile(
    r"\b(?:let|make|have|ask)\s+(?P<who>[^,.;!?]{2,30}?)\s+(?:handle|take|responsible|deal)"
)
_GIVEN_IN_PINYIN: Final = re.compile(r"\b(?:zhuan gei|pai gei|jiao gei|zhuan)\s+(?P<who>[a-z ]{2,40})$")


def assign_slots(said: Said) -> dict[str, Any]:
    """`appeal_id` and `assignee`, where they were said."""
    slots = status_slots(said)
    if who := _assignee(said):
        slots["assignee"] = who
    return slots


def _assignee(said: Said) -> str:
    if not said.is_chinese:
        patterns = (_GIVEN_TO, _TAKEN_BY, _GIVEN_IN_PINYIN)
        return next(filter(None, (said.first(pattern, "who") for pattern in patterns)), "")
    case = _CASE.search(said.folded)
    match = _ASSIGNEE.search(said.folded, case.end() if case else 0) or _ASSIGNEE.search(said.folded)
    return said.original(match, "who") if match else ""
