"""The engine: a conversation is a coroutine, run again from the top on every update.

Known keys of the journal answer at once; the first unknown one takes the event, or stops and shows its
prompt. Nothing is kept in memory between two updates.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

import orjson

from bot.i18n import Phrase, _, plain
from bot.talk import hears, says
from bot.talk.choosing import chosen
from bot.talk.errors import DuplicateKey, ForgottenAwait, JournalTooLarge, Refused, TooManySteps
from bot.talk.inputs import Input
from bot.talk.journal import ANSWER, BROWSING, DONE, GIVEN, LEFT, NOTED, SAID, Journal
from bot.talk.says import Json

T = TypeVar("T")

# A dialog that needs more should keep its things in a table.
MAX_JOURNAL_BYTES = 64 * 1024
# Far more than anyone answers in one conversation; a loop that never ends is found here.
MAX_STEPS = 1000
# Only what JSON itself can hold: anything else would come back as something else.
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


class Waiting(BaseException):
    """Leaves the coroutine where it waits. No Exception, so that no dialog catches it by accident."""

    def __init__(self, prompt: says.Prompt) -> None:
        super().__init__(prompt.step)
        self.prompt = prompt


@dataclass(frozen=True, slots=True)
class Left:
    """What a browsed step's `react` gives to leave the screen with a value."""

    value: Json


@dataclass(frozen=True, slots=True)
class Go:
    """What a dialog returns to hand over to another one.

    `given` is what `Talk.given` reads there; `answers` answer its questions, and Back may take them back.
    """

    dialog: str
    given: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)

    def journal(self) -> dict[str, list[Json]]:
        """The journal with which the other dialog begins."""
        given = {key: [GIVEN, value] for key, value in self.given.items()}
        return {**given, **{key: [ANSWER, value] for key, value in self.answers.items()}}


@dataclass(frozen=True, slots=True)
class Act:
    """An action or a command to answer with, as if its button had been tapped."""

    name: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Quietly:
    """What a browsed step's `react` gives for a next state of which nothing is to be seen."""

    state: Json


class _Ignored:
    """What `react` gives for an event that is not for this screen."""


IGNORED = _Ignored()

Reaction = Json | Left | Quietly | _Ignored
React = Callable[[Json, hears.Event], Reaction | Awaitable[Reaction]]
Draw = Callable[[Json], says.Screen | Awaitable[says.Screen]]


@dataclass(slots=True)
class Run:
    """What one run brought: the journal as it is now, what was said before the prompt and what is said after
    it, and the prompt it waits at; `quiet` where that is shown already."""

    journal: Journal
    said: list[says.Message] = field(default_factory=list)
    after: list[says.Message] = field(default_factory=list)
    prompt: says.Prompt | None = None
    toast: str | None = None
    refusal: str | None = None
    heard: bool = True
    quiet: bool = False
    go: Go | Act | None = None


