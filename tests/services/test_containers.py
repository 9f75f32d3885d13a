"""Recordings and pictures in boxes: what tells where they were made is blanked, or they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.containers import Unclean, cleaned, is_container, is_picture_container

PLACE = b"+29.4738+106.5486/"


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box that holds others, or bytes."""
    content = b"".join(inside)
    return (8 + len(content)).to_bytes(4) + kind + content


def track(handler: bytes, *more: bytes) -> bytes:
    """A track of sound, of pictures, or of something else."""
    return box(b"trak", box(b"tkhd", bytes(8)), box(b"mdia", box(b"hdlr", bytes(8), handler)), *more)


def recording(*more: bytes, brand: bytes = b"isom") -> bytes:
    """An MP4 of one video track; `more` stands in its `moov`."""
    kind = box(b"ftyp", brand, bytes(4), b"mp42")
    return kind + box(b"moov", box(b"mvhd", bytes(8)), track(b"vide"), *more) + box(b"mdat", b"frames")


def test_a_place_is_blanked_and_nothing_moves() -> None:
    told = recording(
        box(b"udta", box(b"\xa9xyz", PLACE)),
        track(b"soun", box(b"udta", PLACE)),
        box(b"meta", PLACE),
        box(b"gps ", PLACE),
    ) + box(b"uuid", PLACE)
    kept = cleaned(told)
    assert PLACE not in kept
    assert len(kept) == len(told)
    assert kept.index(b"frames") == told.index(b"frames")
    assert kept.count(b"trak") == 2
    assert cleaned(kept) == kept


def test_what_tells_nothing_stays_as_it_is() -> None:
    assert cleaned(recording()) == recording()


@pytest.mark.parametrize("more", [track(b"meta"), track(b"gpmd"), box(b"trak"), b"\x00\x00\x00\x02moov"])
def test_what_cannot_be_told_is_refused(more: bytes) -> None:
    """A track of places lies anywhere in the file."""
    with pytest.raises(Unclean):
        cleaned(recording(more))


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"])
def test_pictures_that_nobody_here_can_draw_anew_are_known(brand: bytes) -> None:
    assert is_picture_container(box(b"ftyp", brand, bytes(4), b"mif1") + b"rest")
    assert is_picture_container(box(b"ftyp", b"xxxx", bytes(4), b"yyyy", brand))


@pytest.mark.parametrize("signature", [b"jP  ", b"JXL "])
def test_and_those_with_a_signature_of_their_own(signature: bytes) -> None:
    content = box(signature, b"\r\n\x87\n") + b"rest"
    assert is_container(content)
    assert is_picture_container(content)


def test_an_old_quicktime_is_cleaned_too() -> None:
    """It does not say what it is."""
    told = box(b"wide") + box(b"mdat", b"frames") + box(b"moov", track(b"vide"), box(b"udta", PLACE))
    assert is_container(told)
    assert PLACE not in cleaned(told)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"OggS hello there", recording()])
def test_others_are_no_such_pictures(content: bytes) -> None:
    assert not is_picture_container(content)


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_cleaned_or_refused(noise: bytes) -> None:
    content = recording(noise)
    assert is_container(content)
    try:
        assert len(cleaned(content)) == len(content)
    except Unclean:
        return
