"""What a bot can talk about: dialogs, and the answers it gives outside of any conversation."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.i18n import LOCALES, speaking
from bot.talk import hears, says
from bot.talk.engine import Act, Go, Talk
from bot.talk.says import Json


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something is said: whether in private, and into which open dialog, if any.

    That dialog shows a screen that is only looked at (`browsing`), or asks a question. `refused` means that
    it was asked already and could not use what was said.
    """

    private: bool = True
    dialog: str = ""
    browsing: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """Where something said freely leads: what to open or to answer with, if anything.

    `said` comes before it. `doubt` says what was understood, with a button for who meant something else: its
    buttons are shown under what opens, the whole of it before what can have none. Where `to` is None, what is
    open stays as it is. `later` is put aside at once, and a button under `said` goes on with it.
    """

    to: Go | Act | None = None
    said: says.Text | None = None
    doubt: says.Text | None = None
    later: tuple[str, Go] | None = None


Route = Callable[[hears.Event, Scene, Any], Way | None]


@dataclass(slots=True)
class Aside:
    """Something said outside of a conversation: the answer to a command, a tap on an old card, a deep link.

    It never disturbs the conversation that is open, unless it opens another with `go`. `given` is what that
    conversation was opened with; it is `fresh` as long as nothing was done in it.
    """

    private: bool = True
    given: Mapping[str, Json] = field(default_factory=dict)
    fresh: bool = False
    said: list[says.Message] = field(default_factory=list)
    redrawn: says.Message | None = None
    toasted: str | None = None
    opened: Go | None = None
    locale: str | None = None
    closed: bool = False
    keeps: bool = False

    def say(self, message: says.Message) -> None:
        """Send a message."""
        self.said.append(message)

    def redraw(self, message: says.Message) -> None:
        """Draw the tapped message anew; where none was tapped, send it."""
        self.redrawn = message

    def toast(self, text: str) -> None:
        """A short word that passes."""
        self.toasted = text

    def go(self, dialog: str, **given: Json) -> None:
        """Open a dialog, with what it is given."""
        self.opened = Go(dialog, given)

    def keep(self) -> None:
        """Leave the tapped message as it is: a dialog that opens goes below it."""
        self.keeps = True

    def speak(self, locale: str) -> None:
        """From here on in another language: the open conversation shows its prompt again in it."""
        self.locale = locale

    def leave(self) -> None:
        """Close the open conversation."""
        self.closed = True


def _needs(function: Callable[..., Any], spoken: int) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)[spoken:]


@dataclass(frozen=True, slots=True)
class Dialog:
    """A conversation people have. After `talk` its coroutine takes services, by their names.

    `title` names it in "go on with …?"; `summary` is its line in the command menu. What `parks` is kept for
    later when something else comes between; the rest is simply over. One that `resumes` goes on where it was
    when it is opened again with the same things given; one that `lasts` does not give way to later ones.
    """

    name: str
    talk: Callable[..., Coroutine[Any, Any, Go | Act | None]]
    title: Callable[[], str]
    command: str | None = None
    summary: Callable[[], str] | None = None
    parks: bool = True
    resumes: bool = False
    lasts: bool = False
    in_groups: bool = False
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Read from the coroutine's own parameters which services it takes."""
        object.__setattr__(self, "needs", _needs(self.talk, 1))

    def with_services(self, services: object) -> Callable[[Talk], Coroutine[Any, Any, Go | Act | None]]:
        """The dialog with its services filled in."""
        given = [getattr(services, name) for name in self.needs]
        return lambda talk: self.talk(talk, *given)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers a command or an action: `(aside, argument, *services)`.

    What is `for_administrators` of a group needs the channel to say who is one, before it is answered.
    """

    name: str
    answer: Callable[..., Awaitable[None]]
    summary: Callable[[], str] | None = None
    in_groups: bool = False
    for_administrators: bool = False
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Read from the function's own parameters which services it takes."""
        object.__setattr__(self, "needs", _needs(self.answer, 2))

    async def run(self, aside: Aside, argument: str, services: object) -> None:
        """Answer."""
        await self.answer(aside, argument, *(getattr(services, name) for name in self.needs))


@dataclass(frozen=True, slots=True)
class MenuButton:
    """A button of the lasting menu: a command under a plain name, or one's location where there is none."""

    label: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Repertoire:
    """All a bot can talk about.

    `route(event, scene, services)` says where an event leads that no command and no button stands for, or
    None. Where something is open, it is asked before that hears a text, and again if it was of no use there.
    """

    dialogs: Mapping[str, Dialog]
    commands: Mapping[str, Answerer | Dialog]
    actions: Mapping[str, Answerer]
    links: Mapping[str, Answerer]
    route: Route
    menu: Callable[[], Sequence[Sequence[MenuButton]]]
    menu_words: Mapping[str, str]

    def menu_command(self, text: str) -> str | None:
        """The command that a button of the lasting menu stands for, whatever language it was shown in."""
        return self.menu_words.get(text)


def repertoire(
    dialogs: Sequence[Dialog],
    commands: Sequence[Answerer],
    actions: Sequence[Answerer],
    links: Sequence[Answerer],
    route: Route,
    menu: Callable[[], Sequence[Sequence[MenuButton]]],
) -> Repertoire:
    """Index what is there by name; ValueError if two things answer to one name."""
    spoken: list[Answerer | Dialog] = [*(dialog for dialog in dialogs if dialog.command), *commands]
    return Repertoire(
        _by_name({dialog.name: dialog for dialog in dialogs}, len(dialogs)),
        _by_name({_command(entry): entry for entry in spoken}, len(spoken)),
        _by_name({action.name: action for action in actions}, len(actions)),
        _by_name({link.name: link for link in links}, len(links)),
        route,
        menu,
        _menu_words(menu),
    )


def _menu_words(menu: Callable[[], Sequence[Sequence[MenuButton]]]) -> dict[str, str]:
    words = {}
    for locale in LOCALES:
        with speaking(locale):
            words.update({button.label: button.command for row in menu() for button in row if button.command})
    return words


def _command(entry: Answerer | Dialog) -> str:
    return entry.name if isinstance(entry, Answerer) else entry.command or entry.name


def _by_name(found: dict[str, Any], wanted: int) -> dict[str, Any]:
    if len(found) != wanted:
        raise ValueError(f"two things answer to one name among {sorted(found)}")
    return found
