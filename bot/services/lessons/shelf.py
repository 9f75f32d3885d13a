"""The lessons and guides as a process holds them: read once, with the search over them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.services.lessons.finder import Finder
from bot.services.lessons.library import Library, read_library


@dataclass(frozen=True, slots=True)
class Shelf:
    """All there is to learn, and how to find a guide in it."""

    library: Library
    finder: Finder


def read_shelf(content: Path) -> Shelf:
    """What stands in the folder `content`. Raises LibraryError where it is wrong (`wayside check`)."""
    library = read_library(content)
    return Shelf(library, Finder(library.guides))
