"""The parameters of one Bot API call, whichever way they were sent: query, form, multipart or JSON."""

import math
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.sandbox.errors import bad_request

Json = dict[str, Any]
LONGEST_NUMBER = 20  # digits of a 64-bit number and its sign
_TRUE = frozenset({"true", "yes", "1"})  # tdlib's to_bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    mime_type: str
    data: bytes


@dataclass(slots=True)
class Arguments:
    """Named values and uploaded files; every reader raises ApiError 400 for what it cannot use."""

    values: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a parameter was given with anything in it."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers and truth values are taken as they are written."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            return orjson.dumps(value).decode()
        raise bad_request(f'field "{name}" must be of type String')

    def number(self, name: str, default: int = 0) -> int:
        """A whole number, also written as a string."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(value) if isinstance(value, str) and len(value) <= LONGEST_NUMBER else _whole(value)
        except ValueError:
            raise bad_request(f'field "{name}" must be a valid Number') from None
        if abs(number) >= 1 << 63:
            raise bad_request(f'field "{name}" must be a valid Number')
        return number

    def real(self, name: str) -> float | None:
        """A finite number, or None where the parameter is missing."""
        value = self.values.get(name)
        if value in (None, ""):
            return None
        try:
            number = float(value) if isinstance(value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            number = math.nan
        if isinstance(value, bool) or not math.isfinite(number):
            raise bad_request(f'field "{name}" must be a valid Number')
        return number

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value; strings as the official server reads them."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        if isinstance(value, bool):
            return value
        return str(value).lower() in _TRUE

    def structure(self, name: str, what: str) -> Any:
        """A JSON-serialised parameter, decoded; None where it is missing. `what` names it in the error."""
        value = self.values.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def listing(self, name: str, what: str, of: str) -> list[Any]:
        """A JSON-serialised list; empty where it is missing."""
        value = self.structure(name, what)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {of}")
        return value


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("not a whole number")
