"""What stands in deploy/ and docs/operations.md: names that exist, and nothing that only looks right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.sandbox.webhooks import SECRET_HEADER
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
    told = set(re.findall(r"`(?:sudo )?wayside ([a-z]+)", written))
    assert started <= commands
    assert {"doctor", "backup", "restore", "keys"} <= told <= commands


def test_every_role_runs_and_listeners_run_twice(compose: dict[str, Any]) -> None:
    roles = [
        service["command"][2]
        for service in compose["services"].values()
        if service.get("command", [""])[0] == "run"
    ]
    assert sorted(roles) == ["clock", "listen", "listen", "speak"]


def test_the_gate_knows_every_listener_and_leaves_the_paths_to_them(compose: dict[str, Any]) -> None:
    """Each city has a path of its own; and Caddy answers a bare `respond` before it looks at any proxy."""
    gate = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    listeners = [name for name in compose["services"] if name.startswith("listener")]
    assert f"reverse_proxy {' '.join(f'{name}:8443' for name in listeners)} {{" in gate
    assert "respond" not in gate
    assert Settings.model_fields["webhook_port"].default == 8443


def test_the_gate_never_logs_the_secret_of_the_webhook() -> None:
    """A listener was killed, and Caddy told of the request that failed with all its headers."""
    gate = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert f"request>headers>{SECRET_HEADER} delete" in gate


def test_a_new_key_for_docker_is_made_where_it_can_be_written() -> None:
    """Inside a service the keys are read-only: `keys new` failed there."""
    written = OPERATIONS.read_text(encoding="utf-8")
    outside = r'^docker run .*"\$PWD/deploy/secrets:/secrets" wayside keys new /secrets/keys$'
    assert len(re.findall(outside, written, re.MULTILINE)) == 2
    assert re.search(r"compose\.yaml run \S.* keys new", written) is None


def test_there_is_a_way_back_from_a_release() -> None:
    """The build takes the name of the image that runs: without another the old one is lost."""
    written = OPERATIONS.read_text(encoding="utf-8")
    kept, built = (
        written.index("docker tag wayside wayside:before"),
        written.index("git pull && docker build"),
    )
    assert kept < built < written.index("docker tag wayside:before wayside`")


def test_images_run_as_nobody_and_write_nothing(compose: dict[str, Any]) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER wayside\n" in dockerfile
    ours = _ours(compose)
    assert ours
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)


def _ours(compose: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for service in compose["services"].values() if service.get("image") == "wayside"]


def test_the_image_has_the_tools_of_the_database_that_runs(compose: dict[str, Any]) -> None:
    """An older pg_dump refuses a newer server: the first backup would be the day that one is needed."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (tools,) = re.findall(r"postgresql-client-(\d+)", dockerfile)
    assert compose["services"]["database"]["image"] == f"postgres:{tools}"
    # The base must be the Debian that has that release, whatever `slim` means some day.
    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["python:3.12-slim-trixie"] * 2


def test_every_command_for_docker_names_what_is_there(compose: dict[str, Any]) -> None:
    written = OPERATIONS.read_text(encoding="utf-8")
    run = re.findall(r"deploy/compose\.yaml run ((?:-\S+ (?:\S+:\S+ )?)*)([a-z0-9-]+)", written)
    assert {service for _, service in run} <= set(compose["services"])
    # Its dependencies would run, too: `schema` makes tables where a restore wants an empty database.
    assert [options for options, service in run if service != "schema" and "--no-deps" not in options] == []
    (rolling,) = re.findall(r"^for part in ([^;]+);.*$", written, re.MULTILINE)
    roles = {
        name for name, service in compose["services"].items() if service.get("command", [""])[0] == "run"
    }
    assert set(rolling.split()) == roles
    assert re.search(r"^for part in .* --no-deps --wait \$part;", written, re.MULTILINE)


def test_cities_and_content_of_ones_own_come_in_by_a_folder(compose: dict[str, Any]) -> None:
    assert all("./cities:/cities:ro" in one["volumes"] for one in _ours(compose))
    assert "deploy/cities/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


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


def test_the_command_of_the_service_does_as_the_service_does() -> None:
    """Its settings are read as systemd reads them: to a shell, an & in an address is a sign."""
    service = (DEPLOY / "wayside.service").read_text(encoding="utf-8")
    wrapper = DEPLOY / "wayside"
    told = wrapper.read_text(encoding="utf-8")
    assert wrapper.stat().st_mode & 0o111
    for name in ("EnvironmentFile", "WorkingDirectory", "User", "Group"):
        (value,) = re.findall(rf"^{name}=(.+)$", service, re.MULTILINE)
        assert value in told
    assert subprocess.run(["sh", "-n", wrapper], check=True, capture_output=True).stderr == b""
    assert "deploy/wayside /usr/local/bin/wayside" in OPERATIONS.read_text(encoding="utf-8")
