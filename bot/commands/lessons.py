"""`wayside lessons`: see a lesson as people see it, while writing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.working import chosen

if TYPE_CHECKING:
    from bot.services.lessons.library import Library
    from bot.services.lessons.model import Card, Lesson

app = typer.Typer(help="The lessons.", no_args_is_help=True)

LOOK_SECONDS = 0.5


@app.callback()
def lessons() -> None:
    """The lessons."""


@app.command("preview")
def preview(
    name: Annotated[str, typer.Argument(help="The lesson's folder in content/lessons.")],
    locale: Annotated[Literal["zh_CN", "en"], typer.Option(help="In which language.")] = "zh_CN",
    once: Annotated[bool, typer.Option("--once", help="Show it once, and don't wait for changes.")] = False,
) -> None:
    """Show a lesson as in the chat, with the time it takes; again whenever it is saved, until Ctrl-C."""
    import time

    content = chosen().content

    def show() -> None:
        for line in rendered(content, name, locale):
            typer.echo(line)

    def wait() -> bool:
        time.sleep(LOOK_SECONDS)
        return True

    if not (content / "lessons" / name).is_dir():
        typer.echo(f"There is no lesson {name} in {content / 'lessons'}.", err=True)
        raise typer.Exit(1)
    try:
        follow(content / "lessons" / name, show, (lambda: False) if once else wait)
    except KeyboardInterrupt:
        return


def follow(folder: Path, show: Callable[[], None], wait: Callable[[], bool]) -> None:
    """Show now and whenever a file of the folder changed; `wait` says after a while whether to go on."""
    seen: dict[str, int] | None = None
    going = True
    while going:
        stamps = {path.name: path.stat().st_mtime_ns for path in sorted(folder.iterdir())}
        if stamps != seen:
            seen = stamps
            show()
        going = wait()


def rendered(content: Path, name: str, locale: str) -> Iterator[str]:
    """A lesson in lines; where the content is wrong, what is wrong with it."""
    from bot.i18n import speaking
    from bot.services.lessons import timing
    from bot.services.lessons.library import LibraryError, read_library

    try:
        library = read_library(content)
    except LibraryError as error:
        yield from map(str, error.problems)
        return
    lesson = library.lesson(name)
    if lesson is None:
        yield f"There is no lesson {name} any more."
        return
    cards = lesson.text(locale).cards
    with speaking(locale):
        for number, card in enumerate(cards, 1):
            seconds = round(timing.card_seconds(card))
            yield f"── {number}/{len(cards)} · {card.key} · {seconds} s ──"
            yield from _screen(library, lesson, card)
            yield ""
    yield f"{timing.minutes(cards)} min in all."


def _screen(library: Library, lesson: Lesson, card: Card) -> Iterator[str]:
    from bot.dialogs.lesson_screens import draw
    from bot.services.lessons.course import begun
    from bot.services.messages import compose
    from bot.services.outbox import REPLY, Outgoing
    from bot.talk import says
    from bot.terminal import Terminal

    screen = draw(begun(lesson.id, [card]), library)
    lines: list[str] = []
    body = compose(says.Text(screen.text, screen.rows))
    Terminal(lines.append, numbered=False).take([Outgoing(0, 0, body, REPLY)])
    yield from lines
    yield from _answers(card)


def _answers(card: Card) -> Iterator[str]:
    """What the chat says only after an answer."""
    from bot.talk.markup import parse

    for option in card.options:
        mark = "✓" if option.right else "✗"
        yield f"    {mark} {parse(option.text).text}: {parse(option.why).text}".rstrip(": ")
    if card.why:
        yield f"    {parse(card.why).text}"
