"""What appeals can be about, who takes them first and who next: what content/appeals.yaml says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.services.appeals.working_time import Span, WorkingTime

Asked = Literal["place", "since", "amount", "points"]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long, from the moment it was filed, until somebody acknowledges, answers and solves an appeal."""

    acknowledge: Span
    answer: Span
    solve: Span


@dataclass(frozen=True, slots=True)
class Kind:
    """Something an appeal can be about.

    `asks` says what is worth asking besides the story; `evidence` holds by language what to keep and send;
    `hotlines` are numbers of content/hotlines.yaml, `guides` and `lessons` names of folders of content/.
    """

    id: str
    emoji: str
    names: Mapping[str, str]
    asks: tuple[Asked, ...]
    evidence: Mapping[str, tuple[str, ...]]
    hotlines: tuple[str, ...]
    guides: tuple[str, ...]
    lessons: tuple[str, ...]
    deadlines: Deadlines

    def name(self, locale: str) -> str:
        """The name in Chinese for Chinese locales, else in English."""
        return self.names[language_of(locale)]

    def hints(self, locale: str) -> tuple[str, ...]:
        """What to keep and send, a line each."""
        return self.evidence[language_of(locale)]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder, and the kinds of branches (`branches.tree.KINDS`) that stand on it."""

    id: str
    names: Mapping[str, str]
    branches: tuple[str, ...]

    def name(self, locale: str) -> str:
        """What people call it."""
        return self.names[language_of(locale)]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes appeals of some kinds, districts and industries first; an empty one of these means all.

    Its people serve at `branch`, and from there an appeal climbs. Industries are `people.WORK_KINDS`.
    """

    id: str
    names: Mapping[str, str]
    branch: str
    kinds: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()

    def name(self, locale: str) -> str:
        """What people call it."""
        return self.names[language_of(locale)]

    def takes(self, kind: str, district: str | None, industry: str | None) -> bool:
        """Whether an appeal is for this desk; what is not known fits only where it does not matter."""
        return all(
            not wanted or given in wanted
            for given, wanted in ((kind, self.kinds), (district, self.districts), (industry, self.industries))
        )

    def covers(self, other: Desk) -> bool:
        """Whether whatever the other takes is for this desk as well."""
        pairs = (
            (self.kinds, other.kinds),
            (self.districts, other.districts),
            (self.industries, other.industries),
        )
        return all(not wide or (bool(narrow) and narrow <= wide) for wide, narrow in pairs)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that desks can give with a tap, for some kinds or, where empty, for all. `solves` where it
    tells what was done, so that it may be the last one."""

    id: str
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    kinds: frozenset[str] = frozenset()
    solves: bool = False

    def label(self, locale: str) -> str:
        """What the button says."""
        return self.labels[language_of(locale)]

    def text(self, locale: str) -> str:
        """What the person who appealed reads."""
        return self.texts[language_of(locale)]


class Rulebook:
    """All of content/appeals.yaml: kinds, desks and answers in order, the ladder from its lowest step."""

    def __init__(
        self,
        hours: WorkingTime,
        kinds: tuple[Kind, ...],
        desks: tuple[Desk, ...],
        ladder: tuple[Step, ...],
        suggestions: tuple[Suggestion, ...],
    ) -> None:
        self.hours = hours
        self.kinds = kinds
        self.desks = desks
        self.ladder = ladder
        self.districts = list(dict.fromkeys(name for desk in desks for name in sorted(desk.districts)))
        self._suggestions = suggestions
        self._kinds = {kind.id: kind for kind in kinds}
        self._desks = {desk.id: desk for desk in desks}

    def kind(self, name: str) -> Kind | None:
        """The kind of this name, None if there is none (any more)."""
        return self._kinds.get(name)

    def desk(self, name: str) -> Desk | None:
        """The desk of this name, None if there is none (any more)."""
        return self._desks.get(name)

    def desk_for(self, kind: str, district: str | None = None, industry: str | None = None) -> Desk:
        """Who takes an appeal first: the first desk that fits, and the last one fits everything."""
        return next(desk for desk in self.desks if desk.takes(kind, district, industry))

    def desk_along(self, kind: str, line: Sequence[str], industry: str | None) -> Desk | None:
        """Who takes it first among the desks at a branch (the first of `line`) and at those above it.

        Which district it is counts for nothing then, nor does the industry at the branch's own desk.
        """
        fitting = (
            desk
            for desk in self.desks
            if desk.branch in line
            and (not desk.kinds or kind in desk.kinds)
            and (desk.branch == line[0] or not desk.industries or industry in desk.industries)
        )
        return next(fitting, None)

    def district(self, said: str) -> str:
        """A district as the content calls it: people leave out what it is, and say 巴南 for 巴南区."""
        if not said or said in self.districts:
            return said
        return next((name for name in self.districts if name.startswith(said)), said)

    def suggestions(self, kind: str) -> list[Suggestion]:
        """What desks can answer to appeals of a kind; what is meant for just some kinds comes first."""
        fitting = [one for one in self._suggestions if not one.kinds or kind in one.kinds]
        return sorted(fitting, key=lambda one: not one.kinds)


def language_of(locale: str) -> str:
    """Which of the two languages of the content a locale reads."""
    return "zh" if locale.startswith("zh") else "en"
