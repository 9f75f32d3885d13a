"""Check-ins for members: answered with a tap in the message itself, or in a few steps."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.dialogs import checkin_words as words
from bot.dialogs.opening import opener
from bot.dialogs.safeties import SAFETY, buddy_line, come_back
from bot.i18n import Phrase, _, join, moment, number, plain, speaking
from bot.services.attachments import Attachments
from bot.services.checkins.desk import CheckinDesk
from bot.services.checkins.model import (
    ANSWERING,
    LARGEST_NUMBER,
    LONGEST_ANSWER,
    LONGEST_NAME,
    Asked,
    Given,
    Question,
)
from bot.services.checkins.organizing import RoundDesk
from bot.services.checkins.profile import ProfileDesk
from bot.services.checkins.questions import after
from bot.services.checkins.safety import SafetyDesk
from bot.services.notices import Notices
from bot.services.presses import long, numbered
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText, Sent, line
from bot.talk.says import Json

LIST = "checkins"
CALLED = "checkin_name"
ROUNDS = "rounds"
MOST_OF_TITLE = 24
PURPOSE = "checkin"
_NUMBERS = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")


class Number:
    """A number between two others, both included."""

    def __init__(self, low: int | None, high: int | None) -> None:
        self._low = -LARGEST_NUMBER if low is None else low
        self._high = LARGEST_NUMBER if high is None else high

    def hear(self, event: hears.Event) -> Json:
        """The one number in what was typed, whole or with a fraction: 2, 1,500, 2小时."""
        said = event.text if isinstance(event, hears.Text) else ""
        found = _NUMBERS.findall(said.replace(",", "").replace("，", ""))
        if len(found) != 1:
            raise Refused(_("Please type a number."))
        value = float(found[0])
        return self.read(int(value) if value.is_integer() else value)

    def read(self, value: Json) -> Json:
        """The number; Refused where it is none, or too small or large."""
        if not isinstance(value, int | float) or not self._low <= value <= self._high:
            said = _("Please type a number from {low} to {high}.")
            raise Refused(said.format(low=number(self._low), high=number(self._high)))
        return value


class Picture:
    """A photo; gives what was heard."""

    def hear(self, event: hears.Event) -> Json:
        """A photo, nothing else."""
        if not isinstance(event, hears.Photo):
            raise Refused(_("Please send a photo."))
        return Sent().hear(event)

    def read(self, value: Json) -> hears.Photo:
        """What was sent; Refused if it is anything else."""
        heard = Sent().read(value)
        if not isinstance(heard, hears.Photo):
            raise Refused(_("Please send a photo."))
        return heard


# -- What waits -----------------------------------------------------------------------------


async def overview(talk: Talk, checkins: CheckinDesk, profiles: ProfileDesk, rounds: RoundDesk) -> Go | None:
    """The rounds that wait for an answer, and what is set for check-ins."""
    way = await talk.browse(
        "list",
        lambda: None,
        lambda _state: _overview(checkins, profiles, rounds),
        lambda _state, event: _chosen(talk, event, checkins, profiles),
    )
    return Go(way)


async def _overview(checkins: CheckinDesk, profiles: ProfileDesk, rounds: RoundDesk) -> says.Screen:
    lines = [_("📋 **Check-ins**: what organizers ask you, answered with one tap.")]
    rows: list[list[says.Button]] = []
    for asked in await checkins.open():
        mark = "✓" if asked.answered else "○"
        until = moment(asked.round.closes_at, asked.zone)
        said = _("{mark} {title} · until {moment}")
        lines.append(said.format(mark=mark, title=asked.checkin.title, moment=until))
        rows.append([says.Option(f"{mark} {asked.checkin.title[:MOST_OF_TITLE]}", ["show", asked.round.id])])
    if not rows:
        lines.append(_("Nothing waits for your answer. When somebody asks, it comes here by itself."))
    mine = await profiles.mine()
    called = mine.called or words.pseudonym(mine.person)
    lines.append(_("🪪 Organizers read you as “{name}”").format(name=called))
    lines.append(buddy_line(called, has_buddy=mine.buddy is not None, consented=mine.consented))
    rows.append([says.Option(_("🪪 My name"), CALLED), says.Option(_("🛟 If I miss one"), SAFETY)])
    if await rounds.reach():
        rows.append([says.Option(_("📊 Those I ask"), ROUNDS)])
    return says.Screen(join(lines), rows)


async def _chosen(talk: Talk, event: hears.Event, checkins: CheckinDesk, profiles: ProfileDesk) -> Reaction:
    match event:
        case hears.Choice(["show", int(number)]):
            await _show(talk, number, checkins, profiles)
            return None
        case hears.Choice(str(dialog)):
            return Left(dialog)
    return IGNORED


async def _show(talk: Talk, number: int, checkins: CheckinDesk, profiles: ProfileDesk) -> None:
    """A round once more: to answer it, or to change what was answered by name."""
    asked = await checkins.look(number)
    if asked is None:
        return
    if not asked.answered:
        talk.show(words.asked(asked))
    elif asked.checkin.anonymous:
        talk.toast(_why_not(Given("before"), asked))
    else:
        talk.show(words.answered(asked, await checkins.mine(number), "", await profiles.mine()))


# -- One tap -----------------------------------------------------------------------------


async def answer(
    aside: Aside,
    argument: str,
    checkins: CheckinDesk,
    profiles: ProfileDesk,
    notices: Notices,
    safety: SafetyDesk,
) -> None:
    """A tap on an answer, in the message that asks."""
    tapped = words.read_answer(argument)
    asked = await checkins.look(tapped[0]) if tapped else None
    if tapped is None or asked is None:
        aside.toast(_("That button doesn't work any more."))
        return
    question = asked.checkin.questions[0]
    choices = words.tappable(question) if not asked.checkin.is_survey else []
    if tapped[1] >= len(choices):
        aside.toast(_("That button doesn't work any more."))
        return
    values = {question.key: choices[tapped[1]][1]}
    given = await checkins.answer(asked.round.id, values, tapped[2])
    if given.outcome == "closed" and asked.checkin.safety:
        await come_back(aside, safety, notices)
    elif given.outcome in ("answered", "changed"):
        await _tell_keepers(asked, values, checkins, profiles, notices)
        aside.redraw(words.answered(asked, values, given.token, await profiles.mine()))
        aside.toast(_("✓ Noted. Thank you!") if given.outcome == "answered" else _("✓ Changed."))
    else:
        aside.toast(_why_not(given, asked))


def _why_not(given: Given, asked: Asked) -> Phrase:
    if given.outcome == "closed":
        return words.closed(asked)
    if given.outcome == "before":
        return _("You have answered already. The message of your answer has the buttons to change it.")
    return _("That button doesn't work any more.")


async def _tell_keepers(
    asked: Asked, values: Mapping[str, Json], checkins: CheckinDesk, profiles: ProfileDesk, notices: Notices
) -> None:
    """Organizers hear at once of an answer that can't wait."""
    urgent = [
        (question, values[question.key])
        for question in asked.checkin.questions
        if question.needs_attention(values.get(question.key))
    ]
    if not urgent:
        return
    mine = await profiles.mine()
    called = mine.called or words.pseudonym(mine.person)
    for keeper in await checkins.keepers(asked):
        with speaking(keeper.locale):
            await notices.tell(keeper, words.attention(asked, urgent, called))


