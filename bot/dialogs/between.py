"""What comes between: words so plainly about something else that what is open is put aside for them."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogs import meanings
from bot.services.understanding import Understood
from bot.talk.dialog import Scene

# How sure one has to be, from 0 to 1. The figures behind them: bench/understanding.py.
SURE: Final = 0.6
PLAIN: Final = 0.8
"""While something is open, only what is plainly meant comes between."""
OUTRIGHT: Final = 0.95
"""Before a question that any words may answer, only what can be no answer."""
# Longer texts tell something; nobody asks for a list of reminders at such length.
LONGEST_OUTRIGHT: Final = 60

_TURNS_AWAY: Final = re.compile(
    r"^(?:等等|等一?下|稍等|先不|先(?=[找查看帮给设去学充打停])|算了|不写了|不说了|不填了|停一?下|顺便|对了|哦对|话说|我先|那先|打断一下|换个事|另外)"
    r"|^(?:wait|hold on|first|before that|actually|never mind|by the way|hang on|stop)\b",
    re.IGNORECASE,
)
# Somebody looks for a place: says so, asks where it is or whether there is one.
_SEEKS: Final = (
    r"^(?:那|先|麻烦|请|你|能不能|可不可以|能|可以)*(?:帮我|给我|替我|我要|我想|我得|想要?|要)?先?"
    r"(?:找|搜|搵)(?![不他她老站平公人]|了)"
    r"|(?:哪里|哪儿|哪块|哪点|哪边|哪个地方|什么地方|啥地方|边度|附近哪|^哪)(?:还|才)?(?:能|可以|有|得|可|找)|哪(?:还)?[有能]"
    r"|在(?:哪里?|哪儿|哪块|哪个位置|什么位置|什么地方)[呀啊呢嘛]*$|怎么走|怎么去|咋走|啷个走"
    r"|^(?:哪里|哪儿|哪有)|有没有.|有没得.|有冇.|有.{1,12}(?:吗|(?:没|没有|没得|么|嘛|不)$)|^(?:离我)?最近的\w{1,6}$"
    r"|^(?:find|any)\b|^where\b(?! (?:i|we|you|they|he|she)\b)|near(?:by| me| here)$"
    r"|^(?:is|are) there\b|^looking for\b|^(?:the )?(?:nearest|closest) \w+(?: \w+)?$"
    r"|^i (?:need|am looking for|'m looking for)\b.*\b(?:near|nearby|around|close)\b|\bfujin\b|\bnali\b"
)
# Somebody complains of a place: what is missing there, locked, broken, forbidden.
_COMPLAINS: Final = re.compile(
    r"(?<!有)没(?:有|得|给|人|地方)(?!$)|[都也]没|找不[到着]|[不唔冇](?:给|让|准|许|俾)|坏|锁|贵|扣|被|道理|讲理|投诉"
    r"|\b(?:no|not|never|nobody|broken|closed|locked|refuse[sd]?|n't)\b"
)
# Who says this asks for it, whatever was asked of them: the words that nobody uses to answer something else.
_ASKS_OUTRIGHT: Final = {
    "find_station": _SEEKS,
    "add_reminder": r"提醒我|叫我|喊我|叫醒|闹钟|tixing ?wo"
    r"|\bremind me|\bwake me|\bset an? (?:alarm|reminder)",
    "list_reminders": r"提醒|闹钟|\breminders?\b|\balarms?\b",
    "points": r"我的?(?:还)?有?.{0,3}积分|^查.{0,4}积分|积分.{0,4}(?:多少|余额|明细|怎么)|\bpoints\b",
    "redeem": r"兑换|积分换|\bredeem\b",
    "resume_lesson": r"^(?:继续|接着).{0,8}(?:课|学)|^(?:continue|resume)\b.{0,12}\b(?:lesson|course)\b",
    "start_lesson": r"^(?:给我|帮我|我要|我想|想)?(?:来|上|学|开始|打开|看).{0,4}(?:课|学习)"
    r"|^(?:start|open|take)\b.*\blesson\b",
    "appeal_status": r"(?:诉求|投诉|反映的).{0,12}(?:怎么样|咋样|进度|结果|到哪|办得|办好|回复|处理)|进度"
    r"|(?:what happened|status|update|news).{0,12}(?:appeal|complaint)|(?:appeal|complaint) status",
    "check_in": r"^(?:我要?|我来|来)?(?:报到|签到)[了啦吧]?$|^check(?:ing)? ?in$",
    "hazard_report": r"^(?:我要?|我想|想)?(?:上?报|随手拍).{0,3}隐患|^report an? hazard",
    "profile": r"(?:切换|换|改|说|讲).{0,4}(?:中文|英文|英语|普通话|语言)|(?:加入|换|转).{0,6}支部"
    r"|\b(?:change|switch)\b.{0,12}\blanguage|^speak (?:english|chinese)|\bjoin\b.{0,12}\bbranch",
    "help": r"^(?:打开)?(?:菜单|帮助)|^(?:你能|你会|怎么用)|^(?:menu|help)\b|what can you do",
    "stop": r"退订|\bunsubscribe\b",
}


def comes_between(found: Understood, scene: Scene) -> bool:
    """Whether a text means something else so plainly that what is open waits."""
    if scene.browsing:
        return found.confidence >= PLAIN and (scene.refused or scene.dialog in meanings.SEARCHES)
    if scene.dialog not in meanings.PERSONAL:
        # What is written for others may speak of anything.
        return scene.refused and asks_outright(found)
    if scene.refused:
        return found.confidence >= PLAIN
    turns_away = found.confidence >= SURE and _TURNS_AWAY.search(found.text.strip()) is not None
    return turns_away or asks_outright(found)


def asks_outright(found: Understood) -> bool:
    """Whether a text can be no answer to a question about something else."""
    words = _ASKS_OUTRIGHT.get(found.intent)
    if words is None or found.confidence < OUTRIGHT or len(found.text) > LONGEST_OUTRIGHT:
        return False
    text = found.text.strip(" ?？!！.。~～").lower()
    if found.intent == "find_station" and _COMPLAINS.search(text):
        return False
    return re.search(words, text) is not None
