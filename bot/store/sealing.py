"""Sealed columns: what people wrote is encrypted at rest, with a key that is kept apart from the database.

AES-256-GCM with a random nonce for each value. Column and bot are the associated data: a value that is moved
into another column, or into another city's database, does not open. It says nothing of the row: whoever can
write the database may still swap two values of one column.

A sealed value is `~<key>~<nonce and ciphertext, base64>`. Without a key values are kept as they are; both
kinds may stand side by side until `wayside keys rotate` has been through. Nothing can be looked up by a
sealed value: rows are found by what stays in the clear (the account at the channel above all), or by
`Seal.blind`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

MARK: Final = "~"
CLEAR: Final = "-"
"""Stands in place of a key for a clear value that itself begins like a sealed one."""
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12  # NIST SP 800-38D, 8.2.2: random, so at most 2**32 values under one key


class CannotOpen(Exception):
    """A sealed value whose key is not here, or which was not sealed for its place."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of KEY_BYTES, under a name that stands in every value sealed with it."""

    name: str
    secret: bytes


class Seal:
    """Seals and opens the values of one bot. The last key seals, all of them open; without any all is clear.

    `new_nonce(n)` gives n bytes that nobody can foresee and that never come again.
    """

    def __init__(
        self, bot: int = 0, keys: Sequence[Key] = (), new_nonce: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._bot = str(bot)
        self._ciphers = {key.name: AESGCM(key.secret) for key in keys}
        self._keys = tuple(keys)
        self._new_nonce = new_nonce

    @property
    def newest(self) -> str | None:
        """The name of the key that seals now; None where nothing is sealed."""
        return self._keys[-1].name if self._keys else None

    def close(self, text: str, place: str) -> str:
        """Seal a text for a place (`table.column`)."""
        if not self._keys:
            return f"{MARK}{CLEAR}{MARK}{text}" if text.startswith(MARK) else text
        closed = base64.b64encode(self._encrypt(text.encode(), place))
        return f"{MARK}{self.newest}{MARK}{closed.decode()}"

    def open(self, value: str, place: str) -> str:
        """The text of a value from this place. Raises CannotOpen."""
        if not value.startswith(MARK):
            return value
        name, _mark, rest = value[1:].partition(MARK)
        if name == CLEAR:
            return rest
        try:
            raw = base64.b64decode(rest, validate=True)
        except binascii.Error:
            raise CannotOpen(f"a value of {place} was changed") from None
        return self._decrypt(name, raw, place).decode()

    def close_bytes(self, content: bytes, place: str) -> bytes:
        """Seal the content of a file."""
        if not self._keys:
            return _mark(CLEAR) + content if content.startswith(MARK.encode()) else content
        return _mark(self._keys[-1].name) + self._encrypt(content, place)

    def open_bytes(self, value: bytes, place: str) -> bytes:
        """The content of a file. Raises CannotOpen."""
        if not value.startswith(MARK.encode()):
            return value
        name, _mark, rest = value[1:].partition(MARK.encode())
        if name == CLEAR.encode():
            return rest
        return self._decrypt(name.decode(errors="replace"), rest, place)

    def _encrypt(self, content: bytes, place: str) -> bytes:
        nonce = self._new_nonce(NONCE_BYTES)
        return nonce + self._ciphers[self._keys[-1].name].encrypt(nonce, content, self._about(place))

    def _decrypt(self, name: str, raw: bytes, place: str) -> bytes:
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise CannotOpen(f"{place} is sealed with the key {name!r}, which is not among the keys")
        try:
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._about(place))
        except (InvalidTag, ValueError):
            raise CannotOpen(f"a value of {place} was changed, or sealed for another place") from None

    def blind(self, text: str, place: str) -> list[str]:
        """What a secret is looked up by, 64 hexadecimal digits under each key, the newest first.

        Keyed: whoever has the database alone can try out no short codes. Without a key it is a plain hash.
        """
        secrets = [key.secret for key in reversed(self._keys)] or [b"no key"]
        about = self._about(place) + b"/" + text.encode()
        return [hmac.new(secret, about, hashlib.sha256).hexdigest() for secret in secrets]

    def _about(self, place: str) -> bytes:
        return f"{place}/{self._bot}".encode()


def _mark(name: str) -> bytes:
    return f"{MARK}{name}{MARK}".encode()


UNSEALED: Final = Seal()


def seal_with(engine: AsyncEngine, seal: Seal) -> None:
    """Let an engine's sealed columns use this seal."""
    engine.dialect.seal = seal  # type: ignore[attr-defined]  # column types are given nothing but the dialect


def _seal_of(dialect: Dialect) -> Seal:
    found = getattr(dialect, "seal", UNSEALED)
    assert isinstance(found, Seal)  # noqa: S101
    return found


class Sealed(sa.types.TypeDecorator[str]):
    """A text, sealed. `place` is its `table.column`. Compare it in Python: the database sees no two alike."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return None if value is None else _seal_of(dialect).close(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open. Raises CannotOpen."""
        return None if value is None else _seal_of(dialect).open(value, self.place)


class SealedBytes(sa.types.TypeDecorator[bytes]):
    """The content of a file, sealed: with the key's name before it, and no base64."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else _seal_of(dialect).close_bytes(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open. Raises CannotOpen."""
        return None if value is None else _seal_of(dialect).open_bytes(value, self.place)


class SealedJson(sa.types.TypeDecorator[Any]):
    """JSON, sealed: the column holds one JSON string. None is NULL."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__(none_as_null=True)
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        seal = _seal_of(dialect)
        if value is None or (seal.newest is None and not isinstance(value, str)):
            return value
        return seal.close(orjson.dumps(value).decode(), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open. Raises CannotOpen."""
        if not isinstance(value, str):
            return value
        return orjson.loads(_seal_of(dialect).open(value, self.place))
