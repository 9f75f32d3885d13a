"""What a lesson and a guide are, as read from content/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.i18n import DEFAULT_LOCALE, Phrase

QuizKind = Literal["single", "multiple", "order", "situation"]
LinkKind = Literal["service", "kind", "guide", "lesson"]

NOTHING: Final = Phrase()
PICTURES: Final = (".jpg", ".png")
RECORDINGS: Final = (".ogg", ".mp3", ".m4a")


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from. One that is not sure is said with "check with 12333"."""

    about: str
    origin: str
    date: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a recording beside the text; length in seconds, 0 for a picture."""

    file: str
    words: str
    seconds: int
    line: int

    @property
    def is_picture(self) -> bool:
        """Whether it is looked at rather than heard."""
        return self.file.endswith(PICTURES)


@dataclass(frozen=True, slots=True)
class Link:
    """A way from a card to a service, a kind of station, a guide or another lesson."""

    label: str
    kind: LinkKind
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a quiz, and why it is right or wrong."""

    text: Phrase
    right: bool
    why: Phrase
    line: int


@dataclass(frozen=True, slots=True)
class Card:
    """One screen of a lesson. One with options is a question of the quiz; `why` explains a right order."""

    key: str
    title: str
    text: Phrase
    line: int
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    quiz: QuizKind | None = None
    options: tuple[Option, ...] = ()
    why: Phrase = NOTHING

    @property
    def pictures(self) -> list[Media]:
        """What the card shows; a channel shows the first of them."""
        return [media for media in self.media if media.is_picture]

    @property
    def recordings(self) -> list[Media]:
        """What one can listen to."""
        return [media for media in self.media if not media.is_picture]

    @property
    def right(self) -> list[int]:
        """The right answer, as places of options: those to choose, or all of them in order."""
        if self.quiz == "order":
            return list(range(len(self.options)))
        return [place for place, option in enumerate(self.options) if option.right]


@dataclass(frozen=True, slots=True)
class Head:
    """What lessons and guides have in common at their top. `lines` says where each key stands."""

    title: str
    summary: str
    tags: tuple[str, ...]
    sources: tuple[Source, ...]
    review: str
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson in one language; `minutes` as the author wrote them, if they did.

    `recording` is the whole lesson to listen to while riding, where there is one.
    """

    head: Head
    cards: tuple[Card, ...]
    minutes: int | None
    recording: Media | None = None

    @property
    def has_pictures(self) -> bool:
        """Whether any card shows something."""
        return any(card.pictures for card in self.cards)

    def picture_at(self, number: int) -> Media | None:
        """What card `number` shows: its own picture, or the last one before it, or the lesson's first.

        A message that shows a picture can't become a text again, so a lesson with pictures always has one.
        """
        shown = [media for card in self.cards[: number + 1] for media in card.pictures[:1]]
        first = [media for card in self.cards for media in card.pictures[:1]]
        own = self.cards[number].pictures
        return next(iter([*own[:1], *shown[::-1][:1], *first[:1]]), None)

    @property
    def questions(self) -> list[Card]:
        """The cards that ask something."""
        return [card for card in self.cards if card.quiz]

    def question(self, key: str) -> Card | None:
        """The question with this key, None if there is none (any more)."""
        return next((card for card in self.questions if card.key == key), None)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in every language. Its track and level are its place among the others."""

    id: str
    track: str
    level: int
    texts: Mapping[str, LessonText]

    def text(self, locale: str) -> LessonText:
        """The lesson as this reader gets it."""
        return self.texts.get(locale) or self.texts[DEFAULT_LOCALE]


@dataclass(frozen=True, slots=True)
class GuideText:
    """A guide in one language; `asks` are questions that it answers."""

    head: Head
    asks: tuple[str, ...]
    text: Phrase
    line: int


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in every language, the lesson that says more and the numbers to call."""

    id: str
    lesson: str
    hotlines: tuple[str, ...]
    texts: Mapping[str, GuideText]

    def text(self, locale: str) -> GuideText:
        """The guide as this reader gets it."""
        return self.texts.get(locale) or self.texts[DEFAULT_LOCALE]


@dataclass(frozen=True, slots=True)
class Track:
    """Lessons that belong together."""

    id: str
    emoji: str
    names: Mapping[str, str]

    def name(self, locale: str) -> str:
        """The name in Chinese for Chinese locales, else in English."""
        return self.names["zh" if locale.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call and what it is for."""

    number: str
    names: Mapping[str, str]
    about: Mapping[str, str]

    def name(self, locale: str) -> str:
        """Its name in Chinese for Chinese locales, else in English."""
        return self.names["zh" if locale.startswith("zh") else "en"]

    def purpose(self, locale: str) -> str:
        """What it is for, in Chinese for Chinese locales, else in English."""
        return self.about["zh" if locale.startswith("zh") else "en"]
