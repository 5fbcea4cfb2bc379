"""Messages of which a filter wants a tag or two: found by searching the bytes, where that is safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SEPARATORS, Separator


class Complications:
    """Tells which messages must be split into fields before anything in them is found.

    They may hold a data field, which may hold separators, or a tag with leading zeros.
    """

    def __init__(self, data_tags: Mapping[int, int]) -> None:
        self.data_tags = data_tags

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[bytes], ...]:
        """By separator code. Compiling them costs 3 ms, which a filter on columns need not pay."""
        tags = _any_of(f"{tag}=" for tag in self.data_tags)
        return tuple(re.compile(re.escape(each.text) + f"(?:{tags}|0[0-9]*=)".encode()) for each in SEPARATORS)

    def in_message(self, raw: bytes, separator: Separator) -> bool:
        return not raw.startswith(b"8=") or self._patterns[separator.code].search(raw) is not None


class RawMessage:
    """Gives what FixMessage gives, at a fifth of the time if few tags are asked for."""

    __slots__ = ("_complications", "_is_simple", "_split", "raw", "separator")

    def __init__(self, raw: bytes, separator: Separator, complications: Complications) -> None:
        self.raw = raw
        self.separator = separator
        self._complications = complications
        self._is_simple = False
        self._split: FixMessage | None = None

    def get_all(self, tag: int) -> list[bytes]:
        """The values of every occurrence of `tag`, in order."""
        raw = self.raw
        if not self._is_simple and self._split is None:
            if self._complications.in_message(raw, self.separator):
                self._split = FixMessage.parse(raw, self.separator, self._complications.data_tags)
            else:
                self._is_simple = True
        if self._split is not None:
            return self._split.get_all(tag)
        separator, name = self.separator.text, b"%d=" % tag
        found: list[bytes] = []
        position = raw.find(name)
        while position >= 0:
            start = position + len(name)
            if position == 0 or raw.endswith(separator, 0, position):
                end = raw.find(separator, start)
                found.append(raw[start:] if end < 0 else raw[start:end])
            position = raw.find(name, start)
        return found


def _any_of(words: Iterable[str]) -> str:
    """A regular expression for some words, which branches at the first character in which they differ.

    Ten times as fast as a plain list of alternatives, each of which would be tried from its first character on.
    """
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for character in word:
            branch = branch.setdefault(character, {})
    return _branches(tree)


def _branches(tree: dict[str, Any]) -> str:
    alternatives = [character + _branches(branch) for character, branch in tree.items()]
    return f"(?:{'|'.join(alternatives)})" if len(alternatives) > 1 else "".join(alternatives)
