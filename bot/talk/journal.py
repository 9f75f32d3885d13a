"""The journal: a conversation's whole state, an ordered map from step key to what happened there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.talk.says import Json

GIVEN = "given"
ANSWER = "answer"
SAID = "said"
DONE = "done"
NOTED = "noted"
BROWSING = "browsing"
LEFT = "left"


class Journal:
    """Entries in the order in which they were made. Plain JSON in and out."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, list[Json]] | None = None) -> None:
        self._entries: dict[str, list[Json]] = dict(entries or {})

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def value(self, key: str) -> Json:
        """What stands under the key; KeyError if nothing does."""
        return self._entries[key][1]

    def kind(self, key: str) -> str | None:
        """How the key came about, or None."""
        entry = self._entries.get(key)
        return entry[0] if entry else None

    def put(self, key: str, kind: str, value: Json) -> None:
        """Write an entry: a new one at the end, an old one in its place."""
        self._entries[key] = [kind, value]

    def drop(self, key: str) -> None:
        """Forget one entry; the others stay."""
        self._entries.pop(key, None)

    def last_answer(self) -> str | None:
        """The answer that Back would take: the last one, unless something was done since."""
        for key in reversed(self._entries):
            kind = self._entries[key][0]
            if kind in (ANSWER, LEFT):
                return key
            if kind == DONE:
                return None
        return None

    def answers(self) -> int:
        """How many answers it holds that Back could still take."""
        count = 0
        for kind, _ in reversed(self._entries.values()):
            if kind == DONE:
                break
            count += kind in (ANSWER, LEFT)
        return count

    def did_something(self) -> bool:
        """Whether anything was done that can't be taken back."""
        return any(kind == DONE for kind, _ in self._entries.values())

    def given(self) -> dict[str, Json]:
        """What the conversation was opened with."""
        return {key: value for key, (kind, value) in self._entries.items() if kind == GIVEN}

    def back(self) -> bool:
        """Take back the last answer and all that came after it; False if there is none.

        A screen that was left opens again as it was.
        """
        last = self.last_answer()
        if last is None:
            return False
        kind, value = self._entries[last]
        keys = list(self._entries)
        for key in keys[keys.index(last) :]:
            del self._entries[key]
        if kind == LEFT:
            self._entries[last] = [BROWSING, value["state"]]
        return True

    def to_json(self) -> dict[str, list[Json]]:
        """The entries as JSON can hold them, in order."""
        return dict(self._entries)
