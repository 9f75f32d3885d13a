"""What somebody says along with a reminder: when, how often, what; and which one is to go."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from bot.services.understanding.lexicon import either
from bot.services.understanding.said import Said, trimmed
from bot.services.when import When, spoken_time
from bot.services.when.model import Instant

_WORKDAYS: Final = "MO,TU,WE,TH,FR"
# 喝口水, 吃点饭: the small word in the middle says nothing.
_SMALL_WORD: Final = re.compile(r"(?<=[喝吃])(?:一?[口点杯下些])(?=[水茶饭药汤])")
# What only says that a reminder is to go: what is left of a line without it is the reminder's task.
_FRAME_ZH: Final = re.compile(
    either(
        "提醒我?,闹钟,闹铃,我想,想,那个,这个,那条,那,把,给我,帮我,请,麻烦,我的,我,所有,全部,都,一下,删[掉除了]*,取消[了掉]?,"
        "不要[了再]?,不用了,撤[了掉]?,清空,关[掉闭了]*,停[掉了]*,暂停,莫响,别,再,的,了,吧,嘛,呗,先,掉,搞脱,整没,看看?,"
        "查看?,列出?,改到.*,改成.*,改,往后推.*,还在[吗不没],几点,是,第?[一二三四五六七八九\\d]+[个条],个"
    )
)
_FRAME_EN: Final = re.compile(
    r"\b"
    + either(
        "please,can you,cancel,delete,remove,drop,pause,stop,turn off,get rid of,change,move,edit,show,list,"
        "see,all,my,the,that,this,reminders?,alarms?,reminding me(?: to)?,about,to,of,for,anymore,what,"
        "i don't need,do i have,have i set,is,still on,when,next,me,a,manage"
    )
    + r"\b"
)


def add_slots(said: Said) -> dict[str, Any]:
    """`when` as it was said, `iso` or `rrule`, and `what`."""
    found = said.when
    slots: dict[str, Any] = {}
    if spoken := spoken_time(said.text):
        slots["when"] = spoken
    if found.kind != "unclear" and found.at is not None:
        if found.rrule:
            slots["rrule"] = _rule(found)
        else:
            slots["iso"] = _iso(found.at)
    if what := _SMALL_WORD.sub("", found.what):
        slots["what"] = what
    return slots


def list_slots(said: Said) -> dict[str, Any]:
    """`action` (delete, pause, change) and `what` or `when` of the reminder that is meant."""
    action = said.named("reminder_action")
    if not action:
        return {}
    slots: dict[str, Any] = {"action": action}
    spoken = spoken_time(said.text)
    frame = _FRAME_ZH if said.is_chinese else _FRAME_EN
    rest = frame.sub(" ", said.folded.replace(spoken.lower(), " ", 1) if spoken else said.folded)
    if what := trimmed(" ".join(rest.split())):
        slots["what"] = what.replace(" ", "") if said.is_chinese else what
    elif spoken:
        slots["when"] = spoken
    return slots


def _iso(at: Instant) -> str:
    """A moment on the wall to the minute, or a day."""
    return at.strftime("%Y-%m-%dT%H:%M") if isinstance(at, datetime) else at.isoformat()


def _rule(found: When) -> str:
    """A recurrence in short: WEEKLY;WE;15:00, WEEKDAY;07:30, INTERVAL;120 (minutes), DAILY;21:30,
    MONTHLY;15;10:00."""
    parts = dict(part.split("=", 1) for part in (found.rrule or "").split(";"))
    every = int(parts.get("INTERVAL", 1))
    frequency = parts["FREQ"]
    if frequency in ("HOURLY", "MINUTELY"):
        return f"INTERVAL;{every * (60 if frequency == 'HOURLY' else 1)}"
    kept: list[str] = [frequency if every == 1 else f"{frequency}/{every}"]
    if parts.get("BYDAY") == _WORKDAYS:
        kept = ["WEEKDAY"]
    elif "BYDAY" in parts:
        kept.append(parts["BYDAY"])
    elif frequency in ("MONTHLY", "YEARLY") and isinstance(found.at, date):
        day = parts.get("BYMONTHDAY", str(found.at.day))
        kept.append(f"{parts.get('BYMONTH', found.at.month)}-{day}" if frequency == "YEARLY" else day)
    if times := _times(found, parts):
        kept.append(times)
    return ";".join(kept)


def _times(found: When, parts: dict[str, str]) -> str:
    """The times of day, each HH:MM."""
    if not isinstance(found.at, datetime):
        return ""
    hours = parts.get("BYHOUR", str(found.at.hour)).split(",")
    minutes = parts.get("BYMINUTE", str(found.at.minute)).split(",")
    return ",".join(f"{int(hour):02}:{int(minute):02}" for hour in hours for minute in minutes)
