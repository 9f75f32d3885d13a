"""The /client calls over HTTP. Every refusal is a 400 with {"error": "…"} in plain words."""

import inspect
from collections.abc import Callable
from typing import Any, Final

import orjson
from aiohttp import web

from bot.sandbox.bodies import read_arguments
from bot.sandbox.client import arranging, asking, looking, speaking, topics, voting
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ApiError
from bot.sandbox.stage import Stage

Json = dict[str, Any]
Action = Callable[[Fields], Any]
POSTS: Final[dict[str, Action]] = {
    "users": arranging.put_user,
    "chats": arranging.put_chat,
    "members": arranging.put_member,
    "topics": topics.put_topic,
    "messages": speaking.say,
    "presses": asking.press,
    "votes": voting.vote,
    "inline": asking.ask_inline,
    "blocks": arranging.put_block,
    "faults": arranging.order_fault,
}


class ClientSide:
    """Answers /client requests on one stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def routes(self) -> list[web.RouteDef]:
        """The routes of the /client table."""
        return [
            web.get("/client/state", self._get(looking.state)),
            web.get("/client/stats", self._get(looking.statistics)),
            web.get("/client/chats/{id}/messages", self._messages),
            web.get("/client/chats/{id}/actions", self._actions),
            web.get("/client/files/{file_id}", self._file),
            *(web.post(f"/client/{name}", self._post(action)) for name, action in POSTS.items()),
        ]

    def _post(self, action: Action) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            if _foreign(request):
                return _refusal("a page of another site may not act here", 403)
            try:
                fields = Fields(self.stage, await read_arguments(request))
                result = action(fields)
                return _json(await result if inspect.isawaitable(result) else result)
            except ValueError as error:
                return _refusal(str(error))
            except ApiError as error:
                return _refusal(error.description)

        return handle

    def _get(self, action: Callable[[Stage], Json]) -> Callable[[web.Request], Any]:
        async def handle(_request: web.Request) -> web.StreamResponse:
            return _json(action(self.stage))

        return handle

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        try:
            fields = Fields(self.stage, await read_arguments(request))
            return await looking.messages(fields, _chat_id(request))
        except ValueError as error:
            return _refusal(str(error))

    async def _actions(self, request: web.Request) -> web.StreamResponse:
        try:
            fields = Fields(self.stage, await read_arguments(request))
            return _json(looking.action(fields, _chat_id(request)))
        except ValueError as error:
            return _refusal(str(error))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A file as it was sent; it is never shown as a page of this origin."""
        file = self.stage.files.by_id.get(request.match_info["file_id"])
        if file is None:
            return _refusal("there is no such file", 404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        kind = (
            file.mime_type if file.mime_type.startswith(("image/", "audio/")) else "application/octet-stream"
        )
        if "svg" in kind or "/" not in kind or not kind.isascii():
            kind = "application/octet-stream"
        return web.Response(body=self.stage.files.read(file), headers={**headers, "Content-Type": kind})


def _foreign(request: web.Request) -> bool:
    """Whether a browser sends this for another site's page: any page can post a form to this machine."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def _chat_id(request: web.Request) -> int:
    try:
        return int(request.match_info["id"])
    except ValueError:
        raise ValueError("a chat id is a whole number") from None


def _json(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _refusal(error: str, status: int = 400) -> web.Response:
    safe = error.encode("utf-8", "replace").decode()
    return web.Response(status=status, body=orjson.dumps({"error": safe}), content_type="application/json")
