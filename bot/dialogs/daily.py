"""A lesson every day, when it suits: the time is chosen here, and the lesson comes by itself."""

from __future__ import annotations

import re

from bot.dialogs.lesson_screens import Rows, minutes_words, title_of
from bot.dialogs.lessons import DAILY, LEARN, LESSON
from bot.dialogs.opening import opener
from bot.dialogs.reminder_shift import SHIFT
from bot.i18n import Phrase, _, current_locale, join, plain
from bot.services.lessons import timing
from bot.services.lessons.daily import BEFORE_SHIFT, DailyDesk, Offer
from bot.services.reminders.shift import ShiftDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

LATER = "lesson_later"
# Before the first order, before and after the rush at noon, before the one in the evening, at the end.
TIMES = ("07:30", "10:00", "14:30", "16:30", "20:30")

_TIME = re.compile(r"\s*([01]?\d|2[0-3])\s*(?:[:：]\s*([0-5]\d)|点\s*(半|[0-5]\d分?)?)\s*")


async def choose_time(talk: Talk, daily: DailyDesk, shifts: ShiftDesk) -> Go:
    """Choose when, or never."""
    way = await talk.browse(
        "time",
        lambda: None,
        lambda _state: _draw(daily),
        lambda _state, event: _react(talk, event, daily, shifts),
    )
    return Go(SHIFT) if way == ["shift"] else Go(LEARN)


async def _draw(daily: DailyDesk) -> says.Screen:
    chosen = await daily.chosen()
    if chosen is None:
        said = _("⏰ Shall I bring you a lesson every day? It takes three minutes.")
    elif chosen.before_shift:
        said = _("⏰ A lesson comes {n} minutes before every shift.").format(n=BEFORE_SHIFT)
    else:
        said = _("⏰ A lesson comes every day at **{time}**.").format(time=chosen.moment)
    hint = _("Tap a time, or type one such as 7:45. In your quiet hours nothing comes: /quiet")
    fixed = chosen.moment if chosen is not None and not chosen.before_shift else None
    times: list[says.Button] = [
        says.Option(f"✓ {moment}" if moment == fixed else moment, ["at", moment]) for moment in TIMES
    ]
    before = says.Option(_("🛵 {n} min before my shift").format(n=BEFORE_SHIFT), ["shift"])
    rows: Rows = [times[:3], times[3:], [before]]
    if chosen is not None:
        rows.append([says.Option(_("🔕 No more"), ["never"])])
    rows.append([says.Option(_("☰ All lessons"), ["list"])])
    return says.Screen(join([said, hint]), rows)


async def _react(talk: Talk, event: hears.Event, daily: DailyDesk, shifts: ShiftDesk) -> Reaction:
    match event:
        case hears.Choice(["shift"]):
            return await _before_shift(talk, daily, shifts)
        case hears.Choice(["list"]):
            return Left(["list"])
        case hears.Choice(["never"]):
            await daily.stop()
            talk.toast(_("No more daily lessons."))
            return None
        case hears.Choice(["at", str(moment)]):
            return await _chosen(talk, moment, daily)
        case hears.Text(text) if match := _TIME.fullmatch(text):
            return await _chosen(talk, _moment(match), daily)
    return IGNORED


async def _before_shift(talk: Talk, daily: DailyDesk, shifts: ShiftDesk) -> Reaction:
    """Before every shift; where nobody said when one begins, that is asked first."""
    try:
        before = await shifts.before(BEFORE_SHIFT)
    except ValueError:
        before = None
    if before is None:
        return Left(["shift"])
    if not await daily.choose_before_shift(before):
        talk.toast(_quiet_then())
    return None


def _quiet_then() -> Phrase:
    return _("Then you have quiet hours. Choose another time, or change them: /quiet")


async def _chosen(talk: Talk, moment: str, daily: DailyDesk) -> Reaction:
    if not await daily.choose(moment):
        talk.toast(_quiet_then())
    return None


def _moment(match: re.Match[str]) -> str:
    """A typed time as `07:30`: 7:30, 7点, 7点半, 7点30分."""
    minute = match[2] or (match[3] or "0").rstrip("分")
    return f"{int(match[1]):02}:{30 if minute == '半' else int(minute):02}"


# -- When it comes -----------------------------------------------------------------------


def offered(offer: Offer) -> says.Text:
    """The message that brings the lesson."""
    text = offer.lesson.text(current_locale())
    heading = _("📚 Today's lesson: **{title}** · {minutes}").format(
        title=title_of(offer.lesson), minutes=minutes_words(timing.minutes(text.cards))
    )
    begin = says.Action(_("▶ Begin"), LESSON, offer.lesson.id)
    later = says.Action(_("⏰ In an hour"), LATER, offer.lesson.id)
    rows = [[begin, later], [says.Action(_("🔕 Another time, or never"), DAILY)]]
    return says.Text(join([heading, plain(text.head.summary)]), rows)


def reminded(offer: Offer) -> says.Text:
    """The word about a lesson that was paused."""
    text = _("⏸ **{title}** is kept where you stopped. A few minutes to spare?").format(
        title=title_of(offer.lesson)
    )
    return says.Text(text, [[says.Action(_("▶ Go on with the lesson"), LESSON, offer.lesson.id)]])


async def later(aside: Aside, lesson: str, daily: DailyDesk) -> None:
    """The same lesson again in an hour."""
    if await daily.later(lesson):
        aside.redraw(says.Text(_("⏰ Fine, in an hour.")))
    else:
        aside.redraw(says.Text(_("That would be in quiet hours. It waits in /learn.")))


DIALOG = Dialog(
    DAILY,
    choose_time,
    title=lambda: _("Daily lesson"),
    command="daily",
    summary=lambda: _("A lesson every day, at a time of yours"),
    parks=False,
)
ACTIONS = (opener(DAILY), Answerer(LATER, later))
