"""What the sandbox says when it refuses something, on either of its two sides."""

from typing import Any


class ApiError(Exception):
    """A refused Bot API call, worded as the official server words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON answer, with `parameters` (retry_after, migrate_to_chat_id) where there are any."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ClientError(ValueError):
    """A refused /client call; the text says in plain words what to send instead."""


def bad_request(reason: str) -> ApiError:
    """A 400. The first letter falls to lower case as on the official server, unless it starts an acronym."""
    acronym = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    return ApiError(400, f"Bad Request: {reason if acronym else reason[:1].lower() + reason[1:]}")


def forbidden(reason: str) -> ApiError:
    """A 403: the bot may not do this here."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """A 409: two listeners want the same updates."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 that asks for a pause of `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
