"""Rounds as pictures: the trend over rounds, the answers to a survey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import _, day_and_month
from bot.services import charts
from bot.services.checkins.model import Board, Tally

MOST_OPTIONS_DRAWN: Final = 4
"""Beside the line of how many answered; more lines nobody tells apart on a phone."""


def trend(boards: Sequence[Board]) -> bytes:
    """How many of those asked answered, and what, over the rounds (the oldest first), in per cent."""
    checkin = boards[-1].checkin
    points = [day_and_month(board.round.opened_at.astimezone(ZoneInfo(board.zone))) for board in boards]
    rows = [charts.Line(str(_("answered, %")), [_percent(board.answered, board.asked) for board in boards])]
    question = checkin.questions[0]
    if not checkin.is_survey and question.kind == "options":
        rows += [
            charts.Line(option.label, [_share(board, place) for board in boards])
            for place, option in enumerate(question.options[:MOST_OPTIONS_DRAWN])
        ]
    return charts.lines(checkin.title, points, rows, note=str(_("in per cent; each point is a round")))


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _share(board: Board, place: int) -> float | None:
    """How many per cent of the answers were this option; a gap where they are hidden."""
    if not board.tallies:
        return None
    tally = board.tallies[0]
    return _percent(tally.counts.get(place, 0), tally.answers)


def results(board: Board) -> bytes | None:
    """How often each option and number was answered; None where nothing of that was."""
    rows = [bar for place, tally in enumerate(board.tallies, 1) for bar in _bars(place, tally, board)]
    if not rows:
        return None
    note = _("{answered} of {asked} answered").format(answered=board.answered, asked=board.asked)
    return charts.bars(board.checkin.title, rows, note=str(note))


def _bars(place: int, tally: Tally, board: Board) -> list[charts.Bar]:
    number = f"{place}. " if board.checkin.is_survey else ""
    if tally.question.kind == "options":
        labelled = [
            (option.label, tally.counts.get(at, 0)) for at, option in enumerate(tally.question.options)
        ]
    elif tally.question.numbers():
        labelled = [(str(each), tally.counts.get(each, 0)) for each in tally.question.numbers()]
    else:
        return []
    return [charts.Bar(f"{number}{label}", times, str(times)) for label, times in labelled]
