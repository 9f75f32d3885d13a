"""From what was understood to where it leads: each intent's dialog, with what was said along filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.dialogs import (
    appeal_desk,
    appeal_more,
    branches,
    broadcast_making,
    checkin_rounds,
    checkins,
    ideas,
    lesson_figures,
    me,
    privacy,
    reminders,
    stations,
    wish_making,
    wishes,
)
from bot.dialogs.appeal_inputs import SHORTEST_STORY, Amount, Day, Somewhere
from bot.dialogs.appeal_more import LIST as APPEALS
from bot.dialogs.appeal_words import wants_to_appeal
from bot.dialogs.appeals import APPEAL
from bot.dialogs.hazard_words import HAZARD
from bot.dialogs.hazards import Where
from bot.dialogs.idea_words import LIST as IDEAS
from bot.dialogs.lessons import GUIDE, LEARN
from bot.dialogs.nameless import is_fit
from bot.dialogs.reminder_papers import PAPERS
from bot.dialogs.wish_words import LIST as WISHES
from bot.i18n import LOCALES, Phrase, _
from bot.services.appeals.mine import MyAppeals
from bot.services.checkins.model import ANSWERING
from bot.services.stations.desk import StationDesk
from bot.talk import hears
from bot.talk.engine import Act, Go
from bot.talk.errors import Refused
from bot.talk.inputs import Input
from bot.talk.says import Json

Slots = Mapping[str, Any]

# Shorter ones only say that somebody wants to suggest something.
SHORTEST_SUGGESTION: Final = 12

# Which kind of content/appeals.yaml a story is about, by its category.
_KINDS: Final = {
    "unpaid_freight": "pay",
    "unpaid_pay": "pay",
    "injury": "injury",
    "account_ban": "account",
    "deduction": "account",
    "gate_access": "gate",
    "parking": "parking",
    "sorting": "parking",
    "charging": "charging",
    "meal_price": "meals",
    "accommodation": "accommodation",
    "school": "school",
    "contract": "contract",
}
# Who counts what organizers ask for.
_BOARDS: Final = {"check_ins": checkin_rounds.LIST, "lesson_completed": lesson_figures.DIALOG.name}


@dataclass(frozen=True, slots=True)
class Desks:
    """Who fills in what was said along."""

    appeals: MyAppeals
    stations: StationDesk


Target = Callable[[str, Slots, Desks], Go | Act]


def target(intent: str, text: str, slots: Slots, desks: Desks) -> Go | Act:
    """Where an intent leads; `text` is what was said, empty where that is not known any more."""
    return _TARGETS[intent](text, slots, desks)


def names() -> dict[str, Phrase]:
    """The intents that lead somewhere, as people see them on buttons."""
    return {
        "find_station": _("📍 Find a place"),
        "start_lesson": _("📚 Take a lesson"),
        "resume_lesson": _("▶ Go on with my lesson"),
        "file_appeal": _("📮 Tell what is wrong"),
        "appeal_status": _("🔎 How my appeal stands"),
        "add_reminder": _("⏰ Remind me"),
        "list_reminders": _("☰ My reminders"),
        "check_in": _("✅ Check in"),
        "points": _("⭐ My points"),
        "redeem": _("🎁 Exchange points"),
        "wish": _("🌱 Make a wish"),
        "hazard_report": _("⚠️ Report a hazard"),
        "survey_suggestion": _("💡 Suggest something"),
        "guide_question": _("❓ Know my rights"),
        "profile": _("👤 About me"),
        "stop": _("🔕 Be silent"),
        "help": _("☰ What you can do"),
        "broadcast": _("📣 Send to many"),
        "roster": _("📋 Lists of people"),
        "stats": _("📊 Figures"),
        "assign_appeal": _("🤝 Hand an appeal over"),
    }


# -- Searches, lessons, questions, reminders -------------------------------------------------


def _find(text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(stations.DIALOG.name, {"asked": text} if text else {})


def _lesson(text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(LEARN, {"asked": text} if text else {})


def _go_on(_text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(LEARN, {"go_on": True})


def _question(text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(GUIDE, {"asked": text} if text else {})


def _remind(text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(reminders.REMIND, {"asked": text} if text else {})


def _reminders(_text: str, slots: Slots, _desks: Desks) -> Go:
    return Go(reminders.LIST, {"asked": slots["what"]} if slots.get("what") else {})


# -- Appeals -----------------------------------------------------------------------------


def _appeal(text: str, slots: Slots, desks: Desks) -> Go:
    """A new appeal: what was said is its story, and answers what the story answers already."""
    kind = desks.appeals.book.kind(_KINDS.get(slots.get("category", ""), ""))
    if kind is None:
        return Go(APPEAL, {"asked": text} if _tells_something(text) else {})
    given: dict[str, Json] = {"kind": kind.id}
    if len(text) >= SHORTEST_STORY:
        given["asked"] = text
    said: dict[str, Json] = {
        "amount": _heard(Amount(), str(slots.get("amount", ""))),
        "since": _heard(Day(lambda: desks.stations.now), slots.get("overdue", "")),
        "place": _heard(Somewhere(desks.stations), slots.get("place", "")),
    }
    return Go(APPEAL, given, {point: said[point] for point in kind.asks if said.get(point) is not None})


def _tells_something(text: str) -> bool:
    """Whether a text is a story, and not only the wish to tell one."""
    return len(text) >= SHORTEST_STORY and not wants_to_appeal(text)


def _heard(kind: Input[Any], words: str) -> Json:
    """The words as the question would take them; None where it would not."""
    try:
        return kind.hear(hears.Text(words)) if words else None
    except Refused:
        return None


def _appeals(_text: str, slots: Slots, _desks: Desks) -> Go:
    return Go(APPEALS, {"asked": slots["appeal_id"]} if slots.get("appeal_id") else {})


def _desk(_text: str, _slots: Slots, _desks: Desks) -> Go:
    return Go(appeal_desk.DESK)


# -- The neighbourhood ------------------------------------------------------------------


def _hazard(text: str, slots: Slots, desks: Desks) -> Go:
    """A report of what was said: its kind and place are known already where they were said."""
    heard = slots.get("kind")
    if not heard or not is_fit(text):
        return Go(HAZARD)
    where = _heard(Where(desks.stations), str(slots.get("place", "")))
    answers: dict[str, Json] = {"where": where} if where is not None and where["point"] else {}
    return Go(HAZARD, {"asked": text, "heard": heard}, answers)


def _wish(text: str, slots: Slots, _desks: Desks) -> Go | Act:
    """What is wished for, to be placed; or the list."""
    return Go(wish_making.NEW, {"asked": text}) if slots.get("item") and text else Act(WISHES)


def _suggestion(text: str, _slots: Slots, _desks: Desks) -> Go | Act:
    """A suggestion where one was made; or the list."""
    return Go(ideas.NEW, {"asked": text}) if len(text) >= SHORTEST_SUGGESTION else Act(IDEAS)


# -- Oneself ------------------------------------------------------------------------------


def _profile(_text: str, slots: Slots, _desks: Desks) -> Go | Act:
    match slots.get("field"), slots.get("value"), slots.get("action"):
        case "language", str(value), _action:
            locale = next((each for each in LOCALES if each.startswith(value)), "")
            return Act("speak", locale) if locale else Act("language")
        case "language", _value, _action:
            return Act("language")
        case "privacy", _value, "delete":
            return Go(privacy.FORGET)
        case "privacy", _value, "export":
            return Act("mydata")
        case "privacy", _value, _action:
            return Go(privacy.PRIVACY)
        case "branch", _value, "join":
            return Go(branches.DIALOG.name)
    return Go(me.DIALOG.name)


# -- Running things ------------------------------------------------------------------------


def _figures(_text: str, slots: Slots, _desks: Desks) -> Go | Act:
    return Go(_BOARDS.get(slots.get("metric", ""), lesson_figures.DIALOG.name))


def _opens(dialog: str) -> Target:
    return lambda _text, _slots, _desks: Go(dialog)


def _answers(name: str) -> Target:
    return lambda _text, _slots, _desks: Act(name)


_TARGETS: Final[dict[str, Target]] = {
    "find_station": _find,
    "start_lesson": _lesson,
    "resume_lesson": _go_on,
    "file_appeal": _appeal,
    "appeal_status": _appeals,
    "add_reminder": _remind,
    "list_reminders": _reminders,
    "check_in": _opens(checkins.LIST),
    "points": _answers("points"),
    "redeem": _answers("points"),
    "wish": _wish,
    "hazard_report": _hazard,
    "survey_suggestion": _suggestion,
    "guide_question": _question,
    "profile": _profile,
    "stop": _answers("stop"),
    "help": _answers("menu"),
    "broadcast": _opens(broadcast_making.NEW),
    "roster": _answers("rosters"),
    "stats": _figures,
    "assign_appeal": _desk,
}

# Here somebody writes to others: whatever it says is what they write.
WRITING: Final = (broadcast_making.NEW,)

# Screens that take any words for a search: they are asked last.
SEARCHES: Final = (stations.DIALOG.name, GUIDE)
# Conversations about oneself: a request in the middle is no answer. Elsewhere one writes for others.
PERSONAL: Final = (
    *(APPEAL, appeal_more.ADD, appeal_more.REOPEN, appeal_more.NAME),
    *(reminders.REMIND, reminders.CHANGE, PAPERS),
    *(HAZARD, stations.REPORT, ideas.NEW, wish_making.NEW, wishes.THANKS),
    *(ANSWERING, checkins.CALLED),
)
# Screens that hear what belongs to them in their own way: a search goes on there, with its filters.
AT_HOME: Final = {
    "find_station": (stations.DIALOG.name,),
    "start_lesson": (LEARN,),
    "guide_question": (GUIDE,),
    "add_reminder": (reminders.REMIND, reminders.CHANGE),
    "list_reminders": (reminders.LIST,),
    "appeal_status": (APPEALS,),
    "file_appeal": (APPEAL, appeal_more.ADD, appeal_more.REOPEN),
    "hazard_report": (HAZARD,),
    "wish": (wish_making.NEW,),
    "survey_suggestion": (ideas.NEW,),
    "check_in": (ANSWERING,),
}
