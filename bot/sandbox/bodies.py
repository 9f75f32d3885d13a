"""Reading hostile bodies: JSON, forms and multipart, with caps, for both sides of the sandbox."""

import re
from typing import Any, Final

import orjson
from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot import limits
from bot.sandbox.arguments import Arguments, Upload

Json = dict[str, Any]
LARGEST_BODY: Final = limits.UPLOAD_BYTES + (1 << 20)
LARGEST_TEXT_BODY: Final = 4 << 20
LARGEST_FIELD: Final = 1 << 20
MOST_PARTS: Final = 64
LONGEST_FILE_NAME: Final = 255
_MIME_TYPE: Final = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}", re.ASCII)
# What aiohttp raises for bodies that are not what their headers say.
MALFORMED: Final = (UnicodeDecodeError, LookupError, AssertionError, RuntimeError, HttpProcessingError)


async def read_arguments(request: web.Request) -> Arguments:
    """The parameters of a request. Raises ValueError with a plain sentence for a body that is none."""
    values: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Arguments(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    if (request.content_length or 0) > LARGEST_TEXT_BODY:
        raise ValueError("the body is too large")
    if kind == "application/json":
        values.update(_decoded(await _read(request)))
    elif kind == "application/x-www-form-urlencoded":
        values.update(await _form(request))
    return Arguments(values)


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ValueError("the body is too large") from None


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
    except web.HTTPRequestEntityTooLarge:
        raise ValueError("the body is too large") from None
    except MALFORMED:
        raise ValueError("the form is not valid UTF-8") from None


async def _read_multipart(request: web.Request, values: Json) -> Arguments:
    arguments = Arguments(values)
    try:
        await _read_parts(await request.multipart(), arguments)
    except MALFORMED:
        raise ValueError("the multipart body is malformed") from None
    return arguments


async def _read_parts(reader: MultipartReader, arguments: Arguments) -> None:
    total = parts = 0
    async for part in reader:
        parts += 1
        if parts > MOST_PARTS or not isinstance(part, BodyPartReader):
            raise ValueError("the multipart body has too many or nested parts")
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            if total + len(data) > LARGEST_BODY or (part.filename is None and len(data) > LARGEST_FIELD):
                raise ValueError("the multipart body is too large")
        total += len(data)
        name = _clean(part.name or "")
        if part.filename is None:
            arguments.values[name] = data.decode()
            continue
        key = name if name not in arguments.files else f"{name}#{parts}"
        arguments.files[key] = Upload(_clean(part.filename), _mime_type(part), bytes(data))


def _mime_type(part: BodyPartReader) -> str:
    given = part.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return given if _MIME_TYPE.fullmatch(given) else "application/octet-stream"


def _clean(name: str) -> str:
    """A name from a header: bytes that are no UTF-8 arrive as lone surrogates, which JSON cannot carry."""
    return name.encode("utf-8", "replace").decode()[:LONGEST_FILE_NAME]
