"""The report as a table for the office: a line for each branch and each group, none about a person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bot.i18n import _
from bot.services import files
from bot.services.broadcasts.model import Broadcast, Report
from bot.services.broadcasts.progress import COUNTED
from bot.services.table_files import write_csv, write_xlsx
from bot.store.work import Work

MIMES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def export(work: Work, broadcast: Broadcast, report: Report, ending: str) -> str:
    """Write the table, keep it for a week; gives the key to send it by. KeyError for another ending."""
    mime = MIMES[ending]
    columns, lines = _columns(), list(_lines(broadcast, report))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name_of(broadcast, ending)
        if ending == "csv":
            write_csv(path, columns, lines)
        else:
            write_xlsx(path, str(_("Report")), columns, lines)
        content = path.read_bytes()
    return await files.keep(work, content, name_of(broadcast, ending), mime)


def name_of(broadcast: Broadcast, ending: str) -> str:
    """What the file is called."""
    return f"broadcast-{broadcast.id}.{ending}"


def _columns() -> list[str]:
    counted = [
        _("Sent"),
        _("Blocked, left or opted out"),
        _("Failed"),
        _("Uncertain"),
        _("Cancelled"),
        _("Waiting"),
    ]
    return [str(each) for each in (_("Kind"), _("Name"), _("In all"), *counted, _("Tapped"))]


def _lines(broadcast: Broadcast, report: Report) -> Iterator[dict[str, Any]]:
    """All who were meant, so many of them left out; then the parts. Who joined late was not meant."""
    numbers = {name: getattr(report.progress, name) for name in COUNTED}
    yield _line(_("All"), "", report.progress.audience, numbers, report.tapped)
    for name, title in _left_out().items():
        yield _line(_("Left out"), title, broadcast.left_out.get(name, 0), {}, 0)
    yield _line(_("Joined after it started"), "", report.late + report.late_groups, {}, 0)
    for kind, lines in ((_("Branch"), report.branches), (_("Group"), report.groups)):
        for line in lines:
            yield _line(kind, line.title, sum(line.numbers.values()), line.numbers, line.taps)


def _left_out() -> dict[str, str]:
    return {
        "blocked": str(_("Had blocked the bot")),
        "left": str(_("Groups closed to it")),
        "opted_out": str(_("Want none of these")),
    }


def _line(kind: str, title: str, in_all: int, numbers: Mapping[str, int], taps: int) -> dict[str, Any]:
    cells = [str(kind), title, in_all, *(numbers.get(name, 0) for name in COUNTED), taps]
    return dict(zip(_columns(), cells, strict=True))
