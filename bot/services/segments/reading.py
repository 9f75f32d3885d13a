"""Reading a segment: the text folded, parsed, and every name in it known; errors point at the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from rapidfuzz import process

from bot.i18n import Phrase, _
from bot.services.segments import words
from bot.services.segments.model import (
    DEEPEST,
    LONGEST,
    QUOTES,
    Both,
    Condition,
    Everyone,
    Has,
    Segment,
    SegmentError,
    To,
    both,
    depth,
    either,
    without,
)
from bot.services.segments.predicates import PREDICATES, ROLE, WORK, Predicate, spelled

# What a Chinese keyboard types for the marks, one character for one: positions stay.
_FOLDED: Final = str.maketrans("：；，、（）＜＞《》＆｜－—–“”„「」　", ':,,,()<><>&|---""""" ')
# The key whose value is missing or wrong, before a position.
_KEY_BEFORE: Final = re.compile(r"([^\s,|&()<>:\"-]+)\s*[:<>]=?\s*(?:[^\s|&()<>:]+\s*,\s*)*$")
# A word that can't stand beside what was said before it, and what it would stand after wrongly anyway.
_MIXED: Final = re.compile(
    r"[-|]|或|or\b|除了|除去|不含|不要|without\b|except\b|minus\b|not\b", re.IGNORECASE
)
_JOINED: Final = re.compile(r"(?:[-|&(:<>,]|且|或|\band|\bor)\s*$", re.IGNORECASE)
_ALIKE: Final = 70


@dataclass(frozen=True, slots=True)
class _SentTo:
    """Where it goes, as it stands among the conditions until it is taken out."""

    to: To
    at: int


