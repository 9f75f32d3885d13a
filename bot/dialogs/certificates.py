"""The certificate of a track: with a name or without, as a picture and a page; and whether one is real."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogs.lessons import TRACKS
from bot.dialogs.tracks import CERTIFICATE
from bot.i18n import _, current_locale, full_date, join, ngettext
from bot.services.charts import drawable
from bot.services.lessons.posters import Certificate
from bot.services.stations.hours import SHANGHAI
from bot.services.tracks.certificates import Issued
from bot.services.tracks.desk import LONGEST_NAME, TrackDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Go, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText
from bot.talk.says import Json

VERIFY = "verify"


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


async def certificate(talk: Talk, tracks: TrackDesk) -> Go | None:
    """Ask whether a name is to stand on it; then show and send it."""
    name = await talk.given("track", "")
    standing = await tracks.standing(name)
    if standing is None or not standing.earns_certificate:
        await talk.say("not_yet", _("Finish all lessons of the track first: it is not far."))
        return Go(TRACKS, {"track": name})
    text = _("Shall a name stand on it? Whoever checks the code sees it too.")
    called = await talk.ask("called", text, Name(), optional=True) or ""
    picture, page, code = await talk.once("draw", _drawn, tracks, name, called)
    caption = _("📜 Congratulations! Code **{code}**: anybody can check it with /verify.")
    await talk.say("picture", says.Photo(picture, caption.format(code=code)))
    await talk.say("page", says.File(page, _("Certificate.pdf"), _("To print.")))
    return None


async def _drawn(tracks: TrackDesk, name: str, called: str) -> list[str]:
    issued = await tracks.issue(name, called)
    if issued is None:
        raise LookupError("the certificate is not earned")
    picture, page = await tracks.draw(_worded(issued, tracks))
    return [picture, page, issued.spelled]


def _worded(issued: Issued, tracks: TrackDesk) -> Certificate:
    track = tracks.track(issued.track)
    check = _("Check it: send /verify and the code to @{bot}")
    return Certificate(
        heading=_("Certificate"),
        called=issued.called,
        words=_("finished every lesson of the track"),
        track=track.name(current_locale()) if track else issued.track,
        lessons=ngettext("{n} lesson with its questions", "{n} lessons with their questions", issued.lessons),
        date=full_date(issued.made_at.astimezone(SHANGHAI).date()),
        code=issued.spelled,
        check=check.format(bot=tracks.username),
    )


async def verify(aside: Aside, code: str, tracks: TrackDesk) -> None:
    """Whether a certificate is real."""
    if not code.strip():
        aside.say(says.Text(_("Send the code with it, such as /verify 7F3KP-9Q2MX-T4A8B")))
        return
    issued = await tracks.verify(code)
    if issued is None:
        aside.say(says.Text(_("✕ No certificate has this code. Look at it again, letter by letter.")))
        return
    track = tracks.track(issued.track)
    said = _("✓ A real certificate: **{track}**, {date}.").format(
        track=track.name(current_locale()) if track else issued.track,
        date=full_date(issued.made_at.astimezone(SHANGHAI).date()),
    )
    if issued.called:
        said = join([said, _("It was given to {name}.").format(name=issued.called)])
    aside.say(says.Text(said))


DIALOG = Dialog(CERTIFICATE, certificate, title=lambda: _("A certificate"))
COMMANDS = (Answerer(VERIFY, verify, in_groups=True),)
