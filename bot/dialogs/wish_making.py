"""A new wish: what, and at which station it is to be handed over. An organizer looks at it first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs import wish_words as words
from bot.dialogs.nameless import Nameless, is_fit
from bot.dialogs.opening import BELOW
from bot.dialogs.station_words import name_of
from bot.i18n import Phrase, _, join
from bot.services.notices import Notices
from bot.services.refusals import TooMany
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Point, Query, Station
from bot.services.wishes.desk import WishDesk
from bot.services.wishes.model import LONGEST, SHORTEST
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import line
from bot.talk.says import Json

NEW = "make_wish"
MOST_OFFERED = 3


class AtStation:
    """A station, by its name or the place one shares; gives its id."""

    def __init__(self, stations: StationDesk) -> None:
        self._stations = stations

    def hear(self, event: hears.Event) -> Json:
        """A location, or a name."""
        if isinstance(event, hears.Location):
            found = self._stations.near(Point(event.lat, event.lon), Query(), 1)
            if not found:
                raise Refused(_("I know no station there. Write the name of one you pass."))
            return found[0].station.id
        said = line().hear(event)
        if self._stations.get(said) is not None:
            return said
        station = self._named(said)
        if station is None:
            raise Refused(_("I know no station of that name. Write it as its card does, or share 📍."))
        return station.id

    def read(self, value: Json) -> str:
        """The id; Refused for a station that is no longer there."""
        station = self._stations.get(value) if isinstance(value, str) else None
        if station is None or station.retired:
            raise Refused(_("That station is not there any more. Which other one?"))
        return station.id

    def _named(self, said: str) -> Station | None:
        """The station of that name, or the nearest to a place of that name."""
        matches = self._stations.read(said, surely=True).matches
        if not matches:
            return None
        if matches[0].station is not None:
            return matches[0].station
        found = self._stations.near(matches[0].point, Query(), 1)
        return found[0].station if found else None


async def make_wish(talk: Talk, wishes: WishDesk, stations: StationDesk, notices: Notices) -> None:
    """Ask what and where, and hand it to the organizers."""
    what = await talk.given("asked", "")
    if not is_fit(what, SHORTEST, LONGEST):
        question = _(
            "🌱 What do you wish for? Something small: “cotton shoes, size 42”, “a school bag”. "
            "Nobody learns who wishes: leave names out."
        )
        what = await talk.ask("what", question, Nameless(SHORTEST, LONGEST))
    at = _("📍 At which station do you want to pick it up? Write its name, or share where you are.")
    station = await talk.ask("station", at, AtStation(stations), quick=await _likely(stations))

    async def post() -> bool:
        return await _posted(str(what), station, wishes, stations, notices)

    row: list[says.Button] = [says.Action(_("🌱 All wishes"), words.LIST, BELOW)]
    if not await talk.once("post", post):
        many = _("Two wishes of yours are open: let those come true first.")
        await talk.say("many", says.Text(many, [row]))
        return
    done = [_("✓ Thank you. An organizer looks at it first, then it goes on the list. I tell you.")]
    place = stations.get(station)
    if place is not None:
        done.append(Phrase("📍 {station}").format(station=name_of(place)))
    await talk.say("done", says.Text(join(done), [row]))


async def _likely(stations: StationDesk) -> Sequence[tuple[str, str]]:
    """Favourites, and the nearest one where they are known to be."""
    found = [one for one in await stations.favourites() if not one.retired]
    here = stations.whereabouts()
    if here is not None:
        found = [*(near.station for near in stations.near(here, Query(), 1)), *found]
    unique = list({one.id: one for one in found}.values())
    return [(name_of(one), one.id) for one in unique[:MOST_OFFERED]]


async def _posted(what: str, station: str, wishes: WishDesk, stations: StationDesk, notices: Notices) -> bool:
    place = stations.get(station)
    try:
        changed = await wishes.wish(what, station, place.district if place else "")
    except TooMany:
        return False
    await notices.pass_on(
        changed.news, lambda _news: words.posted(changed.wish, name_of(place) if place else station)
    )
    return True


DIALOG = Dialog(NEW, make_wish, title=lambda: _("Your wish"))
