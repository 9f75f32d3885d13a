"""Packing somebody's data into a file that is theirs: it goes when they are forgotten, or after a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.home import HOME_ZONE
from bot.i18n import speaking
from bot.services import attachments
from bot.services.due import Due
from bot.services.privacy.export import zipped
from bot.services.privacy.holdings import Whom
from bot.store.tables import people
from bot.store.work import Work

MYDATA: Final = "mydata"
"""The purpose of the attachment that holds a finished ZIP."""
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
    key = await attachments.hold_for(work, row.id, MYDATA, content, NAME, _MIME)
    return Packed(row.account, row.language, key)


_WHO = sa.select(people.c.id, people.c.account, people.c.language, people.c.zone).where(
    people.c.bot == sa.bindparam("of"), people.c.id == sa.bindparam("whose")
)
