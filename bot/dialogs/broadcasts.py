"""/broadcast: an organizer's broadcasts, their progress and reports; and what people tap under one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.dialogs import broadcast_making as making
from bot.dialogs import broadcast_targets as targets
from bot.dialogs import broadcast_words as words
from bot.dialogs.opening import opener
from bot.i18n import Phrase, _, current_locale, day_and_clock, join, speaking
from bot.services.broadcasts import sheet
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.letter import HUSH, TAP
from bot.services.broadcasts.model import ASKED, RUNNING, Broadcast
from bot.services.hearing import TOPICS, Hearing
from bot.services.notices import Notices
from bot.services.presses import long
from bot.services.roles.rules import NotAllowed
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

UNHUSH: Final = "unhush"

Rows = list[list[says.Button]]


# -- The list ---------------------------------------------------------------------------


async def look_through(talk: Talk, broadcasts: BroadcastDesk) -> Go | None:
    """The latest broadcasts, until a new one is made."""
    if not await broadcasts.may():
        await talk.say("no", making.not_yours())
        return None

    async def draw(_state: Any) -> says.Screen:
        return _list(await broadcasts.latest())

    async def react(_state: Any, event: hears.Event) -> Reaction:
        match event:
            case hears.Choice(["new"]):
                return Left("new")
            case hears.Choice(["see", int(number)]):
                await _see(talk, number, broadcasts)
                return {}
        return IGNORED

    await talk.browse("list", dict, draw, react)
    return Go(making.NEW)


def _list(found: list[Broadcast]) -> says.Screen:
    locale = current_locale()
    lines = [_("📣 **Broadcasts**")]
    if not found:
        lines.append(_("None yet. You see it and count it before anything goes out."))
    rows: Rows = []
    for number, each in enumerate(found, 1):
        at = day_and_clock(each.started_at or each.ended_at or each.starts_at or each.made_at)
        line = Phrase("{number}. {text}\n   {state} · {at}")
        lines.append(
            line.format(
                number=number, text=words.first_words(each, locale), state=words.state_of(each), at=at
            )
        )
        if (number - 1) % 4 == 0:
            rows.append([])
        rows[-1].append(says.Option(str(number), ["see", each.id]))
    rows.append([says.Option(_("➕ New broadcast"), ["new"])])
    return says.Screen(join(lines), rows)


async def _see(talk: Talk, number: int, broadcasts: BroadcastDesk) -> None:
    for_approval = await broadcasts.for_approval(number)
    broadcast = await broadcasts.get(number) or (for_approval[0] if for_approval else None)
    if broadcast is None:
        talk.toast(_("It is not there any more."))
    elif broadcast.state == ASKED and for_approval is not None:
        who = await broadcasts.describe(broadcast.segment, is_own=False)
        talk.show(words.approval_card(*for_approval, who, broadcasts.terms.per_second))
    elif broadcast.is_missed:
        talk.show(words.missed(broadcast))
    elif broadcast.is_stuck:
        talk.show(words.stuck(broadcast))
    elif broadcast.state == RUNNING:
        if not await broadcasts.follow(number, words.DRAWS):
            talk.show(words.snapshot(broadcast, await broadcasts.progress(broadcast)))
    elif broadcast.started_at is None:
        talk.show(await _card(broadcast, broadcasts))
    else:
        talk.show(words.report(broadcast, await broadcasts.report(broadcast)))


async def _card(broadcast: Broadcast, broadcasts: BroadcastDesk) -> says.Text:
    """One that has not started."""
    lines = [
        Phrase("**{text}**").format(text=words.first_words(broadcast, current_locale())),
        words.state_of(broadcast),
        await broadcasts.describe(broadcast.segment, is_own=broadcasts.is_author(broadcast)),
    ]
    if broadcast.starts_at and broadcast.ended_at is None:
        lines.append(_("🕗 starts {time}").format(time=day_and_clock(broadcast.starts_at)))
    rows: Rows = [[words.button(_("👁 See it"), "see", broadcast.id)]]
    if broadcast.ended_at is None and broadcast.state != "refused":
        rows[0].append(words.button(_("✕ Take it back"), "end", broadcast.id))
    if broadcast.state == ASKED and broadcasts.is_author(broadcast):
        rows.append([words.button(_("✋ Ask again"), "ask", broadcast.id)])
    return says.Text(join(lines), rows)


# -- Steering ---------------------------------------------------------------------------------


async def steer(aside: Aside, argument: str, broadcasts: BroadcastDesk, notices: Notices) -> None:
    """A tap under what an organizer sees of a broadcast."""
    deed, _dash, digits = argument.partition("-")
    number = long(digits)
    try:
        if number is None or not await _steered(aside, deed, number, broadcasts, notices):
            aside.toast(_("It is not there any more."))
    except NotAllowed:
        aside.toast(_("It is not there any more."))


async def _steered(aside: Aside, deed: str, number: int, broadcasts: BroadcastDesk, notices: Notices) -> bool:
    if deed in ("yes", "no"):
        return await _decide(aside, number, broadcasts, notices, yes=deed == "yes")
    if deed == "see":
        return await _show(aside, number, broadcasts)
    broadcast = await broadcasts.get(number)
    if broadcast is None:
        return False
    await _DEEDS.get(deed, _look)(aside, broadcast, broadcasts)
    return True


async def _decide(
    aside: Aside, number: int, broadcasts: BroadcastDesk, notices: Notices, *, yes: bool
) -> bool:
    decided = await broadcasts.decide(number, yes=yes)
    if decided is None:
        aside.toast(_("That was decided already."))
        return True
    yes_words = join([_("✓ Approved."), words.goes_out(decided)])
    aside.redraw(says.Text(yes_words if yes else _("✕ Not approved. It does not go out.")))
    author = await broadcasts.author(decided)
    if author is not None:
        with speaking(author.locale):
            await notices.tell(author, says.Text(_decided_words(decided, yes=yes)))
    return True


def _decided_words(decided: Broadcast, *, yes: bool) -> Phrase:
    text = words.first_words(decided, current_locale())
    if not yes:
        return _("✕ “{text}” was not approved. Talk to your colleague.").format(text=text)
    return join([_("✓ “{text}” is approved.").format(text=text), words.goes_out(decided)])


async def _show(aside: Aside, number: int, broadcasts: BroadcastDesk) -> bool:
    """The message as those see it whom it is for; shown to its organizer, and to who approves it."""
    for_approval = await broadcasts.for_approval(number)
    broadcast = for_approval[0] if for_approval else await broadcasts.get(number)
    if broadcast is None:
        return False
    for seen in making.seen_by_all(broadcast.content, await broadcasts.readers_of(broadcast)):
        aside.say(seen)
    return True


async def _look(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    # What was just done to it is in its row.
    seen = await broadcasts.get(broadcast.id) or broadcast
    draw = words.progress if broadcasts.is_author(seen) else words.snapshot
    aside.redraw(draw(seen, await broadcasts.progress(seen)))


async def _go_on(aside: Aside, broadcast: Broadcast, _broadcasts: BroadcastDesk) -> None:
    over = broadcast.state != RUNNING
    aside.redraw(says.Text(_("It is over already.") if over else _("All right, it goes on.")))


async def _pause(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if not await broadcasts.pause(broadcast.id):
        aside.toast(_("It is over already."))
    await _look(aside, broadcast, broadcasts)


async def _resume(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if not await broadcasts.resume(broadcast.id):
        aside.toast(_("It is over already."))
    await _look(aside, broadcast, broadcasts)


async def _go(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if await broadcasts.go_on(broadcast.id):
        aside.redraw(says.Text(_("✓ It goes out now: watch it below.")))
    else:
        aside.toast(_("It is over already."))


async def _stop(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if broadcast.state != RUNNING:
        aside.toast(_("It is over already."))
        await _look(aside, broadcast, broadcasts)
        return
    # Below: the screen itself is drawn anew while one thinks about it.
    aside.say(words.sure_to_stop(broadcast.id, await broadcasts.progress(broadcast)))


async def _end(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if not await broadcasts.cancel(broadcast.id):
        aside.toast(_("It is over already."))
    elif broadcast.started_at is None:
        aside.redraw(says.Text(_("✕ Taken back. Nobody gets it.")))
    else:
        aside.redraw(says.Text(_("✕ Stopped. Who has not got it yet won't.")))


async def _retry(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    again = await broadcasts.retry(broadcast.id, words.DRAWS)
    aside.toast(_("Trying again.") if again else _("There is nobody left to try."))


async def _ask(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    if broadcast.state != ASKED:
        over = broadcast.ended_at is not None
        aside.toast(_("It is over already.") if over else _("That was decided already."))
        return
    asked = await broadcasts.ask(broadcast.id, words.DRAWS)
    if asked is None:
        aside.toast(_("Your colleagues were asked a moment ago. Give them half an hour."))
    else:
        aside.say(says.Text(words.asked_words(asked)))


async def _report(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    aside.say(words.report(broadcast, await broadcasts.report(broadcast)))


async def _csv(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    await _export(aside, broadcast, broadcasts, "csv")


async def _xlsx(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk) -> None:
    await _export(aside, broadcast, broadcasts, "xlsx")


async def _export(aside: Aside, broadcast: Broadcast, broadcasts: BroadcastDesk, ending: str) -> None:
    key = await broadcasts.export(broadcast, ending)
    aside.say(says.File(key, sheet.name_of(broadcast, ending), _("The report as a table.")))


_DEEDS: Final[dict[str, Callable[[Aside, Broadcast, BroadcastDesk], Awaitable[None]]]] = {
    words.LOOK: _look,
    "on": _go_on,
    "pause": _pause,
    "resume": _resume,
    "go": _go,
    "stop": _stop,
    "end": _end,
    "retry": _retry,
    "ask": _ask,
    "report": _report,
    "csv": _csv,
    "xlsx": _xlsx,
}


# -- For who gets it ----------------------------------------------------------------------------


async def tapped(aside: Aside, argument: str, broadcasts: BroadcastDesk) -> None:
    """A tap on a button under a broadcast, in a private chat or come over from a group."""
    if argument.startswith(f"{making.PREVIEW}-"):
        aside.toast(_("Only a preview: this is what people will see."))
        return
    target = await broadcasts.tap(argument)
    if target is None or not targets.open_target(aside, *target):
        aside.toast(_("That button doesn't work any more."))


async def hush(aside: Aside, argument: str, broadcasts: BroadcastDesk, hearing: Hearing) -> None:
    """No more of this topic: one tap, and one to take it back."""
    if argument == str(making.PREVIEW):
        aside.toast(_("Only a preview: this is what people will see."))
        return
    topic = await broadcasts.topic_of(long(argument) or 0)
    if topic is None:
        aside.toast(_("That button doesn't work any more."))
        return
    await hearing.hear(topic, wanted=False)
    text = _("🔕 All right: no more of “{topic}” from now on. All else stays.")
    undo = says.Action(_("↩ Undo"), UNHUSH, topic)
    choose = says.Action(_("🔕 What comes, and when"), "quiet")
    aside.say(says.Text(text.format(topic=words.topic_words()[topic]), [[undo, choose]]))


async def unhush(aside: Aside, topic: str, hearing: Hearing) -> None:
    """Take that back."""
    if topic not in TOPICS:
        aside.toast(_("That button doesn't work any more."))
        return
    await hearing.hear(topic, wanted=True)
    aside.redraw(says.Text(_("🔔 “{topic}” comes again.").format(topic=words.topic_words()[topic])))


async def open_new(aside: Aside, branch: str) -> None:
    """A new broadcast, to a branch."""
    aside.go(making.NEW, branch=branch)


DIALOG = Dialog(words.LIST, look_through, title=lambda: _("Broadcasts"), command="broadcast", parks=False)
ACTIONS = (
    Answerer(words.STEER, steer),
    opener(words.LIST),
    Answerer(making.NEW, open_new),
    Answerer(TAP, tapped),
    Answerer(HUSH, hush),
    Answerer(UNHUSH, unhush),
)
LINKS = (Answerer(TAP, tapped),)
