"""The conversations people have, one file for each capability."""

from __future__ import annotations

from typing import Any

from bot.dialogs import (
    binding,
    branches,
    broadcast_making,
    broadcasts,
    certificates,
    checkin_making,
    checkin_rounds,
    checkins,
    daily,
    event_making,
    events,
    groups,
    guides,
    introduction,
    joining,
    language,
    lesson_cards,
    lesson_figures,
    lessons,
    me,
    menu,
    presence,
    quiet,
    reminder_list,
    reminder_papers,
    reminders,
    reviews,
    rosters,
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
            lesson_figures.DIALOG,
            reviews.DIALOG,
            daily.DIALOG,
            tracks.DIALOG,
            tracks.SETTING,
            certificates.DIALOG,
            guides.DIALOG,
            me.DIALOG,
            branches.DIALOG,
            broadcasts.DIALOG,
            broadcast_making.DIALOG,
            quiet.DIALOG,
            joining.DIALOG,
            serving.DIALOG,
            binding.DIALOG,
            rosters.DIALOG,
            reminders.DIALOG,
            reminders.CHANGE_DIALOG,
            reminder_list.DIALOG,
            reminder_papers.DIALOG,
            events.DIALOG,
            event_making.DIALOG,
            presence.DIALOG,
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
            *broadcasts.ACTIONS,
            *quiet.ACTIONS,
            *serving.ACTIONS,
            *groups.ACTIONS,
            *binding.ACTIONS,
            *rosters.ACTIONS,
            *introduction.ACTIONS,
            *reminders.ACTIONS,
            *reminder_list.ACTIONS,
            *events.ACTIONS,
            *presence.ACTIONS,
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
            *broadcasts.LINKS,
            *events.LINKS,
            *presence.LINKS,
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
