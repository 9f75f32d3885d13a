"""Tags in words."""

from __future__ import annotations

from bot.i18n import Phrase, _
from bot.services.branches.desk import SMALLEST_COUNT
from bot.services.tags.book import Tag


def at_least(people: int | None) -> Phrase:
    """So many people at least; no number where it would tell who."""
    if people is None:
        return _("fewer than {n} people").format(n=SMALLEST_COUNT)
    return _("{n} people or more").format(n=people)


def line_of(tag: Tag) -> Phrase:
    """A tag, and how many have it."""
    return _("**{tag}** · {people}").format(tag=tag.name, people=at_least(tag.people))


def segment_of(tag: str) -> str:
    """The segment of those who have a tag."""
    return f'tag:"{tag}"'