async def take_back(aside: Aside, argument: str, checkins: CheckinDesk) -> None:
    """Take an anonymous answer back and give another."""
    number, token = numbered(argument)
    given = await checkins.take_back(number, token)
    if given.outcome == "changed" and given.asked is not None:
        aside.redraw(words.asked(given.asked))
        aside.go(ANSWERING, round=given.asked.round.id)
    elif given.asked is not None:
        aside.toast(_why_not(given, given.asked))
    else:
        aside.toast(_("That button doesn't work any more."))


# -- In steps ------------------------------------------------------------------------------


async def answer_round(
    talk: Talk, checkins: CheckinDesk, profiles: ProfileDesk, notices: Notices, attachments: Attachments
) -> None:
    """Ask what takes more than a tap: words, a number, a photo; of a survey one question after the other."""
    round_id = await talk.given("round", 0)
    asked = await checkins.look(round_id)
    if asked is None:
        is_for_others = await checkins.runs(round_id)
        others = _("This question goes to others this time: there is nothing you have to answer.")
        await talk.say("over", others if is_for_others else _("This round is closed by now."))
        return
    if not checkins.is_open(asked):
        await talk.say("over", words.closed(asked))
        return
    if asked.answered and asked.checkin.anonymous:
        await talk.say("before", _why_not(Given("before"), asked))
        return
    values = await _values(talk, asked)
    if not values:
        await talk.say("nothing", _("You left everything out: nothing was sent."))
        return
    if asked.checkin.is_survey and not await _is_sure(talk, asked, values):
        await talk.say("dropped", _("All right, nothing was sent."))
        return

    async def send() -> Json:
        kept = {key: await _kept(value, attachments) for key, value in values.items()}
        given = await checkins.answer(asked.round.id, kept)
        if given.outcome in ("answered", "changed"):
            await _tell_keepers(asked, kept, checkins, profiles, notices)
        return [given.outcome, given.token]

    outcome, token = await talk.once("send", send)
    if outcome in ("answered", "changed"):
        shown = {key: 0 if isinstance(value, hears.Photo) else value for key, value in values.items()}
        await talk.say("done", words.answered(asked, shown, token, await profiles.mine()))
    else:
        await talk.say("done", _why_not(Given(outcome), asked))


