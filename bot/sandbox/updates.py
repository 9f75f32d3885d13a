"""The queue of updates that one bot has not confirmed yet. Pure state: no sockets, no clock of its own."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from bot import limits

Json = dict[str, Any]

# Bot API, "Update": what a bot may ask for with allowed_updates.
KINDS: Final = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
# Bot API, getUpdates: these come only when asked for by name.
ONLY_WHEN_NAMED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS: Final = KINDS - ONLY_WHEN_NAMED


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """One update that waits to be confirmed; `lane` is what must stay in order (a chat or a person)."""

    update_id: int
    lane: int
    time: float
    body: Json


class UpdateQueue:
    """Updates in order, until they are confirmed or a day old."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.waiting: OrderedDict[int, Pending] = OrderedDict()
        self.delivered = 0
        self.on_new: list[Callable[[Pending], None]] = []

    def allow(self, kinds: Iterable[str]) -> None:
        """Keep only these kinds from now on; none at all means the default. Unknown names are ignored."""
        self.allowed = (frozenset(kinds) & KINDS) or DEFAULT_KINDS

    def put(self, kind: str, body: Json, lane: int, now: float) -> bool:
        """Queue an update if its kind is allowed; tells whether it was."""
        if kind not in self.allowed:
            return False
        self._expire(now)
        pending = Pending(self.next_id, lane, now, {"update_id": self.next_id, kind: body})
        self.waiting[pending.update_id] = pending
        self.next_id += 1
        for tell in tuple(self.on_new):
            tell(pending)
        return True

    def take(self, offset: int, limit: int, now: float) -> list[Json]:
        """Confirm what lies before `offset` and give up to `limit` updates from there.

        A negative offset keeps only that many of the newest updates (Bot API, getUpdates).
        """
        self._expire(now)
        if offset < 0:
            offset = self.next_id + offset
        while self.waiting and offset > 0 and next(iter(self.waiting)) < offset:
            self.waiting.popitem(last=False)
            self.delivered += 1
        return [pending.body for pending in islice(self.waiting.values(), limit)]

    def confirm(self, pending: Pending) -> None:
        """Forget one update that a webhook has accepted."""
        self.waiting.pop(pending.update_id, None)
        self.delivered += 1

    def clear(self) -> None:
        """Drop everything that waits."""
        self.waiting.clear()

    def _expire(self, now: float) -> None:
        oldest = now - limits.UPDATE_AGE_SECONDS
        while self.waiting and next(iter(self.waiting.values())).time < oldest:
            self.waiting.popitem(last=False)
