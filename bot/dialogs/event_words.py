"""Events in words: the card, what is told of one, who comes."""

from __future__ import annotations

from datetime import datetime

from bot.dialogs.presence import hours
from bot.i18n import Phrase, _, join, moment, ngettext, plain
from bot.services.checkins.helping import Thanked
from bot.services.events.model import Event, Place, Told
from bot.services.presses import short
from bot.talk import says

EVENT = "event"
TAKE = "event_take"
LEAVE = "event_leave"
CALENDAR = "event_ics"
DOOR = "event_door"
HELPED = "help_certificate"

Rows = list[list[says.Button]]


def kind_words() -> dict[str, Phrase]:
    """What kinds of events there are."""
    return {
        "round_table": _("💬 Round table"),
        "health_check": _("🩺 Health check"),
        "job_fair": _("💼 Job fair"),
        "training": _("🎓 Training"),
        "other": _("🎈 Get-together"),
        "volunteer": _("🤝 Volunteering"),
        "grid_help": _("🧭 Part-time grid help"),
    }


def card(event: Event, zone: str) -> Phrase:
    """What, when, where, and how many places are left."""
    when = Phrase("🕗 {moment}").format(moment=moment(event.at, zone))
    if event.is_callout:
        lasts = hours(event.minutes)
        when = Phrase("{when} · {lasts}").format(when=when, lasts=lasts)
    lines = [
        Phrase("{kind} **{title}**").format(kind=kind_words()[event.kind], title=event.title),
        when,
        Phrase("📍 {where}").format(where=event.where),
    ]
    if event.about:
        lines.append(plain(event.about))
    lines.append(_places(event))
    return join(lines)


def _places(event: Event) -> Phrase:
    if event.cancelled:
        return _("🚫 **Called off.**")
    if event.free is None:
        return _("🪑 Room for everybody")
    if event.free:
        return ngettext("🪑 {n} place left", "🪑 {n} places left", event.free)
    return _("🪑 Full · {n} wait").format(n=event.waiting) if event.waiting else _("🪑 Full")


def mine(place: Place | None) -> Phrase | None:
    """How the person stands with it."""
    if place is None:
        return None
    if place.state == "booked":
        return _("✓ **You have a place.**")
    if not place.ahead:
        return _("⏳ **You are next in line.** I tell you as soon as a place is yours.")
    said = _("⏳ **You wait for a place**: {n} before you. I tell you as soon as one is yours.")
    return said.format(n=place.ahead)


def deeds(event: Event, place: Place | None, *, over: bool) -> Rows:
    """What the person can do."""
    number = short(event.id)
    if over:
        return []
    calendar = says.Action(_("🗓 Into my calendar"), CALENDAR, number)
    if place is not None:
        leave = _("I can't come") if place.state == "booked" else _("Stop waiting")
        return [[calendar, says.Action(leave, LEAVE, number)]]
    coming = _("🤝 I'm helping") if event.is_callout else _("✓ I'm coming")
    take = coming if event.free is None or event.free else _("⏳ Wait for a place")
    return [[says.Action(take, TAKE, number), calendar]]


def helped(thanked: Thanked) -> says.Text:
    """To who helped, when it is over."""
    said = _("🤝 Thank you! You helped {time} at **{title}**.")
    text = said.format(time=hours(thanked.minutes), title=thanked.event.title)
    return says.Text(text, [[says.Action(_("📜 Certificate of my hours"), HELPED)]])


# -- What is told ----------------------------------------------------------------------


def announced(told: Told) -> says.Text:
    """The news of an event."""
    head = _("🤝 Can you help?") if told.event.is_callout else _("📣 You are invited:")
    text = join([head, card(told.event, told.zone)])
    return says.Text(text, deeds(told.event, None, over=False))


def coming(told: Told, now: datetime) -> says.Text:
    """To who has a place, the day before or as soon as the clock comes to it."""
    heads = {
        "soon": _("⏰ It begins soon, and you have a place:"),
        "today": _("⏰ Today you have a place:"),
        "later": _("⏰ Tomorrow you have a place:"),
    }
    text = join([heads[told.when(now)], card(told.event, told.zone)])
    return says.Text(text, deeds(told.event, Place("booked"), over=False))


def called_off(told: Told) -> says.Text:
    """To who had a place or waited."""
    said = _("🚫 Called off, sorry: **{title}**, {moment}.")
    return says.Text(said.format(title=told.event.title, moment=moment(told.event.at, told.zone)))


def moved_up(told: Told) -> says.Text:
    """To who waited: a place is theirs now."""
    text = join([_("🎉 A place is free, and it is yours:"), card(told.event, told.zone)])
    return says.Text(text, deeds(told.event, Place("booked"), over=False))
