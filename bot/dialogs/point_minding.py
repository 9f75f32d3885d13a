"""Points for organizers: what they come to, which entry was noted by mistake, what is in stock."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs.opening import opener
from bot.dialogs.point_words import below_nothing, reason_words, reward_name, rule_name
from bot.i18n import Phrase, _, day_and_month, join, ngettext, number
from bot.services.notices import Notices
from bot.services.points.minding import REASONS, Hidden, PointMinding, Sum, TakenBack
from bot.services.points.rules import FEN
from bot.services.refusals import NotThere
from bot.services.roles.rules import NotAllowed
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Reaction, Talk

MIND_POINTS: Final = "mind_points"
PAGE: Final = 6

State = dict[str, Any]
"""What the screen shows: `on` is sums, entries (perhaps `before` a move), entry (a `move`), stock, names or
name (of a `person`)."""
HOME: Final[State] = {"on": "sums"}
Rows = list[list[says.Button]]


async def mind(talk: Talk, minding: PointMinding, notices: Notices) -> None:
    """Show what points come to, until something else is chosen."""

    async def react(state: State, event: hears.Event) -> Reaction:
        return await _react(talk, state, event, minding, notices)

    await talk.browse("points", lambda: HOME, lambda state: _draw(state, minding), react)


async def _draw(state: State, minding: PointMinding) -> says.Screen:
    try:
        return await _SCREENS[state["on"]](state, minding)
    except NotAllowed:
        return says.Screen(_("This is for organizers. Your own points: /points"))
    except NotThere:
        return says.Screen(_("This entry is not there any more."), [[_to("entries")], [_to("names")]])


async def _react(
    talk: Talk, state: State, event: hears.Event, minding: PointMinding, notices: Notices
) -> Reaction:
    match event:
        case hears.Choice(["on", str(screen)]) if screen in _SCREENS:
            return {"on": screen}
        case hears.Choice(["before", int(move)]):
            return {"on": "entries", "before": move}
        case hears.Choice(["entry", int(move)]):
            return {"on": "entry", "move": move}
        case hears.Choice(["back", str(reason)]) if state["on"] == "entry" and reason in REASONS:
            talk.toast(await _take_back(state["move"], reason, minding, notices))
            return {"on": "entries"}
        case hears.Choice(["name", int(person)]):
            return {"on": "name", "person": person}
        case hears.Choice(["hide"]) if state["on"] == "name":
            talk.toast(await _hide(state["person"], minding, notices))
            return {"on": "names"}
    return IGNORED


async def _take_back(move: int, reason: str, minding: PointMinding, notices: Notices) -> Phrase:
    try:
        done = await minding.take_back(move, reason)
    except (NotAllowed, NotThere):
        return _("This entry is not there any more.")
    await notices.pass_on([done], lambda one: _told(one, minding))
    return _("Taken back. They are told why.")


async def _hide(person: int, minding: PointMinding, notices: Notices) -> Phrase:
    try:
        hidden = await minding.hide_name(person)
    except (NotAllowed, NotThere):
        return _("This name is not there any more.")
    await notices.pass_on([hidden], _hidden)
    return _("It is not shown any more, and they are told.")


# -- Screens ----------------------------------------------------------------------------


async def _sums(_state: State, minding: PointMinding) -> says.Screen:
    found = await minding.sums()
    lines = [_("⭐ **Points in the last thirty days**"), *(_sum(one, minding) for one in found)]
    if not found:
        lines.append(_("None yet."))
    return says.Screen(join(lines), [[_to("entries"), _to("stock")], [_to("names")]])


def _sum(one: Sum, minding: PointMinding) -> Phrase:
    rule = rule_name(one.rule, minding.book)
    if one.people is None or one.points is None:
        return _("· {what}: fewer than five people").format(what=rule)
    people = ngettext("{n} person", "{n} people", one.people)
    return _("· {what}: {points}, {people}").format(what=rule, points=one.points, people=people)


async def _entries(state: State, minding: PointMinding) -> says.Screen:
    found = await minding.entries(PAGE + 1, state.get("before"))
    shown = found[:PAGE]
    lines = [_("🧾 **Single entries.** Tap one that was noted by mistake. Who it was you don't see.")]
    if not shown:
        lines.append(_("None yet."))
    rows: Rows = []
    for one in shown:
        label = Phrase("{day} · +{amount} · {what}").format(
            day=day_and_month(one.made_at.date()), amount=one.amount, what=rule_name(one.kind, minding.book)
        )
        rows.append([says.Option(label, ["entry", one.id])])
    ways: list[says.Button] = [says.Option(_("‹ Back"), ["on", "sums"])]
    if len(found) > PAGE:
        ways.append(says.Option(_("Earlier ›"), ["before", shown[-1].id]))
    return says.Screen(join(lines), [*rows, ways])


async def _entry(state: State, minding: PointMinding) -> says.Screen:
    one = await minding.entry(state["move"])
    text = _("**{what}**, {day}: {points} points. Take them back? Why? The person reads it.")
    text = text.format(
        what=rule_name(one.kind, minding.book), day=day_and_month(one.made_at.date()), points=one.amount
    )
    rows: Rows = [[says.Option(reason_words(reason), ["back", reason])] for reason in REASONS]
    return says.Screen(text, [*rows, [says.Option(_("‹ No, leave it"), ["on", "entries"])]])


async def _stock(_state: State, minding: PointMinding) -> says.Screen:
    left = await minding.pool_left()
    lines = [_("🎁 **Rewards.** ¥{yuan} of the pool are left.").format(yuan=number(left // FEN))]
    line = _("· {reward}: {left} left, {waiting} to be picked up, {handed} given out")
    for one in await minding.stock():
        reward = reward_name(one.reward, minding.book)
        told = {"left": one.left, "waiting": one.waiting, "handed": one.handed}
        lines.append(line.format(reward=reward, **told))
    return says.Screen(join(lines), [[says.Option(_("‹ Back"), ["on", "sums"])]])


async def _names(_state: State, minding: PointMinding) -> says.Screen:
    found = await minding.names()
    lines = [_("🏆 **Names in the ranking.** Tap one that nobody should read. Who it is you don't see.")]
    if not found:
        lines.append(_("None yet."))
    rows: Rows = [[says.Option(one.called, ["name", one.person])] for one in found]
    return says.Screen(join(lines), [*rows, [says.Option(_("‹ Back"), ["on", "sums"])]])


async def _name(state: State, minding: PointMinding) -> says.Screen:
    called = next((one.called for one in await minding.names() if one.person == state["person"]), None)
    if called is None:
        raise NotThere
    text = _("Hide **{called}**? They are told, and can choose another name.").format(called=called)
    row = [says.Option(_("Hide this name"), ["hide"]), says.Option(_("‹ Never mind"), ["on", "names"])]
    return says.Screen(text, [row])


_SCREENS: Final = {
    "sums": _sums,
    "entries": _entries,
    "entry": _entry,
    "stock": _stock,
    "names": _names,
    "name": _name,
}


def _to(screen: str) -> says.Button:
    labels = {
        "entries": _("🧾 Single entries"),
        "stock": _("🎁 Rewards"),
        "names": _("🏆 Names in the ranking"),
    }
    return says.Option(labels[screen], ["on", screen])


def _hidden(done: Hidden) -> says.Text:
    """Word to whoever had chosen the name."""
    text = _(
        "🏆 Your name in the ranking, **{called}**, is not shown any more: it may hurt somebody, or tell "
        "who somebody is. Your points are all there. With another name you can be back at any time."
    )
    return says.Text(text.format(called=done.called), [[says.Action(_("⭐ My points"), "points")]])


def _told(done: TakenBack, minding: PointMinding) -> says.Text:
    """Word to whoever had the points; who spent them already keeps what they got for them."""
    text = _("⭐ {points} points for **{what}** of {day} were taken back: {why}.")
    lines = [
        text.format(
            points=done.move.amount,
            what=rule_name(done.move.kind, minding.book),
            day=day_and_month(done.move.made_at.date()),
            why=reason_words(done.reason),
        )
    ]
    if done.balance < 0:
        lines.append(below_nothing(done.balance))
    lines.append(_("You see it otherwise? Tell us, it will be looked at again."))
    row = [says.Action(_("⭐ My points"), "points"), says.Action(_("📮 Tell us"), "appeal", "other")]
    return says.Text(join(lines, "\n\n"), [row])


DIALOG = Dialog(MIND_POINTS, mind, title=lambda: _("Points of a branch"), parks=False)
ACTIONS = (opener(MIND_POINTS),)
