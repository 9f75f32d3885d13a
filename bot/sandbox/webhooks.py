"""Posting updates to a bot's webhook: in order within a chat, several chats at once, again after failures."""

import asyncio
import logging
from typing import Any, Final

import aiohttp
import orjson

from bot.sandbox.people import Bot
from bot.sandbox.stage import Stage, Webhook
from bot.sandbox.updates import Pending

Json = dict[str, Any]
log = logging.getLogger(__name__)

# Back-off of tdlib's telegram-bot-api (WebhookActor): doubling from one second, a minute at most.
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 60.0
LONGEST_REPLY_BYTES: Final = 1 << 20
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


async def deliver_forever(stage: Stage, bot: Bot, webhook: Webhook) -> None:
    """Deliver a bot's updates until cancelled."""
    connector = aiohttp.TCPConnector(limit=webhook.max_connections)
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        await Delivery(stage, bot, webhook, session).run()


class Delivery:
    """The deliveries under way for one webhook: at most one in each lane (a chat or a person)."""

    def __init__(self, stage: Stage, bot: Bot, webhook: Webhook, session: aiohttp.ClientSession) -> None:
        self.stage = stage
        self.bot = bot
        self.webhook = webhook
        self.session = session
        self.news = asyncio.Event()
        self.lanes: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Start deliveries whenever something is new or a lane is free; cancelling ends them all."""
        self.bot.queue.on_new.append(self.news.set)
        try:
            while True:
                self.news.clear()
                self._start_lanes()
                await self.news.wait()
        finally:
            self.bot.queue.on_new.remove(self.news.set)
            for task in self.lanes.values():
                task.cancel()
            await asyncio.gather(*self.lanes.values(), return_exceptions=True)

    def _start_lanes(self) -> None:
        for pending in tuple(self.bot.queue.waiting):
            if len(self.lanes) >= self.webhook.max_connections:
                return
            if pending.lane not in self.lanes:
                self.lanes[pending.lane] = asyncio.create_task(self._empty_lane(pending.lane))

    async def _empty_lane(self, lane: int) -> None:
        """Deliver what waits in one lane, in order."""
        try:
            while (pending := self._next(lane)) is not None:
                await self._deliver(pending)
        finally:
            del self.lanes[lane]
            self.news.set()

    def _next(self, lane: int) -> Pending | None:
        return next((pending for pending in self.bot.queue.waiting if pending.lane == lane), None)

    async def _deliver(self, pending: Pending) -> None:
        """Post one update until the bot accepts it with a 2xx."""
        pause = FIRST_PAUSE_SECONDS
        while not await self._post(pending):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self.bot.queue.confirm(pending)

    async def _post(self, pending: Pending) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers[SECRET_HEADER] = self.webhook.secret
        try:
            async with self.session.post(
                self.webhook.url, data=orjson.dumps(pending.body), headers=headers
            ) as response:
                reply = await response.content.read(LONGEST_REPLY_BYTES)
                if 200 <= response.status < 300:
                    await self._act_on(reply)
                    return True
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return False

    async def _act_on(self, reply: bytes) -> None:
        """Carry out a method call in the bot's answer (Bot API, "Making requests when getting updates")."""
        try:
            body = orjson.loads(reply)
        except orjson.JSONDecodeError:
            return
        if (
            self.stage.run_reply is not None
            and isinstance(body, dict)
            and isinstance(body.get("method"), str)
        ):
            await self.stage.run_reply(self.bot, body)

    def _note(self, error: str) -> None:
        self.webhook.last_error = error
        self.webhook.last_error_date = int(self.stage.now())
        log.info("A webhook refused an update and will get it again.")
