"""/ledger, for organizers: all appeals of their branches, filtered; as a file; what they come to."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import ledger_words as words
from bot.dialogs.appeal_words import kind_name
from bot.dialogs.opening import opener
from bot.dialogs.paging import page_of, turns
from bot.i18n import Phrase, _, join, ngettext
from bot.services.appeals.ledger import Filters, Ledger
from bot.services.appeals.subscriptions import Sent, Subscriptions
from bot.services.roles.rules import NotAllowed
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

LEDGER: Final = "ledger"
SOLVED: Final = "solved_story"
PAGE: Final = 5
DAYS: Final = 30
COLUMNS: Final = 2

State = dict[str, Any]
"""The filters (`state`, `kind`, `branch`, `overdue`, `days`), the `page`, and what it is `on`: list, kind,
branch or reports."""
Rows = list[list[says.Button]]

START: Final[State] = {
    "on": "list",
    "page": 0,
    "state": "waiting",
    "kind": "",
    "branch": "",
    "overdue": False,
    "days": None,
}


async def look(talk: Talk, ledger: Ledger, subscriptions: Subscriptions) -> Go | None:
    """The ledger and its reports, until somebody leaves for a story to tell."""
    if not await ledger.may_see():
        await talk.say("no", _("This page is for organizers. Your own appeals are here: /appeals"))
        return None
    await talk.browse(
        "ledger",
        lambda: dict(START),
        lambda state: _draw(state, ledger, subscriptions),
        lambda state, event: _react(talk, state, event, ledger, subscriptions),
    )
    return Go(SOLVED)


def _filters(state: State) -> Filters:
    return Filters(state["state"], state["kind"], state["branch"], state["overdue"], state["days"])


# -- Screens -----------------------------------------------------------------------------


async def _draw(state: State, ledger: Ledger, subscriptions: Subscriptions) -> says.Screen:
    try:
        match state["on"]:
            case "kind":
                return _kinds(ledger)
            case "branch":
                return await _branches(ledger)
            case "reports":
                return await _reports(subscriptions)
        return await _list(state, ledger)
    except NotAllowed:
        return says.Screen(_("This page is for organizers. Your own appeals are here: /appeals"))


async def _list(state: State, ledger: Ledger) -> says.Screen:
    filters = _filters(state)
    count = await ledger.count(filters)
    page = page_of(range(count), state["page"], PAGE)
    found = await ledger.entries(filters, page.first, PAGE)
    lines = [
        words.entry_lines(number, entry, ledger.book) for number, entry in enumerate(found, page.first + 1)
    ]
    head = _("📒 **Ledger of appeals** · {filters} · {count}").format(
        filters=await _said(state, ledger), count=ngettext("{n} appeal", "{n} appeals", count)
    )
    empty = _("Nothing here. Loosen a filter below, or be glad.")
    rows: Rows = [*_filter_rows(state), *turns(page)]
    if count:
        rows.append(
            [says.Option(_("⬇ Excel"), ["export", "xlsx"]), says.Option(_("⬇ CSV"), ["export", "csv"])]
        )
    rows.append(
        [says.Option(_("📊 Reports"), ["on", "reports"]), says.Option(_("🎉 We solved it"), ["story"])]
    )
    return says.Screen(join([head, *(lines or [empty])], "\n\n"), rows)


async def _said(state: State, ledger: Ledger) -> Phrase:
    """The filters in words."""
    told: list[Phrase] = [dict(_states())[state["state"]]]
    if state["kind"]:
        told.append(Phrase("{kind}").format(kind=kind_name(state["kind"], ledger.book)))
    if state["branch"]:
        name = dict(await ledger.places()).get(state["branch"], state["branch"])
        told.append(Phrase("{name}").format(name=name))
    if state["overdue"]:
        told.append(_("deadline missed"))
    if state["days"]:
        told.append(_("last {days} days").format(days=state["days"]))
    return join(told, " · ")


def _states() -> list[tuple[str, Phrase]]:
    return [
        ("waiting", _("⏳ Open")),
        ("answered", _("✅ Answered")),
        ("over", _("🏁 Over")),
        ("all", _("☰ All")),
    ]


def _filter_rows(state: State) -> Rows:
    def option(label: Phrase, chosen: bool, value: Any) -> says.Option:
        return says.Option(f"✓ {label}" if chosen else str(label), value)

    states = [option(label, state["state"] == name, ["state", name]) for name, label in _states()]
    return [
        # Four in a row would be cut off on a phone.
        *says.in_columns(states, 2),
        [
            option(_("⏰ Missed"), state["overdue"], ["overdue"]),
            option(_("🗓 30 days"), bool(state["days"]), ["days"]),
        ],
        [
            option(_("🏷 Kind"), bool(state["kind"]), ["on", "kind"]),
            option(_("🏠 Branch"), bool(state["branch"]), ["on", "branch"]),
        ],
    ]


def _kinds(ledger: Ledger) -> says.Screen:
    options = [says.Option(kind_name(kind.id, ledger.book), ["kind", kind.id]) for kind in ledger.book.kinds]
    everything = [says.Option(_("All"), ["kind", ""])]
    return says.Screen(_("🏷 Of which kind?"), [*says.in_columns(options, COLUMNS), everything])


async def _branches(ledger: Ledger) -> says.Screen:
    options = [says.Option(name, ["branch", branch]) for branch, name in await ledger.places()]
    rows: Rows = [[option] for option in options]
    return says.Screen(
        _("🏠 At which branch, or below it?"), [*rows, [says.Option(_("All"), ["branch", ""])]]
    )


async def _reports(subscriptions: Subscriptions) -> says.Screen:
    wanted = await subscriptions.wanted()
    text = _(
        "📊 **Reports.** The week with its rates, the month for the round table. "
        "Have them sent: Mondays, and on the first of a month, at 9:00."
    )
    rows: Rows = [
        [
            says.Option(_("📊 Last week"), ["show", "weekly"]),
            says.Option(_("🗓 Last month"), ["show", "monthly"]),
        ],
        [_switch(_("Weekly"), "weekly", wanted), _switch(_("Monthly"), "monthly", wanted)],
        [says.Option(_("‹ Back to the ledger"), ["on", "list"])],
    ]
    return says.Screen(text, rows)


def _switch(label: Phrase, sent: Sent, wanted: set[Sent]) -> says.Option:
    told = _("🔔 {what}: on") if sent in wanted else _("🔕 {what}: off")
    return says.Option(told.format(what=label), ["switch", sent])


# -- What a tap does ---------------------------------------------------------------------


async def _react(
    talk: Talk, state: State, event: hears.Event, ledger: Ledger, subscriptions: Subscriptions
) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    try:
        return await _tapped(talk, state, event.value, ledger, subscriptions)
    except NotAllowed:
        talk.toast(_("That is not yours to do."))
        return dict(START)


async def _tapped(
    talk: Talk, state: State, value: Any, ledger: Ledger, subscriptions: Subscriptions
) -> Reaction:
    first = {**state, "on": "list", "page": 0}
    match value:
        case ["on", str(screen)]:
            return {**state, "on": screen}
        case ["page", int(page)]:
            return {**state, "page": page}
        case [("state" | "kind" | "branch") as what, str(chosen)]:
            return {**first, what: chosen}
        case ["overdue"]:
            return {**first, "overdue": not state["overdue"]}
        case ["days"]:
            return {**first, "days": None if state["days"] else DAYS}
        case ["story"]:
            return Left(None)
    await _deed(talk, state, value, ledger, subscriptions)
    return state


async def _deed(talk: Talk, state: State, value: Any, ledger: Ledger, subscriptions: Subscriptions) -> None:
    """What leaves the screen as it is: files, reports, having them sent."""
    match value:
        case ["export", str(ending)]:
            made = await ledger.export(_filters(state), ending)
            caption = ngettext("{n} line", "{n} lines", made.lines)
            note = _("{lines}. Each bears your mark, and it is noted that you took it.")
            talk.show(says.File(made.key, made.name, note.format(lines=caption)))
        case ["show", ("weekly" | "monthly") as sent]:
            drawn = words.drawn(await ledger.report(sent), ledger.book)
            if drawn.picture is not None:
                talk.show(says.Photo(await ledger.keep(drawn.picture)))
            talk.show(drawn.text)
        case ["switch", ("weekly" | "monthly") as sent]:
            on = await subscriptions.switch(sent)
            talk.toast(_("It comes by itself from now on.") if on else _("It comes no more."))


DIALOG = Dialog(LEDGER, look, title=lambda: _("The ledger of appeals"), command=LEDGER, parks=False)
ACTIONS = (opener(LEDGER),)
