"""When the next message may go: the flood limits from the sender's side.

Each limit is a GCRA bucket (ITU-T I.371): one number, the time at which the bucket would be empty. Pure:
times are arguments, in seconds of any clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import limits

# A timer that fires late may catch up this many seconds. The interval is longer in proportion, so that
# no second ever holds more than the rate.
LATE = 0.01
# Seconds of ours for one of Telegram's: the clocks differ, and a bucket emptied too early is a refusal.
CLOCKS_APART = 1.02
FORGET_ABOVE = 20_000


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast to send: in all, to one person, to one group.

    A person's burst stays a little below what is allowed, since messages may bunch up on their way. A
    group's burst is kept small and is taken out of its minute, so that no minute holds more than the limit.
    """

    per_second: float = limits.MESSAGES_PER_SECOND
    private_seconds: float = 1 / limits.PRIVATE_MESSAGES_PER_SECOND
    private_burst: int = limits.PRIVATE_BURST - 2
    group_per_minute: float = limits.GROUP_MESSAGES_PER_MINUTE
    group_burst: int = 5


UNLIMITED = Rates(per_second=float("inf"), private_seconds=0, group_per_minute=float("inf"))


@dataclass(frozen=True, slots=True)
class Beat:
    """One message every `interval` seconds, `slack` seconds early at most."""

    interval: float
    slack: float


class Pace:
    """The buckets of one bot: its own, and one for each chat. Negative chat ids are groups."""

    def __init__(self, rates: Rates | None = None) -> None:
        rates = rates or Rates()
        self._all = Beat((1 + LATE) / rates.per_second, LATE)
        private = rates.private_seconds * CLOCKS_APART
        self._private = Beat(private, private * (rates.private_burst - 1))
        group = 60 / (rates.group_per_minute - rates.group_burst + 1) * CLOCKS_APART
        self._group = Beat(group, group * (rates.group_burst - 1))
        self._empty_at = float("-inf")
        self._chats: dict[int, float] = {}
        self._refused_until: dict[int, float] = {}

    def open_at(self) -> float:
        """From when on some message may go, as far as the whole bot is concerned."""
        return self._empty_at - self._all.slack

    def chat_open_at(self, chat: int) -> float:
        """From when on a message to this chat may go, as far as the chat is concerned."""
        empty_at = self._chats.get(chat)
        return float("-inf") if empty_at is None else empty_at - self._beat(chat).slack

    def leave(self, chat: int, now: float) -> None:
        """A message to the chat goes now."""
        self._empty_at = max(self._empty_at, now) + self._all.interval
        beat = self._beat(chat)
        if beat.interval:
            self._chats[chat] = max(self._chats.get(chat, now), now) + beat.interval
        if len(self._chats) > FORGET_ABOVE:
            self._chats = {chat: empty_at for chat, empty_at in self._chats.items() if empty_at > now}

    def arrive(self, chat: int, now: float) -> None:
        """The chat's message was answered: Telegram counted it no later than now."""
        beat = self._beat(chat)
        if beat.interval:
            self._chats[chat] = max(self._chats.get(chat, now), now + beat.interval)

    def refuse(self, chat: int, now: float, seconds: float) -> None:
        """Telegram asked for a pause of so many seconds.

        It does not say whether it means the chat or the bot: one chat alone pauses alone, a second one that
        is refused while the first still pauses tells that all are meant. After a pause nothing bursts.
        """
        until = now + seconds
        self._refused_until = {other: end for other, end in self._refused_until.items() if end > now}
        if self._refused_until.keys() - {chat}:
            self._empty_at = max(self._empty_at, until + self._all.slack)
        self._refused_until[chat] = until
        self._chats[chat] = max(self._chats.get(chat, now), until + self._beat(chat).slack)

    def _beat(self, chat: int) -> Beat:
        return self._private if chat > 0 else self._group
