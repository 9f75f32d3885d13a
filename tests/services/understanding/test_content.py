"""The sentences and words that understanding is learnt from, and what is learnt of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.services.understanding import INTENTS
from bot.services.understanding.classifier import Weights
from bot.services.understanding.content import FOLDER, problems, read_material
from bot.services.understanding.training import read_classifier
from bot.settings import Settings


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the material, to spoil."""
    shutil.copytree(Settings().content / FOLDER, tmp_path / "content" / FOLDER)
    return tmp_path / "content"


def add(path: Path, line: str) -> int:
    """Write a line at the end; gives its number."""
    text = path.read_text(encoding="utf-8") + line + "\n"
    path.write_text(text, encoding="utf-8")
    return text.count("\n")


def test_the_content_is_sound() -> None:
    assert problems(Settings().content) == []


def test_there_are_enough_sentences() -> None:
    assert len(read_material(Settings().content).sentences) >= 1500


def test_a_sentence_that_stands_twice_is_named(content: Path) -> None:
    line = add(content / FOLDER / "help.txt", "我要投诉！")
    (problem,) = problems(content)
    assert str(problem).startswith(f"content/intents/help.txt:{line}: this stands in file_appeal.txt:")


def test_a_file_that_is_no_intent_is_named(content: Path) -> None:
    (content / FOLDER / "helpp.txt").write_text("你好\n", encoding="utf-8")
    assert [str(problem) for problem in problems(content)] == [
        "content/intents/helpp.txt:1: there is no such intent; rename it"
    ]


def test_an_intent_without_sentences_is_named(content: Path) -> None:
    (content / FOLDER / "wish.txt").unlink()
    assert [str(problem) for problem in problems(content)] == [
        "content/intents/wish.txt:1: this file is missing; write it"
    ]


def test_a_sense_that_is_no_list_is_named(content: Path) -> None:
    line = add(content / FOLDER / "senses.yaml", "  odd: [1, 2]")
    assert [str(problem) for problem in problems(content)] == [
        f"content/intents/senses.yaml:{line}: "
        "write a list of words; put yes, no, on, off and numbers in quotes"
    ]


def test_what_was_learnt_is_kept_and_used_again(tmp_path: Path) -> None:
    material = read_material(Settings().content)
    first = read_classifier(material, tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    again = read_classifier(material, tmp_path)
    assert kept.stat().st_mtime_ns == written
    assert np.array_equal(first.scores("附近哪有厕所"), again.scores("附近哪有厕所"))


def test_other_sentences_are_learnt_anew(tmp_path: Path, content: Path) -> None:
    cache = tmp_path / "cache"
    read_classifier(read_material(content), cache)
    add(content / FOLDER / "help.txt", "这是一句新的话")
    read_classifier(read_material(content), cache)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("spoilt", [b"", b"no archive", b"PK\x03\x04"])
def test_a_spoilt_cache_is_made_anew(tmp_path: Path, spoilt: bytes) -> None:
    material = read_material(Settings().content)
    read_classifier(material, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(spoilt)
    read_classifier(material, tmp_path)
    assert Weights.load(kept).table.shape[1] == len(INTENTS)


def test_without_a_place_to_keep_it_it_is_learnt_each_time(tmp_path: Path) -> None:
    """Such as on a read-only disk."""
    no_folder = tmp_path / "file"
    no_folder.write_text("", encoding="utf-8")
    assert read_classifier(read_material(Settings().content), no_folder).scores("打卡").shape == (
        len(INTENTS),
    )
