"""A new check-in or survey: what is asked, of whom, when, and whether with names."""

from __future__ import annotations

from datetime import datetime

from bot.dialogs import question_words
from bot.dialogs.branch_words import place_of
from bot.dialogs.opening import opener
from bot.dialogs.reminders import settle_time
from bot.dialogs.whom import choose_branch, choose_people
from bot.i18n import Phrase, _, join, ngettext
from bot.services.branches.desk import BranchDesk
from bot.services.checkins.model import LONGEST_QUESTION, LONGEST_TITLE, Draft, Option, Question, Timing
from bot.services.checkins.organizing import RoundDesk
from bot.services.checkins.questions import Unreadable, read_options, read_questions
from bot.services.reminders.desk import ReminderDesk
from bot.services.when import When
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText, line
from bot.talk.says import Json

NEW = "new_round"
LIST = "rounds"

HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60
SAFETY, SURVEY = "safety", "survey"


class Lines:
    """The questions of a survey, one a line."""

    def hear(self, event: hears.Event) -> Json:
        """Lines that are questions; Refused with what is wrong with the first that is none."""
        text = LongText(1, 4000).hear(event)
        self.read(text)
        return text

    def read(self, value: Json) -> tuple[Question, ...]:
        """The questions."""
        try:
            return read_questions(str(value))
        except Unreadable as error:
            raise Refused(question_words.flaw(error.flaw)) from None


class Options:
    """The options of one question, between slashes."""

    def hear(self, event: hears.Event) -> Json:
        """Options in a line; Refused with what is wrong with them."""
        text = LongText(1, 400).hear(event)
        self.read(text)
        return text

    def read(self, value: Json) -> tuple[Option, ...]:
        """The options."""
        try:
            return read_options(str(value))
        except Unreadable as error:
            raise Refused(question_words.flaw(error.flaw)) from None


async def make(talk: Talk, rounds: RoundDesk, branches: BranchDesk, reminders: ReminderDesk) -> None:
    """Ask for all of it, say it back, and plan the first round."""
    reach = await rounds.reach()
    if not reach:
        await talk.say("no", _("Only organizers ask rounds. Yours to answer are in /checkins."))
        return
    kind = str(await talk.choose("kind", _("What kind of answer do you want?"), _kinds()))
    title, questions = await _questions(talk, kind)
    branch = await choose_branch(talk, reach, branches)
    segment, count = await choose_people(talk, branch, rounds.meant)
    anonymous = await _anonymous(talk, kind)
    when = await _opening(talk, reminders)
    close_minutes, nudge_minutes = await _ending(talk, kind)

    def draft(now: datetime) -> Draft:
        timing = _timing(when, now, rounds.zone, close_minutes, nudge_minutes)
        safety = kind == SAFETY
        return Draft(title, questions, branch, segment, timing, anonymous, safety)

    place = await place_of(branch, branches)
    summary = _summary(draft(rounds.now), when, reminders, place, count)
    yes = _("✓ Ask now") if when is None else _("✓ Plan it")
    if not await talk.confirm("sure", summary, yes=yes, no=_("No, drop it")):
        await talk.say("dropped", _("All right, nothing was asked."))
        return
    await talk.once("make", rounds.make, draft(rounds.now))
    said = _("✓ It goes out now; the board comes right after.") if when is None else _("✓ Planned.")
    await talk.say("done", says.Text(said, [[says.Action(_("☰ My check-ins"), LIST)]]))


# -- What is asked -----------------------------------------------------------------------


def _kinds() -> list[tuple[str, Json]]:
    return [
        (_("🔘 Options to tap"), "options"),
        (_("✋ “I'm here”"), "here"),
        (_("🔢 A number"), "number"),
        (_("✏️ Words"), "text"),
        (_("📷 A photo"), "photo"),
        (_("📝 Several questions"), SURVEY),
        (_("🛟 Are you safe?"), SAFETY),
    ]


async def _questions(talk: Talk, kind: str) -> tuple[str, tuple[Question, ...]]:
    """The title and the questions."""
    if kind == SURVEY:
        title = await talk.ask("title", _("What is the survey called?"), line(LONGEST_TITLE))
        return title, await talk.ask("lines", question_words.how_to_write(), Lines())
    if kind == SAFETY:
        quick = [(_("Are you safe?"), _("Are you safe?"))]
        text = await talk.ask("text", _("What shall the question be?"), line(LONGEST_QUESTION), quick=quick)
        options = (Option(str(_("🟢 I'm safe"))), Option(str(_("🆘 I need help")), attention=True))
        return text[:LONGEST_TITLE], (Question("q1", "options", text, options),)
    text = await talk.ask("text", _("What shall the question be?"), line(LONGEST_QUESTION))
    return text[:LONGEST_TITLE], (await _question(talk, kind, text),)


