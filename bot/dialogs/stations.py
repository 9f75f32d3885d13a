"""A courier finds a station: by place, by words, by what it offers; its card; what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.dialogs import consenting, introduction
from bot.dialogs import station_screens as screens
from bot.dialogs.station_words import name_of
from bot.i18n import _
from bot.services.people import People
from bot.services.privacy.consents import Consents
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Found, Place, Point, Query, Station
from bot.services.stations.names import Match, clear_winner
from bot.services.stations.search import Asked
from bot.services.understanding.follow_up import FollowUp, follow_up
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.ordinals import ordinal

REPORT = "station_report"

State = dict[str, Any]
"""What the screen shows: `query`, `at` (`{"here": …}` or `{"name", "lat", "lon"}`), `page`, and perhaps
`card` (a station's id), `picks` (what a name may mean), `filters`, `favourites`, `unknown` (a name that
nobody knows), `used` (what is to be said of a shared place, as `consenting.place` gives it)."""


async def find_stations(talk: Talk, stations: StationDesk, people: People, consents: Consents) -> Go:
    """Show stations until something else is asked for. What is wrong with one is told in a report."""
    asked = await talk.given("asked")
    used = await talk.once("place", lambda: consenting.place(consents, stations, private=talk.private))
    shown = await talk.browse(
        "list",
        lambda: {**_start(asked, stations), **({"used": used} if used else {})},
        lambda state: screens.draw(state, stations, private=talk.private),
        lambda state, event: _react(talk, state, event, stations, people, consents),
    )
    return Go(REPORT, {"station": shown["card"], "back": shown})


# -- Where a search begins -----------------------------------------------------


def _start(asked: Any, stations: StationDesk) -> State:
    if isinstance(asked, dict):
        return {"query": {}, "at": None, "page": 0, **asked}
    if isinstance(asked, str) and asked.strip():
        return _searched(stations.read(asked, surely=True), {})
    return {"query": {}, "at": {"here": True}, "page": 0}


def _searched(asked: Asked, before: State) -> State:
    """The state after somebody typed a line: what it does not name stays what it was, place or filters."""
    query = asked.query.to_dict() or before.get("query", {})
    state: State = {"query": query, "at": before.get("at") or {"here": True}, "page": 0}
    if not asked.matches:
        near = {**state, "at": {"here": True}} if asked.near else state
        return {**near, "unknown": asked.place_text} if asked.place_text else near
    winner = clear_winner(asked.matches)
    if winner is None:
        return {**state, "picks": [_pick(match) for match in asked.matches]}
    if winner.station is not None and (asked.asks_hours or asked.query == Query()):
        return {**state, "at": _place(winner), "card": winner.station.id}
    return {**state, "at": _place(winner)}


def _place(match: Match) -> State:
    return _at(match.named)


def _at(named: Place | Station) -> State:
    return {
        "name": named.name,
        "name_en": named.name_en,
        "lat": named.point.lat,
        "lon": named.point.lon,
    }


def _pick(match: Match) -> State:
    return {**_place(match), "card": match.station.id if match.station else None}


# -- What a tap or a word does ---------------------------------------------------


async def _react(
    talk: Talk,
    state: State,
    event: hears.Event,
    stations: StationDesk,
    people: People,
    consents: Consents,
) -> Reaction:
    # It is said once, below the first answer.
    state = {key: value for key, value in state.items() if key != "used"}
    match event:
        case hears.Choice(["place", bool(wanted)]):
            await consenting.use_place(talk, consents, stations, wanted=wanted)
            return state
        case hears.Location(lat, lon, title):
            moved = _moved(state, Point(lat, lon), title, stations)
            used = await consenting.place(consents, stations, private=talk.private)
            return {**moved, "used": used} if used else moved
    reaction = await _reaction(talk, state, event, stations)
    # A card must not be pushed off the screen by a question: it comes when the card was read.
    if isinstance(reaction, dict) and state.get("card") and not reaction.get("card"):
        await introduction.offer(talk, people, state["card"])
    return reaction


async def _reaction(talk: Talk, state: State, event: hears.Event, stations: StationDesk) -> Reaction:
    match event:
        case hears.Choice(value):
            return await _tapped(talk, state, value, stations)
        case hears.Text(text):
            return _typed(talk, state, text, stations)
    return IGNORED


def _moved(state: State, point: Point, title: str, stations: StationDesk) -> State:
    """A new place keeps the filters: who looked for a socket still wants one."""
    stations.remember(point)
    return {"query": state["query"], "at": {"here": True, "title": title}, "page": 0}


def _typed(talk: Talk, state: State, text: str, stations: StationDesk) -> Reaction:
    picks = state.get("picks", [])
    if picks and (place := ordinal(text, len(picks))) is not None:
        return _picked(talk, state, place - 1, stations)
    shown = screens.stations_on(state, stations)
    if (place := ordinal(text, len(shown))) is not None:
        return _opened(talk, state, shown[place - 1].station.id, stations)
    if (wanted := follow_up(text)) is not None and shown:
        return _followed(talk, state, wanted, shown, stations)
    asked = stations.read(text)
    return _searched(asked, _kept(asked, state, stations)) if asked.is_search else IGNORED


def _kept(asked: Asked, state: State, stations: StationDesk) -> State:
    """What a typed line leaves as it was. A place is a new search, unless it answers "where?"."""
    was_asked = state.get("unknown") or screens.origin(state, stations) is None
    return {**state, "query": {}} if asked.matches and not was_asked else state


def _followed(
    talk: Talk, state: State, wanted: FollowUp, shown: Sequence[Found], stations: StationDesk
) -> State:
    """What is said of the card or the list that is shown: of a list the first is meant."""
    meant = stations.get(state["card"]) if state.get("card") else None
    station = meant or shown[0].station
    match wanted:
        case "more" if meant:
            return {key: state[key] for key in state if key not in ("card", "filters")}
        case "more":
            return {**state, "page": state["page"] + 1}
        case "nearer":
            return _nearer(talk, state, stations)
        case "hours":
            hours = screens.hours_line(station, stations)
            talk.toast(_("{name}: {hours}").format(name=name_of(station), hours=hours))
            return state
    return _opened(talk, state, station.id, stations)


def _nearer(talk: Talk, state: State, stations: StationDesk) -> State:
    """The nearest one, with the filters as they are; of the nearest the news that it is."""
    listed = {**state, "page": 0}
    nearest = screens.stations_on(listed, stations)[0].station.id
    if state.get("card") == nearest or (not state.get("card") and state["page"] == 0):
        talk.toast(_("The first one is the nearest already."))
    return _opened(talk, listed, nearest, stations)


async def _tapped(talk: Talk, state: State, value: Any, stations: StationDesk) -> Reaction:
    match value:
        case ["card", str(station)]:
            return _opened(talk, state, station, stations)
        case ["pick", int(index)]:
            return _picked(talk, state, index, stations)
        case ["page", int(page)]:
            return {**state, "page": max(0, page)}
        case ["wrong"]:
            return Left(state)
        case ["favourite", bool(wanted)]:
            await stations.set_favourite(state["card"], wanted)
            talk.toast(_("⭐ Kept under Favourites.") if wanted else _("No longer a favourite."))
            return state
        case _:
            return _changed(state, value)


def _changed(state: State, value: Any) -> State:
    """What only changes the list: its filters, its datum, the way back to it."""
    query = Query.from_dict(state["query"])
    match value:
        case ["list"]:
            return {key: state[key] for key in state if key not in ("card", "filters")}
        case ["filters"]:
            return {**state, "filters": True}
        case ["datum", bool(shifted)]:
            return {**state, "at": {**state["at"], "shifted": shifted}, "page": 0}
        case ["here"]:
            return {"query": state["query"], "at": {"here": True}, "page": 0}
    return {**state, "query": _filtered(query, value).to_dict(), "page": 0}


def _filtered(query: Query, value: Any) -> Query:
    match value:
        case ["service", str(service)]:
            others = tuple(name for name in query.services if name != service)
            return replace(query, services=others if service in query.services else (*others, service))
        case ["open", bool(wanted)]:
            return replace(query, open_now=wanted)
        case ["always", bool(wanted)]:
            return replace(query, always=wanted)
        case ["within", int(minutes), ("foot" | "ebike") as mode]:
            if (query.minutes, query.mode) == (minutes, mode):
                return replace(query, minutes=None, mode="foot")
            return replace(query, minutes=minutes, mode=mode)
        case ["anything"]:
            return Query()
        case ["open_anything"]:
            return Query(open_now=True)
    return query


def _opened(talk: Talk, state: State, station: str, stations: StationDesk) -> State:
    """Open a card, with its pin below it."""
    found = stations.get(station)
    if found is not None and talk.private:
        talk.add(says.Place(found.point.lat, found.point.lon, name_of(found), found.address))
    return {**state, "card": station}


def _picked(talk: Talk, state: State, index: int, stations: StationDesk) -> State:
    pick = state["picks"][index]
    at = {key: pick[key] for key in ("name", "name_en", "lat", "lon")}
    chosen = {"query": state["query"], "at": at, "page": 0}
    if pick["card"] and not state["query"]:
        return _opened(talk, chosen, pick["card"], stations)
    return chosen


# -- Ways in -------------------------------------------------------------------------


def located(place: hears.Location, stations: StationDesk) -> Go:
    """The stations around a place that was shared."""
    stations.remember(Point(place.lat, place.lon))
    return Go(DIALOG.name, {"asked": {"at": {"here": True, "title": place.title}}})


async def open_link(aside: Aside, station: str, stations: StationDesk) -> None:
    """A station's QR code or shared link: its card, and behind it the list around it."""
    found = stations.get(station)
    aside.go(DIALOG.name, asked={"card": station, "at": _at(found) if found else {"here": True}})


async def find(aside: Aside, service: str, stations: StationDesk) -> None:
    """Find one service near the person, or any station."""
    if service and stations.catalogue.service(service) is None:
        aside.toast(_("That button doesn't work any more."))
        return
    query = {"services": [service]} if service else {}
    aside.go(DIALOG.name, asked={"query": query, "at": {"here": True}})


async def favourites(aside: Aside, _argument: str, stations: StationDesk) -> None:
    """The person's own list."""
    kept = await stations.favourites()
    aside.go(DIALOG.name, asked={"favourites": [station.id for station in kept], "at": {"here": True}})


DIALOG = Dialog(
    "stations",
    find_stations,
    title=lambda: _("Find a station"),
    command="stations",
    summary=lambda: _("Stations near me, or: /stations Lijiatuo"),
    parks=False,
    in_groups=True,
)
COMMANDS = (Answerer("favourites", favourites, lambda: _("My favourite stations")),)
ACTIONS = (Answerer("find", find), Answerer("favourites", favourites))
LINKS = (Answerer("st", open_link),)
