"""Keys of sealed columns: lines of text, in a file or in the environment, never beside the data.

# one line a key: its name and its secret; the last one seals, the others still open
2026-05 c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I=
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from datetime import date
from pathlib import Path
from typing import Final

from bot.settings import Settings
from bot.store.database import Database
from bot.store.sealing import KEY_BYTES, UNSEALED, Key, Seal

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,19}")
# Only its owner may read it.
_MODE: Final = 0o600
_HEADER: Final = (
    "# Keys of Wayside. The last one seals, the others still open. Keep a copy far from the data.\n"
)


def read_keys(text: str) -> list[Key]:
    """Keys from their lines, in order. ValueError says which line is wrong and what to do, not its secret."""
    keys: list[Key] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        key = _key(words)
        if key is None:
            raise ValueError(f"line {number} of the keys: write a name and {KEY_BYTES} bytes in base64")
        if any(key.name == other.name for other in keys):
            raise ValueError(f"line {number} of the keys: there is a key {key.name} already")
        keys.append(key)
    return keys


def _key(words: list[str]) -> Key | None:
    if len(words) != 2 or not _NAME.fullmatch(words[0]):
        return None
    try:
        secret = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        return None
    return Key(words[0], secret) if len(secret) == KEY_BYTES else None


def keys_of(settings: Settings) -> list[Key]:
    """The keys that the settings name: those of the file, else those of the environment.

    ValueError where the file cannot be read, or holds what is no key.
    """
    if settings.keys_file is None:
        return read_keys(settings.keys.get_secret_value())
    try:
        return read_keys(settings.keys_file.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"{settings.keys_file} cannot be read ({error.strerror})") from None


def seal_of(settings: Settings) -> Seal:
    """The bot's seal. ValueError for keys that are none."""
    keys = keys_of(settings)
    return Seal(settings.bot, keys) if keys else UNSEALED


def database_of(settings: Settings) -> Database:
    """The configured database, with the bot's seal. ValueError for keys that are none."""
    return Database(settings.database_url, seal_of(settings))


def add_key(path: Path, today: date) -> str:
    """Write a new key at the end of a file, made where there is none; gives the key's name.

    From then on it seals; `wayside keys rotate` brings what is there under it.
    """
    kept = read_keys(path.read_text("utf-8")) if path.exists() else []
    names = {key.name for key in kept}
    base = f"{today:%Y-%m-%d}"
    name = next(one for one in (base, *(f"{base}.{n}" for n in range(2, 1000))) if one not in names)
    secret = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE), "a") as file:
        file.write(f"{'' if kept else _HEADER}{name} {secret}\n")
    return name
