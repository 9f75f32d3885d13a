"""What a lesson, a question or a suggestion is about."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.services.understanding.lexicon import either
from bot.services.understanding.said import Said, trimmed

# -- Lessons ------------------------------------------------------------------------------

# What only asks for a lesson: what is left of a line without it is the lesson's name.
_LESSON_ZH: Final = re.compile(
    either(
        "我想,我要,想要?,给我,帮我,请,麻烦,有没有?,有什么,有啥子?,有,开始,打开,点开,来个,来一?[节课堂]+,来,上一?[节堂课]+,上个,"
        "学一?[节堂课下学点会哈]*,学习一?下?,学个,放一?[节课堂]+,放,听听,听,看看,看,讲讲,讲,教教?我?,教下我?,了解下?,推荐,随便,再,"
        "换一?[节课堂]+,重新学一?遍?,从头,整一?[课堂节个]*,十分钟,五分钟,\\d+分钟,短一?点,今天,今日,每日,新,下一?,"
        "[那这]一?[节课堂个]+,的?(?:微课|小课|课程|课堂|培训|党课|课),关于,在哪里?,从哪里?进,怎么,一个,一下,呗,噻,吧,吗,呢,没,么,不,"
        "的,那,个,点儿?,东西,啥,什么,好,学会儿,可以,能,列表,所有,进,内容,呀,一遍"
    )
    + r"|[\s,，。.!！?？、]"
)
_LESSON_EN: Final = re.compile(
    r"\b"
    + either(
        "please,can,could,you,i'd,i,want,would,like,to,me,give,start,open,begin,take,do,have,has,any,"
        "anything,"
        "something,show,teach,let,learn,study,about,on,the,a,an,my,new,next,recommend,today's,daily,short,"
        "five,ten,minutes?,got,some,time,what,lessons?,courses?,class,training,quiz,list,listen,while riding,"
        "for,with,there,is,are,of"
    )
    + r"\b"
)
_SHORTEST_ZH, _SHORTEST_EN = 2, 3


def lesson_slots(said: Said) -> dict[str, Any]:
    """`topic`, as it was said, where the lesson was named."""
    if said.is_pinyin:
        return {}
    frame, shortest = (_LESSON_ZH, _SHORTEST_ZH) if said.is_chinese else (_LESSON_EN, _SHORTEST_EN)
    pieces = [trimmed(piece) for piece in frame.split(said.folded)]
    topic = max((piece for piece in pieces if len(piece) >= shortest), key=len, default="")
    return {"topic": topic} if topic else {}


# -- Questions ----------------------------------------------------------------------------


def question_slots(said: Said) -> dict[str, Any]:
    """`topic`: what a question is about, by one name for all ways to ask it."""
    chinese, _bar, english = said.named("topic").partition("|")
    topic = chinese if said.is_chinese or said.is_pinyin else english
    return {"topic": topic} if topic else {}


# -- Suggestions and surveys --------------------------------------------------------------

# What only says that a suggestion comes.
_OPENING_ZH: Final = re.compile(
    r"^(?:我|咱|俺)?"
    + either("有,想,来,提,给你们,给站长,给工会,说,")
    + r"*(?:一?[个些点])?(?:小小的|小|好)?(?:个?建议|提议|想法|金?点子|主意|意见)"
    r"(?:就是|想说|说|是|嘛|哈|你们)?[\s,，:：]*"
    r"|^(?:我觉得|我认为|要我说|希望|最好|不如|建议|俺寻思|你们)[\s,，]*"
)
_OPENING_EN: Final = re.compile(
    r"^(?:(?:i have|i've got) an? (?:suggestion|idea)|suggestions?|i suggest|i think|feedback|please"
    r"|i'd like to suggest(?: something)?)[:,\s]*(?:for the \w+)?"
)
# What makes it polite.
_SOFT: Final = re.compile(
    either("能不能,可不可以,是不是可以,能否,请,帮忙,吗,嘛,呗,吧,就好了,就更好了") + "|(?<=[放加装设配添])个"
)
_SHORTEST_CONTENT: Final = 3


def suggestion_slots(said: Said) -> dict[str, Any]:
    """`kind` (survey or suggestion) and what is suggested as `content`."""
    if said.named("survey"):
        return {"kind": "survey"}
    opening = _OPENING_ZH if said.is_chinese else _OPENING_EN
    content = trimmed(opening.sub("", said.folded, count=1))
    if said.is_chinese:
        content = trimmed(_SOFT.sub("", content))
    whole = len(content) >= _SHORTEST_CONTENT
    return {"kind": "suggestion", **({"content": content} if whole else {})}
