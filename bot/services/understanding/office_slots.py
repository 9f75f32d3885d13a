"""What organizers say along with a message to many, a roster or a figure."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.services.understanding.lexicon import either
from bot.services.understanding.said import Said

# -- Messages to many -----------------------------------------------------------------------

_PEOPLE: Final = either(
    "骑手们?,党员,成员,司机们?,小哥们?,站长,支部书记,支部,志愿者,会员,大家,所有人,全员,大伙儿?,兄弟伙,人员?,网格员,快递员,片区,们"
)
_AUDIENCE: Final = re.compile(
    r"(?:给|向|通知|告诉|告知|跟|同|发给|推给|推送给|喊|叫|让|请)(?:一下|一声|哈|下)?"
    rf"(?P<who>[\u4e00-\u9fff0-9]{{0,14}}?{_PEOPLE})"
)
_AUDIENCE_LAST: Final = re.compile(
    r"(?:发给|推给|发到|推送给|发送给|转发给)(?P<who>[\u4e00-\u9fff0-9]{2,14}?)(?:[\s:：,，。]|$)"
)
_EVERYONE_IN: Final = re.compile(
    r"\b(?:everyone|everybody|all)\s+in\s+(?P<who>[a-z0-9' -]+?)"
    r"(?=\s+(?:the|a|an|that|about|to|of)\b|[:,.]|$)"
)
_SENT_TO: Final = re.compile(
    r"\bto\s+(?P<who>(?!stay|wear|come|avoid|rest|send|drink)(?:[a-z0-9'-]+ ?){1,4}?)"
    r"(?=\s*(?:[:,.]|$|\b(?:that|about|of)\b))"
)
_WHO_EN: Final = re.compile(
    r"\b(?P<who>(?:all|every|the)\s+(?:rider|courier|driver|member|volunteer)s?(?:\s+in\s+[a-z]+)?"
    r"|everyone|everybody|branch\s+\d+)"
)
_COLON: Final = re.compile(r"[:：](?P<content>.+)$")
_SAYING: Final = re.compile(r"(?:说一?声|讲声|讲一?哈|一条|通知|就说|说)[\s,，]+(?P<content>.{3,})$")
_SENDING: Final = re.compile(
    r"(?:发个?|推送?|下发|发一?[条个]?|学一?下?)"
    r"(?P<content>[\u4e00-\u9fff]{2,12}?(?:微课|课|问卷|预警|通知|公告|提示|祝福|任务))"
)
_SENDING_EN: Final = re.compile(
    r"\b(?:send|push|message|blast)\b.*?\b(?:the|a|an)\s+"
    r"(?P<content>(?:[a-z-]+ ){0,2}?(?:lesson|warning|survey|notice|message|course|reminder|quiz))\b"
)
_TELLING_EN: Final = re.compile(r"\b(?:that|know)\s+(?P<content>.+)$")


def broadcast_slots(said: Said) -> dict[str, Any]:
    """`audience` and `content`, where they were said."""
    told = _COLON.search(said.folded)
    head = said.folded[: told.start()] if told else said.folded
    if said.is_chinese:
        audience = _first(said, (_AUDIENCE, _AUDIENCE_LAST), "who", len(head))
        content = _first(said, (_COLON, _SAYING, _SENDING), "content")
    else:
        audience = _first(said, (_EVERYONE_IN, _SENT_TO, _WHO_EN), "who", len(head))
        content = _first(said, (_COLON, _SENDING_EN, _TELLING_EN), "content")
    return {
        **({"audience": audience} if audience else {}),
        **({"content": content} if content else {}),
    }


def _first(said: Said, patterns: tuple[re.Pattern[str], ...], group: str, end: int | None = None) -> str:
    """What the first pattern that fits before `end` finds."""
    for pattern in patterns:
        if match := pattern.search(said.folded, 0, len(said.folded) if end is None else end):
            return said.original(match, group)
    return ""


# -- Rosters --------------------------------------------------------------------------------

_FILTER: Final = re.compile(
    r"(?P<filter>[\u4e00-\u9fff0-9a-z]{2,12}?)的?(?:名单|花名册|名册|成员|人员|都有谁|有谁|有哪些人)"
)
_ASKS_FOR: Final = re.compile(
    "^" + either("我?想看看?,看看?,看,把,导出,查看?,拉一?[个份下],下载,打印,帮我,列出,我要") + "+"
)
_NO_FILTER: Final = re.compile(
    either("我们,咱们,支部,成员,人员,党员,骑手,司机,会员,全部,一下,一份,这个,所有,更新,新的?,值班,联系人")
    + "+$"
)
_FILTER_EN: Final = re.compile(
    r"\b(?:in|of|from|for)\s+(?:the\s+)?(?P<filter>(?!my\b|members?\b|a\b)[a-z0-9][a-z0-9' -]{1,30}?)$"
)


def roster_slots(said: Said) -> dict[str, Any]:
    """`action` and `filter` (whose roster), where they were said."""
    action = said.named("roster_action")
    name = said.first(_FILTER if said.is_chinese else _FILTER_EN, "filter")
    name = _ASKS_FOR.sub("", name)
    if _NO_FILTER.match(name):
        name = ""
    return {**({"action": action} if action else {}), **({"filter": name} if name else {})}


# -- Figures --------------------------------------------------------------------------------


def stats_slots(said: Said) -> dict[str, Any]:
    """`metric` and `period`, where they were said."""
    metric, period = said.named("metric"), said.named("period")
    return {**({"metric": metric} if metric else {}), **({"period": period} if period else {})}
