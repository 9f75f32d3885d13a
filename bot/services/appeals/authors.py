"""Who wrote an appeal: kept apart from it, and asked for only to write to them or to unmask them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.services.notices import Recipient
from bot.store.tables import appeal_authors, people
from bot.store.work import Work


async def note(work: Work, appeal: int, person: int, contact: str) -> None:
    """Note who wrote an appeal, and how they want to be reached (empty: only through the bot)."""
    values = {"bot": work.bot, "appeal": appeal, "person": person, "contact": contact}
    await work.execute(sa.insert(appeal_authors), values)


async def give_contact(work: Work, appeal: int, contact: str) -> None:
    """Note how the author wants to be reached."""
    await work.execute(_GIVE, {"of": work.bot, "which": appeal, "new": contact})


async def contact_of(work: Work, appeal: int) -> str:
    """How the author wants to be reached; empty where they did not say."""
    row = await work.first(_CONTACT, {"of": work.bot, "which": appeal})
    return str(row.contact) if row else ""


async def wrote(work: Work, person: int, appeal: int) -> bool:
    """Whether somebody wrote an appeal."""
    row = await work.first(_WHO, {"of": work.bot, "ids": [appeal]})
    return row is not None and row.id == person


async def of(work: Work, appeals: Sequence[int]) -> dict[int, Recipient]:
    """How to write to the authors of appeals, by appeal."""
    rows = await work.fetch(_WHO, {"of": work.bot, "ids": list(appeals)})
    return {row.appeal: Recipient(row.id, row.account, row.language) for row in rows}


_ONE = sa.and_(appeal_authors.c.bot == sa.bindparam("of"), appeal_authors.c.appeal == sa.bindparam("which"))
_CONTACT: Final = sa.select(appeal_authors.c.contact).where(_ONE)
_GIVE: Final = (
    sa.update(appeal_authors)
    .where(_ONE)
    .values(contact=sa.bindparam("new", type_=appeal_authors.c.contact.type))
)
_WHO: Final = (
    sa.select(appeal_authors.c.appeal, people.c.id, people.c.account, people.c.language)
    .join(people, sa.and_(people.c.bot == appeal_authors.c.bot, people.c.id == appeal_authors.c.person))
    .where(
        appeal_authors.c.bot == sa.bindparam("of"),
        appeal_authors.c.appeal.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(appeal_authors.c.appeal)
)
