"""Logs: one event a line, of ids and counts. Never a token, a text, a phone number or a place.

Two nets, one below the other. Only fields of a list are written at all (FIELDS), so that a text does not slip
in under a new name; and in what is written, whatever looks like a secret or like somebody's number is blotted
out.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

FIELDS: Final = frozenset(
    (
        *("event", "level", "timestamp", "error", "trace", "reference", "kind", "method"),
        *("update", "row", "due", "bot", "count", "rows", "seconds", "flaws", "code", "chat", "field"),
    )
)
"""What a line may say. Whoever adds one makes sure that nobody ever writes it."""
WITHHELD: Final = "[withheld]"

_LONGEST: Final = 300
_LONGEST_TRACE: Final = 8000
# A decimal of a degree is eleven kilometres: nobody is found by that.
_DECIMALS: Final = 1
# Phone numbers and ID numbers are longer than numbers of ours; those of updates and bots are the channel's.
_LARGEST: Final = 10**9
_LARGER: Final = ("update", "bot")

_SECRETS: Final = re.compile(
    r"\d{6,}:[\w-]{20,}"  # a bot's token
    r"|[\w.+-]+@[\w-]+\.\w+"  # an address
    r"|//[^/\s:@]+:[^/\s@]+@"  # a password in an address
    r"|(?<![\w.])[+-]?\d{1,3}\.\d{3,}(?!\d)"  # degrees
    r"|(?:\+?\d[\s().-]{0,2}){8,}[\dXx]?"  # a phone number, a card, an ID number
    r"|[A-Za-z0-9+/_-]{40,}={0,2}"  # a key, a long token
)


def configure(*, as_json: bool, stream: TextIO | None = None) -> None:
    """Log to a stream (the standard error), as JSON for machines or in columns for people."""
    stream = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    # Libraries speak only of trouble, and without their words: those may quote what a person wrote.
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Wordless())
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _say_where


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What structlog is about to write, without what must not be written."""
    return {name: _fit(name, value) if name in FIELDS else WITHHELD for name, value in line.items()}


def blot(text: str) -> str:
    """A text with everything blotted out that looks like a secret or like somebody's number."""
    return _SECRETS.sub(WITHHELD, text)


def trace_of(error: BaseException) -> str:
    """Where an error happened. Without its own words: they may quote what a person wrote."""
    return "".join(traceback.format_tb(error.__traceback__))


def _fit(name: str, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        # A private chat has the number of the person; a group's is below zero.
        is_somebody = name == "chat" and value > 0
        return value if name in _LARGER or (value < _LARGEST and not is_somebody) else WITHHELD
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if name in ("timestamp", "level"):
        return value
    # A trace names our own files and lines; `trace_of` left the error's words out.
    return str(value)[-_LONGEST_TRACE:] if name == "trace" else blot(str(value)[:_LONGEST])


class _Wordless(logging.Formatter):
    """Which library has trouble and of what kind, and where; never in its own words."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the trace where there is one."""
        line = f"{record.levelname} {record.name}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} {type(error).__name__}\n{trace_of(error)}"


def _say_where(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """An error that nobody caught: where it happened, not what it says."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.stderr.write(f"{kind.__name__}\n{''.join(traceback.format_tb(trace))}")