class _Step(Generic[T]):
    """A step that was made; it happens when it is awaited."""

    __slots__ = ("_happen", "_talk", "key")

    def __init__(self, talk: Talk, key: str, happen: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._talk = talk
        self._happen = happen
        self.key = key

    def __await__(self) -> Generator[Any, None, T]:
        self._talk._made = None
        return self._happen().__await__()


class Talk:
    """What a dialog speaks through. Every step has a key that is its own within a run."""

    def __init__(self, run: Run, event: hears.Event | None, *, private: bool = True) -> None:
        self.private = private
        self._run = run
        self._event = event
        self._used: set[str] = set()
        self._made: _Step[Any] | None = None

    # -- Steps -------------------------------------------------------------

    def choose(
        self,
        key: str,
        text: str,
        choices: Sequence[tuple[str, Json]],
        *,
        columns: int = 2,
        leading: int = 0,
        optional: bool = False,
    ) -> _Step[Json]:
        """Ask for one of (label, value) choices; gives the value, or None if it was skipped.

        A typed label or its number counts as a tap. The `leading` ones have a row of their own each.
        """
        options = [says.Option(label, value) for label, value in choices]
        rows = says.in_columns(options[:leading], 1) + says.in_columns(options[leading:], columns)

        def hear(event: hears.Event) -> Json:
            return read(chosen(options, event))

        def read(value: Json) -> Json:
            if all(option.value != value for option in options):
                raise Refused(_("Please tap one of the buttons."))
            return value

        prompt = says.Prompt(key, says.Text(text, rows), optional)
        return self._step(key, lambda: self._answer(prompt, hear, read, is_open=False))

    def ask(
        self,
        key: str,
        text: str,
        kind: Input[T],
        *,
        quick: Sequence[tuple[str, str]] = (),
        columns: int = 2,
        optional: bool = False,
    ) -> _Step[T]:
        """Ask for something of one's own; gives what `kind` reads.

        `quick` offers likely answers as (label, words): a tap is heard as the words. With `optional` the
        person may skip and the step gives None.
        """
        options = [says.Option(label, words) for label, words in quick]
        rows = [options[start : start + columns] for start in range(0, len(options), columns)]

        def hear(event: hears.Event) -> Json:
            match event:
                case hears.Choice(str(words)) if quick:
                    return kind.hear(hears.Text(words))
            return kind.hear(event)

        prompt = says.Prompt(key, says.Text(text, rows), optional, takes_words=True)
        return self._step(key, lambda: self._answer(prompt, hear, kind.read, is_open=True))

    def confirm(self, key: str, text: str, *, yes: str | None = None, no: str | None = None) -> _Step[bool]:
        """Ask a yes-or-no question."""
        choices = [(yes or _("✓ Yes"), True), (no or _("No"), False)]
        return cast(_Step[bool], self.choose(key, text, choices))

    def say(self, key: str, message: says.Message | str) -> _Step[None]:
        """Say something once."""
        said = says.Text(message) if isinstance(message, str) else message
        return self._step(key, lambda: self._say(key, said))

    def once(self, key: str, effect: Callable[..., Any], *args: Any) -> _Step[Any]:
        """Do something that must not happen again; gives its result (JSON), also on every later run.

        What was done cannot be undone by Back.
        """
        return self._step(key, lambda: self._once(key, DONE, effect, args))

    def note(self, key: str, look: Callable[..., Any], *args: Any) -> _Step[Any]:
        """Look something up once (the time, a random number) and keep to it; Back may take it back."""
        return self._step(key, lambda: self._once(key, NOTED, look, args))

    def given(self, key: str, default: Json = None) -> _Step[Json]:
        """What came with the command, the link or the sentence that opened this dialog; never asks."""
        return self._step(key, lambda: self._given(key, default))

    def browse(self, key: str, start: Callable[[], Json], draw: Draw, react: React) -> _Step[Json]:
        """Show one screen that every tap redraws in place; gives the value with which it is left.

        `start()` gives the first state, `draw(state)` the screen, `react(state, event)` the next state,
        `Quietly(state)` for one that is not worth a word, `Left(value)` to go on, or IGNORED for what is not
        meant for the screen. `draw` and `react` may be
        coroutines; `start` runs once, `react` once per event.
        """
        return self._step(key, lambda: self._browse(key, start, draw, react))

    # -- Asides, for use inside `react` --------------------------------------

    def show(self, message: says.Message) -> None:
        """Send something besides the screen."""
        self._run.said.append(message)

    def add(self, message: says.Message) -> None:
        """Send something below the screen: what was asked for comes first."""
        self._run.after.append(message)

    def toast(self, text: str) -> None:
        """A short word that passes: over the screen where the channel can, else before it."""
        self._run.toast = text

    # -- How steps happen ----------------------------------------------------

    def _step(self, key: str, happen: Callable[[], Coroutine[Any, Any, T]]) -> _Step[T]:
        self.finish()
        if key in self._used:
            raise DuplicateKey(key)
        self._used.add(key)
        if len(self._used) > MAX_STEPS:
            raise TooManySteps(MAX_STEPS)
        step = _Step(self, key, happen)
        self._made = step
        return step

    def finish(self) -> None:
        """Raise ForgottenAwait if a step was made and never awaited."""
        if self._made is not None:
            raise ForgottenAwait(self._made.key)

    async def _answer(
        self,
        prompt: says.Prompt,
        hear: Callable[[hears.Event], Json],
        read: Callable[[Json], T],
        *,
        is_open: bool,
    ) -> T:
        journal = self._run.journal
        key = prompt.step
        if journal.kind(key) == ANSWER:
            try:
                return _read(journal.value(key), prompt, read)
            except Refused:
                # This release no longer takes the answer: ask again, and lose nothing else.
                journal.drop(key)
        event, self._event = self._event, None
        if event is None:
            raise Waiting(prompt)
        try:
            value = _heard(event, prompt, hear)
            answer = _read(value, prompt, read)
        except Refused as refused:
            self._run.refusal = refused.sentence
            # A text that an open question refuses was still meant for it.
            self._run.heard = is_open and isinstance(event, hears.Text)
            raise Waiting(prompt) from None
        journal.put(key, ANSWER, value)
        return answer

    async def _say(self, key: str, message: says.Message) -> None:
        if key in self._run.journal:
            return
        self._run.said.append(message)
        self._run.journal.put(key, SAID, None)

    async def _once(self, key: str, kind: str, effect: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        journal = self._run.journal
        if key not in journal:
            journal.put(key, kind, _as_json(await _awaited(effect(*args))))
        return journal.value(key)

    async def _given(self, key: str, default: Json) -> Json:
        return self._run.journal.value(key) if key in self._run.journal else default

    async def _browse(self, key: str, start: Callable[[], Json], draw: Draw, react: React) -> Json:
        journal = self._run.journal
        if journal.kind(key) == LEFT:
            return journal.value(key)["value"]
        state = journal.value(key) if key in journal else start()
        event, self._event = self._event, None
        reaction = IGNORED if event is None else await _awaited(react(state, event))
        if isinstance(reaction, Left):
            journal.put(key, LEFT, _as_json({"value": reaction.value, "state": state}))
            return journal.value(key)["value"]
        if isinstance(reaction, _Ignored):
            self._run.heard = event is None
        elif isinstance(reaction, Quietly):
            state, self._run.quiet = reaction.state, True
        else:
            state = reaction
        journal.put(key, BROWSING, _as_json(state))
        screen = await _awaited(draw(state))
        prompt = says.Prompt(key, screen.message(), browsing=True, takes_words=screen.takes_words)
        raise Waiting(replace(prompt, stops=screen.stops))


async def run(
    dialog: Callable[[Talk], Coroutine[Any, Any, Go | Act | None]],
    journal: Journal,
    event: hears.Event | None = None,
    *,
    private: bool = True,
) -> Run:
    """Run a dialog once: replay the journal, let the first open step take the event, stop at a prompt.

    Raises DialogError for a dialog that breaks the engine's rules, and whatever the dialog raises.
    """
    brought = Run(journal)
    if isinstance(event, hears.Back):
        event = None
        if not journal.back():
            brought.refusal = _("There is nothing to take back here.")
    talk = Talk(brought, event, private=private)
    try:
        brought.go = await dialog(talk)
        talk.finish()
    except Waiting as waiting:
        can_go_back = not waiting.prompt.browsing and journal.last_answer() is not None
        brought.prompt = replace(waiting.prompt, back=can_go_back)
    _check_size(journal)
    return brought


def _check_size(journal: Journal) -> None:
    size = len(orjson.dumps(journal.to_json()))
    if size > MAX_JOURNAL_BYTES:
        raise JournalTooLarge(size, MAX_JOURNAL_BYTES)


def _as_json(value: Any) -> Json:
    """The value as the next run will find it: the first run must not see more than a replay does."""
    return orjson.loads(orjson.dumps(value, option=_STRICT))


def _heard(event: hears.Event, prompt: says.Prompt, hear: Callable[[hears.Event], Json]) -> Json:
    if not isinstance(event, hears.Skip):
        return hear(event)
    if not prompt.optional:
        raise Refused(_("This one can't be skipped."))
    return None


def _read(value: Json, prompt: says.Prompt, read: Callable[[Json], T]) -> T:
    if value is None and prompt.optional:
        return cast(T, None)
    return read(value)


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def refused(prompt: says.Prompt, sentence: str) -> says.Prompt:
    """The prompt again, beginning with the sentence that says why."""
    message = prompt.message
    if isinstance(message, says.Photo):
        caption = Phrase(f"{plain(sentence)}\n\n{plain(message.caption)}")
        return replace(prompt, message=replace(message, caption=caption))
    text = Phrase(f"{plain(sentence)}\n\n{plain(message.text)}")
    return replace(prompt, message=replace(message, text=text))
