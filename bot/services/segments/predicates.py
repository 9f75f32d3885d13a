"""The conditions a segment can name: how each is typed, said, and asked of the database.

A capability that knows more about people adds its own Predicate here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from bot.i18n import Phrase, _, is_chinese, ngettext, plain
from bot.services.people import LONGEST_DISTRICT, day_of
from bot.services.privacy.consents import MEMBERSHIP, is_to_be_asked
from bot.services.segments import words
from bot.store.tables import (
    branch_paths,
    chats,
    checkins,
    grants,
    lesson_places,
    memberships,
    people,
    person_tags,
    round_people,
    rounds,
)

Test = sa.ColumnElement[bool]

LONGEST_ID: Final = 40
LONGEST_DAYS: Final = 3650
_MOST_DIGITS: Final = 9
# Some say a district without its last character: 巴南 for 巴南区.
_DISTRICT_ENDINGS: Final = ("", "区", "县", "市")


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which bot, and at what moment, a condition is asked."""

    bot: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition by its canonical `name`; `words` are other spellings, `opposites` mean that it is not met.

    `read` gives a typed value as it is kept, None for what is none; `possible` says what could stand there.
    `people` and `groups` ask it of a row of `people` or `chats`; what is unknown of groups has no `groups`.
    `deny` says that it is not met, where that is more than a `not` before it.
    """

    name: str
    words: tuple[str, ...]
    read: Callable[[str], str | None]
    possible: Callable[[], Phrase]
    say: Callable[[str], Phrase]
    people: Callable[[Sequence[str], Asked], Test]
    groups: Callable[[Sequence[str], Asked], Test] | None = None
    opposites: tuple[str, ...] = ()
    deny: Callable[[str], Phrase] | None = None
    is_age: bool = False

    @property
    def typed(self) -> str:
        """How the reader would type its name."""
        return _as_typed((self.name, *self.words))

    @property
    def opposite(self) -> str:
        """How the reader would type that it is not met."""
        return _as_typed(self.opposites)


def _as_typed(spellings: Sequence[str]) -> str:
    """The first spelling in the reader's script."""
    return next(word for word in spellings if word.isascii() != is_chinese())


def short_text(longest: int) -> Callable[[str], str | None]:
    """A reader of any text up to a length in characters."""
    return lambda value: value if 0 < len(value) <= longest else None


def _of_person(*conditions: Test) -> Test:
    """Whether there is a row about the person; whatever else the statement reads stays out of it."""
    return sa.exists(sa.select(sa.literal(1)).where(*conditions).correlate(people))


# -- People by what they said and do --------------------------------------------------


def _of_work(values: Sequence[str], _asked: Asked) -> Test:
    return people.c.work_kind.in_(values)


def _in_district(values: Sequence[str], _asked: Asked) -> Test:
    return people.c.district.in_([value + ending for value in values for ending in _DISTRICT_ENDINGS])


def _reading(values: Sequence[str], _asked: Asked) -> Test:
    return people.c.language.in_(values)


def _group_reading(values: Sequence[str], _asked: Asked) -> Test:
    return chats.c.language.in_(values)


def _tagged(values: Sequence[str], _asked: Asked) -> Test:
    return _of_person(
        person_tags.c.bot == people.c.bot,
        person_tags.c.person == people.c.id,
        person_tags.c.tag.in_(values),
    )


def _active(values: Sequence[str], asked: Asked) -> Test:
    """`<1d` means today and yesterday, as one says it in the city."""
    days = max(int(value) for value in values)
    return people.c.seen_on >= day_of(asked.now) - timedelta(days=days)


def _finished(values: Sequence[str], _asked: Asked) -> Test:
    return _of_person(
        lesson_places.c.bot == people.c.bot,
        lesson_places.c.person == people.c.id,
        lesson_places.c.lesson.in_(values),
        lesson_places.c.finished_at.is_not(None),
    )


def _answered(values: Sequence[str], _asked: Asked) -> Test:
    """That somebody answered is no secret where answers carry names; of others nothing is told."""
    return _of_person(
        round_people.c.bot == people.c.bot,
        round_people.c.person == people.c.id,
        round_people.c.answered,
        rounds.c.bot == round_people.c.bot,
        rounds.c.id == round_people.c.round,
        checkins.c.bot == rounds.c.bot,
        checkins.c.id == rounds.c.checkin,
        checkins.c.id.in_([int(value) for value in values]),
        ~checkins.c.anonymous,
    )


def _number(value: str) -> str | None:
    return str(int(value)) if value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS else None


# -- People and groups by branch and role ------------------------------------------------


def _belonging(values: Sequence[str], _asked: Asked) -> Test:
    return belongs_below(values)


def _bound(values: Sequence[str], _asked: Asked) -> Test:
    return bound_below(values)


