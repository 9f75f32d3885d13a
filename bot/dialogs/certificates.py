"""Certificates, of a track or of help: with a name or without, as a picture and a page; is one real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.dialogs.event_words import HELPED
from bot.dialogs.lessons import TRACKS
from bot.dialogs.opening import opener
from bot.dialogs.presence import hours
from bot.dialogs.tracks import CERTIFICATE
from bot.home import SHANGHAI
from bot.i18n import Phrase, _, current_locale, full_date, join, ngettext
from bot.services.brand import Brand
from bot.services.certificates import LONGEST_NAME, Issued
from bot.services.charts import drawable
from bot.services.checkins.presence import PresenceDesk
from bot.services.lessons.posters import Certificate
from bot.services.tracks.desk import TrackDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Go, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText
from bot.talk.says import Json

VERIFY: Final = "verify"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that can be printed."""

    def hear(self, event: hears.Event) -> Json:
        """A short line."""
        name = LongText(1, LONGEST_NAME).hear(event)
        return self.read(" ".join(str(name).split()))

    def read(self, value: Json) -> str:
        """The name; Refused where the font lacks a character of it."""
        name = LongText(1, LONGEST_NAME).read(value)
        missing = [char for char in name if not char.isspace() and not drawable(char)]
        if missing:
            sorry = _("I can't print “{char}”. Write it another way, such as in Latin letters.")
            raise Refused(sorry.format(char=missing[0]))
        return name


# -- Of a track, of help ----------------------------------------------------------------------


async def of_track(talk: Talk, tracks: TrackDesk, brand: Brand) -> Go | None:
    """The certificate of a finished track."""
    name = await talk.given("track", "")
    standing = await tracks.standing(name)
    if standing is None or not standing.earns_certificate:
        await talk.say("not_yet", _("Finish all lessons of the track first: it is not far."))
        return Go(TRACKS, {"track": name})
    called = await _called(talk)

    async def draw() -> list[str]:
        return await _drawn(await tracks.issue(name, called), tracks, brand)

    await _hand_over(talk, await talk.once("draw", draw), _("Certificate.pdf"))
    return None


async def of_help(talk: Talk, presence: PresenceDesk, tracks: TrackDesk, brand: Brand) -> None:
    """The certificate of all hours of help so far."""
    if not await presence.earns_certificate():
        await talk.say("not_yet", _("From the first full hour of helping on there is a certificate."))
        return
    called = await _called(talk)

    async def draw() -> list[str]:
        return await _drawn(await presence.issue(called), tracks, brand)

    await _hand_over(talk, await talk.once("draw", draw), _("Certificate-of-volunteering.pdf"))


async def _called(talk: Talk) -> str:
    text = _("Shall a name stand on it? Whoever checks the code sees it too.")
    return await talk.ask("called", text, Name(), optional=True) or ""


async def _drawn(issued: Issued | None, tracks: TrackDesk, brand: Brand) -> list[str]:
    if issued is None:
        raise LookupError("the certificate is not earned")
    picture, page = await tracks.draw(_worded(issued, tracks, brand))
    return [picture, page, issued.spelled]


async def _hand_over(talk: Talk, drawn: list[str], name: str) -> None:
    picture, page, code = drawn
    caption = _("📜 Congratulations! Code **{code}**: anybody can check it with /verify.")
    await talk.say("picture", says.Photo(picture, caption.format(code=code)))
    await talk.say("page", says.File(page, name, _("To print.")))


# -- In words ---------------------------------------------------------------------------------


def _worded(issued: Issued, tracks: TrackDesk, brand: Brand) -> Certificate:
    check = _("Check it: send /verify and the code to @{bot}")
    heading, words = _("Certificate"), _("finished every lesson of the track")
    if issued.merit.kind == "help":
        heading = _("Certificate of volunteering")
        words = _("helped others as a volunteer of {brand}").format(brand=brand.name(current_locale()))
    return Certificate(
        heading=heading,
        called=issued.called,
        words=words,
        what=_what(issued, tracks),
        extent=_extent(issued),
        date=full_date(issued.made_at.astimezone(SHANGHAI).date()),
        code=issued.spelled,
        check=check.format(bot=tracks.username),
    )


def _what(issued: Issued, tracks: TrackDesk) -> str:
    """What it is for, in large letters."""
    merit = issued.merit
    if merit.kind == "help":
        return hours(merit.amount)
    track = tracks.track(merit.subject)
    return track.name(current_locale()) if track else merit.subject


def _extent(issued: Issued) -> Phrase:
    if issued.merit.kind == "help":
        return _("checked in and out on the spot")
    lessons = issued.merit.amount
    return ngettext("{n} lesson with its questions", "{n} lessons with their questions", lessons)


async def verify(aside: Aside, code: str, tracks: TrackDesk) -> None:
    """Whether a certificate is real."""
    if not code.strip():
        aside.say(says.Text(_("Send the code with it, such as /verify 7F3KP-9Q2MX-T4A8B")))
        return
    issued = await tracks.verify(code)
    if issued is None:
        aside.say(says.Text(_("✕ No certificate has this code. Look at it again, letter by letter.")))
        return
    said = _("✓ A real certificate: **{track}**, {date}.")
    if issued.merit.kind == "help":
        said = _("✓ A real certificate of volunteering: **{track}** up to {date}.")
    when = full_date(issued.made_at.astimezone(SHANGHAI).date())
    said = said.format(track=_what(issued, tracks), date=when)
    if issued.called:
        said = join([said, _("It was given to {name}.").format(name=issued.called)])
    aside.say(says.Text(said))


DIALOG = Dialog(CERTIFICATE, of_track, title=lambda: _("A certificate"))
HELP_DIALOG = Dialog(HELPED, of_help, title=lambda: _("A certificate"))
COMMANDS = (Answerer(VERIFY, verify, in_groups=True),)
ACTIONS = (opener(HELPED),)
