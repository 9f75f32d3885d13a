"""What stands in deploy/ and docs/operations.md: names that exist, and nothing that only looks right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
OPERATIONS = ROOT / "docs" / "operations.md"
# Read by Caddy and by compose itself.
NOT_OURS = {"WAYSIDE_HOST"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file."""
    return dict(YAML(typ="safe").load(DEPLOY / "compose.yaml"))


@pytest.fixture(scope="module")
def commands() -> set[str]:
    """What the command line can do."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^\W*([a-z]+)  ", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("path", [*sorted(DEPLOY.iterdir()), OPERATIONS], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    if path.is_dir():
        pytest.skip("somebody's secrets")
    named = set(re.findall(r"\bWAYSIDE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))) - NOT_OURS
    known = {f"WAYSIDE_{name.upper()}" for name in Settings.model_fields}
    assert named <= known


def test_every_command_that_is_named_exists(compose: dict[str, Any], commands: set[str]) -> None:
    started = {service["command"][0] for service in compose["services"].values() if "command" in service}
    written = OPERATIONS.read_text(encoding="utf-8")
    told = set(re.findall(r"`wayside ([a-z]+)", written))
    assert started <= commands
    assert {"doctor", "backup", "restore", "keys"} <= told <= commands


def test_every_role_runs_and_listeners_run_twice(compose: dict[str, Any]) -> None:
    roles = [
        service["command"][2]
        for service in compose["services"].values()
        if service.get("command", [""])[0] == "run"
    ]
    assert sorted(roles) == ["clock", "listen", "listen", "speak"]


def test_the_gate_knows_every_listener_and_the_path(compose: dict[str, Any]) -> None:
    gate = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    listeners = [name for name in compose["services"] if name.startswith("listener")]
    assert all(f"{name}:8443" in gate for name in listeners)
    path = compose["x-wayside"]["environment"]["WAYSIDE_WEBHOOK_URL"].rpartition("/")[2]
    assert f"reverse_proxy /{path} " in gate
    assert Settings.model_fields["webhook_port"].default == 8443


def test_images_run_as_nobody_and_write_nothing(compose: dict[str, Any]) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER wayside\n" in dockerfile
    ours = [service for service in compose["services"].values() if service.get("image") == "wayside"]
    assert ours
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)


def test_the_image_holds_what_it_copies() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE):
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored


def test_the_service_starts_what_make_installs() -> None:
    service = (DEPLOY / "wayside.service").read_text(encoding="utf-8")
    assert "ExecStart=/opt/wayside/.venv/bin/wayside run\n" in service
    assert "WorkingDirectory=/opt/wayside\n" in service
