"""Everything one running sandbox holds: the world, the limits, the files, and who waits for what."""

import asyncio
import random
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot import limits
from bot.sandbox.arguments import Arguments
from bot.sandbox.chats import Chat, ChatKey
from bot.sandbox.errors import ApiError, bad_request, too_many_requests
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.floods import Floods
from bot.sandbox.people import Bot
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.world import Thing, World

Json = dict[str, Any]
MOST_OFFERS = 10_000
ReplyRunner = Callable[[Bot, Json], Awaitable[None]]


@dataclass(slots=True)
class Question:
    """A tap or an inline query that waits for the bot's answer."""

    bot_id: int
    asked_at: float
    answer: asyncio.Future[Json]


class Questions:
    """Open callback or inline queries by id; each may be answered once, while it is young enough."""

    def __init__(self, max_age: float) -> None:
        self.max_age = max_age
        self._open: OrderedDict[str, Question] = OrderedDict()

    def ask(self, query_id: str, bot_id: int, now: float) -> asyncio.Future[Json]:
        """Open a question; the future brings its answer."""
        while self._open and now - next(iter(self._open.values())).asked_at > self.max_age:
            self._open.popitem(last=False)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._open[query_id] = Question(bot_id, now, future)
        return future

    def answer(self, query_id: str, bot_id: int, now: float, answer: Json) -> None:
        """Answer a question. Raises ApiError for one that is unknown, another bot's or too old."""
        question = self._open.get(query_id)
        if question is None or question.bot_id != bot_id or now - question.asked_at > self.max_age:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if not question.answer.done():
            question.answer.set_result(answer)


class Bells:
    """Wakes those who wait for a chat to change."""

    def __init__(self) -> None:
        self._waiting: dict[ChatKey, list[asyncio.Future[None]]] = defaultdict(list)

    def ring(self, thing: Thing, _message_id: int) -> None:
        """A watcher of the world: wake everybody who waits for this chat."""
        if not self._waiting or not isinstance(thing, Chat):
            return
        for future in self._waiting.pop(thing.key, ()):
            if not future.done():
                future.set_result(None)

    async def wait(self, key: ChatKey, seconds: float) -> bool:
        """Wait for a change of the chat; False when the time is over."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[key].append(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            return False
        finally:
            waiting = self._waiting.get(key)
            if waiting is not None and future in waiting:
                waiting.remove(future)
            if not waiting:
                self._waiting.pop(key, None)
        return True


@dataclass(slots=True)
class Poll:
    """A poll that was sent: its state, who voted what, and the message that shows it."""

    bot_id: int
    place: ChatKey
    message_id: int
    body: Json
    solution: Json = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)

    def public(self) -> Json:
        """The poll as its bot sees it, the right answer of a quiz included."""
        return {**self.body, **self.solution}

    def count(self) -> None:
        """Count the votes into the body."""
        tally = Counter(option for chosen in self.votes.values() for option in chosen)
        options = [{**option, "voter_count": tally[i]} for i, option in enumerate(self.body["options"])]
        self.body = {**self.body, "options": options, "total_voter_count": len(self.votes)}


@dataclass(frozen=True, slots=True)
class Offer:
    """One result of an inline query that somebody may choose."""

    bot_id: int
    query: str
    result: Json


class Stage:
    """One sandbox from the inside."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.chance = random.Random(settings.seed)  # noqa: S311 - ids of a toy server, no secrets
        self.world = World(settings.clock, self.chance, settings.history_cap)
        self.floods = Floods(settings.flood)
        self.faults = Faults()
        self.files = Files(self.chance)
        self.bells = Bells()
        self.callbacks = Questions(limits.CALLBACK_AGE_SECONDS)
        self.inline = Questions(limits.INLINE_AGE_SECONDS)
        self.polls: dict[str, Poll] = {}
        self.offered: dict[tuple[str, str], Offer] = {}
        self.calls: Counter[str] = Counter()
        self.listeners: dict[int, Listener] = {}
        self.run_reply: ReplyRunner | None = None
        self.world.watchers.append(self.bells.ring)

    def now(self) -> float:
        """Unix time in seconds."""
        return self.settings.clock()

    def fresh_id(self) -> str:
        """A new id for a query, a poll or an album."""
        return str(self.chance.getrandbits(62) | 1 << 61)

    def spend(self, bot: Bot, chat: Chat, count: int = 1) -> None:
        """Count messages against the flood limits. Raises ApiError 429."""
        wait = self.floods.spend(bot.id, chat.id, self.now(), count)
        if wait:
            raise too_many_requests(wait)

    def offer(self, key: tuple[str, str], offer: Offer) -> None:
        """Remember an inline result under (query id, result id); the oldest ones are forgotten."""
        self.offered[key] = offer
        if len(self.offered) > MOST_OFFERS:
            del self.offered[next(iter(self.offered))]

    def cast(self, poll: Poll, user_id: int, chosen: list[int]) -> None:
        """Count somebody's vote; an empty one takes it back."""
        if chosen:
            poll.votes[user_id] = chosen
        else:
            poll.votes.pop(user_id, None)
        poll.count()
        self.show(poll)

    def show(self, poll: Poll) -> None:
        """Bring the poll's state into its message."""
        chat = self.world.chats[poll.place]
        message = chat.messages.get(poll.message_id)
        if message is not None:
            self.world.replace(chat, {**message, "poll": poll.public()})

    def listener(self, bot: Bot) -> "Listener":
        """How this bot hears: its long poll and its webhook."""
        if bot.id not in self.listeners:
            self.listeners[bot.id] = Listener()
        return self.listeners[bot.id]


@dataclass(slots=True)
class Webhook:
    """What setWebhook set, and how delivery goes."""

    url: str
    secret: str = ""
    max_connections: int = limits.WEBHOOK_CONNECTIONS_DEFAULT
    last_error: str = ""
    last_error_date: int = 0


@dataclass(slots=True)
class Listener:
    """How a bot hears. `poll` is the long poll that is open, `delivery` posts to the webhook."""

    webhook: Webhook | None = None
    poll: asyncio.Future[ApiError | None] | None = None
    delivery: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Call:
    """One Bot API call: who calls, with what, on which sandbox."""

    stage: Stage
    bot: Bot
    args: Arguments

    @property
    def world(self) -> World:
        """The state that the call works on."""
        return self.stage.world
