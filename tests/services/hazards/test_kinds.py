"""content/hazards.yaml is read strictly: each mistake has its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.services.hazards.kinds import FILE, OTHER, HazardsError, problems, read_hazards
from bot.settings import ROOT

CONTENT = ROOT / "content"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content, to break."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def test_the_content_is_whole_and_ends_with_whatever_is_none_of_these() -> None:
    assert problems(CONTENT) == []
    kinds = read_hazards(CONTENT)
    assert kinds.all[-1].id == OTHER
    assert kinds.get("taken out since").id == OTHER
    assert kinds.heard("manhole") is kinds.get("manhole")
    assert kinds.heard("nonsense") is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("id: road\n", "id: manhole\n", "manhole is here twice"),
        ("heard: [elevator]", "heard: [tree]", "tree stands in another kind above"),
        ("heard: [elevator]", "heard: [lifts]", "no lifts in the table hazard"),
        ('calls: ["119"]', 'calls: ["911"]', "no 911 in content/hotlines.yaml"),
        ("look: 1 hour,", "look: soon,", "look and mend, each such as 4 hours or 2 days"),
        ("  - id: other\n", "  - id: another\n", "the last kind must be other"),
        ("    emoji: 🕳\n", "", "emoji is missing"),
        ("    emoji: 🕳\n", "    emoji: 🕳\n    points: 3\n", "unknown key points"),
    ],
)
def test_each_mistake_is_named_with_its_line(content: Path, before: str, after: str, said: str) -> None:
    path = content / FILE
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    found = problems(content)
    assert [problem for problem in found if said in problem.message and problem.line > 1]


def test_without_it_nothing_starts(content: Path) -> None:
    (content / FILE).unlink()
    with pytest.raises(HazardsError, match="missing"):
        read_hazards(content)
