"""What tests of lessons share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.lessons.pages import Content


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A small content folder to break."""
    return Content(tmp_path)
