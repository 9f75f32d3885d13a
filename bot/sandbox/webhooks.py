"""Posting updates to a bot's webhook: in order within a chat, several chats at once, again after failures."""

import asyncio
import logging
from collections import deque
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
    """The deliveries under way for one webhook: one at a time in each lane (a chat or a person)."""

    def __init__(self, stage: Stage, bot: Bot, webhook: Webhook, session: aiohttp.ClientSession) -> None:
        self.stage = stage
        self.bot = bot
        self.webhook = webhook
        self.session = session
        self.lanes: dict[int, deque[Pending]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver what waits and what comes, until cancelled; cancelling ends all deliveries."""
        for pending in self.bot.queue.waiting.values():
            self._add(pending)
        self.bot.queue.on_new.append(self._add)
        try:
            await asyncio.Event().wait()
        finally:
            self.bot.queue.on_new.remove(self._add)
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def _add(self, pending: Pending) -> None:
        """Line an update up in its lane; a lane that was empty starts to move."""
        lane = self.lanes.get(pending.lane)
        if lane is not None:
            lane.append(pending)
            return
        self.lanes[pending.lane] = deque([pending])
        task = asyncio.create_task(self._empty_lane(pending.lane))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _empty_lane(self, name: int) -> None:
        """Deliver what waits in one lane, in order."""
        lane = self.lanes[name]
        while lane:
            await self._deliver(lane.popleft())
        del self.lanes[name]

    async def _deliver(self, pending: Pending) -> None:
        """Post one update until the bot accepts it with a 2xx."""
        pause = FIRST_PAUSE_SECONDS
        while pending.update_id in self.bot.queue.waiting and not await self._post(pending):
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
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
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
