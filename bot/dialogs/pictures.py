"""Pictures, files and voice messages out of nowhere: what they are about is asked, and they go along."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import meanings
from bot.dialogs.appeals import APPEAL
from bot.dialogs.hazard_words import HAZARD
from bot.dialogs.hazards import Picture
from bot.dialogs.meanings import Desks
from bot.i18n import Phrase, _
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import MOST_ATTACHMENTS
from bot.services.stations.desk import StationDesk
from bot.services.understanding import NONE
from bot.services.understanding.desk import Understanding
from bot.talk import hears, says
from bot.talk.dialog import Dialog, Scene, Way
from bot.talk.engine import IGNORED, Go, Left, Quietly, Reaction, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import Sent
from bot.talk.ordinals import ordinal

PICTURE: Final = "picture"
# What may be told along with pictures; sure words about anything else mean just that, and let them go.
_TELLS: Final = {"file_appeal": APPEAL, "hazard_report": HAZARD}
_SURELY_ELSE: Final = 0.8

Seen = hears.Photo | hears.File | hears.Voice
State = dict[str, Any]
"""`sent` as inputs.Sent has it, a list; the `album` they came in; `words` that were written below them."""


def route(seen: Seen, scene: Scene) -> Way | None:
    """Ask what it is about where nothing is open, or only a screen that has no use for it."""
    is_asked_for = scene.dialog and not (scene.browsing and scene.refused)
    if is_asked_for or not scene.private:
        return None
    try:
        sent = Sent().hear(seen)
    except Refused as refused:
        return Way(said=says.Text(refused.sentence))
    return Way(Go(PICTURE, {"sent": sent, "album": _album_of(seen)}))


async def sort_out(talk: Talk, understanding: Understanding, appeals: MyAppeals, stations: StationDesk) -> Go:
    """A hazard or an appeal: either begins with all that was sent meanwhile."""
    sent, album = await talk.given("sent"), await talk.given("album")
    start: State = {"sent": [sent], "album": album, "words": ""}
    left = await talk.browse(
        "way", lambda: start, _draw, lambda state, event: _react(state, event, understanding)
    )
    state: State = left["state"]
    heard = [Sent().read(one) for one in state["sent"]]
    said = "\n".join(filter(None, [*map(_caption, heard), state["words"]]))
    if left["way"] == HAZARD:
        return await _to_hazard(talk, said, heard, Desks(appeals, stations), understanding)
    return _to_appeal(said, state["sent"], left["means"], Desks(appeals, stations), understanding)


# -- The question ---------------------------------------------------------------------------


def _draw(state: State) -> says.Screen:
    ways: list[list[says.Button]] = [[says.Option(_("📮 Something done to me"), ["way", APPEAL])]]
    if _shows_a_place(state):
        ways.insert(0, [says.Option(_("⚠️ Something dangerous on the way"), ["way", HAZARD])])
    return says.Screen(_question(state), ways, stops=True)


def _question(state: State) -> Phrase:
    kinds = {one["kind"] for one in state["sent"]}
    is_one = len(state["sent"]) == 1 and not state["album"]
    if state["words"]:
        return _("📝 Got it. And what is it about?")
    if kinds == {"photo"}:
        one, many = (
            _("📷 I have your photo. What is it about?"),
            _("📷 I have your photos. What are they about?"),
        )
    elif kinds == {"voice"} and is_one:
        return _(
            "🎤 I can't listen to it, but whoever helps you can. Is it an appeal? Or just write it to me."
        )
    else:
        one, many = (
            _("📎 I have your file. What is it about?"),
            _("📎 I have your files. What are they about?"),
        )
    return one if is_one else many


def _shows_a_place(state: State) -> bool:
    return any(one["kind"] == "photo" for one in state["sent"])


def _react(state: State, event: hears.Event, understanding: Understanding) -> Reaction:
    match event:
        case hears.Choice(["way", str(way)]):
            return Left({"way": way, "state": state, "means": ""})
        case hears.Photo() | hears.File() | hears.Voice():
            return _another(state, event)
        case hears.Text(text):
            return _told(state, text, understanding)
    return IGNORED


def _another(state: State, seen: Seen) -> Reaction:
    """One more; the rest of an album is worth no word each."""
    try:
        sent = Sent().hear(seen)
    except Refused:
        return IGNORED
    album = _album_of(seen)
    kept = [*state["sent"], sent][:MOST_ATTACHMENTS]
    more = {**state, "sent": kept, "album": state["album"] or album}
    return Quietly(more) if album and album == state["album"] else more


def _told(state: State, text: str, understanding: Understanding) -> Reaction:
    """Words below them: the number of a button, what they are about, or something else altogether."""
    ways = [HAZARD, APPEAL] if _shows_a_place(state) else [APPEAL]
    if (place := ordinal(text, len(ways))) is not None:
        return Left({"way": ways[place - 1], "state": state, "means": ""})
    found = understanding.read(text)
    told = {**state, "words": "\n".join(filter(None, [state["words"], text]))}
    way = _TELLS.get(found.intent)
    if way in ways and found.confidence >= _SURELY_ELSE:
        return Left({"way": way, "state": told, "means": found.intent})
    is_else = way is None and found.intent != NONE and found.confidence >= _SURELY_ELSE
    return IGNORED if is_else else told


# -- Where it leads -------------------------------------------------------------------------


async def _to_hazard(
    talk: Talk, said: str, heard: list[Seen], desks: Desks, understanding: Understanding
) -> Go:
    """One picture shows a place: the first."""
    photos = [one for one in heard if isinstance(one, hears.Photo)]
    if len(photos) > 1:
        await talk.say("first", _("📷 One photo shows the place: the first one goes along."))
    slots = understanding.slots(said, "hazard_report") if said else {}
    go = meanings.target("hazard_report", said, slots, desks)
    given, answers = (go.given, go.answers) if isinstance(go, Go) else ({}, {})
    photo = hears.Photo(photos[0].file, "" if given.get("asked") else said, size=photos[0].size)
    return Go(HAZARD, given, {"seen": Picture().hear(photo), **answers})


def _to_appeal(said: str, sent: list[Any], means: str, desks: Desks, understanding: Understanding) -> Go:
    """All of it goes along; a voice message without a word beside it tells the story."""
    given: dict[str, Any] = {"asked": said} if said else {}
    answers: dict[str, Any] = {}
    if means and isinstance(go := meanings.target(means, said, understanding.slots(said, means), desks), Go):
        given, answers = dict(go.given), dict(go.answers)
    if not said and sent[0]["kind"] == "voice":
        answers["story"], sent = {"text": "", "sent": sent[0]}, sent[1:]
    files = {f"file{number}": {"sent": one} for number, one in enumerate(sent)}
    return Go(APPEAL, given, {**files, **answers})


def _caption(seen: Seen) -> str:
    return "" if isinstance(seen, hears.Voice) else seen.caption


def _album_of(seen: Seen) -> str | None:
    return None if isinstance(seen, hears.Voice) else seen.album


DIALOG = Dialog(PICTURE, sort_out, title=lambda: _("Your photo"), parks=False)
