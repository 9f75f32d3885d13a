"""The table of Bot API methods: name in lower case to the name and the function that carries it out."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.stage import Call

Handler = Callable[[Call], Any]
METHODS: dict[str, tuple[str, Handler]] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register a function as a Bot API method; it may be a coroutine function."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = (name, handler)
        return handler

    return register
