"""One's own appeals: how each stands, who has it, until when; add, take back, rate, say if it is solved."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import appeal_words as words
from bot.dialogs import desk_words
from bot.dialogs.appeal_more import ADD, LIST, NAME, REOPEN
from bot.dialogs.appeals import APPEAL
from bot.dialogs.opening import opener
from bot.dialogs.paging import numbers, page_of, turns
from bot.i18n import _, join
from bot.services.appeals.mine import Mine, MyAppeals
from bot.services.appeals.model import Appeal, Next, State
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.unmasking import Unmasking
from bot.services.presses import long
from bot.services.refusals import NotThere
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

PAGE: Final = 6
_SOLVED: Final = (State.ANSWERED, State.CONFIRMED)

Shown = dict[str, Any]
"""What the screen shows: `page`, and perhaps `card` (an appeal) with `what` of it (history or withdraw)."""


async def look_through(talk: Talk, appeals: MyAppeals, appeal_post: AppealPost) -> Go:
    """The list and its cards, until something is to be written."""
    asked, card = await talk.given("asked", ""), await talk.given("card")
    if asked:
        card = await talk.note("asked_for", _numbered, appeals, asked)
    start = {"page": 0, "card": card} if card else {"page": 0}
    way = await talk.browse(
        "list",
        lambda: start,
        lambda state: _draw(state, appeals),
        lambda state, event: _react(talk, state, event, appeals, appeal_post),
    )
    match way:
        case ["add", int(number)]:
            return Go(ADD, {"appeal": number})
        case ["reopen", int(number)]:
            return Go(REOPEN, {"appeal": number})
    return Go(APPEAL)


async def _numbered(appeals: MyAppeals, receipt: str) -> int | None:
    try:
        return (await appeals.by_receipt(receipt)).appeal.id
    except NotThere:
        return None


# -- Screens ------------------------------------------------------------------------


async def _draw(state: Shown, appeals: MyAppeals) -> says.Screen:
    if "card" in state:
        try:
            mine = await appeals.get(state["card"])
        except NotThere:
            return await _list(state, appeals)
        if state.get("what") == "history":
            return await _history(mine, appeals)
        return _card(mine, appeals, is_leaving=state.get("what") == "withdraw")
    return await _list(state, appeals)


async def _list(state: Shown, appeals: MyAppeals) -> says.Screen:
    found = await appeals.all()
    new: list[says.Button] = [says.Option(_("📮 New appeal"), ["new"])]
    if not found:
        text = _(
            "📮 **No appeals yet.** Pay that doesn't come, a blocked account, a gate that stays shut: tell "
            "it here. Somebody by name has it, and you hear back in time."
        )
        return says.Screen(text, [new])
    page = page_of(found, state["page"], PAGE)
    lines = [words.listed(mine, place, appeals.book) for place, mine in page.placed]
    rows = [*numbers(page, lambda mine: ["card", mine.appeal.id]), *turns(page), new]
    return says.Screen(join([_("📮 **Your appeals**"), *lines]), rows)


def _card(mine: Mine, appeals: MyAppeals, *, is_leaving: bool) -> says.Screen:
    number, text = mine.appeal.id, words.card(mine, appeals.book)
    back: list[says.Button] = [says.Option(_("‹ Back to the list"), ["list"])]
    if is_leaving:
        sure = _("Take it back? Nobody works on it any more then.")
        yes = says.Option(_("↩ Take it back"), ["withdrawn", number])
        return says.Screen(join([text, sure], "\n\n"), [[yes, says.Option(_("No"), ["card", number])]])
    rows: list[list[says.Button]] = []
    solved = [says.Option(_("✓ Solved"), ["solved", number])] if _is_asked(mine.case) else []
    if mine.case.state in _SOLVED and mine.appeal.state is not State.WITHDRAWN:
        rows.append([*solved, says.Option(_("✗ Not solved"), ["reopen", number])])
    if mine.appeal.state not in (State.CLOSED, State.WITHDRAWN):
        rows.append(
            [
                says.Option(_("✍️ Add something"), ["add", number]),
                says.Option(_("↩ Take it back"), ["withdraw", number]),
            ]
        )
    rows.append(
        [
            says.Option(_("📜 History"), ["history", number]),
            says.Option(_("📦 Evidence (ZIP)"), ["evidence", number]),
        ]
    )
    rows.append(back)
    return says.Screen(text, rows)


def _is_asked(case: Appeal) -> bool:
    """Whether the question if it is solved is open; that it is not can be said without being asked."""
    return case.state is State.ANSWERED or case.next_what is Next.CLOSE


async def _history(mine: Mine, appeals: MyAppeals) -> says.Screen:
    events = await appeals.history(mine.appeal.id)
    lines = [told for event in events if (told := words.event_line(event)) is not None]
    head = _("📜 **What happened**")
    return says.Screen(join([head, *lines]), [[says.Option(_("‹ Back"), ["card", mine.appeal.id])]])


# -- What a tap or a word does --------------------------------------------------------


async def _react(
    talk: Talk, state: Shown, event: hears.Event, appeals: MyAppeals, post: AppealPost
) -> Reaction:
    page = {"page": state["page"]}
    match event:
        case hears.Choice([("withdraw" | "history") as what, int(number)]):
            return page | {"card": number, "what": what}
        case hears.Choice([("withdrawn" | "solved") as deed, int(number)]):
            await _do(talk, deed, number, appeals, post)
            return page | {"card": number}
        case hears.Choice(["evidence", int(number)]):
            talk.show(await _evidence(number, appeals))
            return state
        case hears.Choice([("card" | "page") as what, int(number)]):
            return page | {what: number}
        case hears.Choice(["list"]):
            return page
        case hears.Choice(value):
            return Left(value)
        case hears.Text(text):
            picked = await _picked(text, appeals)
            if picked is not None:
                return page | {"card": picked}
    return IGNORED


async def _evidence(number: int, appeals: MyAppeals) -> says.Message:
    try:
        key, name = await appeals.evidence(number)
    except NotThere:
        return says.Text(_("It is not there any more."))
    caption = _("📦 All you told and sent, when, and the seals that prove it. Keep it somewhere safe.")
    return says.File(key, name, caption)


async def _picked(text: str, appeals: MyAppeals) -> int | None:
    """The appeal whose place in the list, or whose receipt number, was typed."""
    if text.isascii() and text.isdigit():
        found = await appeals.all()
        place = int(text[:3])
        return found[place - 1].appeal.id if 0 < place <= len(found) else None
    return await _numbered(appeals, text)


async def _do(talk: Talk, deed: str, number: int, appeals: MyAppeals, post: AppealPost) -> None:
    try:
        changed = await (appeals.withdraw if deed == "withdrawn" else appeals.confirm)(number)
    except (NotPossible, NotThere):
        talk.toast(_("That has changed meanwhile. This is how it stands."))
        return
    await post.send(changed.news, desk_words.worded)
    if deed == "solved":
        talk.show(_thanks(number))


def _thanks(number: int) -> says.Text:
    return says.Text(_("🎉 Good to hear. How did it go?"), [words.rating_buttons(number)])


# -- Taps outside of a conversation ---------------------------------------------------------


async def open_card(aside: Aside, argument: str, appeals: MyAppeals) -> None:
    """One appeal, from a message about it."""
    number = (await appeals.get(long(argument) or 0)).appeal.id
    aside.keep()
    aside.go(LIST, card=number)


async def open_add(aside: Aside, argument: str, appeals: MyAppeals) -> None:
    """Answer the desk."""
    await _go(aside, ADD, argument, appeals)


async def open_reopen(aside: Aside, argument: str, appeals: MyAppeals) -> None:
    """Not solved."""
    await _go(aside, REOPEN, argument, appeals)


async def open_name(aside: Aside, argument: str, appeals: MyAppeals) -> None:
    """Tell the desk how to reach them."""
    await _go(aside, NAME, argument, appeals)


async def _go(aside: Aside, dialog: str, argument: str, appeals: MyAppeals) -> None:
    number = (await appeals.get(long(argument) or 0)).appeal.id
    aside.keep()
    aside.go(dialog, appeal=number)


async def solved(aside: Aside, argument: str, appeals: MyAppeals, appeal_post: AppealPost) -> None:
    """It is solved, they say under the answer."""
    number = long(argument)
    try:
        changed = await appeals.confirm(number or 0)
    except NotPossible:
        aside.toast(_("You answered that already."))
        return
    await appeal_post.send(changed.news, desk_words.worded)
    if changed.appeal.state is State.CLOSED:
        aside.redraw(says.Text(_("🏁 Closed. If it comes back, file again: /appeal")))
    else:
        aside.redraw(_thanks(changed.appeal.id))


async def rate(aside: Aside, argument: str, appeals: MyAppeals) -> None:
    """How it went."""
    read = words.read_rating(argument)
    try:
        if read is None:
            raise NotThere
        await appeals.rate(*read)
    except (NotThere, NotPossible):
        aside.toast(_("It is not there any more."))
        return
    aside.redraw(says.Text(_("Thank you. {stars}").format(stars="⭐" * read[1])))


async def decline(aside: Aside, argument: str, unmasking: Unmasking, appeal_post: AppealPost) -> None:
    """Stay unnamed."""
    changed = await unmasking.decline(long(argument) or 0)
    await appeal_post.send(changed.news, desk_words.worded)
    aside.redraw(says.Text(_("👤 You stay unnamed. Your appeal goes on as before.")))


DIALOG = Dialog(
    LIST,
    look_through,
    title=lambda: _("Your appeals"),
    command="appeals",
    summary=lambda: _("How my appeals stand"),
    parks=False,
)
ACTIONS = (
    opener(LIST),
    Answerer(words.CARD, open_card),
    Answerer(words.ADD, open_add),
    Answerer(words.SOLVED, solved),
    Answerer(words.UNSOLVED, open_reopen),
    Answerer(words.RATE, rate),
    Answerer(words.CONSENT, open_name),
    Answerer(words.DECLINE, decline),
)
