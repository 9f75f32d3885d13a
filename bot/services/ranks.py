"""Who administers a group: asked of the channel before an update is played, and only where it matters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.services.groups.rows import chat_from
from bot.services.incoming import Command, Incoming, Press
from bot.services.presses import ActionPress, read
from bot.talk.dialog import Answerer, Dialog, Repertoire

Ask = Callable[[int, int], Awaitable[bool]]
"""Whether an account administers a group (chat id, account), as the channel says now."""


async def with_rank(incoming: Incoming, repertoire: Repertoire, ask: Ask) -> Incoming:
    """The update, with the group that its person administers where the answer to it depends on that."""
    group = group_in_question(incoming, repertoire)
    if group is None or not await ask(group, incoming.account):
        return incoming
    return replace(incoming, administers=group)


def group_in_question(incoming: Incoming, repertoire: Repertoire) -> int | None:
    """The group whose administrators alone may do what an update asks for; None for nearly all updates.

    In a private chat it is the one that what was tapped or opened begins with, such as `-1001234.branch`.
    """
    answerer, argument = _answerer(incoming, repertoire)
    if not isinstance(answerer, Answerer) or not answerer.for_administrators:
        return None
    return chat_from(argument.partition(".")[0]) if incoming.private else incoming.chat


def _answerer(incoming: Incoming, repertoire: Repertoire) -> tuple[Answerer | Dialog | None, str]:
    match incoming.what:
        case Command("start", payload) if payload:
            name, _rest, argument = payload.partition("_")
            return repertoire.links.get(name), argument
        case Command(name, argument):
            return repertoire.commands.get(name), argument
        case Press(data):
            meaning = read(data)
            if isinstance(meaning, ActionPress):
                return repertoire.actions.get(meaning.action), meaning.object
    return None, ""
