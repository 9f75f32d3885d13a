"""The conversations people have, one file for each capability."""

from __future__ import annotations

from typing import Any

from bot.dialogs import language, menu, station_reports, stations
from bot.talk import hears
from bot.talk.dialog import Repertoire, repertoire
from bot.talk.engine import Go


def everything() -> Repertoire:
    """All Wayside can talk about."""
    return repertoire(
        dialogs=(stations.DIALOG, station_reports.DIALOG),
        commands=(*menu.COMMANDS, *language.COMMANDS, *stations.COMMANDS),
        actions=(*language.ACTIONS, *stations.ACTIONS),
        links=(*menu.LINKS, *stations.LINKS),
        route=_route,
        menu=menu.lasting_menu,
    )


def _route(event: hears.Event, certain: bool, services: Any) -> Go | None:
    return stations.route(event, certain, services.stations)
