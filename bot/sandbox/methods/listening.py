"""How a bot hears: getUpdates, the webhook, and who it is."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from bot import limits
from bot.sandbox.errors import ApiError, bad_request, conflict
from bot.sandbox.methods.registry import method
from bot.sandbox.stage import Call, Listener, Webhook
from bot.sandbox.updates import Pending
from bot.sandbox.webhooks import deliver_forever

Json = dict[str, Any]
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


@method("getMe")
def get_me(call: Call) -> Json:
    """Who the bot is (Bot API, getMe)."""
    return call.bot.me()


@method("logOut")
@method("close")
def leave_server(call: Call) -> bool:
    """There is only one server here, so leaving it just ends the webhook (Bot API, logOut and close)."""
    _end_webhook(call.stage.listener(call.bot))
    return True


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    """Wait up to `timeout` seconds (50 at most) for updates (Bot API, getUpdates).

    Raises ApiError 409 while a webhook is set, and when another getUpdates or a setWebhook comes meanwhile.
    """
    listener = call.stage.listener(call.bot)
    if listener.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    _allow(call)
    offset = call.args.number("offset")
    limit = min(max(call.args.number("limit", limits.POLL_UPDATES), 1), limits.POLL_UPDATES)
    timeout = min(max(call.args.number("timeout"), 0), limits.LONG_POLL_SECONDS)
    _end_poll(
        listener,
        conflict("terminated by other getUpdates request; make sure that only one bot instance is running"),
    )
    updates = call.bot.queue.take(offset, limit, call.stage.now())
    if updates or not timeout:
        return updates
    await _wait(call, listener, timeout)
    return call.bot.queue.take(offset, limit, call.stage.now())


async def _wait(call: Call, listener: Listener, seconds: int) -> None:
    """Wait for the first new update. Raises the ApiError of whoever ends this poll before."""
    poll: asyncio.Future[ApiError | None] = asyncio.get_running_loop().create_future()

    def wake(_: Pending) -> None:
        if not poll.done():
            poll.set_result(None)

    listener.poll = poll
    call.bot.queue.on_new.append(wake)
    try:
        async with asyncio.timeout(seconds):
            ended_by = await poll
        if ended_by is not None:
            raise ended_by
    except TimeoutError:
        return
    finally:
        call.bot.queue.on_new.remove(wake)
        if listener.poll is poll:
            listener.poll = None


def _end_poll(listener: Listener, reason: ApiError) -> None:
    if listener.poll is not None and not listener.poll.done():
        listener.poll.set_result(reason)
    listener.poll = None


def _allow(call: Call) -> None:
    """Take over allowed_updates, when the call names it."""
    if not call.args.has("allowed_updates"):
        return
    kinds = call.args.listing("allowed_updates", "allowed_updates", "update types")
    if not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("expected an Array of String")
    call.bot.queue.allow(kinds)


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates posted to an address; an empty one means deleteWebhook (Bot API, setWebhook).

    Unlike Telegram the sandbox takes http addresses and any port: the bot is on the same machine.
    """
    url = call.args.text("url")
    if not url:
        _delete_webhook(call)
        return True
    webhook = Webhook(url, call.args.text("secret_token"), _connections(call))
    _check(webhook)
    _allow(call)
    listener = call.stage.listener(call.bot)
    _end_poll(listener, conflict("terminated by setWebhook request"))
    _end_webhook(listener)
    if call.args.flag("drop_pending_updates"):
        call.bot.queue.clear()
    listener.webhook = webhook
    listener.delivery = asyncio.create_task(deliver_forever(call.stage, call.bot, webhook))
    return True


def _connections(call: Call) -> int:
    wanted = call.args.number("max_connections", limits.WEBHOOK_CONNECTIONS_DEFAULT)
    return min(max(wanted, 1), limits.WEBHOOK_CONNECTIONS_MAX)


def _check(webhook: Webhook) -> None:
    try:
        parts = urlsplit(webhook.url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise bad_request("invalid webhook URL specified")
    if len(webhook.secret) > limits.SECRET_TOKEN:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(webhook.secret):
        raise bad_request("secret token contains unallowed characters")


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """End webhook delivery (Bot API, deleteWebhook)."""
    _delete_webhook(call)
    return True


def _delete_webhook(call: Call) -> None:
    _end_webhook(call.stage.listener(call.bot))
    if call.args.flag("drop_pending_updates"):
        call.bot.queue.clear()


def _end_webhook(listener: Listener) -> None:
    if listener.delivery is not None:
        listener.delivery.cancel()
    listener.webhook = listener.delivery = None


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """How webhook delivery goes (Bot API, WebhookInfo)."""
    webhook = call.stage.listener(call.bot).webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.queue.waiting),
    }
    if webhook is None:
        return info
    info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info.update(last_error_date=webhook.last_error_date, last_error_message=webhook.last_error)
    return info
