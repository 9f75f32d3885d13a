"""Checking in at a place by what was scanned there; helping, and the hours of it."""

from __future__ import annotations

from bot.i18n import Phrase, _, join, moment, ngettext
from bot.services.checkins.presence import Arrival, PresenceDesk, Visit
from bot.services.presses import long, short
from bot.services.stations.model import Point
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk
from bot.talk.inputs import Location

HERE = "here"
HELP = "help_here"
LEAVE = "leave_here"

MINUTES_IN_HOUR = 60
MOST_TRIES = 5
"""Locations that somebody shares at a printed code until they are there."""


async def scan(aside: Aside, payload: str, presence: PresenceDesk) -> None:
    """A scanned code: in at once, or by a shared location where the code is a printed one."""
    arrival = await presence.scan(payload)
    if arrival.outcome == "where":
        aside.go(HERE, payload=payload)
    else:
        aside.say(said(arrival, presence))


async def share(talk: Talk, presence: PresenceDesk) -> None:
    """Check in at a printed code by sharing where one is."""
    payload = await talk.given("payload", "")
    question = _(
        "📍 This is a printed code: share your location here, once, to check in. "
        "It is compared and forgotten."
    )
    for turn in range(MOST_TRIES):
        nth = f"#{turn}" if turn else ""
        lat, lon = await talk.ask(f"where{nth}", question, Location())
        title = await talk.note(f"far{nth}", presence.far_from, payload, Point(lat, lon))
        if title is None:
            break
        question = _("📍 That is too far from **{title}**. Tap 📍 again when you are there.").format(
            title=title
        )
    message = await talk.once("arrive", _arrive, payload, lat, lon, presence)
    outcome, title, number = message
    visit = None
    if number is not None:
        visit = await presence.recent(number)
    await talk.say("said", said(Arrival(outcome, title, visit), presence))


async def _arrive(payload: str, lat: float, lon: float, presence: PresenceDesk) -> list[object]:
    arrival = await presence.share(payload, Point(lat, lon))
    return [arrival.outcome, arrival.title, arrival.visit.id if arrival.visit else None]


def said(arrival: Arrival, presence: PresenceDesk) -> says.Text:
    """What came of it."""
    visit = arrival.visit
    if visit is not None:
        return there(visit, arrival.title, presence, again=arrival.outcome == "before")
    sentences = {
        "old": _(
            "⏳ This code of **{title}** is over: it changes every minute. Scan the one that is shown now."
        ),
        "far": _("📍 That is too far from **{title}**. Share your location when you are there."),
        "full": _("🪑 **{title}** is full, or its door is not open now."),
        "gone": _("This code leads nowhere. Scan the one that is shown at the place."),
    }
    sentence = sentences.get(arrival.outcome, sentences["gone"])
    return says.Text(sentence.format(title=arrival.title))


def there(visit: Visit, title: str, presence: PresenceDesk, *, again: bool = False) -> says.Text:
    """Somebody is at a place, and perhaps helps there."""
    came = moment(visit.came_at, presence.zone)
    head = (
        _("You are checked in at **{title}** already ({moment}).")
        if again
        else _("✓ Checked in: **{title}**, {moment}.")
    )
    lines = [head.format(title=title, moment=came)]
    if visit.way == "location":
        lines.append(_("_By location: that counts as weaker._"))
    number = short(visit.id)
    if visit.left_at is not None:
        lines.append(_("🤝 You helped {time}. Thank you!").format(time=hours(visit.minutes)))
        if (counted := _counted(visit)) is not None:
            lines.append(counted)
        return says.Text(join(lines))
    if visit.helping_since is not None:
        since = moment(visit.helping_since, presence.zone)
        lines.append(_until_when(visit).format(moment=since))
        return says.Text(join(lines), [[says.Action(_("🏁 Check out"), LEAVE, number)]])
    return says.Text(join(lines), [[says.Action(_("🤝 I help here today"), HELP, number)]])


def _until_when(visit: Visit) -> Phrase:
    """What somebody who helps has to do in the end."""
    if visit.scanned_at is not None:
        return _("🤝 You help since {moment}. Going? Then check out now.")
    if visit.is_at_event or visit.way == "location":
        return _("🤝 You help since {moment}. Check out when you go.")
    return _(
        "🤝 You help since {moment}. Before you go, scan the code here once more and check out: "
        "only then the hours count."
    )


def _counted(visit: Visit) -> Phrase | None:
    """What does not count of the hours, where that is so."""
    if visit.sure_minutes == visit.minutes:
        return None
    if not visit.sure_minutes:
        return _("_Only hours between two scans count: these give no points and stand on no certificate._")
    return _("_{time} of it count: up to your last scan._").format(time=hours(visit.sure_minutes))


def hours(minutes: int) -> Phrase:
    """A length of time: `2 h 30 min`, `3 h`."""
    whole, rest = divmod(minutes, MINUTES_IN_HOUR)
    if not whole:
        return ngettext("{n} min", "{n} min", rest)
    if not rest:
        return ngettext("{n} h", "{n} h", whole)
    return _("{h} h {m} min").format(h=whole, m=rest)


async def help_here(aside: Aside, number: str, presence: PresenceDesk) -> None:
    """Help as a volunteer from now on."""
    visit = await presence.help(long(number) or 0)
    await _redraw(aside, visit, presence)


async def leave_here(aside: Aside, number: str, presence: PresenceDesk) -> None:
    """Stop helping; the hours count."""
    visit = await presence.leave(long(number) or 0)
    await _redraw(aside, visit, presence)
    if visit is not None and visit.sure_minutes:
        total = hours(await presence.minutes())
        aside.toast(_("Thank you! You have helped {time} in all.").format(time=total))


async def _redraw(aside: Aside, visit: Visit | None, presence: PresenceDesk) -> None:
    title = await presence.title(visit.place) if visit else None
    if visit is None or title is None:
        aside.toast(_("That was another day. Scan the code again when you are there."))
    else:
        aside.redraw(there(visit, title, presence))


DIALOG = Dialog(HERE, share, title=lambda: _("Check in here"), parks=False)
ACTIONS = (Answerer(HELP, help_here), Answerer(LEAVE, leave_here))
LINKS = (Answerer("in", scan),)
