"""The two grammars: built once, when first needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from lark import Lark
from lark.exceptions import UnexpectedInput

from bot.services.when.parts import Part

Language = Literal["zh", "en"]
_FOLDER: Final = Path(__file__).resolve().parent
_IGNORED: Final = "__IGNORE"


@dataclass(frozen=True, slots=True)
class Grammar:
    """A parser and the regular expressions of its words."""

    parser: Lark
    words: re.Pattern[str]
    fillers: re.Pattern[str]

    def parse(self, text: str) -> list[Part] | None:
        """The parts of a folded text that is a time from end to end, else None."""
        try:
            return self.parser.parse(text)  # type: ignore[return-value]
        except UnexpectedInput:
            return None


@cache
def grammar(language: Language) -> Grammar:
    """The grammar of a language. Takes some tenths of a second, once."""
    parser = Lark(
        (_FOLDER / f"{language}.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        transformer=_rules(language),
        maybe_placeholders=False,
    )
    terminals = sorted(
        parser.terminals, key=lambda each: (-each.priority, -each.pattern.max_width, each.name)
    )
    words = [each.pattern.to_regexp() for each in terminals if not each.name.startswith(_IGNORED)]
    fillers = [each.pattern.to_regexp() for each in terminals if each.name.startswith(_IGNORED)]
    return Grammar(parser, re.compile("|".join(words)), re.compile("|".join(fillers)))


def _rules(language: Language) -> object:
    if language == "zh":
        from bot.services.when.zh import ChineseRules

        return ChineseRules()
    from bot.services.when.en import EnglishRules

    return EnglishRules()
