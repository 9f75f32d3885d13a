"""What a bot is called, and what it says of itself: content/brand.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml.comments import CommentedMap

from bot import limits
from bot.services import strict_yaml as yaml
from bot.services.problems import Problem
from bot.services.strict_yaml import Complain, problems_in

FILE: Final = "brand.yaml"
_RULES: Final = {"name": yaml.LANGUAGES, "about": yaml.LANGUAGES, "short": yaml.LANGUAGES}
# Bot API: setMyName, setMyDescription, setMyShortDescription.
_LONGEST: Final = {
    "name": limits.BOT_NAME,
    "about": limits.BOT_DESCRIPTION,
    "short": limits.BOT_SHORT_DESCRIPTION,
}


@dataclass(frozen=True, slots=True)
class Brand:
    """A bot's name and descriptions, by `zh` and `en`."""

    names: Mapping[str, str]
    about: Mapping[str, str]
    short: Mapping[str, str]

    def name(self, locale: str) -> str:
        """The name in Chinese for Chinese locales, else in English."""
        return self.names["zh" if locale.startswith("zh") else "en"]


class BrandError(Exception):
    """The brand cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_brand(content: Path) -> Brand:
    """What stands in content/brand.yaml. Raises BrandError."""
    found: list[Problem] = []
    complain = problems_in(f"content/{FILE}", found)
    text = yaml.read_text(content / FILE, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is not None and yaml.check_keys(document, _RULES, frozenset(), complain):
        _check_lengths(document, complain)
    if found or document is None:
        raise BrandError(found)
    return Brand(dict(document["name"]), dict(document["about"]), dict(document["short"]))


def problems(content: Path) -> Iterator[Problem]:
    """Everything wrong in content/brand.yaml."""
    try:
        read_brand(content)
    except BrandError as error:
        yield from error.problems


def _check_lengths(document: CommentedMap, complain: Complain) -> None:
    for key, longest in _LONGEST.items():
        for language, text in document[key].items():
            if len(text) > longest:
                line = document.lc.key(key)[0] + 1
                complain(line, f"{key} in {language} has {len(text)} characters; Telegram takes {longest}")
