"""How requests travel: one aiohttp session with connections kept alive.

A bot's token is part of every address, so no error of the HTTP library goes further than this file: what is
raised here names the kind of failure and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# Telegram closes an idle connection after about a minute; one closed under our hands leaves a message
# uncertain.
KEEP_ALIVE_SECONDS = 30
NAME_CACHE_SECONDS = 300


class NotSent(NetworkError):
    """The request never left: nothing happened, sending again is safe."""


class Unanswered(TimedOut):
    """The request left and no answer came: nobody knows whether it was carried out."""


class TooLarge(NetworkError):
    """What is to be downloaded is larger than it may be."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for each piece of an answer."""

    connect: float = 10
    answer: float = 30


class Request(BaseRequest):
    """python-telegram-bot's transport over aiohttp. Timeouts are set once, not for single calls."""

    def __init__(self, timeouts: Timeouts | None = None, connections: int = 100) -> None:
        self._timeouts = timeouts or Timeouts()
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._timeouts.answer

    async def initialize(self) -> None:
        """Open the session; the first request does it too."""
        self._opened()

    async def shutdown(self) -> None:
        """Close all connections; a later request opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections,
                    ttl_dns_cache=NAME_CACHE_SECONDS,
                    keepalive_timeout=KEEP_ALIVE_SECONDS,
                ),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=self._timeouts.connect, sock_read=self._timeouts.answer
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # Answers are short: unpacking them would cost more than it saves.
                skip_auto_headers=("Accept-Encoding",),
            )
        return self._session

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Carry out one request; gives the status and the body. Raises NotSent or Unanswered."""
        body, kind = _body(request_data)
        failure: NetworkError
        try:
            async with self._opened().request(
                method, url, data=body, headers=kind, allow_redirects=False
            ) as response:
                answer = await response.read()
                if answer[:1] == b"{":
                    return response.status, answer
                if response.ok:
                    return response.status, b""
                return response.status, _in_plain_words(response.status)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            failure = NotSent(type(error).__name__)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            failure = Unanswered(type(error).__name__)
        # Outside of the except clause, so that the address goes along neither as cause nor as context.
        raise failure

    async def download(self, url: str, most_bytes: int) -> bytes:
        """The file at an address. Raises TooLarge beyond `most_bytes`, else as do_request does."""
        failure: NetworkError
        try:
            async with self._opened().get(url, allow_redirects=False) as response:
                if response.ok:
                    return await _read_at_most(response, most_bytes)
                failure = Unanswered(f"HTTP status {response.status}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            failure = Unanswered(type(error).__name__)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Raises Unanswered for one that cannot be read, without quoting it."""
        try:
            answer: dict[str, Any] = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise Unanswered("unreadable answer") from None
        return answer


_JSON = {"Content-Type": "application/json"}


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.MultipartWriter | None, dict[str, str] | None]:
    """What travels, and how it is announced: JSON, or a form where files go along."""
    if data is None:
        return None, None
    if not data.contains_files:
        return orjson.dumps(data.parameters), _JSON
    form = aiohttp.MultipartWriter("form-data")
    for name, value in data.json_parameters.items():
        form.append(value).set_content_disposition("form-data", name=name)
    for name, (file_name, content, mime) in data.multipart_data.items():
        part = form.append(content, {"Content-Type": mime})
        # Telegram takes names as they are, in UTF-8, and would show percent signs.
        part.set_content_disposition("form-data", quote_fields=False, name=name, filename=file_name)
    return form, None


async def _read_at_most(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    read = bytearray()
    async for piece in response.content.iter_any():
        read += piece
        if len(read) > most_bytes:
            raise TooLarge("the file is larger than was said")
    return bytes(read)


def _in_plain_words(status: int) -> bytes:
    """What a gateway's error page says, without the page: it may quote the address."""
    return orjson.dumps({"ok": False, "description": f"HTTP status {status}"})
