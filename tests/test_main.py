"""The command line, as somebody in an office uses it."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import ROOT
from tests.office import Office


def test_a_missing_token_is_a_sentence_and_no_trace(office: Office) -> None:
    done = office.run("run", WAYSIDE_TOKEN="")
    assert done.returncode == 1
    assert "WAYSIDE_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_telegram_out_of_reach_is_a_sentence_and_no_trace(office: Office) -> None:
    done = office.run("run", WAYSIDE_API_URL="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "http://127.0.0.1:1 does not answer" in done.stderr
    assert "Traceback" not in done.stderr
    assert "abcdefghij" not in done.stderr


def test_a_dialog_in_the_terminal(office: Office) -> None:
    done = office.run("talk", "stations", "--locale", "zh_CN", given="李家沱\n1\n")
    assert done.returncode == 0, done.stderr
    assert "李家沱附近" in done.stdout
    assert "📌" in done.stdout


def test_the_content_is_whole(office: Office) -> None:
    assert office.run("check").returncode == 0


def test_the_command_line_starts_without_the_channels(office: Office) -> None:
    loaded = "sorted({'aiogram', 'telegram', 'scipy'} & set(sys.modules))"
    code = f"import sys, bot.__main__, bot.commands.stations; print({loaded})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