async def _values(talk: Talk, asked: Asked) -> dict[str, Json]:
    """The answers, by question; what was skipped is left out."""
    values: dict[str, Json] = {}
    question: Question | None = asked.checkin.questions[0]
    place = 1
    while question is not None:
        value = await _ask(talk, asked, question, place)
        if value is not None:
            values[question.key] = value
        question = after(asked.checkin.questions, question.key, value)
        place += 1
    return values


async def _ask(talk: Talk, asked: Asked, question: Question, place: int) -> Json:
    is_survey = asked.checkin.is_survey
    text = Phrase("**{text}**").format(text=question.text)
    if is_survey:
        text = join([_("Question {n}").format(n=place), text])
    if place == 1:
        text = join([words.promise(asked.checkin), text])
    if question.tapped:
        columns = words.NUMBERS_IN_A_ROW if question.kind == "number" else 1
        choices = words.tappable(question)
        return await talk.choose(question.key, text, choices, columns=columns, optional=is_survey)
    if question.kind == "number":
        kind: Number | Picture | LongText = Number(question.low, question.high)
    elif question.kind == "photo":
        kind = Picture()
    else:
        kind = LongText(1, LONGEST_ANSWER)
    return await talk.ask(question.key, text, kind, optional=is_survey)


async def _is_sure(talk: Talk, asked: Asked, values: Mapping[str, Json]) -> bool:
    lines = [_("That is all. Send it?")]
    for question in asked.checkin.questions:
        if question.key in values:
            said = Phrase("• {text}\n  {answer}")
            answer = words.value_words(question, values[question.key])
            lines.append(said.format(text=question.text, answer=answer))
    return await talk.confirm("sure", join(lines), yes=_("✓ Send"), no=_("No, drop it"))


async def _kept(value: Json, attachments: Attachments) -> Json:
    """An answer as it is kept: a photo by the number of its attachment."""
    return await attachments.take(value, PURPOSE) if isinstance(value, hears.Photo) else value


async def say_name(talk: Talk, profiles: ProfileDesk) -> None:
    """How organizers are to read somebody beside named answers."""
    mine = await profiles.mine()
    question = _("What shall organizers call you? They read it beside your named answers, nobody else does.")
    if mine.called:
        question = join([question, _("Now: {name}").format(name=plain(mine.called))])
    name = await talk.ask("name", question, line(LONGEST_NAME))
    await talk.once("keep", profiles.say_called, name)
    await talk.say("kept", _("✓ Organizers read you as “{name}” from now on.").format(name=name))


async def open_reply(aside: Aside, argument: str) -> None:
    """Answer in steps, from the message that asks."""
    aside.keep()
    aside.go(ANSWERING, round=long(argument) or 0)


async def open_called(aside: Aside, _argument: str) -> None:
    """Say one's name, from a button."""
    aside.keep()
    aside.go(CALLED)


LIST_DIALOG = Dialog(
    LIST,
    overview,
    title=lambda: _("Check-ins"),
    command="checkins",
    summary=lambda: _("Check-ins: what waits for my answer"),
    parks=False,
)
DIALOG = Dialog(ANSWERING, answer_round, title=lambda: _("Your answers"), resumes=True)
NAME_DIALOG = Dialog(CALLED, say_name, title=lambda: _("What organizers call you"), parks=False)
ACTIONS = (
    opener(LIST),
    Answerer(words.ANSWER, answer),
    Answerer(words.REPLY, open_reply),
    Answerer(words.TAKE_BACK, take_back),
    Answerer(words.CALLED, open_called),
)
