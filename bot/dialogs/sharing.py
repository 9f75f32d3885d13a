"""Stations to share in any chat: what `@bot 李家沱` offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.dialogs.station_words import name_of, opening_words, services_of
from bot.home import SHANGHAI
from bot.i18n import Phrase, _, join, plain
from bot.services.messages import compose
from bot.services.stations.board import StationBoard
from bot.services.stations.model import Query, Station
from bot.services.stations.names import Match
from bot.talk import says
from bot.talk.markup import parse

MOST = 10


def offers(text: str, board: StationBoard, now: datetime) -> list[dict[str, Any]]:
    """Results of an inline query: stations by name, or those around the place that was named."""
    asked = board.index.read(text)
    found = _named(asked.matches, asked.query, board, now)
    return [_offer(station, board, now) for station in found[:MOST]]


def _named(matches: Sequence[Match], query: Query, board: StationBoard, now: datetime) -> list[Station]:
    if not matches:
        return []
    named = [match.station for match in matches if match.station is not None]
    around = [found.station for found in board.index.near(matches[0].point, query, now, MOST)]
    return list({station.id: station for station in [*named, *around]}.values())


def _offer(station: Station, board: StationBoard, now: datetime) -> dict[str, Any]:
    opening = opening_words(board.index.opening(station, now), now.astimezone(SHANGHAI))
    offered = services_of(station, board.catalogue, words=True)
    lines = [Phrase("**{name}**").format(name=name_of(station)), opening]
    lines += [plain(line) for line in (station.address, offered) if line]
    text = says.Text(join(lines), [[says.Link(_("Open the card"), f"start:st_{station.id}")]])
    return {
        "id": station.id,
        "title": name_of(station),
        "description": parse(join([opening, plain(station.address)], " · ")).text,
        "body": compose(text),
    }
