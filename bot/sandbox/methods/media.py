"""Photos, documents, voice messages, music and albums; and the files behind them."""

from typing import Any, Final

from bot import limits
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import UNKNOWN_SIZE, File, picture_size
from bot.sandbox.methods.access import check_rights, writable
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import (
    caption_content,
    deliver,
    reply_content,
    thread_content,
)
from bot.sandbox.stage import Call, Stage

Json = dict[str, Any]
MEDIA_FIELDS: Final = frozenset({"photo", "document", "voice", "audio", "has_media_spoiler"})
ALBUM_KINDS: Final = frozenset({"photo", "document", "audio"})
THUMBNAIL_SIDE: Final = 320  # Bot API, PhotoSize: a thumbnail's longer side
LARGEST_SIDES: Final = 10_000  # Bot API, sendPhoto: width and height together
LARGEST_RATIO: Final = 20


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """A photo, uploaded or by file_id (Bot API, sendPhoto)."""
    return deliver(call, {**medium(call, "photo", call.args), **caption_content(call)})


@method("sendDocument")
def send_document(call: Call) -> Json:
    """A file (Bot API, sendDocument)."""
    return deliver(call, {**medium(call, "document", call.args), **caption_content(call)})


@method("sendVoice")
def send_voice(call: Call) -> Json:
    """A voice message (Bot API, sendVoice)."""
    return deliver(call, {**medium(call, "voice", call.args), **caption_content(call)})


@method("sendAudio")
def send_audio(call: Call) -> Json:
    """Music (Bot API, sendAudio)."""
    return deliver(call, {**medium(call, "audio", call.args), **caption_content(call)})


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """An album of 2 to 10 media; documents and music only among themselves (Bot API, sendMediaGroup)."""
    items = call.args.listing("media", "media", "InputMedia")
    if not items:
        raise bad_request("there are no messages to send")
    if not limits.ALBUM_MIN <= len(items) <= limits.ALBUM_MAX:
        raise bad_request(
            "too many messages to send as an album" if len(items) > 1 else "album needs 2 items"
        )
    contents = [_input_media(call, item, ALBUM_KINDS) for item in items]
    kinds = {item["type"] for item in items}
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    chat = writable(call)
    check_rights(call, chat, contents[0])
    shared = {**thread_content(call, chat), **reply_content(call, chat)}
    call.stage.spend(call.bot, chat, len(contents))
    shared["media_group_id"] = call.stage.fresh_id()
    return [call.world.post(chat, call.bot.profile(), {**shared, **content}) for content in contents]


def edited_media(call: Call) -> Json:
    """The new medium of an edit, caption included."""
    media = call.args.structure("media", "input media")
    if media is None:
        raise bad_request("input media is not specified")
    return _input_media(call, media, MEDIA_FIELDS)


def _input_media(call: Call, media: object, kinds: frozenset[str]) -> Json:
    """The content that one InputMedia object describes."""
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = media.get("type")
    if not isinstance(kind, str) or kind not in kinds or kind == "voice":
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if not isinstance(media.get("media"), str):
        raise bad_request("can't parse InputMedia: media not found")
    args = Arguments({**media, kind: media["media"]}, call.args.files)
    inner = Call(call.stage, call.bot, args)
    return {**medium(inner, kind, args), **caption_content(inner)}


def medium(call: Call, kind: str, args: Arguments) -> Json:
    """The medium that a call uploads or names by file_id, as fields of a message."""
    content = media_content(call.stage, _file(call, kind, args))
    about: Json = content[kind] if kind != "photo" else {}
    if kind in ("voice", "audio"):
        about["duration"] = max(args.number("duration"), 0)
    for name in ("performer", "title") if kind == "audio" else ():
        if args.has(name):
            about[name] = args.text(name)
    if kind == "photo" and args.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def _file(call: Call, kind: str, args: Arguments) -> File:
    upload = args.files.get(kind)
    given = args.text(kind)
    if given.startswith("attach://"):
        upload = args.files.get(given.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"there is no {kind} in the request")
    if upload is not None:
        return store(call.stage, kind, upload.name, upload.mime_type, upload.data)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the sandbox fetches nothing from anywhere
    return call.stage.files.get(given, kind)


def store(stage: Stage, kind: str, name: str, mime_type: str, data: bytes) -> File:
    """Keep an uploaded file. Raises ApiError 400 for what is no picture or has an impossible shape."""
    if kind == "photo":
        size = picture_size(data)
        if size is None or min(size) < 1:
            raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        if sum(size) > LARGEST_SIDES or max(size) > LARGEST_RATIO * min(size):
            raise ApiError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return stage.files.add(kind, name, mime_type, data)


def media_content(stage: Stage, file: File) -> Json:
    """A stored file as the field of a message that shows it."""
    if file.kind == "photo":
        return {"photo": _sizes(stage, file)}
    about = file.brief()
    if file.kind == "document":
        about["file_name"] = file.name
    if file.kind != "voice" or file.mime_type:
        about["mime_type"] = file.mime_type or "application/octet-stream"
    return {file.kind: about}


def _sizes(stage: Stage, file: File) -> list[Json]:
    """A photo's thumbnail and full size; both are the same file here, which nobody scales."""
    width, height = picture_size(stage.files.read(file)) or UNKNOWN_SIZE
    full = {**file.brief(), "width": width, "height": height}
    scale = THUMBNAIL_SIDE / max(width, height)
    if scale >= 1:
        return [full]
    small = {**full, "width": max(round(width * scale), 1), "height": max(round(height * scale), 1)}
    return [small, full]


@method("getFile")
def get_file(call: Call) -> Json:
    """Where a file of up to 20 MB can be downloaded (Bot API, getFile)."""
    if not call.args.has("file_id"):
        raise bad_request("file_id not specified")
    file = call.stage.files.by_id.get(call.args.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.brief(), "file_path": file.path}


@method("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> Json:
    """Nobody in the sandbox has a profile photo (Bot API, getUserProfilePhotos)."""
    if call.args.number("user_id") not in call.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
