"""Reading hostile bodies: JSON, forms and multipart, with caps, for both sides of the sandbox."""

from typing import Any, Final

import orjson
from aiohttp import BodyPartReader, MultipartReader, web

from bot import limits
from bot.sandbox.arguments import Arguments, Upload

Json = dict[str, Any]
LARGEST_BODY: Final = limits.UPLOAD_BYTES + (1 << 20)
LARGEST_FIELD: Final = 1 << 20
MOST_PARTS: Final = 64


async def read_arguments(request: web.Request) -> Arguments:
    """The parameters of a request. Raises ValueError with a plain sentence for a body that is none."""
    values: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if not request.can_read_body:
        return Arguments(values)
    if kind == "application/json":
        values.update(_decoded(await request.read()))
        return Arguments(values)
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    if kind == "application/x-www-form-urlencoded":
        values.update(await _form(request))
    return Arguments(values)


def _decoded(body: bytes) -> Json:
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ValueError("the body is not valid JSON") from None
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")
    return value


async def _form(request: web.Request) -> Json:
    try:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except (UnicodeDecodeError, LookupError):
        raise ValueError("the form is not valid UTF-8") from None


async def _read_multipart(request: web.Request, values: Json) -> Arguments:
    arguments = Arguments(values)
    try:
        await _read_parts(await request.multipart(), arguments)
    except (UnicodeDecodeError, LookupError, AssertionError, RuntimeError):
        raise ValueError("the multipart body is malformed") from None
    return arguments


async def _read_parts(reader: MultipartReader, arguments: Arguments) -> None:
    total = parts = 0
    async for part in reader:
        parts += 1
        if parts > MOST_PARTS or not isinstance(part, BodyPartReader):
            raise ValueError("the multipart body has too many or nested parts")
        data = bytes(await part.read())
        total += len(data)
        name = part.name or ""
        if total > LARGEST_BODY or (part.filename is None and len(data) > LARGEST_FIELD):
            raise ValueError("the multipart body is too large")
        if part.filename is None:
            arguments.values[name] = data.decode()
            continue
        mime_type = part.headers.get("Content-Type", "application/octet-stream")
        key = name if name not in arguments.files else f"{name}#{parts}"
        arguments.files[key] = Upload(part.filename, mime_type, data)
