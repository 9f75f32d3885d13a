"""Files that people and bots sent, by file_id. Content lives in memory, or in a folder when one is given."""

import random
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import limits
from bot.sandbox.errors import bad_request

Json = dict[str, Any]
_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "document": "documents"}
_PNG = b"\x89PNG\r\n\x1a\n"
UNKNOWN_SIZE = (640, 480)
MOST_BYTES_IN_MEMORY = 256 << 20  # beyond it the oldest files are forgotten


@dataclass(slots=True)
class File:
    """One stored file. `path` is what getFile answers; `kind` is photo, voice, audio or document."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    size: int
    data: bytes | None

    def brief(self) -> Json:
        """The fields that every Bot API file object has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """All files of a sandbox."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.folder: Path | None = None
        self.by_id: dict[str, File] = {}
        self.by_path: dict[str, File] = {}
        self.count = 0
        self.in_memory = 0

    def add(self, kind: str, name: str, mime_type: str, data: bytes) -> File:
        """Store a file. Raises ApiError 400 when it is empty or too big."""
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > (limits.PHOTO_BYTES if kind == "photo" else limits.UPLOAD_BYTES):
            raise bad_request("file is too big" if kind != "photo" else "too big file for a photo")
        self.count += 1
        unique_id = f"{self.chance.getrandbits(64):016x}"
        suffix = ".jpg" if kind == "photo" else ".oga" if kind == "voice" else Path(name).suffix[:16]
        path = f"{_FOLDERS[kind]}/file_{self.count}{suffix}"
        file = File(f"SB-{kind}-{unique_id}", unique_id, kind, name, mime_type, path, len(data), data)
        self.register(file)
        if self.folder is not None:
            (self.folder / unique_id).write_bytes(data)
            file.data = None
        else:
            self.in_memory += file.size
            self._forget()
        return file

    def _forget(self) -> None:
        while self.in_memory > MOST_BYTES_IN_MEMORY:
            oldest = self.by_id.pop(next(iter(self.by_id)))
            del self.by_path[oldest.path]
            self.in_memory -= oldest.size

    def register(self, file: File) -> None:
        """Make a file findable by its id and its path."""
        self.by_id[file.file_id] = file
        self.by_path[file.path] = file

    def get(self, file_id: str, kind: str | None = None) -> File:
        """The file with this id. Raises ApiError 400 for strangers and for files of another kind."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if kind is not None and file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    def read(self, file: File) -> bytes:
        """The content of a file."""
        if file.data is not None:
            return file.data
        assert self.folder is not None  # noqa: S101 - only a folder takes the content away
        return (self.folder / file.unique_id).read_bytes()


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG or GIF; None for what is no picture.

    Other picture formats (WebP) are taken for 640 x 480, which is enough for a chat page.
    """
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"GIF8") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return UNKNOWN_SIZE
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG up to its start-of-frame (ITU-T T.81, annex B)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None
