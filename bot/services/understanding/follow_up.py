"""What is said of something just shown: 那个几点关门, 换个近点的, 还有别的吗, how do I get there."""

from __future__ import annotations

import re
from typing import Final, Literal

from bot.services.stations.text import fold
from bot.services.understanding.lexicon import either

FollowUp = Literal["hours", "nearer", "more", "way"]

_THAT: Final = either("那个,这个,那家,这家,那里,这里,那边,它,那个站,这个站,第一个") + "?的?"
_IT: Final = either("it,that,that one,this one,they")
_HOURS: Final = (
    rf"{_THAT}(?:今天|现在|周末|晚上|一般)?(?:几点|什么时候|啥时候|好久|到几点)?(?:钟)?"
    + either("关门,开门,打烊,下班,营业,开到几点,关,开")
    + either("到几点,没得,没,吗,呢,不,了吗,了没,着吗,啊")
    + "?|"
    + either("营业时间,开放时间,几点关,几点开,until when,opening hours")
    + rf"|(?:what time |when )?(?:does |do |is )?{_IT} (?:close|open)(?: now| today)?"
)
_NEARER: Final = (
    r"(?:换|找|来|要|有没有|有|给)*(?:一?个|家)?(?:更|再|稍微)?近一?[点些]的?(?:呢|吗|没|有没有|有吗|嘛)?"
    r"|(?:这个|那个|都)?太远了?(?:吧|啊)?(?:换一?个近的)?|换个?近的"
    r"|(?:something |anything |a |any )?(?:closer|nearer)(?: one)?|(?:that s |it s )?too far(?: away)?"
)
_MORE: Final = (
    r"还有(?:别的|其[他它]的?|更多|没有别的|没有其他的?)?(?:吗|没|没得|么|呢)?|"
    + either("换一?个,换一批,换一家,下一页,再来几个,别的呢,别的,其他的,更多")
    + "|"
    + either("more,any others?,others,another(?: one)?,something else,next page,show more,what else")
)
_WAY: Final = (
    _THAT
    + either("怎么走,怎么去,咋走,咋去,啷个走,啷个去,在哪里?,在哪儿,地址,位置,导航,有多远,多远")
    + "(?:啊|呢|嘛)?|"
    + either(
        "导航过去,带我去,how do i get there,where is (?:it|that),navigate,directions,how far is (?:it|that)"
    )
)
_PATTERNS: Final[tuple[tuple[FollowUp, re.Pattern[str]], ...]] = (
    ("hours", re.compile(_HOURS)),
    ("nearer", re.compile(_NEARER)),
    ("more", re.compile(_MORE)),
    ("way", re.compile(_WAY)),
)


def follow_up(text: str) -> FollowUp | None:
    """What somebody wants of what was just shown; None where they speak of something else."""
    folded = fold(text)
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(folded)), None)
