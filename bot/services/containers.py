"""Files of ISO base media (ISO/IEC 14496-12): HEIC and AVIF pictures, MP4 and MOV recordings.

Such a file is boxes within boxes. Beside sound and picture some tell where it was made, and with what: of
a recording all are blanked that nobody needs to play it, in place, so that nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

PICTURE_BRANDS: Final = frozenset(
    {
        *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"),
        *(b"avif", b"avis", b"avci", b"avcs", b"jpeg", b"crx ", b"jxl "),
    }
)
"""What a file of pictures calls itself: as HEIF, AVIF, or a camera's raw file."""
_SIGNED_PICTURES: Final = (b"jP  ", b"JXL ")
"""How JPEG 2000 and JPEG XL begin."""
_BEGINNINGS: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"pnot", *_SIGNED_PICTURES)
"""What such a file begins with; only an old QuickTime does not say what it is."""
_NEEDED: Final = {
    b"": (b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp"),
    b"moov": (b"mvhd", b"trak", b"mvex", b"iods"),
    b"trak": (b"tkhd", b"tref", b"edts", b"mdia", b"tapt"),
}
"""What it takes to play a recording, by the box that holds it."""
_PLAYED: Final = (b"vide", b"soun")
_HEAD: Final = 8
_WIDE_HEAD: Final = 16
_MOST_BRANDS: Final = 64
# In `hdlr`: version and flags, what QuickTime puts before, then what the track is.
_HANDLER_AT: Final = 8

Box = tuple[bytes, int, int, int]
"""Kind, where it begins, where its content begins, where it ends."""


class Unclean(Exception):
    """It cannot be told what of a file tells where it was made."""


def is_container(content: bytes) -> bool:
    """Whether bytes begin as ISO base media do."""
    return content[4:_HEAD] in _BEGINNINGS


def is_picture_container(content: bytes) -> bool:
    """Whether bytes begin as HEIC, AVIF or the like: pictures that cannot be drawn anew here."""
    if content[4:_HEAD] in _SIGNED_PICTURES:
        return True
    if content[4:_HEAD] != b"ftyp":
        return False
    end = min(int.from_bytes(content[:4]), _HEAD + 4 * _MOST_BRANDS)
    return any(content[at : at + 4] in PICTURE_BRANDS for at in range(_HEAD, end, 4))


def cleaned(content: bytes) -> bytes:
    """A recording without what stands beside sound and picture. Raises Unclean where that cannot be told."""
    data = bytearray(content)
    _clean(data, (b"", 0, 0, len(data)))
    return bytes(data)


def _clean(data: bytearray, outer: Box) -> None:
    for box in _boxes(data, outer[2], outer[3]):
        kind = box[0]
        if kind not in _NEEDED[outer[0]]:
            _blank(data, box)
        elif kind == b"trak" and not _is_played(data, box):
            # Its samples, such as places along the way, lie anywhere in the file.
            raise Unclean
        elif kind in _NEEDED:
            _clean(data, box)


def _is_played(data: bytearray, track: Box) -> bool:
    media = (box for box in _boxes(data, track[2], track[3]) if box[0] == b"mdia")
    handlers = (one for box in media for one in _boxes(data, box[2], box[3]) if one[0] == b"hdlr")
    found = [bytes(data[one[2] + _HANDLER_AT : one[2] + _HANDLER_AT + 4]) for one in handlers]
    return bool(found) and all(one in _PLAYED for one in found)


def _blank(data: bytearray, box: Box) -> None:
    _kind, start, inside, end = box
    data[start + 4 : start + _HEAD] = b"free"
    data[inside:end] = bytes(end - inside)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, one after the other. Raises Unclean for what is none."""
    while start < end:
        if end - start < _HEAD:
            # QuickTime ends a list of boxes with four zero bytes.
            if any(data[start:end]):
                raise Unclean
            return
        size, inside = int.from_bytes(data[start : start + 4]), start + _HEAD
        if size == 1:
            size, inside = int.from_bytes(data[start + _HEAD : start + _WIDE_HEAD]), start + _WIDE_HEAD
        size = size or end - start
        if inside - start > size or start + size > end:
            raise Unclean
        yield bytes(data[start + 4 : start + _HEAD]), start, inside, start + size
        start += size
