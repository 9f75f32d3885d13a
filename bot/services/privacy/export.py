"""Everything that is kept of a person, as one ZIP: a page to read, JSON for machines, what they sent along.

The JSON is `{"made_at", "tables": {table: [row, …]}}`; a row holds every column but the bot's number, moments
and days in ISO 8601.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from bot.i18n import _, ngettext
from bot.services import archives, files
from bot.services.attachments import MADE_HERE
from bot.services.privacy.column_words import column_words
from bot.services.privacy.holdings import Holding, Whom
from bot.services.privacy.register import REGISTER
from bot.services.privacy.value_words import FOR_MACHINES, in_words
from bot.store.tables import attachments
from bot.store.work import Work
from bot.talk.says import Json

Rows = list[dict[str, Any]]
# Longer sections, such as all messages, open by a tap: what is short stays in sight.
MOST_OPEN = 3


async def collect(work: Work, whom: Whom) -> list[tuple[Holding, Rows]]:
    """All rows that are about somebody, table by table."""
    found = []
    for holding in REGISTER:
        statement = holding.rows_of(whom)
        rows = [dict(row._mapping) for row in await work.fetch(statement)] if statement is not None else []
        if rows:
            found.append((holding, rows))
    return found


async def zipped(work: Work, whom: Whom, zone: ZoneInfo) -> bytes:
    """The ZIP, in the language of the moment; on the page times are those of a zone."""
    found = await collect(work, whom)
    packed = [
        (_("mydata") + ".html", page(found, work.now, zone).encode()),
        ("mydata.json", as_json(found, work.now)),
        *await _sent_along(work, whom),
    ]
    return archives.pack(packed, work.now)


async def _sent_along(work: Work, whom: Whom) -> list[tuple[str, bytes]]:
    """Name and content of the files that are kept, the latest first, as far as they fit."""
    rows = await work.fetch(
        sa.select(attachments.c.id, attachments.c.name, attachments.c.hash)
        .where(
            attachments.c.bot == whom.bot,
            attachments.c.person == whom.person,
            attachments.c.hash.is_not(None),
            attachments.c.channel_file != MADE_HERE,
        )
        .order_by(attachments.c.id.desc())
    )
    found: list[tuple[str, bytes]] = []
    room = archives.MOST_BYTES
    for row in rows:
        try:
            content = (await files.read(work, files.KEPT + row.hash)).content
        except files.FileGone:
            continue
        room -= len(content)
        if room < 0:
            break
        found.append((f"files/{row.id}-{archives.safe_name(row.name)}", content))
    return found


# -- For machines --------------------------------------------------------------------------------


def as_json(found: list[tuple[Holding, Rows]], now: datetime) -> bytes:
    """The rows as JSON."""
    tables = {str(holding.table.name): [_plain(row) for row in rows] for holding, rows in found}
    told = {"made_at": now.isoformat(), "tables": tables}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _plain(row: dict[str, Any]) -> dict[str, Json]:
    return {str(name): _json(value) for name, value in row.items() if name != "bot"}


def _json(value: Any) -> Json:
    return value.isoformat() if isinstance(value, date | datetime) else value


# -- For people ----------------------------------------------------------------------------------


def page(found: list[tuple[Holding, Rows]], now: datetime, zone: ZoneInfo) -> str:
    """The rows as a page to read, in the language of the moment."""
    title = _("What is kept of you")
    made = _("As of {moment}. The file mydata.json holds the same, in full.").format(
        moment=_readable(now, zone)
    )
    sections = "".join(_section(holding, rows, zone) for holding, rows in found)
    return archives.page(title, f"<p>{escape(made)}</p>{sections}")


def _section(holding: Holding, rows: Rows, zone: ZoneInfo) -> str:
    heading = holding.title() if holding.title else holding.table.name
    unread = FOR_MACHINES.get(holding.table.name, ())
    told = [shown for row in rows if (shown := _shown(row, zone, unread))]
    below = "".join(archives.table(shown) for shown in told)
    if not told:
        # An empty heading looks like something that was taken out.
        note = _("Kept in a form for machines: mydata.json holds all of it.")
        below = f"<p>{escape(note)}</p>"
    elif len(told) > MOST_OPEN:
        below = archives.folded(ngettext("{n} entry", "{n} entries", len(told)), below)
    return f"<h2>{escape(heading)}</h2>{below}"


def _shown(row: dict[str, Any], zone: ZoneInfo, unread: Sequence[str]) -> list[tuple[str, str]]:
    words = column_words()
    return [
        (words[name], in_words(name, _readable(value, zone)))
        for name, value in row.items()
        if name in words and name not in unread and value not in (None, "")
    ]


def _readable(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return str(value)
