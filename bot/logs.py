"""Logs: one event a line, of ids and counts. Never a token, a text, a phone number or a place."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog


def configure(*, as_json: bool) -> None:
    """Log to the standard error, as JSON for machines or in columns for people."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Libraries speak only of trouble: what they say at INFO may name chats.
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s", stream=sys.stderr)


def trace_of(error: BaseException) -> str:
    """Where an error happened. Without its own words: they may quote what a person wrote."""
    return "".join(traceback.format_tb(error.__traceback__))