def parse(text: str) -> Segment:
    """The segment that a text says, in Chinese or English words; SegmentError for one that is none."""
    if len(text) > LONGEST:
        raise SegmentError(text, LONGEST, _("That is too long: {n} characters fit.").format(n=LONGEST))
    if not text.strip():
        raise SegmentError(text, 0, _begin())
    folded = text.translate(_FOLDED)
    try:
        tree = _parser().parse(folded)
    except UnexpectedInput as error:
        raise _explained(text, folded, error) from None
    condition, to = _taken_out(text, _Reader(text).read(tree.children[0]))
    if depth(condition) > DEEPEST:
        raise SegmentError(text, 0, _("That is too deep: fewer brackets, please."))
    return Segment(condition, to, text)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("segment.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


def _taken_out(text: str, found: Any) -> tuple[Condition, To]:
    """The condition without the word on where it goes; that may only stand among what all holds."""
    parts = found.parts if isinstance(found, Both) else (found,)
    sent = [part for part in parts if isinstance(part, _SentTo)]
    if len(sent) > 1:
        raise SegmentError(text, sent[1].at, _("Where it goes is said twice: leave one away."))
    rest = [part for part in parts if not isinstance(part, _SentTo)]
    if wrong := next(_sent_within(rest), None):
        raise SegmentError(text, wrong.at, _("Where it goes stands at the end, outside of brackets."))
    return both(*rest) if rest else Everyone(), sent[0].to if sent else "people"


def _sent_within(parts: Any) -> Iterator[_SentTo]:
    for part in parts:
        if isinstance(part, _SentTo):
            yield part
        elif hasattr(part, "parts"):
            yield from _sent_within(part.parts)
        elif hasattr(part, "part"):
            yield from _sent_within([part.part])


class _Reader:
    """Makes conditions of the parser's tree. `text` is what was typed, before folding."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, node: Any) -> Any:
        """The condition that a rule of the grammar stands for, or where it goes."""
        match node.data:
            case "group":
                return self.read(node.children[0])
            case "both":
                return both(*map(self.read, node.children))
            case "either":
                return either(*map(self.read, node.children))
            case "narrowed":
                return self._narrowed(node)
            case "named":
                return self._named(*node.children)
            case "aged":
                return self._aged(*node.children)
        return self._any_of([self._bare(word) for word in node.children])

    def _narrowed(self, node: Tree[Token]) -> Condition:
        parts: list[Condition] = []
        leaves_out = False
        for child in node.children:
            if isinstance(child, Token):
                leaves_out = True
                continue
            part = self.read(child)
            parts.append(without(part) if leaves_out else part)
            leaves_out = False
        return both(*parts)

    def _named(self, key: Token, *values: Token) -> Condition | _SentTo:
        if key.casefold() in ("to", "发到", "发给"):
            return self._sent_to(values[0])
        predicate, is_opposite = self._predicate(key)
        read = tuple(self._value(predicate, value) for value in values)
        condition = Has(predicate.name, read, tuple(_start(value) for value in values))
        return without(condition) if is_opposite else condition

    def _aged(self, key: Token, sign: Token, age: Token) -> Condition:
        predicate, is_opposite = self._predicate(key)
        if not predicate.is_age:
            sentence = _("“{key}” takes a colon: {possible}.")
            raise self._error(sign, sentence.format(key=predicate.typed, possible=predicate.possible()))
        condition = Has(predicate.name, (self._value(predicate, age),), (_start(age),))
        return without(condition) if is_opposite != sign.startswith(">") else condition

    def _bare(self, word: Token) -> Condition:
        said = self._typed(word)
        if said.casefold() in words.EVERYONE:
            return Everyone()
        for predicate in (WORK, ROLE):
            if value := predicate.read(said):
                return Has(predicate.name, (value,), (_start(word),))
        raise self._error(word, words.sentences(_("I don't know “{word}”.").format(word=said), _possible()))

    def _any_of(self, said: list[Condition]) -> Condition:
        """Words with commas between: of one kind they are one condition with several values."""
        kind = said[0].key if isinstance(said[0], Has) else None
        alike = [each for each in said if isinstance(each, Has) and each.key == kind]
        if kind is None or len(alike) < len(said):
            return either(*said)
        values = tuple(value for each in alike for value in each.values)
        return Has(kind, values, tuple(at for each in alike for at in each.at))

    def _sent_to(self, value: Token) -> _SentTo:
        to = words.named(self._typed(value), words.TO)
        if to is None:
            raise self._error(value, _("Possible here: {possible}.").format(possible=words.typed(words.TO)))
        return _SentTo(cast(To, to), _start(value))

    def _predicate(self, key: Token) -> tuple[Predicate, bool]:
        said = self._typed(key)
        found = spelled(said)
        if found is None:
            raise self._error(key, _unknown(said))
        return found

    def _value(self, predicate: Predicate, token: Token) -> str:
        value = predicate.read(self._typed(token))
        if value is None:
            sentence = _("After “{key}” comes {possible}.")
            raise self._error(token, sentence.format(key=predicate.typed, possible=predicate.possible()))
        return value

    def _typed(self, token: Token) -> str:
        """A token as it was typed, without quotation marks."""
        start = _start(token)
        return self._text[start : start + len(token)].strip(QUOTES)

    def _error(self, token: Token, sentence: Phrase) -> SegmentError:
        return SegmentError(self._text, _start(token), sentence)


def _start(token: Token) -> int:
    return token.start_pos or 0


# -- What to say of a text that is no segment ----------------------------------------------


def _explained(text: str, folded: str, error: UnexpectedInput) -> SegmentError:
    position, expected = cast(int, error.pos_in_stream), getattr(error, "allowed", None) or set()
    if isinstance(error, UnexpectedToken):
        expected = error.accepts or set()
        position = len(text) if error.token.type == "$END" else position
    return SegmentError(text, position, _sentence(text, folded, position, expected))


def _sentence(text: str, folded: str, position: int, expected: set[str]) -> Phrase:
    missing = _KEY_BEFORE.search(folded[:position])
    found = spelled(text[missing.start(1) : missing.end(1)]) if missing else None
    if found and expected & {"VALUE", "AGE"}:
        return _("After “{key}” comes {possible}.").format(key=found[0].typed, possible=found[0].possible())
    if position == len(text) and "RPAR" in expected:
        return _("A bracket is open: close it with “)”.")
    if folded.startswith(")", position) and "RPAR" not in expected and "WORD" not in expected:
        return _("No bracket is open here: leave “)” away.")
    if _MIXED.match(folded, position) and position and not _JOINED.search(folded[:position]):
        return _("“or” beside “-” is unclear: put brackets, as in (a or b) - c.")
    return _begin()


def _begin() -> Phrase:
    return words.sentences(_("Here comes a condition."), _possible())


def _possible() -> Phrase:
    keys = " ".join(f"{each.typed}{'<' if each.is_age else ':'}" for each in PREDICATES.values())
    return _("Possible: {work}, {everyone}, or {keys}").format(
        work=words.typed(words.WORK), everyone=_("all"), keys=keys
    )


def _unknown(key: str) -> Phrase:
    known = [word for each in PREDICATES.values() for word in (each.name, *each.words, *each.opposites)]
    alike = process.extractOne(key.casefold(), known, score_cutoff=_ALIKE)
    if alike:
        return _("There is no “{key}:”. Did you mean “{alike}:”?").format(key=key, alike=alike[0])
    return words.sentences(_("There is no “{key}:”.").format(key=key), _possible())
