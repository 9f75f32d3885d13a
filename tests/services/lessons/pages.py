"""A small content folder to break."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.services.lessons.check import problems
from tests.transcript import small_content

LESSON = "lessons/first_hour/en.md"
GUIDE = "guides/report/en.md"


class Content:
    """A copy of the tests' small content, and what the check says of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "content"
        shutil.copytree(small_content(), self.folder)
        for name in ("services.yaml", "station_kinds.yaml"):
            shutil.copy(small_content().parents[1] / "content" / name, self.folder)

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """A file's new text."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, before: str, after: str) -> None:
        """Put something else in place of some words, which have to be there."""
        text = self.read(name)
        assert before in text
        self.write(name, text.replace(before, after, 1))

    def line(self, name: str, words: str) -> int:
        """The number of the first line with these words."""
        return next(at for at, line in enumerate(self.read(name).split("\n"), 1) if words in line)

    def problems(self) -> list[str]:
        """What the check says."""
        return [str(problem) for problem in problems(self.folder)]
