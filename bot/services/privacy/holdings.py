"""How a table holds people: which rows are about somebody, what becomes of them, where numbers stand.

A person's number (`people.id`) is given out once. When the row of `people` is gone it leads to nobody: what
others did with that person still tells that it was done, and not who it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to be told what is kept of them, or to be forgotten."""

    bot: int
    person: int
    account: int


Which = Callable[[Whom], sa.ColumnElement[bool]]
"""Which rows of a table are about somebody."""
Words = Callable[[], str]
"""A sentence or a heading, in the language of the moment."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One table.

    `whose` finds the rows that are about a person: they are exported under `title`, and when the person is to
    be forgotten they are deleted, or with `leaves` they stay with these columns overwritten; `why` then says
    what stays, and what for. It may say so, too, of what such rows led to in another table. A table without
    `whose` holds nothing about anybody.

    Every 64-bit number is accounted for: `names` are those by which `whose` finds them, `emptied` ones name a
    person and become null, `numbers` do and stay as numbers that lead to nobody, `others` name no person.
    """

    table: sa.Table
    whose: Which | None = None
    title: Words | None = None
    leaves: Mapping[str, Any] | None = None
    why: Words | None = None
    names: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def accounted(self) -> set[str]:
        """The columns of which it is said whether they name a person."""
        return {"bot", "id", *self.names, *self.emptied, *self.numbers, *self.others}

    def rows_of(self, whom: Whom) -> sa.Select[Any] | None:
        """A statement that reads what is about somebody; None where nothing can be."""
        if self.whose is None:
            return None
        return sa.select(self.table).where(self._theirs(whom)).order_by(*self.table.primary_key.columns)

    def forget(self, whom: Whom) -> list[sa.Update | sa.Delete]:
        """Statements after which nothing in the table tells who it was."""
        table = self.table
        done: list[sa.Update | sa.Delete] = [
            sa.update(table).where(table.c.bot == whom.bot, table.c[name] == whom.person).values({name: None})
            for name in self.emptied
        ]
        if self.whose is not None and self.leaves is None:
            done.append(sa.delete(table).where(self._theirs(whom)))
        elif self.leaves:
            done.append(sa.update(table).where(self._theirs(whom)).values(dict(self.leaves)))
        return done

    def _theirs(self, whom: Whom) -> sa.ColumnElement[bool]:
        assert self.whose is not None  # noqa: S101
        return sa.and_(self.table.c.bot == whom.bot, self.whose(whom))


def by(table: sa.Table, column: str = "person") -> Which:
    """Rows in which this column holds the person's number."""
    return lambda whom: table.c[column] == whom.person
