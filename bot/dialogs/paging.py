"""Long lists, a page at a time: what stands on one, and the way to those before and after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.i18n import _
from bot.talk import says

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The `number`th page of a list, from 0; what is `shown` on it begins with the list's `first`."""

    number: int
    first: int
    shown: Sequence[T]
    is_last: bool

    @property
    def placed(self) -> list[tuple[int, T]]:
        """What is shown, with its places in the whole list, from 1."""
        return list(enumerate(self.shown, self.first + 1))


def page_of(found: Sequence[T], number: int, size: int) -> Page[T]:
    """A page of what was found; the nearest one where it has become shorter meanwhile."""
    last = max(len(found) - 1, 0) // size
    number = min(max(number, 0), last)
    first = number * size
    return Page(number, first, found[first : first + size], number == last)


def numbers(page: Page[T], value: Callable[[T], list[Any]]) -> list[list[says.Button]]:
    """A row to tap what is shown by its place; none where nothing is."""
    row: list[says.Button] = [says.Option(str(place), value(one)) for place, one in page.placed]
    return [row] if row else []


def turns(page: Page[Any]) -> list[list[says.Button]]:
    """A row that turns the pages by `["page", number]`; none where there is but one."""
    row: list[says.Button] = []
    if page.number:
        row.append(says.Option(_("‹ Previous"), ["page", page.number - 1]))
    if not page.is_last:
        row.append(says.Option(_("More ›"), ["page", page.number + 1]))
    return [row] if row else []