def belongs_below(branches: Sequence[str]) -> Test:
    """Whether a person's present branch is one of these, or stands below one.

    Who has not decided yet on words of membership that changed is left out until then.
    """
    return sa.and_(
        ~is_to_be_asked(people.c.id, people.c.bot, MEMBERSHIP),
        _of_person(
            memberships.c.bot == people.c.bot,
            memberships.c.person == people.c.id,
            memberships.c.left_at.is_(None),
            memberships.c.branch.in_(_below(branches, people.c.bot)),
        ),
    )


def bound_below(branches: Sequence[str]) -> Test:
    """Whether a group is bound to one of these branches, or to one below."""
    return chats.c.branch.in_(_below(branches, chats.c.bot))


def _below(branches: Sequence[str], bot: sa.ColumnElement[int]) -> sa.Select[tuple[str]]:
    below = sa.select(branch_paths.c.below).where(
        branch_paths.c.bot == bot, branch_paths.c.above.in_(branches)
    )
    return below.correlate(people, chats)


def _having_role(values: Sequence[str], asked: Asked) -> Test:
    granted = _of_person(
        grants.c.bot == people.c.bot,
        grants.c.person == people.c.id,
        grants.c.role.in_(values),
        grants.c.confirmed_at.is_not(None),
        grants.c.revoked_at.is_(None),
        sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > asked.now),
    )
    if "member" not in values:
        return granted
    belongs = _of_person(
        memberships.c.bot == people.c.bot,
        memberships.c.person == people.c.id,
        memberships.c.left_at.is_(None),
    )
    return sa.or_(granted, belongs)


def _days(value: str) -> str | None:
    digits = value.rstrip("".join(words.UNITS)).strip()
    unit = words.UNITS.get(value[len(digits) :].strip().casefold())
    if not (digits.isascii() and digits.isdigit()) or unit is None:
        return None
    days = int(digits) * unit
    return str(days) if 0 < days <= LONGEST_DAYS else None


# -- The table -----------------------------------------------------------------------------

BRANCH: Final = Predicate(
    "branch",
    ("支部", "branches", "组织"),
    short_text(words.LONGEST_NAME),
    lambda: _("a branch of yours, by its name or short name, such as {example}").format(example="bn-rider"),
    lambda value: _("{branch} with all below it").format(branch=value),
    _belonging,
    _bound,
)
WORK: Final = Predicate(
    "work",
    ("工种", "职业", "行业"),
    lambda value: words.named(value, words.WORK),
    lambda: plain(words.typed(words.WORK)),
    lambda value: words.work_words()[value],
    _of_work,
)
ROLE: Final = Predicate(
    "role",
    ("角色", "身份"),
    lambda value: words.named(value, words.ROLES),
    lambda: plain(words.typed(words.ROLES)),
    lambda value: words.role_words()[value],
    _having_role,
)
DISTRICT: Final = Predicate(
    "district",
    ("片区", "区", "区域"),
    short_text(LONGEST_DISTRICT),
    lambda: _("the name of a district"),
    lambda value: _("district {name}").format(name=value),
    _in_district,
)
LANGUAGE: Final = Predicate(
    "language",
    ("语言", "lang"),
    lambda value: words.named(value, words.LANGUAGES),
    lambda: plain(words.typed(words.LANGUAGES)),
    lambda value: words.language_words()[value],
    _reading,
    _group_reading,
)
TAG: Final = Predicate(
    "tag",
    ("标签", "tags"),
    short_text(LONGEST_ID),
    lambda: _("a tag"),
    lambda value: _("tag {name}").format(name=value),
    _tagged,
)
ACTIVE: Final = Predicate(
    "active",
    ("活跃", "近"),
    _days,
    lambda: _("so many days, weeks or months: <7d, <2w, <1m"),
    lambda value: ngettext("active in the last day", "active in the last {n} days", int(value)),
    _active,
    is_age=True,
)
FINISHED: Final = Predicate(
    "finished",
    ("学完", "已学", "学过"),
    short_text(LONGEST_ID),
    lambda: _("the short name of a lesson, such as {example}").format(example="heat_work"),
    lambda value: _("finished the lesson “{name}”").format(name=value),
    _finished,
    opposites=("unfinished", "没学完", "未学", "没学"),
    deny=lambda value: _("not finished the lesson “{name}”").format(name=value),
)
ANSWERED: Final = Predicate(
    "answered",
    ("答过", "已答"),
    _number,
    lambda: _("the number of a check-in, such as {example}").format(example="12"),
    lambda value: _("answered the check-in “{name}”").format(name=value),
    _answered,
    opposites=("unanswered", "没答", "未答"),
    deny=lambda value: _("not answered the check-in “{name}”").format(name=value),
)

PREDICATES: Final[Mapping[str, Predicate]] = {
    each.name: each for each in (BRANCH, WORK, ROLE, DISTRICT, LANGUAGE, TAG, ACTIVE, FINISHED, ANSWERED)
}


def spelled(key: str) -> tuple[Predicate, bool] | None:
    """The predicate that a key names in any spelling, and whether it is its opposite; None for none."""
    said = key.casefold()
    for each in PREDICATES.values():
        if said == each.name or said in each.words:
            return each, False
        if said in each.opposites:
            return each, True
    return None
