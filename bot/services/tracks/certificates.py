"""Certificates: one for each person and finished track, with a code that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.services.appeals import receipts
from bot.services.appeals.receipts import Randbelow
from bot.store.tables import certificates
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as it was given; `called` is the name on it, empty where none was wanted."""

    code: str
    track: str
    called: str
    lessons: int
    made_at: datetime

    @property
    def spelled(self) -> str:
        """The code in groups, as people read it out."""
        return receipts.spell(self.code)


async def issue(
    work: Work, person: int, track: str, called: str, lessons: int, randbelow: Randbelow
) -> Issued:
    """The person's certificate of a track; with another name than before it is a new one with a new code."""
    before = await held(work, person, track)
    if before is not None and before.called == called:
        return before
    await work.execute(_DROP, {"of": work.bot, "whose": person, "which": track})
    made = Issued(receipts.new_receipt(randbelow), track, called, lessons, work.now)
    values = {
        "bot": work.bot,
        "code": made.code,
        "person": person,
        "track": track,
        "called": called,
        "lessons": lessons,
        "made_at": work.now,
    }
    await work.execute(sa.insert(certificates), values)
    return made


async def held(work: Work, person: int, track: str) -> Issued | None:
    """The certificate somebody has of a track."""
    row = await work.first(_HELD, {"of": work.bot, "whose": person, "which": track})
    return Issued(**row._mapping) if row else None


async def verify(work: Work, text: str) -> Issued | None:
    """What stands behind a code that somebody typed; None where nothing does."""
    code = receipts.read(text)
    row = await work.first(_BY_CODE, {"of": work.bot, "the_code": code}) if code else None
    return Issued(**row._mapping) if row else None


_OF: Final = sa.select(
    *(certificates.c[name] for name in ("code", "track", "called", "lessons", "made_at"))
).where(certificates.c.bot == sa.bindparam("of"))
_THIS: Final = sa.and_(
    certificates.c.person == sa.bindparam("whose"), certificates.c.track == sa.bindparam("which")
)
_HELD: Final = _OF.where(_THIS)
_BY_CODE: Final = _OF.where(certificates.c.code == sa.bindparam("the_code"))
_DROP: Final = sa.delete(certificates).where(certificates.c.bot == sa.bindparam("of"), _THIS)
