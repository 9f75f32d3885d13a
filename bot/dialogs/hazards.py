"""Reporting a hazard in three taps: a photo, the place, the kind. Then it is on its way."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import hazard_words as words
from bot.dialogs.nameless import refuse_names
from bot.dialogs.opening import BELOW, opener
from bot.i18n import Phrase, _, join
from bot.services.attachments import Attachments
from bot.services.hazards.desk import HazardDesk
from bot.services.hazards.model import LONGEST_NOTE, Changed, Draft, State
from bot.services.naming import names_somebody
from bot.services.notices import Notices
from bot.services.presses import long
from bot.services.refusals import NotThere, TooMany
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Point, Query
from bot.services.understanding.desk import Understanding
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText, Sent
from bot.talk.says import Json

HERE: Final = "here"
NEAR_STATION_METRES: Final = 300
"""A station that is no farther away says where something is."""

Seen = dict[str, Any]
"""A picture or words: `{"text", "sent", "named"}`, `sent` as inputs.Sent has it, or None; `named` where words
that came with the picture name somebody and were left out."""
Spot = dict[str, Any]
"""Where it is: `{"place", "point", "district", "exact", "said"}`."""


class Picture:
    """A photo, with or without words; or only words."""

    def hear(self, event: hears.Event) -> Json:
        """What it looks like; Refused where words alone name somebody. A photo is kept whatever its words."""
        if isinstance(event, hears.Photo):
            text = event.caption[:LONGEST_NOTE]
            named = names_somebody(text)
            photo = hears.Photo(event.file, size=event.size)
            return {"text": "" if named else text, "sent": Sent().hear(photo), "named": named}
        if isinstance(event, hears.Text):
            text = LongText(1, LONGEST_NOTE).hear(event)
            refuse_names(str(text))
            return {"text": text, "sent": None, "named": False}
        raise Refused(_("Please send a photo, or write a few words."))

    def read(self, value: Json) -> Seen:
        """The same; Refused if it is anything else."""
        if not isinstance(value, dict) or set(value) != {"text", "sent", "named"}:
            raise Refused(_("Please send a photo, or write a few words."))
        return value


class Where:
    """A place: shared on the spot, or the name of a station, a street or a quarter."""

    def __init__(self, stations: StationDesk) -> None:
        self._stations = stations

    def hear(self, event: hears.Event) -> Json:
        """A location, or a line of words."""
        if isinstance(event, hears.Location):
            return self._at(Point(event.lat, event.lon))
        if isinstance(event, hears.Photo):
            raise Refused(_("For a photo, tap « Back and send it there, with the words below it."))
        said = str(LongText(1, LONGEST_NOTE).hear(event))
        if said == HERE and (here := self._stations.whereabouts()) is not None:
            return self._at(here)
        refuse_names(said)
        matches = self._stations.read(said, surely=True).matches
        if not matches:
            return {"place": "", "point": None, "district": "", "exact": False, "said": said}
        named = matches[0].named
        return {
            "place": named.name,
            "point": [named.point.lat, named.point.lon],
            "district": named.district,
            "exact": False,
            "said": "" if said == named.name else said,
        }

    def read(self, value: Json) -> Spot:
        """The same; Refused if it is anything else."""
        if not isinstance(value, dict) or set(value) != {"place", "point", "district", "exact", "said"}:
            raise Refused(_("Please send a location, or write where."))
        return value

    def _at(self, point: Point) -> Spot:
        found = self._stations.near(point, Query(), 1)
        nearest = found[0] if found else None
        place, district = "", nearest.station.district if nearest else ""
        if nearest is not None and nearest.metres <= NEAR_STATION_METRES:
            place = nearest.station.name
        spot = [point.lat, point.lon]
        return {"place": place, "point": spot, "district": district, "exact": True, "said": ""}


async def report(
    talk: Talk,
    hazards: HazardDesk,
    stations: StationDesk,
    attachments: Attachments,
    notices: Notices,
    understanding: Understanding,
) -> None:
    """Ask for what is missing, report it, say what comes next."""
    asked, heard = await talk.given("asked", ""), hazards.kinds.heard(await talk.given("heard", ""))
    kind = heard.id if heard else ""
    if heard is not None:
        await _calls_first(talk, heard.id, hazards)
    seen = await _look(talk, asked)
    told = await talk.note("told", understanding.slots, seen["text"], "hazard_report")
    spot = await _locate(talk, stations, str(told.get("place", "")))
    if districts := await talk.note("districts", hazards.districts_to_ask, spot["district"]):
        question = _("🏙 Which district is it in? Then it goes straight to the right desk.")
        choices = [(one, one) for one in districts]
        spot = {**spot, "district": await talk.choose("district", question, choices, optional=True) or ""}
    if heard is None and (heard := hazards.kinds.heard(told.get("kind", ""))) is not None:
        kind = heard.id
        await _calls_first(talk, kind, hazards)
    if heard is None:
        kinds = [(words.kind_name(one.id, hazards.kinds), one.id) for one in hazards.kinds.all]
        kind = await talk.choose("kind", _("What is it?"), kinds)
        await _calls_first(talk, kind, hazards)

    async def file() -> Json:
        return await _file(kind, asked, seen, spot, hazards, attachments, notices)

    number = await talk.once("filed", file)
    if number is None:
        await talk.say(
            "many", _("So many of yours are open that no more fit. /hazards shows how they stand.")
        )
        return
    await _thank(talk, number, hazards)


async def _calls_first(talk: Talk, kind: str, hazards: HazardDesk) -> None:
    """What can't wait for any form."""
    numbers = hazards.kinds.get(kind).calls
    if numbers:
        calls = join([Phrase("📞 **{number}**").format(number=one) for one in numbers], "  ")
        await talk.say("calls", _("Keep away from it, and call first: {calls}").format(calls=calls))


