"""Byte strings that a message must hold to pass: a block of a file without any of them need not be looked at closer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from purefix_core.logs.filter.nodes import All, Either, FieldTest, Node, TextSearch, needs_messages


class Needles(NamedTuple):
    """A message that passes holds at least one of `texts`; in lower case if `folded`, as the message is to be then."""

    texts: frozenset[bytes]
    folded: bool


def needles_of(node: Node) -> Needles | None:
    """The needles of a node, None if there are none to name."""
    if isinstance(node, FieldTest):
        return Needles(frozenset(node.needles), False)
    if isinstance(node, TextSearch):
        texts = frozenset(max(text.split(b"|"), key=len) for text in node.texts)
        return None if b"" in texts else Needles(texts, True)
    if isinstance(node, All):
        found = [needles for term in node.terms if (needles := needles_of(term)) is not None]
        return max(found, key=_selectivity, default=None)
    if isinstance(node, Either):
        return _union(needles_of(term) for term in node.terms)
    return None


def needles_of_open_rows(node: Node) -> Needles | None:
    """The needles for rows that the columns left open, given that they decided every test of a column.

    Of such a row no alternative of the outermost `or` was found true: those that the columns decide are false.
    """
    if isinstance(node, Either):
        return _union(needles_of_open_rows(term) for term in node.terms if needs_messages(term))
    return needles_of(node)


def _union(each: Iterable[Needles | None]) -> Needles | None:
    texts: frozenset[bytes] = frozenset()
    folded = False
    for needles in each:
        if needles is None:
            return None
        texts |= needles.texts
        folded |= needles.folded
    return Needles(frozenset(map(bytes.lower, texts)), True) if folded else Needles(texts, False)


def _selectivity(needles: Needles) -> tuple[int, int]:
    """The higher, the fewer messages are likely to hold one of the needles."""
    return min(map(len, needles.texts), default=1 << 20), -len(needles.texts)


def find_messages(
    block: bytes, base: int, offsets: Sequence[int], lengths: Sequence[int], first: int, last: int, needles: Needles
) -> Iterator[int]:
    """Which of the messages first..last-1 hold one of the needles, ascending.

    `block` is what the file holds from `base` on, which covers these messages; other text may lie between them.
    """
    if needles.folded:
        block = block.lower()
    found: set[int] = set()
    for needle in needles.texts:
        position = block.find(needle)
        while position >= 0:
            at = bisect_right(offsets, base + position, first, last) - 1
            if at >= first and base + position + len(needle) <= offsets[at] + lengths[at]:
                found.add(at)
            following = offsets[at + 1] - base if at + 1 < last else len(block)
            position = block.find(needle, max(position + 1, following))
    return iter(sorted(found))
