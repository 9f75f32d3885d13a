"""Suggestions: the list, a vote, a new one; for organizers what is to be seen, answered, talked about."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import idea_words as words
from bot.dialogs.nameless import Nameless, is_fit
from bot.dialogs.opening import opener, opener_at
from bot.dialogs.paging import numbers, page_of, turns
from bot.i18n import Phrase, _, join, moment
from bot.services.ideas.desk import IdeaDesk
from bot.services.ideas.model import (
    AGAINST,
    FOR,
    LONGEST,
    LONGEST_ANSWER,
    SHORTEST,
    VERDICTS,
    Changed,
    Idea,
    State,
)
from bot.services.notices import Notices
from bot.services.presses import numbered
from bot.services.refusals import NotThere, TooMany
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.inputs import LongText

NEW: Final = "suggest"
ANSWER: Final = "answer_idea"
PAGE: Final = 5

Shown = dict[str, Any]
"""What the screen shows: a `page` of `what` (open, answered, mine, see), and perhaps a `card` (a number)."""


async def look_through(talk: Talk, ideas: IdeaDesk) -> Go:
    """The list and its cards, until something is to be suggested or answered."""
    card = await talk.given("card")
    start: Shown = {"what": "open", "page": 0, **({"card": card} if card else {})}
    way = await talk.browse(
        "list",
        lambda: start,
        lambda state: _draw(state, ideas),
        lambda state, event: _react(talk, state, event, ideas),
    )
    return Go(NEW) if way is None else Go(ANSWER, {"idea": way})


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: Shown, ideas: IdeaDesk) -> says.Screen:
    if "card" in state:
        try:
            return await _card(await ideas.get(state["card"]), ideas)
        except NotThere:
            return says.Screen(_("It is not there any more."), [[_back()]])
    found = await _listed(state["what"], ideas)
    page = page_of(found, state["page"], PAGE)
    lines = [_heading(state["what"]), *(words.line(place, one) for place, one in page.placed)]
    if not found:
        lines.append(_("Nothing yet. What would make your day easier? Say it in a sentence."))
    rows = [*numbers(page, lambda one: ["card", one.id]), *turns(page)]
    return says.Screen(join(lines), rows + await _ways(state, ideas))


async def _listed(what: str, ideas: IdeaDesk) -> list[Idea]:
    match what:
        case "answered":
            return await ideas.all(State.ANSWERED)
        case "mine":
            return await ideas.mine()
        case "see":
            return await ideas.to_see()
    return await ideas.all()


def _heading(what: str) -> Phrase:
    return {
        "answered": _("💬 **Answered**"),
        "mine": _("💡 **My suggestions**"),
        "see": _("👀 **To look at**"),
    }.get(what, _("💡 **Suggestions.** Tap a number to vote."))


async def _ways(state: Shown, ideas: IdeaDesk) -> list[list[says.Button]]:
    rows: list[list[says.Button]] = [
        [says.Option(_("➕ Suggest something"), ["new"]), says.Option(_("💬 Answered"), ["what", "answered"])]
    ]
    if await ideas.mine():
        rows[0].append(says.Option(_("💡 Mine"), ["what", "mine"]))
    if await ideas.organizes():
        to_see = await ideas.to_see()
        label = _("👀 To look at ({n})").format(n=len(to_see))
        organizing: list[says.Button] = [says.Option(label, ["what", "see"])] if to_see else []
        rows.append([*organizing, says.Option(_("📋 Agenda"), ["agenda"])])
    return [*rows, *([[_back()]] if state["what"] != "open" else [])]


def _back() -> says.Button:
    return says.Option(_("‹ All suggestions"), ["what", "open"])


async def _card(idea: Idea, ideas: IdeaDesk) -> says.Screen:
    lines, rows = [words.card(idea)], []
    if idea.state is State.OPEN:
        given = await ideas.my_vote(idea.id)
        yes, no = (f"✓ {label}" if given == vote else label for label, vote in (("👍", FOR), ("👎", AGAINST)))
        row: list[says.Button] = [
            says.Option(yes, ["vote", idea.id, FOR]),
            says.Option(no, ["vote", idea.id, AGAINST]),
        ]
        rows = [row]
    if idea.state is State.POSTED and await ideas.may_see_first(idea):
        rows += words.let_rows(idea)
    if idea.state is State.OPEN and await ideas.may_answer(idea):
        rows.append([says.Option(_("✍️ Answer it"), ["answer", idea.id])])
    if idea.state in (State.POSTED, State.OPEN) and await ideas.is_mine(idea):
        rows.append([says.Option(_("✕ Take it back"), ["withdraw", idea.id])])
    return says.Screen(join(lines), [*rows, [_back()]])


# -- Taps ---------------------------------------------------------------------------------


async def _react(talk: Talk, state: Shown, event: hears.Event, ideas: IdeaDesk) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    match event.value:
        case ["new"]:
            return Left(None)
        case ["answer", int(number)]:
            return Left(number)
        case ["agenda"]:
            await _show_agenda(talk, ideas)
            return state
        case ["what", str(what)]:
            return {"what": what, "page": 0}
        case ["page", int(page)]:
            return {"what": state["what"], "page": page}
        case ["card", int(number)]:
            return {**state, "card": number}
        case ["vote", int(number), int(given)]:
            await _vote(talk, number, given, ideas)
            return {**state, "card": number}
        case ["withdraw", int(number)]:
            await _withdraw(talk, number, ideas)
            return {"what": state["what"], "page": state["page"]}
    return IGNORED


async def _vote(talk: Talk, number: int, given: int, ideas: IdeaDesk) -> None:
    try:
        await ideas.vote(number, given)
    except NotThere:
        talk.toast(_("It was answered meanwhile."))
        return
    mine = await ideas.my_vote(number)
    talk.toast(_("🗳 Counted. You hear what becomes of it.") if mine else _("🗳 Your vote is taken back."))


async def _withdraw(talk: Talk, number: int, ideas: IdeaDesk) -> None:
    try:
        await ideas.take_back(number)
        talk.toast(_("Taken back."))
    except NotThere:
        talk.toast(_("It was answered meanwhile."))


async def _show_agenda(talk: Talk, ideas: IdeaDesk) -> None:
    """What to talk about at the next round table: as text to forward, and as a table."""
    found = await ideas.to_answer()
    table = await ideas.round_table()
    lines = [_("📋 **Agenda**")]
    if table is not None:
        when = moment(table.at, table.zone)
        head = Phrase("💬 {title} · {when} · {where}")
        lines.append(head.format(title=table.title, when=when, where=table.where))
    lines += [words.line(place, one) for place, one in enumerate(found, 1)]
    if not found:
        lines.append(_("No suggestion waits for an answer."))
    talk.show(says.Text(join(lines)))
    if found:
        talk.show(says.File(*await ideas.agenda_file()))


# -- A new one, an answer --------------------------------------------------------------------


def _sure(text: str) -> Phrase:
    return _("💡 Hand this in as a suggestion?\n“{text}”").format(text=text)


async def suggest(talk: Talk, ideas: IdeaDesk, notices: Notices) -> None:
    """Ask what could be better, and hand it to the organizers."""
    text = await talk.given("asked", "")
    if not is_fit(text, SHORTEST, LONGEST):
        question = _("💡 What could be better? One or two sentences; no names needed.")
        text = await talk.ask("text", question, Nameless(SHORTEST, LONGEST))
    elif not await talk.confirm("sure", _sure(str(text)), yes=_("✓ Hand it in"), no=_("Not yet")):
        # Said freely it may have been meant otherwise: nothing goes out unseen.
        await talk.say("dropped", _("All right, nothing was sent."))
        return

    async def post() -> bool:
        try:
            await tell(await ideas.suggest(str(text)), notices)
        except TooMany:
            return False
        return True

    row: list[says.Button] = [says.Action(_("💡 Suggestions"), words.LIST)]
    if await talk.once("post", post):
        done = _("✓ Thank you! An organizer looks at it, then people vote. I tell you what becomes of it.")
        await talk.say("done", says.Text(done, [row]))
    else:
        many = _("Five of yours wait for an answer: let those be answered first.")
        await talk.say("many", says.Text(many, [row]))


async def answer(talk: Talk, ideas: IdeaDesk) -> None:
    """Say what becomes of a suggestion, to everybody who voted."""
    number = await talk.given("idea")
    try:
        idea = await ideas.get(number)
    except NotThere:
        await talk.say("gone", _("It is not there any more."))
        return
    head = words.card(idea)
    choices = [(words.verdict_words(one), one) for one in VERDICTS]
    question = join([head, _("What becomes of it?")], "\n\n")
    verdict = await talk.choose("verdict", question, choices)
    asked = _("💬 In a few words, please: everybody who voted reads this.")
    said = await talk.ask("words", asked, LongText(1, LONGEST_ANSWER))

    async def settle() -> bool:
        try:
            await ideas.answer(number, verdict, said)
        except NotThere:
            return False
        return True

    row: list[says.Button] = [says.Action(_("💡 Suggestions"), words.LIST)]
    if await talk.once("answer", settle):
        await talk.say("done", says.Text(_("✓ On its way to everybody who voted."), [row]))
    else:
        await talk.say("late", says.Text(_("Somebody else has answered it."), [row]))


async def tell(changed: Changed, notices: Notices) -> None:
    """Word to everybody who has to hear of a change."""
    await notices.pass_on(changed.news, words.worded)


# -- Buttons outside --------------------------------------------------------------------------


async def let_be_seen(aside: Aside, argument: str, ideas: IdeaDesk, notices: Notices) -> None:
    """An organizer lets a suggestion be seen, or sends it back."""
    number, decided = numbered(argument)
    try:
        changed = await ideas.let_be_seen(number, yes=decided == "y")
    except NotThere:
        aside.toast(_("It was looked at already."))
        return
    await tell(changed, notices)
    said = _("✓ Out for votes:") if decided == "y" else _("↩️ Sent back, kindly:")
    aside.redraw(says.Text(join([said, words.quoted(changed.idea)])))


LIST_DIALOG = Dialog(words.LIST, look_through, title=lambda: _("Suggestions"), command="ideas", parks=False)
NEW_DIALOG = Dialog(NEW, suggest, title=lambda: _("Your suggestion"))
ANSWER_DIALOG = Dialog(ANSWER, answer, title=lambda: _("An answer to a suggestion"))
ACTIONS = (
    opener(words.LIST),
    opener_at(words.IDEA, words.LIST, "card"),
    Answerer(words.LET, let_be_seen),
)
