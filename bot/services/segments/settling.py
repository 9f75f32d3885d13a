"""Names become ids: what a segment names has to be there, and within the organizer's reach.

Without this a slip would be heard as everybody: `unfinished:heat_wrok` is true of all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from rapidfuzz import fuzz

from bot.i18n import Phrase, _, current_locale, is_chinese, join, plain
from bot.services.branches import tree
from bot.services.branches.tree import Branch, name_of
from bot.services.lessons.library import Library
from bot.services.lessons.model import Lesson
from bot.services.roles.rules import Reach
from bot.services.segments.model import (
    Both,
    Condition,
    Either,
    Has,
    Segment,
    SegmentError,
    Without,
    both,
    conditions,
    either,
    without,
)
from bot.services.segments.predicates import ANSWERED, BRANCH, DISTRICT, FINISHED, TAG, belongs_below
from bot.services.segments.saying import Names
from bot.services.segments.words import sentences
from bot.store.tables import branch_paths, checkins, people, person_tags, stations
from bot.store.work import Work

_ALIKE: Final = 60
_MOST_SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be named: its id, what it is called, and other names it goes by."""

    id: str
    called: str
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that may be typed for it."""
        return (self.id, self.called, *self.others)

    @property
    def label(self) -> Phrase:
        """How it is suggested."""
        if self.id == self.called:
            return plain(self.id)
        return _("{id} ({name})").format(id=self.id, name=self.called)


Find = Callable[[Work, Reach, Library], Awaitable[Sequence[Choice]]]


async def settle(work: Work, segment: Segment, reach: Reach, library: Library) -> Segment:
    """The segment with ids in place of names.

    Raises SegmentError for what is not there or not within reach: both are told the same way.
    """
    return await _settled(work, segment, reach, library, _FIND)


async def settle_again(work: Work, segment: Segment, reach: Reach) -> Segment:
    """A segment that was settled before: its branches may be closed by now, or out of reach.

    Raises SegmentError then. A tag that nobody has any more is met by nobody, as is a lesson that is gone.
    """
    return await _settled(work, segment, reach, None, (BRANCH.name,))


async def _settled(
    work: Work, segment: Segment, reach: Reach, library: Library | None, keys: Collection[str]
) -> Segment:
    named = {each.key for each in conditions(segment.condition)} & set(keys)
    if not named:
        return segment
    lessons = library or _NO_LESSONS
    known = {key: await _FIND[key](work, reach, lessons) for key in sorted(named)}
    return replace(segment, condition=_Settling(segment.text, known).settled(segment.condition))


async def names(work: Work, segment: Segment, library: Library) -> Names:
    """What is named in a settled segment is called, in the language being spoken."""
    found: dict[tuple[str, str], str] = {}
    for each in conditions(segment.condition):
        for value in each.values if each.key in _CALLED else ():
            called = await _CALLED[each.key](work, value, library)
            if called is not None:
                found[each.key, value] = called
    return found


# -- What there is, by condition ------------------------------------------------------------


async def _branches(work: Work, reach: Reach, _library: Library) -> Sequence[Choice]:
    """The open branches that an organizer may name."""
    found = [branch for branch in await tree.all_branches(work) if not branch.closed]
    if not reach.everywhere:
        mine = {row.below for row in await work.fetch(_below(work, reach))}
        found = [branch for branch in found if branch.id in mine]
    return [_branch(branch) for branch in found]


def _branch(branch: Branch) -> Choice:
    return Choice(branch.id, name_of(branch), tuple(filter(None, (branch.name, branch.name_en))))


async def _lessons(_work: Work, _reach: Reach, library: Library) -> Sequence[Choice]:
    return [_lesson(lesson) for lesson in library.lessons]


def _lesson(lesson: Lesson) -> Choice:
    titles = tuple(text.head.title for text in lesson.texts.values())
    return Choice(lesson.id, lesson.text(current_locale()).head.title, titles)


async def _checkins(work: Work, reach: Reach, _library: Library) -> Sequence[Choice]:
    """Those whose answers carry names; of others nobody is told who answered."""
    theirs = sa.true() if reach.everywhere else checkins.c.branch.in_(_below(work, reach))
    asked = sa.select(checkins.c.id, checkins.c.title).where(
        checkins.c.bot == work.bot, ~checkins.c.anonymous, theirs
    )
    return [Choice(str(row.id), row.title) for row in await work.fetch(asked.order_by(checkins.c.id.desc()))]


async def _tags(work: Work, reach: Reach, _library: Library) -> Sequence[Choice]:
    """The tags of people within reach: what others call theirs is not told."""
    joined = person_tags.join(
        people, sa.and_(people.c.bot == person_tags.c.bot, people.c.id == person_tags.c.person)
    )
    asked = sa.select(person_tags.c.tag).distinct().select_from(joined)
    asked = asked.where(person_tags.c.bot == work.bot, _within(reach)).order_by(person_tags.c.tag)
    return [Choice(row.tag, row.tag) for row in await work.fetch(asked)]


async def _districts(work: Work, reach: Reach, _library: Library) -> Sequence[Choice]:
    """Where there are stations, and what people within reach said."""
    said = sa.select(people.c.district).where(
        people.c.bot == work.bot, people.c.district.is_not(None), _within(reach)
    )
    served = sa.select(stations.c.district).where(stations.c.bot == work.bot, stations.c.district != "")
    rows = await work.fetch(sa.union(said, served))
    return [Choice(name, name) for name in sorted(row[0] for row in rows)]


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.true() if reach.everywhere else belongs_below(reach.branches)


def _below(work: Work, reach: Reach) -> sa.Select[tuple[str]]:
    return sa.select(branch_paths.c.below).where(
        branch_paths.c.bot == work.bot, branch_paths.c.above.in_(reach.branches)
    )


_NO_LESSONS: Final = Library((), (), (), ())
_FIND: Final[Mapping[str, Find]] = {
    BRANCH.name: _branches,
    FINISHED.name: _lessons,
    ANSWERED.name: _checkins,
    TAG.name: _tags,
    DISTRICT.name: _districts,
}


def _unknown(key: str, name: str) -> Phrase:
    begins = {
        BRANCH.name: _("None of your branches is called “{name}”."),
        FINISHED.name: _("There is no lesson “{name}”."),
        ANSWERED.name: _("None of your check-ins with names has the number {name}."),
        TAG.name: _("None of your people has the tag “{name}”."),
        DISTRICT.name: _("I know no district “{name}”."),
    }
    return begins[key].format(name=name)


# -- What one of them is called -----------------------------------------------------------------


async def _branch_called(work: Work, value: str, _library: Library) -> str | None:
    branch = await tree.get(work, value)
    return name_of(branch) if branch else None


async def _lesson_called(_work: Work, value: str, library: Library) -> str | None:
    lesson = library.lesson(value)
    return lesson.text(current_locale()).head.title if lesson else None


async def _checkin_called(work: Work, value: str, _library: Library) -> str | None:
    asked = sa.select(checkins.c.title).where(checkins.c.bot == work.bot, checkins.c.id == int(value))
    row = await work.first(asked)
    return row.title if row else None


_CALLED: Final[Mapping[str, Callable[[Work, str, Library], Awaitable[str | None]]]] = {
    BRANCH.name: _branch_called,
    FINISHED.name: _lesson_called,
    ANSWERED.name: _checkin_called,
}


# -- Settling ---------------------------------------------------------------------------------------


class _Settling:
    """Puts ids in the place of names; `known` is what may be named, by condition."""

    def __init__(self, text: str, known: Mapping[str, Sequence[Choice]]) -> None:
        self._text = text
        self._known = known

    def settled(self, condition: Condition) -> Condition:
        """The condition with ids."""
        if isinstance(condition, Has) and condition.key in self._known:
            return replace(condition, values=tuple(self._ids(condition)))
        if isinstance(condition, Without):
            return without(self.settled(condition.part))
        if isinstance(condition, Both | Either):
            combined = both if isinstance(condition, Both) else either
            return combined(*map(self.settled, condition.parts))
        return condition

    def _ids(self, condition: Has) -> list[str]:
        return [
            self._id(condition.key, value, condition.place(index))
            for index, value in enumerate(condition.values)
        ]

    def _id(self, key: str, value: str, position: int) -> str:
        """The id of what has that id or name, or of the only one whose name begins so."""
        known = self._known[key]
        if any(each.id == value for each in known):
            return value
        said = value.casefold()
        found = [each for each in known if said in map(str.casefold, each.names)]
        found = found or [each for each in known if _begins(each, said)]
        if len(found) != 1:
            raise SegmentError(self._text, position, self._question(key, value, found))
        return found[0].id

    def _question(self, key: str, value: str, several: Sequence[Choice]) -> Phrase:
        """Which one of several, or that there is none, with those that sound alike."""
        if several:
            begin, likely = _("Several begin with “{name}”.").format(name=value), several
        else:
            begin, likely = _unknown(key, value), _alike(value, self._known[key])
        if not likely:
            return begin
        listed = [each.label for each in likely[:_MOST_SUGGESTED]]
        separator = "、" if is_chinese() else ", "
        return sentences(begin, _("Possible: {names}").format(names=join(listed, separator)))


def _begins(choice: Choice, said: str) -> bool:
    """Whether a name of it begins so. A number is a number, and no beginning of one."""
    return not said.isdigit() and any(each.casefold().startswith(said) for each in choice.names)


def _alike(value: str, known: Sequence[Choice]) -> Sequence[Choice]:
    """Those that sound like it; where none does, the first there are."""
    scores = {each.id: max(fuzz.WRatio(value, name) for name in each.names) for each in known}
    likely = sorted((each for each in known if scores[each.id] >= _ALIKE), key=lambda one: -scores[one.id])
    return likely or known