async def _look(talk: Talk, asked: str) -> Seen:
    question = _(
        "📷 Send a photo of it: the thing and the place, no faces. Or write a few words.\n"
        "What others reported nearby: /hazards"
    )
    if asked:
        question = _("📷 Got it. Send a photo of it too, if you can: the thing and the place, no faces.")
    seen = await talk.ask("seen", question, Picture(), optional=bool(asked))
    if seen is None:
        return {"text": "", "sent": None}
    if seen["named"]:
        kept = _(
            "🙏 I keep the photo and leave out the words: they name somebody. Only what it is and where."
        )
        await talk.say("unnamed", kept)
    return seen


async def _locate(talk: Talk, stations: StationDesk, told: str) -> Spot:
    """Where it is: `told`, if it is a place that is known, else what is answered."""
    if told and (spot := await talk.note("told_where", Where(stations).hear, hears.Text(told)))["point"]:
        return Where(stations).read(spot)
    quick = [(_("📍 Where I am"), HERE)] if stations.whereabouts() is not None else []
    question = _("📍 Where? Share the location, or write a street or a station.")
    return await talk.ask("where", question, Where(stations), quick=quick)


async def _file(
    kind: str,
    asked: str,
    seen: Seen,
    spot: Spot,
    hazards: HazardDesk,
    attachments: Attachments,
    notices: Notices,
) -> Json:
    """Report it and let its desk know; gives its number and whether it was known, None where no more fit."""
    sent = await attachments.take(Sent().read(seen["sent"]), "hazard") if seen["sent"] else None
    said = spot["said"] if spot["said"] not in asked else ""
    note = "\n".join(part for part in (asked, seen["text"], said) if part)[:LONGEST_NOTE]
    point = Point(*spot["point"]) if spot["point"] else None
    draft = Draft(kind, spot["place"], point, spot["exact"], spot["district"], note, sent)
    try:
        changed = await hazards.report(draft)
    except TooMany:
        return None
    await tell(changed, hazards, notices)
    return changed.hazard.id


async def _thank(talk: Talk, number: int, hazards: HazardDesk) -> None:
    hazard = await hazards.get(number)
    desk = await hazards.where_it_is(hazard)
    if hazard.reports > 1:
        text = _("✓ Thank you! {n} people have reported this now. It is with {desk}; I tell you what comes.")
        if hazard.state is State.REPORTED:
            text = _("✓ Thank you! {n} people have reported this now. {desk} goes to look; I tell you.")
        text = text.format(n=hazard.reports, desk=desk)
    else:
        text = _("✓ Thank you! {desk} has it and goes to look. I tell you what comes of it.")
        text = text.format(desk=desk)
    lines = [text, words.card(hazard, hazards.kinds, desk)]
    row: list[says.Button] = [
        says.Action(_("📷 Another one"), words.HAZARD, BELOW),
        says.Action(_("☰ Hazards nearby"), words.LIST, BELOW),
    ]
    rows = [row, words.mistake_row(hazard)] if await hazards.may_withdraw(hazard) else [row]
    await talk.say("thanks", says.Text(join(lines, "\n\n"), rows))


async def tell(changed: Changed, hazards: HazardDesk, notices: Notices) -> None:
    """Word to everybody who has to hear of a change."""
    await notices.pass_on(changed.news, lambda news: words.worded(news, hazards.kinds))


# -- Ways in -----------------------------------------------------------------------------------


async def still_there(aside: Aside, number: str, hazards: HazardDesk, notices: Notices) -> None:
    """What was called mended is still there."""
    try:
        changed = await hazards.still_there(long(number) or 0)
    except NotThere:
        aside.toast(_("It is being mended already."))
        return
    await tell(changed, hazards, notices)
    aside.redraw(says.Text(_("🔁 Thank you: they go there again.")))


async def take_back(aside: Aside, number: str, hazards: HazardDesk, notices: Notices) -> None:
    """It was reported by mistake."""
    try:
        told = await hazards.withdraw(long(number) or 0)
    except NotThere:
        aside.toast(_("Somebody has gone there already, or it was taken back."))
        return
    await notices.pass_on(told, lambda news: words.worded(news, hazards.kinds))
    row: list[says.Button] = [says.Action(_("📷 Another one"), words.HAZARD)]
    aside.redraw(says.Text(_("↩ Taken back, with the photo and your words. No harm done."), [row]))


DIALOG = Dialog(
    words.HAZARD,
    report,
    title=lambda: _("A hazard"),
    command="hazard",
    summary=lambda: _("Something dangerous on the way: photo, place, done"),
)
ACTIONS = (
    opener(words.HAZARD),
    Answerer(words.STILL, still_there),
    Answerer(words.MISTAKE, take_back),
)
