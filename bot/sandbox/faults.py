"""Faults on demand: the next calls of a method fail, hang or lose their connection."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.errors import ApiError, too_many_requests

Drop = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """What goes wrong and how often; `delay` in seconds. A drop "after" has acted but not answered."""

    method: str
    times: int = 1
    error_code: int | None = None
    retry_after: int | None = None
    drop: Drop | None = None
    delay: float = 0.0

    def error(self) -> ApiError | None:
        """The error this fault answers with, if it answers at all."""
        if self.retry_after is not None:
            return too_many_requests(self.retry_after)
        if self.error_code is None:
            return None
        return ApiError(self.error_code, _WORDS.get(self.error_code, "Internal Server Error"))


_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Faults:
    """The faults that were ordered and not yet used up, oldest first. The method "*" stands for all."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Plan a fault."""
        self.ordered.append(fault)

    def next(self, method: str) -> Fault | None:
        """The fault that meets this call, if any; method names are compared without case."""
        for fault in self.ordered:
            if fault.method.lower() in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.ordered.remove(fault)
                return fault
        return None
