"""Something is wrong with a station: what, a few words or a photo, thanks, and back to its card."""

from __future__ import annotations

from bot.dialogs.station_flags import tell_overseers
from bot.dialogs.station_words import name_of
from bot.dialogs.stations import DIALOG as STATIONS
from bot.dialogs.stations import REPORT
from bot.i18n import _
from bot.services.notices import Notices
from bot.services.stations.desk import FLAGS, StationDesk
from bot.services.stations.flags import FlagDesk
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk
from bot.talk.inputs import Note

BACK_TO_CARD = "back"


async def report(talk: Talk, stations: StationDesk, flags: FlagDesk, notices: Notices) -> Go:
    """Ask what is wrong, tell the organizers, thank the person."""
    station = stations.get(await talk.given("station", ""))
    card = Go(STATIONS.name, {"asked": await talk.given("back")})
    if station is None:
        return card
    labels = {
        "closed": _("🚪 It is closed for good"),
        "moved": _("📍 It is somewhere else"),
        "broken": _("🔌 Something is broken"),
        "other": _("✏️ Something else"),
        BACK_TO_CARD: _("‹ All is well"),
    }
    question = _("What is wrong with **{name}**?").format(name=name_of(station))
    kind = await talk.choose("kind", question, [(labels[one], one) for one in labels], columns=1)
    if kind not in FLAGS:
        return card
    more = _("Tell us more in a few words, or send a photo. You can skip this.")
    told = await talk.ask("told", more, Note(), optional=True)
    note, photo = (told["text"] or "", told["photo"]) if told else ("", None)
    is_known = await talk.once("known", _is_known, station.id, kind, stations)
    if await talk.once("flag", stations.flag, station.id, kind, note, photo):
        if not is_known:
            await talk.once("overseers", tell_overseers, station.id, kind, flags, notices)
        await talk.say("thanks", _("🙏 Thank you: the people who look after this place will check it."))
    else:
        await talk.say("again", _("You told us already, thank you. It is being checked."))
    return card


async def _is_known(station: str, kind: str, stations: StationDesk) -> bool:
    return kind in await stations.open_flags(station)


DIALOG = Dialog(REPORT, report, title=lambda: _("What is wrong with a station"))
