"""When the next message may go: the flood limits from the sender's side.

A chat's limit is a GCRA bucket (ITU-T I.371): one number, the time at which the bucket would be empty. The
whole bot goes by a timetable. Pure: times are arguments, in seconds of any clock that only goes forward.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bot import limits

# Who leaves late by no more than this many seconds keeps to the timetable: a busy machine costs no speed.
LATE = 0.1
# Seconds between two departures grow by this share: messages may come closer together on their way.
MARGIN = 0.005
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


class Alone:
    """The whole bot's timetable, where one speaker has it to itself: a departure every `interval` seconds.

    What is late catches up, but no second ever holds more than `rate` departures; after an idle time the
    timetable begins anew.
    """

    def __init__(self, interval: float, rate: float) -> None:
        self._interval = interval
        self._next = float("-inf")
        self._latest: deque[float] = deque(maxlen=int(rate) if 1 <= rate < float("inf") else 0)

    def open_at(self) -> float:
        """From when on a message may go."""
        latest = self._latest
        return max(self._next, latest[0] + 1) if latest and len(latest) == latest.maxlen else self._next

    def leave(self, now: float) -> None:
        """A message goes now."""
        is_idle = now > self._next + LATE
        self._next = (now if is_idle else self._next) + self._interval
        self._latest.append(now)

    def pause(self, until: float) -> None:
        """Nothing may go until then."""
        self._next = max(self._next, until)


class Shared:
    """Departures of the whole bot, reserved in the database some at a time, `interval` seconds apart.

    What is reserved covers SPAN seconds: longer than a reservation takes on a busy machine, and short enough
    for the reply of another speaker, which reserves behind it. A departure that is missed is lost.
    """

    SPAN = 0.08

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.at_once = max(1, round(self.SPAN / interval))
        self._departures: deque[float] = deque()
        self._paused_until = float("-inf")

    def open_at(self) -> float:
        """From when on a message may go; infinity where nothing is reserved."""
        return self._departures[0] if self._departures else float("inf")

    def leave(self, now: float) -> None:
        """A message goes now."""
        self._departures.popleft()
        while self._departures and self._departures[0] < now - LATE:
            self._departures.popleft()

    def pause(self, until: float) -> None:
        """Nothing may go until then: what was reserved before is lost."""
        self._paused_until = until
        self._departures.clear()

    def add(self, first: float, count: int) -> None:
        """So many departures were reserved, the first of them at that time."""
        times = (first + self.interval * number for number in range(count))
        self._departures.extend(time for time in times if time >= self._paused_until)

    def is_low(self) -> bool:
        """Whether it is time to reserve more, for whoever waits."""
        return len(self._departures) <= self.at_once // 2


class Pace:
    """The buckets of one bot: its own, and one for each chat. Negative chat ids are groups.

    Where speakers share the bot, `shared` departures take the place of its own bucket.
    """

    def __init__(self, rates: Rates | None = None, shared: Shared | None = None) -> None:
        rates = rates or Rates()
        self.whole = shared or Alone(interval_of(rates), rates.per_second)
        private = rates.private_seconds * CLOCKS_APART
        self._private = Beat(private, private * (rates.private_burst - 1))
        group = 60 / (rates.group_per_minute - rates.group_burst + 1) * CLOCKS_APART
        self._group = Beat(group, group * (rates.group_burst - 1))
        self._chats: dict[int, float] = {}
        self._refused_until: dict[int, float] = {}

    def open_at(self) -> float:
        """From when on some message may go, as far as the whole bot is concerned."""
        return self.whole.open_at()

    def chat_open_at(self, chat: int) -> float:
        """From when on a message to this chat may go, as far as the chat is concerned."""
        empty_at = self._chats.get(chat)
        return float("-inf") if empty_at is None else empty_at - self._beat(chat).slack

    def chat_empty_at(self, chat: int) -> float | None:
        """When the chat's bucket will be empty; None where it has been for long."""
        return self._chats.get(chat)

    def fill_chat(self, chat: int, empty_at: float) -> None:
        """Others sent to the chat: its bucket will be empty at that time, or later by what was sent here."""
        self._chats[chat] = max(self._chats.get(chat, empty_at), empty_at)

    def leave(self, chat: int, now: float) -> None:
        """A message to the chat goes now."""
        self.whole.leave(now)
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
            self.whole.pause(until)
        self._refused_until[chat] = until
        self._chats[chat] = max(self._chats.get(chat, now), until + self._beat(chat).slack)

    def _beat(self, chat: int) -> Beat:
        return self._private if chat > 0 else self._group


def interval_of(rates: Rates) -> float:
    """Seconds between two messages of the whole bot; 0 where there is no limit."""
    return (1 + MARGIN) / rates.per_second
