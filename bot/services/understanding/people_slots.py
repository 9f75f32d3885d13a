"""What somebody says along with a check-in, points, a prize, a wish or their own settings."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.services.understanding.lexicon import either
from bot.services.understanding.money import amounts
from bot.services.understanding.said import Said

_CLAUSE_END: Final = r"(?=[\s,，。!！?？]|$"

# -- Check-ins ----------------------------------------------------------------------------

_ARRIVED: Final = re.compile(
    r"(?:人在|我在|已到|我到|到了|到|在|来|搁)(?P<place>[\u4e00-\u9fff0-9a-z]{2,14}?)"
    r"(?:[了呢咯喽咗签报]|打卡|[\s,，]|$)"
)
_ARRIVED_EN: Final = re.compile(
    r"\b(?:at|in)\s+(?:the\s+)?(?P<place>[a-z][a-z' -]{2,40}?)\s*(?:[,.;!?]|$|\bcheck)"
)
_NO_PLACE: Final = re.compile(
    either(
        "打卡,签到,报到,签个到,报个到,点,时间,岗,点打卡,到,平安,这里,这儿,这,那里,上班,哪里?,哪儿,day,now,today,here,duty"
    )
)


def check_in_slots(said: Said) -> dict[str, Any]:
    """`place`, where one was said."""
    place = _first_thing(said, (_ARRIVED if said.is_chinese else _ARRIVED_EN,), "place", _NO_PLACE)
    return {"place": place} if place else {}


def _first_thing(
    said: Said, patterns: tuple[re.Pattern[str], ...], group: str, not_this: re.Pattern[str]
) -> str:
    """The first match of the first pattern that is not what it cannot be."""
    for pattern in patterns:
        for match in pattern.finditer(said.folded):
            if match[group] and not not_this.match(match[group]):
                return said.original(match, group)
    return ""


# -- Points, prizes and wishes --------------------------------------------------------------

_MEASURE: Final = "[双个件瓶包箱张次条份把只副对本套盏辆台床部块些点顶]"
_PRIZE: Final = re.compile(
    rf"(?:换购|换|兑换|兑|领取?|redeem|要)(?:那个|个|一?{_MEASURE}|[两二一]?百分的|\d+分的|成|的)*"
    r"(?P<item>[\u4e00-\u9fffa-z]{1,10}?)(?:要|行不|可以|用|吗|不|呢|够|多少|几|$|[\s,，。!！?？])"
)
_PRIZE_FIRST: Final = re.compile(r"^(?P<item>[\u4e00-\u9fff]{2,5}?)(?:要|多少|几)")
_PRIZE_EN: Final = re.compile(
    r"\b(?:redeem|get|exchange|swap|trade|spend|use|buy|like)\b.*?\b(?:for|on|me|a|an|the)\s+"
    r"(?:a\s+|an\s+|the\s+|some\s+)?(?P<item>[a-z][a-z -]{2,30}?)"
    r"(?=\s*(?:with|for my|using|please|$|[,.!?]))"
)
_PRIZE_BARE_EN: Final = re.compile(r"\b(?:redeem|exchange)\s+(?:some\s+)?(?P<item>(?!points|my)[a-z]+)$")
_POINTS: Final = re.compile(r"(?P<points>\d+|[一二两三四五六七八九十百千]+)\s*个?(?:积?分|points?)")
_NO_PRIZE: Final = re.compile(
    either("积分,points?,my points,东西,礼品,奖品,啥,什么,商城,商品,的东西,分,记录,码,目录,点,不,了,得,一")
    + "|(?:a|the|some)$"
)


def points_slots(said: Said) -> dict[str, Any]:
    """`ask`: how, where somebody wants to know what gives points."""
    return {"ask": "how"} if said.named("how_points") and not said.named("my_points") else {}


def redeem_slots(said: Said) -> dict[str, Any]:
    """`item` and `points`, or `ask`: catalog."""
    slots: dict[str, Any] = {}
    patterns = (_PRIZE, _PRIZE_FIRST) if said.is_chinese else (_PRIZE_BARE_EN, _PRIZE_EN)
    item = _first_thing(said, patterns, "item", _NO_PRIZE)
    if item:
        slots["item"] = item
    match = _POINTS.search(said.folded)
    if found := amounts(f"{match['points']}元") if match else []:
        slots["points"] = found[0].value
    if not item and said.named("catalog"):
        slots["ask"] = "catalog"
    return slots


_WISHED: Final = re.compile(
    r"(?:想要|要|求|申请|买|送我?|给我?|是|希望有个?|有|缺|配|换|捐|心愿[:：]|许愿[:：])"
    rf"[一两]?{_MEASURE}儿?(?P<thing>[\u4e00-\u9fff]{{2,10}}?)"
    + _CLAUSE_END
    + "|能|可以|吗|不|得|给|行|好|嘛|呗|帮|的心愿)"
)
_WISHED_BARE: Final = re.compile(
    r"(?:想要|要|求|缺)(?P<thing>[\u4e00-\u9fff]{2,8}?)" + _CLAUSE_END + "|能|可以|吗|不)"
)
_WISHED_EN: Final = re.compile(
    r"\b(?:wish for|wish is|wish:|want|needs?|like|love|get|have|ask for|give \w+ \w+|for)\s+"
    r"(?:a pair of|a|an|some|the)\s+(?P<thing>[a-z][a-z -]{2,30}?)"
    r"(?=\s*(?:[,.;!?]|$|\bfor\b|\bplease\b|\bcan\b|\bto\b))"
)
_NO_WISH: Final = re.compile(either("心愿,微心愿,愿望,愿,意愿,忙,帮助,wish,small wish"))


def wish_slots(said: Said) -> dict[str, Any]:
    """`item`: what is wished for, where it was said."""
    patterns = (_WISHED, _WISHED_BARE) if said.is_chinese else (_WISHED_EN,)
    thing = _first_thing(said, patterns, "thing", _NO_WISH)
    return {"item": thing} if thing else {}


# -- Oneself --------------------------------------------------------------------------------

_NOT_ENGLISH: Final = re.compile(r"不懂英|don't (?:speak|understand) english")


def profile_slots(said: Said) -> dict[str, Any]:
    """`field` (language, privacy, name …), and `value` or `action` where they were said."""
    language = _language(said)
    if language or said.named("language"):
        return {"field": "language", **({"value": language} if language else {})}
    if said.named("privacy"):
        action = said.named("data_action")
        return {"field": "privacy", **({"action": action} if action else {})}
    field = said.named("field")
    if field == "branch" and (action := said.named("branch_action")):
        return {"field": field, "action": action}
    return {"field": field} if field else {}


def _language(said: Said) -> str:
    """The language that is wanted: of two the last; never the one that is not understood."""
    if _NOT_ENGLISH.search(said.folded):
        return "zh"
    return said.lexicon.last(("english", "chinese"), said.folded)
