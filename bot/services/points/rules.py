"""What gives points and what they are good for: content/points.yaml, strictly read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.services import strict_yaml as yaml
from bot.services.problems import Problem
from bot.services.strict_yaml import Complain, Rule

FILE: Final = "points.yaml"
MOST: Final = 1_000_000
FEN: Final = 100
"""In a yuan."""


@dataclass(frozen=True, slots=True)
class Earning:
    """So many points for something, and so many for all of its kind in one day at most."""

    id: str
    points: int
    per_day: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reward:
    """Something to exchange points for: `fen` is what one costs the pool, `stock` how many there are.

    With `stations` it is picked up at one of these (ids of stations); without, anywhere.
    """

    id: str
    points: int
    fen: int
    stock: int
    names: Mapping[str, str]
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointBook:
    """All rules; `pool_fen` is what all rewards together may cost."""

    pool: str
    pool_fen: int
    earnings: Mapping[str, Earning]
    rewards: Mapping[str, Reward]


class PointsError(Exception):
    """The rules cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


_AMOUNT: Final = Rule(
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST,
    f"a whole number from 1 to {MOST}",
)
_SECTION: Final = Rule(lambda value: isinstance(value, CommentedSeq), "a list")
_MAP: Final = Rule(lambda value: isinstance(value, CommentedMap), "keys and values")
_POOL: Final = {"id": yaml.NAME, "yuan": _AMOUNT}
_EARNING: Final = {"id": yaml.NAME, "points": _AMOUNT, "per_day": _AMOUNT, "name": yaml.LANGUAGES}
_REWARD: Final = {
    "id": yaml.NAME,
    "points": _AMOUNT,
    "yuan": _AMOUNT,
    "stock": _AMOUNT,
    "name": yaml.LANGUAGES,
    "stations": yaml.TEXTS,
}
_MAY_LACK: Final = frozenset({"stations"})
_FILE: Final = {"pool": _MAP, "rules": _SECTION, "rewards": _SECTION}


def read_points(content: Path) -> PointBook:
    """The rules. Raises PointsError with all mistakes."""
    book, found = _read(content)
    if book is None:
        raise PointsError(found)
    return book


def problems(content: Path) -> list[Problem]:
    """All mistakes in the file."""
    return _read(content)[1]


def _read(content: Path) -> tuple[PointBook | None, list[Problem]]:
    found: list[Problem] = []
    complain = yaml.problems_in(FILE, found)
    text = yaml.read_text(content / FILE, complain)
    mapping = yaml.load_mapping(text, complain) if text is not None else None
    if mapping is None or not yaml.check_keys(mapping, _FILE, frozenset(), complain):
        return None, found
    yaml.check_keys(mapping["pool"], _POOL, frozenset(), complain)
    for section, rules in (("rules", _EARNING), ("rewards", _REWARD)):
        _check_section(mapping[section], rules, complain)
    return (None if found else _book(mapping)), found


def _check_section(section: CommentedSeq, rules: Mapping[str, Rule], complain: Complain) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(section):
        if not isinstance(entry, CommentedMap):
            complain(yaml.line_of(section, index), "write keys and values, such as {id: …}")
        elif yaml.check_keys(entry, rules, _MAY_LACK, complain):
            if entry["id"] in seen:
                complain(yaml.line_of(entry, "id"), f"there is a {entry['id']} already")
            seen.add(entry["id"])


def _book(mapping: CommentedMap) -> PointBook:
    earnings = [
        Earning(one["id"], one["points"], one["per_day"], dict(one["name"])) for one in mapping["rules"]
    ]
    rewards = [
        Reward(
            one["id"],
            one["points"],
            one["yuan"] * FEN,
            one["stock"],
            dict(one["name"]),
            tuple(one.get("stations", ())),
        )
        for one in mapping["rewards"]
    ]
    pool: Any = mapping["pool"]
    return PointBook(
        pool["id"],
        pool["yuan"] * FEN,
        {one.id: one for one in earnings},
        {one.id: one for one in rewards},
    )
