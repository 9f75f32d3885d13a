"""`wayside invite`: the first admin's link."""

from __future__ import annotations

import re

from tests.office import Office

LINK = re.compile(r"https://t\.me/wayside_bot\?start=join_[A-Za-z0-9_-]{22,}\n\Z")


def test_an_invitation_is_one_line_to_pass_on(office: Office) -> None:
    done = office.run("invite", "--role", "admin", "--username", "wayside_bot")
    assert LINK.fullmatch(done.stdout), done.stderr
    assert "Good until" in done.stderr
    again = office.run("invite", "--role", "admin", "--username", "wayside_bot")
    assert again.stdout != done.stdout


def test_an_invitation_to_nothing_is_a_sentence(office: Office) -> None:
    for words in (["member"], ["organizer", "--branch", "nowhere"]):
        done = office.run("invite", "--username", "wayside_bot", "--role", *words)
        assert done.returncode
        assert "Traceback" not in done.stderr
        assert not done.stdout
