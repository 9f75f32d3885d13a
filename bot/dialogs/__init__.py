"""The conversations people have, one file for each capability."""

from __future__ import annotations

from typing import Any

from bot.dialogs import (
    binding,
    branches,
    daily,
    groups,
    guides,
    introduction,
    joining,
    language,
    lessons,
    me,
    menu,
    reminder_list,
    reminder_papers,
    reminders,
    reviews,
    serving,
    station_reports,
    stations,
)
from bot.talk import hears
from bot.talk.dialog import Repertoire, repertoire
from bot.talk.engine import Go


def everything() -> Repertoire:
    """All Wayside can talk about."""
    return repertoire(
        dialogs=(
            stations.DIALOG,
            station_reports.DIALOG,
            lessons.LIST,
            lessons.DIALOG,
            reviews.DIALOG,
            daily.DIALOG,
            guides.DIALOG,
            me.DIALOG,
            branches.DIALOG,
            joining.DIALOG,
            serving.DIALOG,
            binding.DIALOG,
            reminders.DIALOG,
            reminders.CHANGE_DIALOG,
            reminder_list.DIALOG,
            reminder_papers.DIALOG,
        ),
        commands=(*menu.COMMANDS, *language.COMMANDS, *stations.COMMANDS, *groups.COMMANDS),
        actions=(
            *language.ACTIONS,
            *stations.ACTIONS,
            *lessons.ACTIONS,
            *reviews.ACTIONS,
            *daily.ACTIONS,
            *guides.ACTIONS,
            *me.ACTIONS,
            *branches.ACTIONS,
            *serving.ACTIONS,
            *groups.ACTIONS,
            *binding.ACTIONS,
            *introduction.ACTIONS,
            *reminders.ACTIONS,
            *reminder_list.ACTIONS,
        ),
        links=(
            *menu.LINKS,
            *stations.LINKS,
            *lessons.LINKS,
            *guides.LINKS,
            *joining.LINKS,
            *groups.LINKS,
            *binding.LINKS,
        ),
        route=_route,
        menu=menu.lasting_menu,
    )


def _route(event: hears.Event, certain: bool, services: Any) -> Go | None:
    """Who is meant by something said freely: reminders, lessons by their word, stations, then questions."""
    return (
        reminders.route(event, services.reminders)
        or lessons.route(event, certain)
        or stations.route(event, certain, services.stations)
        or guides.route(event, certain, services.lessons)
    )
