"""Questions as organizers type them, one a line, and the answers that fit them.

    How many hours do you ride a day? [1-16]
    Was pay deducted this month? [Yes -> 3 / No -> 4 / Several times! -> 3]
    What was it for?
    Shall somebody call you? [Yes, please! / No]

What stands in brackets says how to answer: options between slashes, a range of numbers, `number`, `photo`;
without brackets in words. `-> 3` goes on with the third question, `-> end` ends; `!` marks what organizers
have to know at once. Chinese words and signs do as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.services.checkins.model import (
    END,
    LARGEST_NUMBER,
    LONGEST_ANSWER,
    LONGEST_LABEL,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Option,
    Question,
)
from bot.talk.says import Json

_LINE: Final = re.compile(
    r"(?:\d{1,2}\s*[.、)）]\s*)?(?P<text>.+?)\s*(?:[\[【［](?P<how>[^\[\]【】［］]*)[\]】］])?\s*\Z"
)
_LONGEST_LINE: Final = LONGEST_QUESTION + MOST_OPTIONS * (LONGEST_LABEL + 10)
_RANGE: Final = re.compile(r"(-?\d{1,9})\s*(?:-|–|~|～|到|至|to)\s*(-?\d{1,9})\Z")
_BETWEEN: Final = re.compile(r"\s*[/／|｜]\s*")
# As many write a list who overlook what it says about the slash.
_LISTED: Final = re.compile(r"\s*[、，,]\s*")
_JUMP: Final = re.compile(r"(?P<label>.*?)\s*(?:->|→|＞|>)\s*(?P<where>\w+)\s*\Z")
_WORDS: Final = {
    "number": "number",
    "数字": "number",
    "photo": "photo",
    "照片": "photo",
    "拍照": "photo",
    "text": "text",
    "words": "text",
    "文字": "text",
    "填写": "text",
    "here": "here",
    "i'm here": "here",
    "到": "here",
    "我在": "here",
}
_ENDS: Final = ("end", "结束", "完")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a line (counted from 1): a name for it, and the words it is about."""

    line: int
    name: str
    about: str = ""


class Unreadable(Exception):
    """Lines that are no questions."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


def read_questions(text: str) -> tuple[Question, ...]:
    """The questions of a text, keyed q1, q2 … by their place. Raises Unreadable with the first flaw."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Unreadable(Flaw(1, "nothing"))
    if len(lines) > MOST_QUESTIONS:
        raise Unreadable(Flaw(MOST_QUESTIONS + 1, "too many"))
    return tuple(_question(line, number, len(lines)) for number, line in enumerate(lines, 1))


def _question(line: str, number: int, count: int) -> Question:
    match = _LINE.match(line) if len(line) <= _LONGEST_LINE else None
    if match is None or len(match["text"]) > LONGEST_QUESTION:
        raise Unreadable(Flaw(number, "too long"))
    key, text, how = f"q{number}", match["text"], (match["how"] or "").strip()
    if bounds := _RANGE.match(how):
        low, high = int(bounds[1]), int(bounds[2])
        if low >= high:
            raise Unreadable(Flaw(number, "empty range", how))
        return Question(key, "number", text, low=low, high=high)
    kind = _WORDS.get(how.lower(), "") if how else "text"
    if kind == "number":
        return Question(key, "number", text)
    if kind in ("text", "photo", "here"):
        return Question(key, kind, text)  # type: ignore[arg-type]  # mypy sees no narrowing of a str
    return Question(key, "options", text, read_options(how, number, count))


def read_options(how: str, number: int = 1, count: int = 1) -> tuple[Option, ...]:
    """The options of question `number` out of `count`. Raises Unreadable."""
    between = _BETWEEN if _BETWEEN.search(how) else _LISTED
    parts = [part for part in between.split(how) if part]
    if not 1 < len(parts) <= MOST_OPTIONS:
        raise Unreadable(Flaw(number, "options", how))
    options = tuple(_option(part, number, count) for part in parts)
    if len({option.label for option in options}) < len(options):
        raise Unreadable(Flaw(number, "twice", how))
    return options


def _option(part: str, number: int, count: int) -> Option:
    jump = _JUMP.match(part)
    label, where = (jump["label"], jump["where"].lower()) if jump else (part, None)
    attention = label.endswith(("!", "！"))
    label = label.rstrip("!！ ")
    if not 0 < len(label) <= LONGEST_LABEL:
        raise Unreadable(Flaw(number, "label", label))
    if where is None or where in _ENDS:
        return Option(label, attention, None if where is None else END)
    # Only onwards: nobody is led round in circles.
    if not (where.isascii() and where.isdigit() and number < int(where) <= count):
        raise Unreadable(Flaw(number, "jump", where))
    return Option(label, attention, f"q{int(where)}")


def fits(question: Question, value: Json) -> bool:
    """Whether a value answers a question."""
    match question.kind:
        case "here":
            return value is True
        case "options":
            return question.option(value) is not None
        case "number":
            return _is_number(question, value)
        case "text":
            return isinstance(value, str) and 0 < len(value) <= LONGEST_ANSWER
        case _:
            return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(question: Question, value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = -LARGEST_NUMBER if question.low is None else question.low
    high = LARGEST_NUMBER if question.high is None else question.high
    return low <= value <= high


def after(questions: tuple[Question, ...], key: str, value: Json) -> Question | None:
    """The question that comes after one was answered so (None: skipped); None at the end."""
    place = next(index for index, one in enumerate(questions) if one.key == key)
    option = questions[place].option(value)
    if option is not None and option.then is not None:
        return next((one for one in questions if one.key == option.then), None)
    return questions[place + 1] if place + 1 < len(questions) else None


def way(questions: tuple[Question, ...], values: dict[str, Json]) -> list[Question]:
    """The questions that somebody with these answers was led through, in order."""
    led: list[Question] = []
    question: Question | None = questions[0]
    while question is not None:
        led.append(question)
        question = after(questions, question.key, values.get(question.key))
    return led
