"""The screens of the station finder: where are you, which one, the list, the filters, the card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.dialogs.station_words import (
    confirmed_words,
    flag_words,
    hours_words,
    how_far,
    label_of,
    name_of,
    opening_words,
    services_of,
    when_words,
)
from bot.i18n import Phrase, _, is_chinese, join, ngettext, plain
from bot.services.stations.catalogue import Service
from bot.services.stations.desk import StationDesk
from bot.services.stations.geo import in_china, metres_between, minutes_for
from bot.services.stations.hours import opening
from bot.services.stations.model import Found, Point, Query, Station
from bot.talk import says

State = dict[str, Any]
Rows = list[list[says.Button]]

PAGE = 5
# One tap each in the list; the rest is behind "More filters".
QUICK_SERVICES = ("phone_charge", "heat_meal", "toilet")
# What the issue of a courier's break allows: ten or fifteen minutes there.
REACHES = ((10, "foot"), (15, "foot"), (10, "ebike"), (15, "ebike"))


async def draw(state: State, stations: StationDesk, *, private: bool) -> says.Screen:
    """The screen that a state means."""
    if state.get("card"):
        return await _card(state, stations, private=private)
    if state.get("picks"):
        return _picks(state)
    if state.get("unknown"):
        return _unknown(state)
    if "favourites" in state:
        return _favourites(state, stations)
    if state.get("filters"):
        return _filters(state, stations)
    if origin(state, stations) is None:
        return _where(state, stations, private=private)
    return _list(state, stations, private=private)


def origin(state: State, stations: StationDesk) -> Point | None:
    """Where distances are counted from; None when that is not known (any more)."""
    at = state.get("at") or {}
    if "here" in at:
        return stations.whereabouts(shifted=at.get("shifted", False))
    return Point(at["lat"], at["lon"]) if "lat" in at else None


def stations_on(state: State, stations: StationDesk) -> list[Found]:
    """The stations of the page shown, in order."""
    point = origin(state, stations)
    if "favourites" in state:
        kept = [found for name in state["favourites"] if (found := stations.get(name)) is not None]
        return [_as_found(station, point, stations) for station in kept[: 2 * PAGE]]
    if point is None:
        return []
    return stations.listed(point, Query.from_dict(state["query"]), PAGE, state["page"] * PAGE)


def _as_found(station: Station, point: Point | None, stations: StationDesk) -> Found:
    metres = metres_between(point, station.point) if point else 0.0
    return Found(station, metres, minutes_for(metres), opening(station.opening_hours, stations.now))


# -- Where are you, which one ------------------------------------------------------


def _where(state: State, stations: StationDesk, *, private: bool) -> says.Screen:
    wanted = _wanted(Query.from_dict(state["query"]), stations)
    if state.get("used") == "refused":
        refused = _("Your place isn't used: you said so. Type a place such as “Lijiatuo”, or share it again.")
        return says.Screen(refused, [[says.Option(_("📍 Use my place again"), ["place", True])]])
    if private:
        ask = _("📍 Where are you? Tap **Stations near me** below, or type a place such as “Lijiatuo”.")
    else:
        ask = _("Where? Say a place after the command, such as: /stations Lijiatuo")
    return says.Screen(join([wanted, ask]) if wanted else ask, menu=True)


def _picks(state: State) -> says.Screen:
    rows: Rows = [
        [says.Option(("🏠 " if pick["card"] else "📍 ") + _place_name(pick), ["pick", index])]
        for index, pick in enumerate(state["picks"])
    ]
    return says.Screen(_("Which one do you mean?"), rows)


def _unknown(state: State) -> says.Screen:
    text = _("I don't know “{place}”. Try another name nearby, or share where you are with 📍 below.")
    return says.Screen(text.format(place=state["unknown"]), menu=True)


# -- The list ----------------------------------------------------------------------


def _list(state: State, stations: StationDesk, *, private: bool) -> says.Screen:
    query = Query.from_dict(state["query"])
    point = origin(state, stations)
    assert point is not None  # noqa: S101 - `draw` asked before
    found = stations.listed(point, query, PAGE + 1, state["page"] * PAGE)
    shown = found[:PAGE]
    is_dark = all(one.opening.open is False for one in shown)
    lines = [_heading(state, query, stations)]
    if not shown:
        lines.append(_nothing(point, query, stations))
    elif is_dark:
        lines.append(_all_closed(point, query, stations))
    is_apart = any(one.opening.open for one in shown) and stations.is_mostly_closed(point, query)
    lines += _entries(shown, query, stations, is_apart=is_apart)
    rows: Rows = [_numbers(shown, private=private)] if shown else []
    rows += _quick_filters(query, stations, state["page"], more=len(found) > PAGE)
    if is_dark and _anything_open(point, query, stations):
        rows.append([says.Option(_("🟢 Show what is open now"), ["open_anything"])])
    rows.append(_corrections(state, query, stations))
    if state.get("used") == "first":
        lines.append(_("\n🔒 Your place was used for this search; in 15 minutes it is forgotten."))
        rows.append([says.Option(_("Don't use my place"), ["place", False])])
    return says.Screen(join(lines), [row for row in rows if row])


def _heading(state: State, query: Query, stations: StationDesk) -> Phrase:
    name = _place_name(state["at"])
    where = _("📍 Near **{place}**").format(place=name) if name else _("📍 Near you")
    wanted = _wanted(query, stations)
    return Phrase("{where} · {wanted}").format(where=where, wanted=wanted) if wanted else where


def _place_name(at: State) -> str:
    named = at.get("name") or at.get("title") or ""
    return str(named if is_chinese() else at.get("name_en") or named)


def _wanted(query: Query, stations: StationDesk) -> Phrase:
    """The filters in words, or nothing."""
    parts = [plain(label_of(service)) for service in _services(query.services, stations)]
    parts += [plain(label_of(kind)) for name in query.kinds if (kind := stations.catalogue.kind(name))]
    if query.open_now:
        parts.append(_("open now"))
    if query.always:
        parts.append(_("day and night"))
    if query.minutes is not None:
        parts.append(_reach_words(query.minutes, query.mode))
    return join(parts, " · ")


def _reach_words(minutes: int, mode: str) -> Phrase:
    if mode == "ebike":
        return ngettext("within {n} min by e-bike", "within {n} min by e-bike", minutes)
    return ngettext("within {n} min on foot", "within {n} min on foot", minutes)


def _services(names: tuple[str, ...], stations: StationDesk) -> list[Service]:
    return [service for name in names if (service := stations.catalogue.service(name)) is not None]


def _entries(shown: list[Found], query: Query, stations: StationDesk, *, is_apart: bool) -> list[Phrase]:
    """Each station, perhaps with headings over what is open and over the rest."""
    lines: list[Phrase] = []
    was_open: bool | None = None
    for number, one in enumerate(shown, 1):
        is_open = bool(one.opening.open)
        if is_apart and is_open is not was_open:
            lines.append(_("🟢 _Open now_") if is_open else _("🌙 _The others_"))
        was_open = is_open
        lines.append(_entry(number, one, query, stations))
    return lines


def _entry(number: int, found: Found, query: Query, stations: StationDesk) -> Phrase:
    kind = stations.catalogue.kind(found.station.kind)
    badge = f" {kind.emoji}" if kind and kind.badge else ""
    lines = [
        Phrase("{number}. **{name}**{badge}").format(number=number, name=name_of(found.station), badge=badge),
        Phrase("{far} · {open}").format(
            far=_far(found, query, stations), open=opening_words(found.opening, stations.now)
        ),
    ]
    symbols = services_of(found.station, stations.catalogue, words=False)
    if symbols:
        lines.append(plain(symbols))
    return join(lines)


def _far(found: Found, query: Query, stations: StationDesk) -> Phrase:
    """How far it is; who asked for what can be walked to is told of walking."""
    return how_far(found, query.mode, rides=stations.rides and query.minutes is None)


def _all_closed(point: Point, query: Query, stations: StationDesk) -> Phrase:
    """What is listed is closed: the nearest that is open, or what opens next."""
    for nearest in stations.near(point, replace(query, open_now=True), 1):
        return _("🌙 All of these are closed. Open now: **{name}**, {far}.").format(
            name=name_of(nearest.station), far=_far(nearest, query, stations)
        )
    return _nothing(point, replace(query, open_now=True), stations)


def _nothing(point: Point, query: Query, stations: StationDesk) -> Phrase:
    """Nothing fits: what opens next, or what to leave out."""
    following = stations.opens_next(point, query)
    if query.open_now and following is not None and following.opening.opens is not None:
        wanted = _wanted(replace(query, open_now=False), stations)
        told = (
            _("Nothing with {wanted} is open now. Next: **{name}**, {far}, opens {when}.")
            if wanted
            else _("Nothing is open here now. Next: **{name}**, {far}, opens {when}.")
        )
        return told.format(
            wanted=wanted,
            name=name_of(following.station),
            far=_far(following, query, stations),
            when=when_words(following.opening.opens, stations.now),
        )
    return _("Nothing fits all of that. Take a filter off, or try another place.")


def _anything_open(point: Point, query: Query, stations: StationDesk) -> bool:
    """Whether something else is open while nothing that fits is."""
    fits = stations.near(point, replace(query, open_now=True), 1)
    return not fits and bool(stations.near(point, Query(open_now=True), 1))


def _numbers(shown: list[Found], *, private: bool) -> list[says.Button]:
    if private:
        return [says.Option(str(number), ["card", one.station.id]) for number, one in enumerate(shown, 1)]
    # In a group a card is a personal matter.
    return [says.Link(str(number), f"start:st_{one.station.id}") for number, one in enumerate(shown, 1)]


def _ticked(label: str, ticked: bool) -> str:
    return f"✓ {label}" if ticked else label


def _quick_filters(query: Query, stations: StationDesk, page: int, *, more: bool) -> Rows:
    quick: list[says.Button] = [
        says.Option(_ticked(label_of(service), service.id in query.services), ["service", service.id])
        for service in _services(QUICK_SERVICES, stations)
    ]
    last: list[says.Button] = [
        says.Option(_ticked(_("Open now"), query.open_now), ["open", not query.open_now]),
        says.Option(_("⚙ Filters"), ["filters"]),
    ]
    if page:
        last.insert(0, says.Option(_("‹ Nearer"), ["page", page - 1]))
    if more:
        last.append(says.Option(_("More ›"), ["page", page + 1]))
    return [quick, last]


def _corrections(state: State, query: Query, stations: StationDesk) -> list[says.Button]:
    row: list[says.Button] = []
    if query != Query():
        row.append(says.Option(_("✕ No filter"), ["anything"]))
    shifted = state["at"].get("shifted", False)
    if shifted:
        row.append(says.Option(_("Back to the GPS position"), ["datum", False]))
    elif "here" in state["at"] and stations.seems_shifted():
        row.append(says.Option(_("Position looks off?"), ["datum", True]))
    return row


# -- Filters, favourites ---------------------------------------------------------------


def _filters(state: State, stations: StationDesk) -> says.Screen:
    query = Query.from_dict(state["query"])
    services: list[says.Button] = [
        says.Option(_ticked(label_of(service), service.id in query.services), ["service", service.id])
        for service in stations.catalogue.services
    ]
    reaches: list[says.Button] = [
        says.Option(
            _ticked(_reach_words(minutes, mode), (query.minutes, query.mode) == (minutes, mode)),
            ["within", minutes, mode],
        )
        for minutes, mode in REACHES
    ]
    rows: Rows = [services[start : start + 3] for start in range(0, len(services), 3)]
    rows += [reaches[:2], reaches[2:]]
    is_open = says.Option(_ticked(_("Open now"), query.open_now), ["open", not query.open_now])
    is_always = says.Option(_ticked(_("Day and night"), query.always), ["always", not query.always])
    rows.append([is_open, is_always])
    rows.append([says.Option(_("‹ Show the list"), ["list"])])
    return says.Screen(_("What must it have? Tap as many as you need."), rows)


def _favourites(state: State, stations: StationDesk) -> says.Screen:
    near: list[says.Button] = [says.Option(_("📍 Near me"), ["here"])]
    shown = stations_on(state, stations)
    if not shown:
        text = _("No favourites yet. Open a station and tap ⭐: it will be here from then on.")
        return says.Screen(text, [near])
    knows_where = origin(state, stations) is not None
    lines = [_("⭐ **Favourites**")]
    for number, one in enumerate(shown, 1):
        first = Phrase("{number}. **{name}**").format(number=number, name=name_of(one.station))
        second = opening_words(one.opening, stations.now)
        if knows_where:
            far = how_far(one, "foot", rides=stations.rides)
            second = Phrase("{far} · {open}").format(far=far, open=second)
        lines.append(join([first, second]))
    numbers = _numbers(shown, private=True)
    return says.Screen(join(lines, "\n\n"), [numbers[:PAGE], numbers[PAGE:], near])


# -- The card -----------------------------------------------------------------------------


async def _card(state: State, stations: StationDesk, *, private: bool) -> says.Screen:
    station = stations.get(state["card"])
    if station is None:
        text = _("That station is not on the list any more.")
        return says.Screen(text, [[says.Option(_("📍 Near me"), ["here"])]])
    if not private:
        return says.Screen(await _card_text(state, station, stations), [[_open_in_private(station)]])
    kept = await stations.is_favourite(station.id)
    favourite = says.Option(_("★ Favourite") if kept else _("☆ Favourite"), ["favourite", not kept])
    share = says.Share(_("↗ Share"), station.name)
    rows: Rows = [
        [says.Link(_("🧭 Directions"), _directions(station)), favourite],
        [says.Option(_("⚠ Something is wrong"), ["wrong"]), share],
        [says.Option(_("‹ Back to the list"), ["list"])],
    ]
    return says.Screen(await _card_text(state, station, stations), rows)


def _open_in_private(station: Station) -> says.Link:
    return says.Link(_("Open the card"), f"start:st_{station.id}")


async def _card_text(state: State, station: Station, stations: StationDesk) -> Phrase:
    kind = stations.catalogue.kind(station.kind)
    lines = [Phrase("**{name}**").format(name=name_of(station))]
    if station.retired:
        lines.append(_("⛔ This station is no longer there."))
    if kind is not None:
        lines.append(plain(label_of(kind)))
    lines.append(hours_line(station, stations))
    point = origin(state, stations)
    # From its own QR code a station is no distance away.
    if point is not None and point != station.point:
        far = how_far(_as_found(station, point, stations), "foot", rides=stations.rides)
        lines.append(Phrase("📍 {far}").format(far=far))
    offered = services_of(station, stations.catalogue, words=True)
    lines += [plain(text) for text in (station.address, offered) if text]
    if station.phone:
        lines.append(Phrase("📞 {phone}").format(phone=station.phone))
    if station.note:
        lines.append(Phrase("📝 {note}").format(note=station.note))
    lines.append(Phrase("✓ {confirmed}").format(confirmed=confirmed_words(station, stations.today)))
    told = [flag_words(kind) for kind in await stations.open_flags(station.id)]
    if told:
        lines.append(_("⚠ People say: {what}. It is being checked.").format(what=join(told, _(", "))))
    return join(lines)


def hours_line(station: Station, stations: StationDesk) -> Phrase:
    """Whether it is open, until when, and its hours."""
    now = opening(station.opening_hours, stations.now)
    words = opening_words(now, stations.now)
    hours = "" if now.always else hours_words(station.opening_hours)
    return _("{words} ({hours})").format(words=words, hours=hours) if hours else words


def _directions(station: Station) -> str:
    """A map app's way to the station. In China Amap, told that the coordinates are WGS-84."""
    point = station.point
    if in_china(point):
        name = quote(station.name if is_chinese() else name_of(station), safe="")
        return (
            f"https://uri.amap.com/navigation?to={point.lon:.6f},{point.lat:.6f},{name}"
            "&mode=walk&coordinate=wgs84&callnative=1"
        )
    return f"https://www.openstreetmap.org/directions?to={point.lat:.6f}%2C{point.lon:.6f}"
