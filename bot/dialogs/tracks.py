"""Tracks: which there are, how far one is, a place where places are few, and the paper at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dialogs.lesson_screens import Rows, title_of
from bot.dialogs.lessons import LEARN, LESSON, TRACKS
from bot.i18n import Phrase, _, current_locale, join, ngettext, plain, speaking
from bot.services.lessons.model import Track
from bot.services.notices import Notices, Recipient
from bot.services.tracks.desk import Standing, TrackDesk
from bot.services.tracks.enrolment import ENROLLED, MOST_PLACES, WAITING
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import line
from bot.talk.says import Json

PLACES = "track_places"
CERTIFICATE = "certificate"

State = dict[str, Any]
"""`track`, the one that is shown; without it all of them."""


async def look(talk: Talk, tracks: TrackDesk, notices: Notices) -> Go:
    """All tracks, or one of them, until a lesson, a certificate or the list of lessons is wanted."""
    named = await talk.given("track", "")
    way = await talk.browse(
        "tracks",
        lambda: {"track": named} if named else {},
        lambda state: _draw(state, tracks),
        lambda state, event: _react(talk, state, event, tracks, notices),
    )
    match way:
        case ["lesson", str(lesson)]:
            return Go(LESSON, {"lesson": lesson})
        case ["certificate", str(track)]:
            return Go(CERTIFICATE, {"track": track})
        case ["places", str(track)]:
            return Go(PLACES, {"track": track})
    return Go(LEARN)


async def _react(
    talk: Talk, state: State, event: hears.Event, tracks: TrackDesk, notices: Notices
) -> Reaction:
    match event:
        case hears.Choice(["all"]):
            return {}
        case hears.Choice(["track", str(name)]):
            return {"track": name}
        case hears.Choice(["join", str(name)]):
            taken = await tracks.join(name)
            talk.toast(_("You have a place.") if taken == ENROLLED else _("You are on the waiting list."))
            return state
        case hears.Choice(["leave", str(name)]):
            await tell_of_places(await tracks.leave(name), tracks.track(name), notices)
            talk.toast(_("Your place is free for somebody else now."))
            return state
        case hears.Choice(["stop", str(name)]):
            await tell_of_places(await tracks.leave(name), tracks.track(name), notices)
            talk.toast(_("You are off the waiting list."))
            return state
        case hears.Choice(value):
            return Left(value)
    return IGNORED


async def tell_of_places(recipients: list[Recipient], track: Track | None, notices: Notices) -> None:
    """Word to those who waited: there is a place for them now."""
    if track is None:
        return
    for recipient in recipients:
        with speaking(recipient.locale):
            text = _("🎓 There is a place for you now: **{track}**. Begin whenever you have three minutes.")
            row: list[says.Button] = [says.Action(_("▶ To the track"), TRACKS, track.id)]
            said = says.Text(text.format(track=track.name(recipient.locale)), [row])
        await notices.tell(recipient, said)


# -- Screens -----------------------------------------------------------------------------


async def _draw(state: State, tracks: TrackDesk) -> says.Screen:
    standing = await tracks.standing(state.get("track", ""))
    if standing is None:
        return await _all(tracks)
    return _one(standing, may_run=await tracks.may_run())


async def _all(tracks: TrackDesk) -> says.Screen:
    standings = await tracks.standings()
    lines = [_line(standing) for standing in standings]
    text = join([_("🎓 **Tracks**: finish all lessons of one and get a certificate."), join(lines)], "\n\n")
    rows: Rows = [
        [says.Option(_named(standing.track), ["track", standing.track.id])] for standing in standings
    ]
    return says.Screen(text, [*rows, [says.Option(_("☰ All lessons"), ["list"])]])


def _named(track: Track) -> str:
    return f"{track.emoji} {track.name(current_locale())}"


def _line(standing: Standing) -> Phrase:
    """Such as `🩹 Hurt at work · 2/4`."""
    mark = "✓ " if standing.is_done else ""
    return Phrase("{mark}{name} · {finished}/{all}").format(
        mark=mark, name=_named(standing.track), finished=standing.finished, all=len(standing.lessons)
    )


def _one(standing: Standing, *, may_run: bool) -> says.Screen:
    track = standing.track
    heading = Phrase("**{name}** · {finished}/{all}").format(
        name=_named(track), finished=standing.finished, all=len(standing.lessons)
    )
    titles = [
        Phrase("{number}. {title}").format(number=number, title=title_of(lesson))
        for number, lesson in enumerate(standing.lessons, 1)
    ]
    parts = [heading, join(titles), *_on_places(standing)]
    rows: Rows = [
        [says.Option(str(number), ["lesson", lesson.id]) for number, lesson in enumerate(standing.lessons, 1)]
    ]
    rows += [[button] for button in _ways(standing, may_run=may_run)]
    rows.append([says.Option(_("🎓 All tracks"), ["all"]), says.Option(_("☰ All lessons"), ["list"])])
    return says.Screen(join(parts, "\n\n"), rows)


def _on_places(standing: Standing) -> list[Phrase]:
    """What there is to say of places, where they are few."""
    places = standing.places
    if places.left is None:
        return []
    said = [plain(places.about)] if places.about else []
    if standing.state == ENROLLED:
        return [join([*said, _("✓ You have a place.")])]
    free = ngettext("{n} place is left.", "{n} places are left.", places.left)
    said.append(free if places.left else _("All places are taken."))
    if standing.turn is not None:
        said.append(_("You wait for one: number {turn} in the list.").format(turn=standing.turn))
    return [join(said)]


def _ways(standing: Standing, *, may_run: bool) -> list[says.Button]:
    track, places = standing.track.id, standing.places
    ways: list[says.Button] = []
    if places.left is not None and standing.state is None:
        label = _("✋ Take a place") if places.left else _("✋ Onto the waiting list")
        ways.append(says.Option(label, ["join", track]))
    if standing.earns_certificate:
        ways.append(says.Option(_("📜 My certificate"), ["certificate", track]))
    if standing.state in (ENROLLED, WAITING) and places.left is not None and not standing.is_done:
        waits = standing.state == WAITING
        label, deed = (_("↩ Stop waiting"), "stop") if waits else (_("↩ Give it back"), "leave")
        ways.append(says.Option(label, [deed, track]))
    if may_run:
        ways.append(says.Option(_("⚙ Places"), ["places", track]))
    return ways


# -- How many places ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HowMany:
    """A number of places."""

    def hear(self, event: hears.Event) -> Json:
        """Digits."""
        if not isinstance(event, hears.Text) or not event.text.strip().isdecimal():
            raise Refused(_("Please type a number, such as 100."))
        return self.read(int(event.text.strip()[:9]))

    def read(self, value: Json) -> int:
        """The number; Refused if it is out of bounds."""
        if not isinstance(value, int) or not 0 <= value <= MOST_PLACES:
            raise Refused(_("Please type a number, such as 100."))
        return value


async def set_places(talk: Talk, tracks: TrackDesk, notices: Notices) -> Go:
    """How many places a track has, and what one gives. 0 means as many as come."""
    name = await talk.given("track", "")
    track = tracks.track(name)
    if track is None or not await tracks.may_run():
        await talk.say("not_yours", _("Only organizers of the whole city set places."))
        return Go(TRACKS)
    most = await talk.ask("places", _("How many places? 0 means as many as come."), HowMany())
    about = ""
    if most:
        question = _("What does a place give? One line, such as: the branch pays for the exam.")
        about = await talk.ask("about", question, line(), optional=True) or ""
    await talk.once("set", _set, tracks, notices, track, most or None, about)
    return Go(TRACKS, {"track": name})


async def _set(tracks: TrackDesk, notices: Notices, track: Track, most: int | None, about: str) -> None:
    await tell_of_places(await tracks.set_places(track.id, most, about), track, notices)


# -- Ways in -----------------------------------------------------------------------------


async def open_track(aside: Aside, name: str) -> None:
    """A track's button; without a name all of them."""
    aside.go(TRACKS, track=name)


DIALOG = Dialog(
    TRACKS,
    look,
    title=lambda: _("Tracks"),
    command="tracks",
    summary=lambda: _("Lessons that belong together, and certificates"),
    parks=False,
)
SETTING = Dialog(PLACES, set_places, title=lambda: _("Places of a track"))
ACTIONS = (Answerer(TRACKS, open_track),)
LINKS = (Answerer(TRACKS, open_track),)
