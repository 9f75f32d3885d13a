"""After the first useful answer, and once for all: what do you do, and where? Each can be skipped."""

from __future__ import annotations

from bot.dialogs.branch_words import work_words
from bot.i18n import _
from bot.services.people import WORK_KINDS, People
from bot.services.stations.desk import StationDesk
from bot.talk import says
from bot.talk.dialog import Answerer, Aside
from bot.talk.engine import Talk

COLUMNS = 3
MOST_DISTRICTS = 9
NO_ANSWER = "-"


async def offer(talk: Talk, people: People, station: str) -> None:
    """Ask below the station that was just looked at, unless it was asked before."""
    if not talk.private or not await people.introduce():
        return
    named = work_words()
    buttons = [says.Action(named[kind], "my_work", f"{kind} {station}") for kind in WORK_KINDS]
    text = _(
        "🙋 By the way: what do you ride or drive for? News and lessons can then fit you. "
        "Skip it, and I won't ask again."
    )
    talk.add(says.Text(text, _choices(buttons, "my_work")))


def _choices(buttons: list[says.Action], asked: str) -> list[list[says.Button]]:
    return [*says.in_columns(buttons, COLUMNS), [says.Action(_("Skip"), asked, NO_ANSWER)]]


async def my_work(aside: Aside, said: str, people: People, stations: StationDesk) -> None:
    """Note what they do, and ask where: first of the districts around the station they looked at."""
    kind, _space, seen = said.partition(" ")
    if kind not in WORK_KINDS:
        _stop(aside)
        return
    await people.say_work(kind)
    station = stations.get(seen)
    found = stations.districts(station.point if station else None)[:MOST_DISTRICTS]
    if not found:
        _thank(aside)
        return
    buttons = [says.Action(name, "my_district", name) for name in found]
    text = _("And where, mostly? You can skip this one too.")
    aside.redraw(says.Text(text, _choices(buttons, "my_district")))


async def my_district(aside: Aside, name: str, people: People, stations: StationDesk) -> None:
    """Note where they work, and be done with asking."""
    district = stations.district_named(name)
    if district is None:
        _stop(aside)
        return
    await people.say_district(district)
    _thank(aside)


def _thank(aside: Aside) -> None:
    aside.redraw(says.Text(_("That's all I ask. Change it any time: /me")))


def _stop(aside: Aside) -> None:
    aside.redraw(says.Text(_("All right, no more questions. Change it any time: /me")))


ACTIONS = (Answerer("my_work", my_work), Answerer("my_district", my_district))
