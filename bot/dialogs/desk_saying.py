"""What a desk writes and chooses: answers and questions, who takes over, who helps, who it is, being away."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import Final

from bot.dialogs import desk_words as words
from bot.i18n import Phrase, _, current_locale, join, moment, ngettext
from bot.services.appeals.absence import Absences
from bot.services.appeals.counter import AppealDesk, HasIt, Seen
from bot.services.appeals.model import LONGEST_WORDS, Changed
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.unmasking import LONGEST_REASON, NobodyElse, Unmasking
from bot.services.refusals import NotThere, TooMany
from bot.services.reminders.desk import ReminderDesk
from bot.services.roles.rules import NotAllowed
from bot.talk import hears
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText
from bot.talk.says import Json

SAY: Final = "desk_say"
PICK: Final = "desk_pick"
WHO: Final = "desk_who"
AWAY: Final = "away"

_SHORTEST_REASON: Final = 5
# Who comes back "on Monday" is there when the offices open.
_MORNING: Final = 9


# -- Saying something --------------------------------------------------------------------


async def say(talk: Talk, appeal_desk: AppealDesk, appeal_post: AppealPost) -> Go | None:
    """Write to the author (or, as a helper, to the owner), see it once more, send it."""
    number, what = await talk.given("appeal", 0), await talk.given("what", "answer")
    seen = await _seen(appeal_desk, number)
    if seen is None:
        await talk.say("gone", _("It is not there any more."))
        return None
    if seen.taken_by and what != "note":
        await talk.say("taken", _("{called} has it already.").format(called=seen.taken_by))
        return Go(words.OPEN, {"card": number})
    turn = 0
    while True:
        text = await talk.ask(
            f"text{turn}",
            _question(what, seen),
            LongText(2, LONGEST_WORDS),
            quick=_ready(what, seen, appeal_desk),
        )
        preview = _preview(what, seen, text)
        if await talk.confirm(f"sure{turn}", preview, yes=_("✓ Send this"), no=_("✏️ Change")):
            break
        turn += 1

    async def send() -> str:
        deeds = {
            "answer": appeal_desk.answer,
            "ask": appeal_desk.ask_back,
            "solve": appeal_desk.solve,
            "note": appeal_desk.note,
        }
        return await _done(deeds[what](number, text), appeal_post)

    await talk.say("sent", _outcome(await talk.once("send", send), _("✓ Sent.")))
    return Go(words.OPEN, {"card": number})


def _question(what: str, seen: Seen) -> Phrase:
    questions = {
        "answer": _("💬 What is being done? {alias} reads this."),
        "ask": _("❔ What do you need to know from {alias}?"),
        "solve": _("✅ What was done? {alias} reads this, and is asked whether it is solved."),
        "note": _("✍️ What shall the owner know? {alias} does not read this."),
    }
    return questions[what].format(alias=words.alias(seen.appeal))


def _ready(what: str, seen: Seen, desk: AppealDesk) -> list[tuple[str, str]]:
    if what not in ("answer", "solve"):
        return []
    locale = current_locale()
    fitting = [one for one in desk.suggestions(seen.appeal) if what == "answer" or one.solves]
    return [(one.label(locale), one.text(locale)) for one in fitting]


def _preview(what: str, seen: Seen, text: str) -> Phrase:
    if what == "note":
        return _("To the owner:\n\n“{text}”").format(text=text)
    return _("To {alias}:\n\n“{text}”").format(alias=words.alias(seen.appeal), text=text)


# -- Handing over, calling in --------------------------------------------------------------


async def pick(talk: Talk, appeal_desk: AppealDesk, appeal_post: AppealPost) -> Go | None:
    """Choose who takes an appeal over, or who helps."""
    number, what = await talk.given("appeal", 0), await talk.given("what", "hand")
    if await _seen(appeal_desk, number) is None:
        await talk.say("gone", _("It is not there any more."))
        return None
    choices = await talk.note("choices", _choices, appeal_desk, number, what)
    if not choices:
        await talk.say(
            "nobody", _("There is nobody else to take it. It can only go up, when its time is over.")
        )
        return Go(words.OPEN, {"card": number})
    question = _("🔀 Who takes it over?") if what == "hand" else _("📣 Which desk shall help? You keep it.")
    way = await talk.choose("to", question, [(label, value) for label, value in choices], columns=1)

    async def hand() -> str:
        match way:
            case ["person", person]:
                return await _done(appeal_desk.hand_over(number, person), appeal_post)
            case ["desk", str(branch)] if what == "hand":
                return await _done(appeal_desk.refer(number, branch), appeal_post)
            case [_desk, branch]:
                return await _done(appeal_desk.call_in(number, branch), appeal_post)
        return "gone"

    done = await talk.once("hand", hand)
    await talk.say(
        "done", _outcome(done, _("✓ Done. The author is told.") if what == "hand" else _("✓ Called in."))
    )
    return None


async def _choices(desk: AppealDesk, number: int, what: str) -> list[list[Json]]:
    """Who can be chosen: (label, ["person", number or None]) and (label, ["desk", branch])."""
    try:
        others = [
            [await desk.name_of(stop), ["desk", stop.branch]] for stop in await desk.other_desks(number)
        ]
        if what != "hand":
            return others
        seen = await desk.get(number)
        people = [
            [f"👤 {one.called or '?'}", ["person", one.to.person]] for one in await desk.colleagues(number)
        ]
    except NotThere:
        return []
    if seen.appeal.holder is not None:
        people.append([str(_("👥 Anybody at this desk")), ["person", None]])
    return [*people, *([f"🏢 {name}", way] for name, way in others)]


# -- Who it is -------------------------------------------------------------------------------


async def who(talk: Talk, unmasking: Unmasking, appeal_post: AppealPost) -> Go:
    """Learn who wrote an appeal: by asking them, or with a reason that a colleague shares."""
    number = await talk.given("appeal", 0)
    way = await talk.choose(
        "way",
        _("👤 Who wrote it is nobody's to know without need. How?"),
        [(_("🙋 Ask the author"), "author"), (_("👥 A reason, and a colleague agrees"), "second")],
        columns=1,
    )
    reason = ""
    if way == "second":
        question = _("Why do you have to know? The author reads your reason, word for word.")
        reason = await talk.ask("reason", question, LongText(_SHORTEST_REASON, LONGEST_REASON))

    async def ask() -> str:
        if way == "author":
            return await _done(unmasking.ask_author(number), appeal_post)
        return await _done(unmasking.ask_second(number, reason), appeal_post)

    asked = _("✓ Asked. You hear as soon as it is decided.")
    await talk.say("asked", _outcome(await talk.once("ask", ask), asked))
    return Go(words.OPEN, {"card": number})


# -- Being away ------------------------------------------------------------------------------


class Until:
    """A moment to come, in ISO; a day alone means its morning."""

    def __init__(self, reminders: ReminderDesk) -> None:
        self._reminders = reminders

    def hear(self, event: hears.Event) -> Json:
        """A line that says when."""
        if not isinstance(event, hears.Text):
            raise Refused(_("Please write until when: “Monday”, “20 May 9:00”."))
        at = self._reminders.read(event.text).at
        if at is None:
            raise Refused(_("Please write until when: “Monday”, “20 May 9:00”."))
        if not isinstance(at, datetime):
            at = datetime(at.year, at.month, at.day, _MORNING, tzinfo=self._reminders.zone)
        if at <= self._reminders.now:
            raise Refused(_("Please write until when: “Monday”, “20 May 9:00”."))
        return at.isoformat()

    def read(self, value: Json) -> datetime:
        """The moment; Refused if it is none."""
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refused(_("Please write until when: “Monday”, “20 May 9:00”.")) from None


async def away(talk: Talk, absences: Absences, reminders: ReminderDesk, appeal_post: AppealPost) -> None:
    """Be away: what one holds is handed over at once, and nothing new comes."""
    absence = await talk.note("absent", _is_away, absences)
    if absence:
        await _offer_to_come_back(talk, absence, absences)
        return
    quick = [(str(one), str(one)) for one in (_("tomorrow at 9:00"), _("next Monday at 9:00"))]
    until = await talk.ask("until", _("🏖 Until when are you away?"), Until(reminders), quick=quick)
    stand_in = await _stand_in(talk, absences)

    async def leave() -> int:
        try:
            count, news = await absences.leave(until, stand_in)
        except (NotAllowed, ValueError):
            return -1
        await appeal_post.send(news, words.worded)
        return count

    count = await talk.once("leave", leave)
    if count < 0:
        await talk.say("no", _("This is for those who serve at a desk. Your own appeals: /appeals"))
        return
    gone = ngettext("{n} appeal was handed over.", "{n} appeals were handed over.", count)
    said = _("🏖 You are away until {time}.").format(time=moment(until))
    await talk.say("left", join([said, gone, _("/away ends it.")]))


async def _offer_to_come_back(talk: Talk, until: str, absences: Absences) -> None:
    question = _("🏖 You are away until {time}.").format(time=until)
    if await talk.confirm("back", question, yes=_("👋 I'm back"), no=_("Stay away")):
        await talk.once("come", _come_back, absences)
        await talk.say("here", _("👋 Welcome back. What was handed over stays where it is."))


async def _stand_in(talk: Talk, absences: Absences) -> int | None:
    """Who takes over what they have; None for anybody at the desk."""
    stand_ins = await talk.note("stand_ins", absences.stand_ins)
    if not stand_ins:
        return None
    choices: list[tuple[str, Json]] = [(f"👤 {called}", person) for called, person in stand_ins]
    choices.append((_("👥 Anybody at my desk"), 0))
    return await talk.choose("stand_in", _("Who takes over what you have?"), choices, columns=1) or None


async def _is_away(absences: Absences) -> str:
    absence = await absences.now()
    return moment(absence.until) if absence else ""


async def _come_back(absences: Absences) -> None:
    await absences.come_back()


# -- What came of it -------------------------------------------------------------------------


async def _seen(desk: AppealDesk, number: int) -> Seen | None:
    try:
        return await desk.get(number)
    except NotThere:
        return None


async def _done(deed: Awaitable[Changed], post: AppealPost) -> str:
    """Carry a deed out and tell who has to hear of it; gives what to say about it."""
    try:
        changed = await deed
    except NotThere:
        return "gone"
    except HasIt as other:
        return f"has:{other.called}"
    except NotPossible:
        return "changed"
    except TooMany:
        return "too_often"
    except NobodyElse:
        return "nobody"
    await post.send(changed.news, words.worded)
    return "done"


def _outcome(done: str, success: Phrase) -> Phrase:
    if done == "done":
        return success
    if done.startswith("has:"):
        return _("{called} has it already.").format(called=done.removeprefix("has:"))
    return {
        "gone": _("It is not there any more."),
        "changed": _("That has changed meanwhile. This is how it stands."),
        "too_often": _("It was passed on often enough: now it can only go up."),
        "nobody": _("There is no second one at the desk who could agree. Ask the author."),
    }[done]


DIALOGS = (
    Dialog(SAY, say, title=lambda: _("An answer"), lasts=True),
    Dialog(PICK, pick, title=lambda: _("Handing over"), parks=False),
    Dialog(WHO, who, title=lambda: _("Who it is"), parks=False),
    Dialog(
        AWAY,
        away,
        title=lambda: _("Being away"),
        command="away",
        summary=lambda: _("For desks: hand over while I'm away"),
        parks=False,
    ),
)
