"""Packing somebody's data into a file that is theirs: it goes when they are forgotten, or after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.home import HOME_ZONE
from bot.i18n import speaking
from bot.services import attachments as sent_along
from bot.services import files
from bot.services.due import Due
from bot.services.privacy.export import MYDATA, zipped
from bot.services.privacy.holdings import Whom
from bot.store.tables import attachments, people
from bot.store.work import Work

KEEP_PACKED: Final = timedelta(days=1)
NAME: Final = "wayside-mydata.zip"
_MIME: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Packed:
    """A ZIP under its key, for an account that reads a locale."""

    account: int
    locale: str
    key: str


async def pack(work: Work, thing: Due) -> Packed | None:
    """Pack the data of whoever ordered it; None where they were forgotten meanwhile."""
    row = await work.first(_WHO, {"of": work.bot, "whose": thing.what["person"]})
    if row is None:
        return None
    zone = ZoneInfo(row.zone or HOME_ZONE)
    with speaking(row.language):
        content = await zipped(work, Whom(work.bot, row.id, row.account), zone)
    key = await files.hold(work, content, NAME, _MIME)
    values: dict[str, Any] = {
        "bot": work.bot,
        "person": row.id,
        "kind": "file",
        "purpose": MYDATA,
        "channel_file": "",
        "name": NAME,
        "state": sent_along.KEPT,
        "hash": key.removeprefix(files.KEPT),
        "size": len(content),
        "made_at": work.now,
        "not_before": work.now,
    }
    await work.execute(sa.insert(attachments), values)
    return Packed(row.account, row.language, key)


_WHO = sa.select(people.c.id, people.c.account, people.c.language, people.c.zone).where(
    people.c.bot == sa.bindparam("of"), people.c.id == sa.bindparam("whose")
)
