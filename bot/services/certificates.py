"""Certificates: for a finished track, or for hours of help; each with a code that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from bot.services import attachments, codes
from bot.services.codes import Randbelow
from bot.services.lessons import posters
from bot.store.tables import certificates
from bot.store.work import Work

LONGEST_NAME: Final = 20
PURPOSE: Final = "certificate"
"""Of the files that were drawn."""

Kind = Literal["track", "help"]


@dataclass(frozen=True, slots=True)
class Merit:
    """What a certificate is for: so many lessons of a track (`subject`), or so many minutes of help."""

    kind: Kind
    subject: str
    amount: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as it was given; `called` is the name on it, empty where none was wanted."""

    code: str
    merit: Merit
    called: str
    made_at: datetime

    @property
    def spelled(self) -> str:
        """The code in groups, as people read it out."""
        return codes.spell(self.code)


async def issue(work: Work, person: int, merit: Merit, called: str, randbelow: Randbelow) -> Issued:
    """The person's certificate; with another name or amount than before it is a new one with a new code."""
    before = await held(work, person, merit.kind, merit.subject)
    called = called[:LONGEST_NAME]
    if before is not None and (before.called, before.merit) == (called, merit):
        return before
    whose = {"of": work.bot, "whose": person, "the_kind": merit.kind, "which": merit.subject}
    await work.execute(_DROP, whose)
    made = Issued(codes.new_code(randbelow), merit, called, work.now)
    values = {
        "bot": work.bot,
        "code": made.code,
        "person": person,
        "kind": merit.kind,
        "subject": merit.subject,
        "called": called,
        "amount": merit.amount,
        "made_at": work.now,
    }
    await work.execute(sa.insert(certificates), values)
    return made


async def held(work: Work, person: int, kind: Kind, subject: str) -> Issued | None:
    """The certificate somebody has of a kind."""
    whose = {"of": work.bot, "whose": person, "the_kind": kind, "which": subject}
    return _issued(await work.first(_HELD, whose))


async def verify(work: Work, text: str) -> Issued | None:
    """What stands behind a code that somebody typed; None where nothing does."""
    code = codes.read(text)
    return _issued(await work.first(_BY_CODE, {"of": work.bot, "the_code": code})) if code else None


async def draw(work: Work, person: int, paper: posters.Certificate) -> tuple[str, str]:
    """Somebody's certificate as a picture and a page to print, as keys of files that are held for them."""
    drawn = posters.certificate(paper)
    papers = (
        (posters.as_png(drawn), "certificate.png", "image/png"),
        (posters.as_pdf(drawn), "certificate.pdf", "application/pdf"),
    )
    picture, page = [await attachments.hold_for(work, person, PURPOSE, *one) for one in papers]
    return picture, page


def _issued(row: sa.Row[tuple[str, Kind, str, str, int, datetime]] | None) -> Issued | None:
    if row is None:
        return None
    return Issued(row.code, Merit(row.kind, row.subject, row.amount), row.called, row.made_at)


_OF: Final = sa.select(
    *(certificates.c[name] for name in ("code", "kind", "subject", "called", "amount", "made_at"))
).where(certificates.c.bot == sa.bindparam("of"))
_THIS: Final = sa.and_(
    certificates.c.person == sa.bindparam("whose"),
    certificates.c.kind == sa.bindparam("the_kind"),
    certificates.c.subject == sa.bindparam("which"),
)
_HELD: Final = _OF.where(_THIS)
_BY_CODE: Final = _OF.where(certificates.c.code == sa.bindparam("the_code"))
_DROP: Final = sa.delete(certificates).where(certificates.c.bot == sa.bindparam("of"), _THIS)
