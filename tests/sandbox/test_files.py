"""Files: sizes of pictures read from hostile bytes, and what memory keeps."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.sandbox import files
from bot.sandbox.errors import ApiError
from bot.sandbox.files import Files, picture_size


def _picture(kind: str, width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(buffer, kind)
    return buffer.getvalue()


@given(st.sampled_from(["PNG", "JPEG", "GIF"]), st.integers(1, 300), st.integers(1, 300))
def test_the_size_of_a_picture(kind: str, width: int, height: int) -> None:
    assert picture_size(_picture(kind, width, height)) == (width, height)


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a", b"RIFF1234WEBP", b""]),
    st.binary(max_size=60),
)
def test_any_bytes_have_a_size_or_none(start: bytes, rest: bytes) -> None:
    size = picture_size(start + rest)
    assert size is None or min(size) >= 0


@given(st.integers(0, 400))
def test_a_cut_jpeg_is_no_trouble(length: int) -> None:
    picture_size(_picture("JPEG", 20, 20)[:length])


def test_memory_keeps_only_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES_IN_MEMORY", 25)
    store = Files(random.Random(1))
    kept = [store.add("document", f"{number}.txt", "text/plain", b"x" * 10) for number in range(4)]
    assert list(store.by_id.values()) == kept[2:]
    with pytest.raises(ApiError, match="wrong file identifier"):
        store.get(kept[0].file_id)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ApiError, match="file must be non-empty"):
        Files(random.Random(1)).add("document", "x", "text/plain", b"")
