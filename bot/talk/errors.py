"""Mistakes of a dialog's author. Each names the step, so that it is found at once."""

from __future__ import annotations


class DialogError(Exception):
    """A dialog broke a rule of the engine."""


class DuplicateKey(DialogError):
    """Two steps of one run have the same key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the step key {key!r} is used twice in one run: in a loop give it an index")


class ForgottenAwait(DialogError):
    """A step was made but not awaited, so it would silently be skipped."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the step {key!r} is not awaited: write 'await talk.…({key!r}, …)'")


class TooManySteps(DialogError):
    """One run took more steps than a person could ever answer: a loop does not end."""

    def __init__(self, cap: int) -> None:
        super().__init__(f"more than {cap} steps in one run: does a loop end?")


class JournalTooLarge(DialogError):
    """A journal outgrew its cap."""

    def __init__(self, size: int, cap: int) -> None:
        super().__init__(f"the journal has {size} bytes, the cap is {cap}: keep large things elsewhere")


class Refused(Exception):
    """An answer does not fit; the text tells the person what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
