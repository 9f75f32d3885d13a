"""What stays of a broadcast when its rows are forgotten: its report, in each language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import LOCALES, speaking
from bot.services.broadcasts import progress, rows, running
from bot.services.broadcasts.model import Broadcast, Line
from bot.services.broadcasts.progress import KEPT
from bot.store.work import Work
from bot.talk.says import Json


async def keep(work: Work, before: datetime) -> None:
    """Write down the reports of ended broadcasts that began before a moment: their rows may go now."""
    for broadcast in await rows.with_old_rows(work, before):
        if KEPT not in broadcast.report:
            report = {**broadcast.report, KEPT: await _written(work, broadcast)}
            await rows.change(work, broadcast.id, report=report)


async def _written(work: Work, broadcast: Broadcast) -> Json:
    audience = await running.meant(work, broadcast)
    written: dict[str, Json] = {}
    for locale in LOCALES:
        with speaking(locale):
            told = await progress.report(work, broadcast, audience)
        written |= {"taps": list(told.taps), "tapped": told.tapped}
        written |= {"late": told.late, "late_groups": told.late_groups}
        written[locale] = [_lines(told.branches), _lines(told.groups)]
    return written


def _lines(lines: Sequence[Line]) -> Json:
    return [[line.title, dict(line.numbers), line.taps, line.group] for line in lines]
