"""What people send along: taken, or refused with what to do instead."""

from __future__ import annotations

import pytest

from bot.i18n import speaking
from bot.talk import hears
from bot.talk.errors import Refused
from bot.talk.inputs import Sent


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "a.heif", "b.hif", "c.avif"])
def test_a_picture_that_tells_its_place_is_to_be_sent_as_a_photo(name: str) -> None:
    with speaking("en"), pytest.raises(Refused, match="as a photo"):
        Sent().hear(hears.File("x", name))


@pytest.mark.parametrize("name", ["contract.pdf", "shot.jpeg", "crash.mp4", "", "heic"])
def test_other_files_are_taken(name: str) -> None:
    heard = hears.File("x", name)
    assert Sent().read(Sent().hear(heard)) == heard