async def _question(talk: Talk, kind: str, text: str) -> Question:
    if kind == "options":
        ready = str(_("Yes / No / Not sure yet"))
        asked = _("Between which answers? With / between them, and ! after what you must know at once.")
        options = await talk.ask("options", asked, Options(), quick=[(ready, ready)])
        return Question("q1", "options", text, options)
    if kind == "number":
        ranges: list[tuple[str, Json]] = [("1–5", [1, 5]), ("0–10", [0, 10]), (_("Any number"), [0, None])]
        low, high = await talk.choose("range", _("From what to what?"), ranges, columns=3)
        return Question("q1", "number", text, low=low, high=high)
    return Question("q1", kind, text)  # type: ignore[arg-type]  # here, text and photo are kinds


async def _anonymous(talk: Talk, kind: str) -> bool:
    if kind in ("photo", SAFETY, "here"):
        return False
    question = _("With names, or anonymous? It is said to everybody before they answer.")
    named = (_("🪪 With names"), False)
    unseen = (_("🎭 Anonymous"), True)
    ways = [unseen, named] if kind == SURVEY else [named, unseen]
    return bool(await talk.choose("anonymous", question, ways))


# -- When -----------------------------------------------------------------------------------


async def _opening(talk: Talk, reminders: ReminderDesk) -> When | None:
    """When it opens; None for now."""
    ways = [(_("▶ Now"), True), (_("🕗 Later, or again and again"), False)]
    if await talk.choose("now", _("When shall it open?"), ways, columns=1):
        return None
    likely = [str(_("every Friday at 18:00")), str(_("every day at 20:00")), str(_("tomorrow at 8:00"))]
    question = _("🕗 When? Once or again and again, such as: every Friday at 18:00")
    return await settle_time(talk, None, reminders, "when", (question, likely))


async def _ending(talk: Talk, kind: str) -> tuple[int, int | None]:
    """After how many minutes it closes, and nudges those who have not answered."""
    ends = [
        (ngettext("{n} hour", "{n} hours", 1), HOUR),
        (ngettext("{n} hour", "{n} hours", 6), 6 * HOUR),
        (ngettext("{n} day", "{n} days", 1), DAY),
        (ngettext("{n} day", "{n} days", 3), 3 * DAY),
        (ngettext("{n} day", "{n} days", 7), WEEK),
    ]
    if kind == SAFETY:
        ends.insert(0, (ngettext("{n} minute", "{n} minutes", 30), HOUR // 2))
    close = int(await talk.choose("close", _("How long can one answer?"), ends, columns=3))
    nudges = [
        (_("Once, half-way"), close // 2),
        (_("Near the end"), close - close // 6),
        (_("Not at all"), None),
    ]
    nudge = await talk.choose("nudge", _("Remind those who have not answered?"), nudges, columns=3)
    return close, nudge


def _timing(when: When | None, now: datetime, zone: str, close: int, nudge: int | None) -> Timing:
    if when is None or not isinstance(when.at, datetime):
        return Timing(now, zone, None, close, nudge)
    return Timing(when.at, when.zone.key, when.rrule, close, nudge)


def _summary(draft: Draft, when: When | None, reminders: ReminderDesk, place: Phrase, count: int) -> Phrase:
    said = [_("**{title}**").format(title=draft.title)]
    said += [question_words.told(question, alone=not draft.is_survey) for question in draft.questions]
    people = ngettext("{n} person", "{n} people", count)
    said.append(_("👥 {place}: {people}").format(place=place, people=people))
    said.append(_("🎭 Anonymous") if draft.anonymous else _("🪪 With names"))
    opens = _("now") if when is None else reminders.say(when)
    until = question_words.duration(draft.timing.close_minutes)
    said.append(_("🕗 Opens: {opens}; open for {until}").format(opens=opens, until=until))
    return join(said)


DIALOG = Dialog(NEW, make, title=lambda: _("A new check-in"))
ACTIONS = (opener(NEW),)
