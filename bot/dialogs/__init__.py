"""The conversations people have, one file for each capability."""

from __future__ import annotations

from typing import Any

from bot.dialogs import (
    binding,
    branches,
    certificates,
    checkin_making,
    checkin_rounds,
    checkins,
    daily,
    groups,
    guides,
    introduction,
    joining,
    language,
    lesson_cards,
    lessons,
    me,
    menu,
    reminder_list,
    reminder_papers,
    reminders,
    reviews,
    safeties,
    serving,
    station_reports,
    stations,
    together,
    tracks,
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
            lesson_cards.DIALOG,
            reviews.DIALOG,
            daily.DIALOG,
            tracks.DIALOG,
            tracks.SETTING,
            certificates.DIALOG,
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
            checkins.LIST_DIALOG,
            checkins.DIALOG,
            checkins.NAME_DIALOG,
            checkin_rounds.DIALOG,
            checkin_rounds.TELL_DIALOG,
            checkin_making.DIALOG,
            safeties.SET_UP_DIALOG,
            safeties.BUDDY_DIALOG,
        ),
        commands=(
            *menu.COMMANDS,
            *language.COMMANDS,
            *stations.COMMANDS,
            *certificates.COMMANDS,
            *groups.COMMANDS,
        ),
        actions=(
            *language.ACTIONS,
            *stations.ACTIONS,
            *lessons.ACTIONS,
            *reviews.ACTIONS,
            *daily.ACTIONS,
            *tracks.ACTIONS,
            *together.ACTIONS,
            *guides.ACTIONS,
            *me.ACTIONS,
            *branches.ACTIONS,
            *serving.ACTIONS,
            *groups.ACTIONS,
            *binding.ACTIONS,
            *introduction.ACTIONS,
            *reminders.ACTIONS,
            *reminder_list.ACTIONS,
            *checkins.ACTIONS,
            *checkin_rounds.ACTIONS,
            *checkin_making.ACTIONS,
            *safeties.ACTIONS,
        ),
        links=(
            *menu.LINKS,
            *stations.LINKS,
            *lessons.LINKS,
            *tracks.LINKS,
            *together.LINKS,
            *guides.LINKS,
            *joining.LINKS,
            *safeties.LINKS,
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
