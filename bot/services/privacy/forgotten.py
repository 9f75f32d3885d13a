"""Who was forgotten, in a file apart from the data: a backup brings them back, and by the file they go again.

A line is `bot person moment`: numbers that lead to nobody any more. The file is written anew as a whole, from
what the log of a database tells; what it told before stays, for backups that are older than the log.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.privacy import forgetting
from bot.services.privacy.holdings import Whom
from bot.store.tables import people
from bot.store.work import Work

# Only its owner may read it.
_MODE: Final = 0o600


@dataclass(frozen=True, slots=True, order=True)
class Forgotten:
    """That a person of a bot was forgotten, by a number that leads to nobody now."""

    bot: int
    person: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.bot} {self.person} {self.at.isoformat()}"


def read(path: Path) -> list[Forgotten]:
    """What a file says, in order. ValueError names the line that is none, OSError is for no file."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            bot, person, moment = line.split()
            found.append(Forgotten(int(bot), int(person), datetime.fromisoformat(moment)))
        except ValueError:
            raise ValueError(f"{path}, line {number}: write a bot, a person and a moment") from None
    return found


def add(path: Path, forgotten: Iterable[Forgotten]) -> None:
    """Write down who was forgotten, beside those who stand there. ValueError and OSError as `read`."""
    with _alone(path):
        before = set(read(path)) if path.exists() else set()
        after = before | set(forgotten)
        if after != before or not path.exists():
            _write(path, sorted(after))


async def noted(work: Work) -> list[Forgotten]:
    """Whom the log of this bot tells to be forgotten."""
    found = await audit.told(work, forgetting.FORGOTTEN)
    return [Forgotten(work.bot, one.actor, one.at) for one in found if one.actor is not None]


async def forget_again(work: Work, forgotten: Iterable[Forgotten]) -> int:
    """Forget those of this bot whom a backup brought back; gives how many.

    A number that was given to somebody else since then is theirs: it stays.
    """
    times = 0
    for one in forgotten:
        found = {"of": work.bot, "whose": one.person, "moment": one.at}
        row = await work.first(_BACK, found) if one.bot == work.bot else None
        if row is not None:
            await forgetting.forget(work, Whom(work.bot, one.person, row.account))
            times += 1
    return times


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Whoever else writes the file waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(f"{path}.lock", os.O_WRONLY | os.O_CREAT, _MODE), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, lines: Iterable[Forgotten]) -> None:
    """The whole file at once: whoever reads it meanwhile reads the one before."""
    unfinished = Path(f"{path}.unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE), "w") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


_BACK: Final = sa.select(people.c.account).where(
    people.c.bot == sa.bindparam("of"),
    people.c.id == sa.bindparam("whose"),
    people.c.made_at < sa.bindparam("moment"),
)
