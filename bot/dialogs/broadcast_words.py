"""Broadcasts in words: who gets them, how far they are, what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.i18n import Phrase, _, current_locale, day_and_clock, join, ngettext, number, shortened
from bot.services.broadcasts.letter import sample
from bot.services.broadcasts.model import (
    ASKED,
    CANCELLED,
    OVER,
    PLANNED,
    REFUSED,
    RUNNING,
    Broadcast,
    Draws,
    DryRun,
    Line,
    Progress,
    Report,
)
from bot.services.presses import short
from bot.talk import says

STEER: Final = "bcast"
"""The action of the buttons under what organizers see of a broadcast: `<deed>-<number>`."""
LOOK: Final = "look"
"""The deed that draws a screen anew."""
LIST: Final = "broadcast"

Rows = list[list[says.Button]]

_BAR: Final = 12
_MOST_LINES: Final = 8
_TITLE: Final = 20
_HOUR: Final = timedelta(hours=1)


def topic_words() -> dict[str, Phrase]:
    """What broadcasts are about."""
    return {
        "safety": _("⚠️ Safety"),
        "notice": _("📢 Notices"),
        "lesson": _("📚 Lessons"),
        "event": _("🎉 Events"),
        "care": _("💛 Help and care"),
    }


def state_of(broadcast: Broadcast) -> Phrase:
    """What a broadcast is; one that never started was not stopped, but taken back."""
    if broadcast.state == CANCELLED and broadcast.started_at is None:
        return _("✕ taken back")
    return {
        ASKED: _("⏳ waits for approval"),
        PLANNED: _("🕗 planned"),
        RUNNING: _("📤 on its way"),
        OVER: _("✓ sent"),
        CANCELLED: _("✕ stopped"),
        REFUSED: _("✕ not approved"),
    }[broadcast.state]


def button(label: str, deed: str, broadcast: int) -> says.Action:
    """A button that does something with a broadcast."""
    return says.Action(label, STEER, f"{deed}-{short(broadcast)}")


def first_words(broadcast: Broadcast, locale: str) -> str:
    """How its text begins."""
    spoken = broadcast.content.spoken_to(locale)
    text = " ".join(sample(broadcast.content.text(locale), spoken).replace("*", "").split())
    return shortened(text, _TITLE)


# -- Before -------------------------------------------------------------------------


def people_and_groups(counted: DryRun) -> Phrase:
    """So many people and groups."""
    return join(
        [
            ngettext("👤 {n} person", "👤 {n} people", counted.people),
            ngettext("👥 {n} group", "👥 {n} groups", counted.groups),
        ],
        " · ",
    )


def counted_words(counted: DryRun, per_second: float) -> Phrase:
    """A dry run: who gets it, who does not, and how long it takes."""
    lines = [people_and_groups(counted)]
    if counted.quiet:
        lines.append(ngettext("🌙 {n} sleeps: gets it later", "🌙 {n} sleep: get it later", counted.quiet))
    left_out = left_out_words(counted.left_out)
    if left_out:
        lines.append(left_out)
    lines.append(_("⏱ takes about {time}").format(time=how_long(counted.duration(per_second))))
    return join(lines)


def nobody(counted: DryRun, *, is_narrowed: bool, to: str) -> Phrase:
    """Why nobody would get it, and what to do; `to` is where it goes, as segments name it."""
    left_out = left_out_words(counted.left_out)
    if left_out is not None:
        return join([left_out, _("So nobody gets it.")], "\n")
    if to == "groups":
        return _("None of your groups. To bind one to your branch, add me to it and send /group there.")
    if is_narrowed:
        return _("That is nobody yet: take a condition away.")
    return _("Nobody has joined your branches yet. Invite people: /branches")


def left_out_words(numbers: dict[str, int]) -> Phrase | None:
    """Who does not get it and why; None where everybody does."""
    words: dict[str, Callable[[int], Phrase]] = {
        "blocked": lambda n: ngettext("{n} blocked the bot", "{n} blocked the bot", n),
        "left": lambda n: ngettext("{n} group is closed to it", "{n} groups are closed to it", n),
        "opted_out": lambda n: ngettext("{n} wants none of these", "{n} want none of these", n),
    }
    said = [word(numbers.get(name, 0)) for name, word in words.items() if numbers.get(name)]
    return _("🚫 left out: {who}").format(who=join(said, ", ")) if said else None


def how_long(time: timedelta) -> Phrase:
    """A length of time, roughly."""
    if time < timedelta(minutes=1):
        return ngettext("{n} second", "{n} seconds", max(1, round(time.total_seconds())))
    if time < _HOUR:
        return ngettext("{n} minute", "{n} minutes", round(time / timedelta(minutes=1)))
    return _("{hours} h {minutes} min").format(
        hours=time // _HOUR, minutes=time % _HOUR // timedelta(minutes=1)
    )


def approval_card(broadcast: Broadcast, counted: DryRun, who: Phrase, per_second: float) -> says.Text:
    """What a second organizer decides about."""
    when = day_and_clock(broadcast.starts_at) if broadcast.starts_at else _("at once")
    lines = [
        _("📣 **A colleague wants to send this to many. Your word is needed.**"),
        _("To: {who}").format(who=who),
        _("Topic: {topic}").format(topic=topic_words()[broadcast.topic]),
        _("When: {when}").format(when=when),
        counted_words(counted, per_second),
    ]
    rows: Rows = [[button(_("👁 See it"), "see", broadcast.id)], deciding(broadcast.id)]
    return says.Text(join(lines), rows)


def deciding(broadcast: int) -> list[says.Button]:
    """The buttons of a second organizer."""
    return [button(_("✓ Approve"), "yes", broadcast), button(_("✕ Not like this"), "no", broadcast)]


def asked_words(asked: int) -> Phrase:
    """How many colleagues were asked to approve it."""
    if not asked:
        return _("✋ It needs a second organizer who looks after all of them, too. Ask an admin for one.")
    return ngettext(
        "✋ {n} colleague is asked to approve it.", "✋ {n} colleagues are asked to approve it.", asked
    )


def grown(broadcast: Broadcast, asked: int) -> says.Text:
    """It was small when it was made, and is not by the time it was to start."""
    text = _("⏳ “{text}” waits: by now it would go to so many that a second organizer has to agree.")
    lines = [text.format(text=_title(broadcast)), asked_words(asked)]
    return says.Text(join(lines), [[says.Action(_("☰ My broadcasts"), LIST)]])


def missed(broadcast: Broadcast) -> says.Text:
    """It could not start when it was to."""
    text = _(
        "⚠️ “{text}” did not go out in time: something went wrong on our side. Nobody has got it. Send it now?"
    )
    return _waiting_for_author(broadcast, text, _("🚀 Send it now"), _("✕ Take it back"))


def stuck(broadcast: Broadcast) -> says.Text:
    """It started, and something went wrong before anybody got it."""
    text = _("⚠️ “{text}” got stuck while we wrote down who gets it. Nobody has got it. Try again?")
    return _waiting_for_author(broadcast, text, _("🔁 Try again"), _("✕ Stop it"))


def _waiting_for_author(broadcast: Broadcast, text: Phrase, yes: str, no: str) -> says.Text:
    row = [button(yes, "go", broadcast.id), button(no, "end", broadcast.id)]
    return says.Text(text.format(text=_title(broadcast)), [row])


def goes_out(broadcast: Broadcast) -> Phrase:
    """When one that was approved starts."""
    if broadcast.starts_at is None:
        return _("It goes out now.")
    return _("It goes out {time}.").format(time=day_and_clock(broadcast.starts_at))


# -- While it runs --------------------------------------------------------------------------


def progress(broadcast: Broadcast, seen: Progress) -> says.Text:
    """The screen of a running broadcast; of one that is over, its last state."""
    heads = {
        "filling": _("📋 Writing down who gets it …"),
        "running": _("📤 On its way"),
        "paused": _("⏸ Paused"),
        "night": _("🌙 The rest sleeps"),
        "over": _("✓ Sent"),
        "cancelled": _("✕ Stopped"),
    }
    lines = [Phrase("**{head}** · {text}").format(head=heads[seen.phase], text=_title(broadcast))]
    if seen.phase != "filling":
        lines.append(_bar(seen))
        lines.append(_numbers(seen))
    if (ahead := _ahead(seen)) is not None:
        lines.append(ahead)
    return says.Text(join(lines), _steering(broadcast.id, seen))


def snapshot(broadcast: Broadcast, seen: Progress) -> says.Text:
    """The screen for who did not make it: it is drawn anew when they want."""
    screen = progress(broadcast, seen)
    if seen.phase in ("over", "cancelled"):
        return screen
    return replace(screen, rows=[*screen.rows, [button(_("🔄 Refresh"), LOOK, broadcast.id)]])


def _title(broadcast: Broadcast) -> str:
    return first_words(broadcast, current_locale())


def _bar(seen: Progress) -> Phrase:
    done = seen.recipients - seen.waiting
    full = done * _BAR // seen.recipients if seen.recipients else _BAR
    percent = done * 100 // seen.recipients if seen.recipients else 100
    return Phrase("{bar} {percent}%").format(bar="▰" * full + "▱" * (_BAR - full), percent=percent)


def _numbers(seen: Progress) -> Phrase:
    said = [_("✓ sent {n}").format(n=number(seen.sent))]
    others = {
        _("✕ failed {n}"): seen.failed,
        _("🚫 blocked, left or opted out {n}"): seen.blocked,
        _("❔ uncertain {n}"): seen.uncertain,
        _("⏹ stopped {n}"): seen.cancelled,
        _("… to go {n}"): seen.waiting,
    }
    said += [words.format(n=number(n)) for words, n in others.items() if n]
    return join(said, " · ")


def _ahead(seen: Progress) -> Phrase | None:
    lines = []
    if seen.phase == "running" and (to_go := seen.to_go) is not None:
        lines.append(_("⏱ about {time} to go").format(time=how_long(to_go)))
    if seen.asleep and seen.wakes_at is not None and seen.phase in ("running", "night", "paused"):
        who = ngettext("🌙 {n} sleeps", "🌙 {n} sleep", seen.asleep)
        lines.append(_("{who}; it goes on at {time}").format(who=who, time=day_and_clock(seen.wakes_at)))
    return join(lines) if lines else None


def _steering(broadcast: int, seen: Progress) -> Rows:
    cancel = button(_("✕ Stop it"), "stop", broadcast)
    match seen.phase:
        case "running" | "night":
            report = button(_("📊 Report"), "report", broadcast)
            rows: Rows = [[button(_("⏸ Pause"), "pause", broadcast), cancel]]
            return [*rows, [report]] if seen.phase == "night" else rows
        case "paused":
            return [[button(_("▶ Resume"), "resume", broadcast), cancel]]
        case "filling":
            return [[cancel]]
    return [[button(_("📊 Report"), "report", broadcast)]]


def sure_to_stop(broadcast: int, seen: Progress) -> says.Text:
    """Before it is stopped for good."""
    text = ngettext(
        "Stop it for good? {n} would not get it.", "Stop it for good? {n} would not get it.", seen.waiting
    )
    rows: Rows = [[button(_("✕ Yes, stop it"), "end", broadcast), button(_("No, go on"), "on", broadcast)]]
    return says.Text(text, rows)


def stopped(broadcast: Broadcast) -> says.Text:
    """It could not start: its organizer may not, or nobody is there to get it, any more."""
    text = _("✕ “{text}” was not sent: you no longer look after those it was for.")
    return says.Text(text.format(text=_title(broadcast)))


# -- Afterwards --------------------------------------------------------------------------------


def report(broadcast: Broadcast, told: Report) -> says.Text:
    """What became of it: in all, taps, by branch and by group."""
    seen = told.progress
    lines = [
        _("📊 **Report** · {text}").format(text=_title(broadcast)),
        _("Meant for {n}").format(n=number(seen.audience)),
        _numbers(seen),
    ]
    if (left_out := left_out_words(dict(broadcast.left_out))) is not None:
        lines.append(left_out)
    lines += _taps(broadcast, told)
    lines += _part(_("**By branch**"), told.branches)
    lines += _part(_("**By group**"), told.groups)
    if told.late:
        lines.append(ngettext("🆕 {n} joined after it started", "🆕 {n} joined after it started", told.late))
    if told.late_groups:
        groups = told.late_groups
        lines.append(
            ngettext("🆕 {n} group came after it started", "🆕 {n} groups came after it started", groups)
        )
    return says.Text(join(lines), _afterwards(broadcast, told))


def _taps(broadcast: Broadcast, told: Report) -> list[Phrase]:
    if not told.taps:
        return []
    words = ngettext("👆 {n} person tapped", "👆 {n} people tapped", told.tapped)
    each = [
        Phrase("  {label} · {n}").format(label=target.label(current_locale()), n=number(taps))
        for target, taps in zip(broadcast.content.buttons, told.taps, strict=True)
    ]
    return [words, *each]


def _part(title: Phrase, found: tuple[Line, ...]) -> list[Phrase]:
    if not found:
        return []
    lines = [title]
    for line in found[:_MOST_LINES]:
        others = sum(line.numbers.values()) - line.numbers["sent"]
        said = [_("✓ {n}").format(n=number(line.numbers["sent"]))]
        said += [_("others {n}").format(n=number(others))] if others else []
        said += [_("👆 {n}").format(n=number(line.taps))] if line.taps else []
        lines.append(Phrase("  {title} · {said}").format(title=line.title, said=join(said, " · ")))
    if len(found) > _MOST_LINES:
        lines.append(_("  … all of them are in the table"))
    return lines


def _afterwards(broadcast: Broadcast, told: Report) -> Rows:
    seen = told.progress
    table = [button(_("⬇ Excel"), "xlsx", broadcast.id), button(_("⬇ CSV"), "csv", broadcast.id)]
    if seen.failed and seen.phase == "over" and not told.is_final:
        label = ngettext("🔁 Try {n} again", "🔁 Try {n} again", seen.failed)
        return [[button(label, "retry", broadcast.id)], list(table)]
    return [list(table)]


DRAWS: Final = Draws(progress, report, stopped, approval_card, grown, missed, stuck)
