"""Asks the native module about all messages of a block of the file at once.

A set of messages is an integer with one byte a message, as in columns.py.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from purefix_core.logs.arrays import places
from purefix_core.logs.filter.columns import ColumnTest, all_rows, column_test, low_bytes
from purefix_core.logs.filter.nodes import All, Either, FieldTest, Negated, Node, TextSearch
from purefix_core.logs.filter.open_rows import Choose, OpenRows, ReadBytes
from purefix_core.logs.index import SEPARATOR_MASK, SEPARATOR_SHIFT
from purefix_core.wire import native
from purefix_core.wire.message import as_text

_SEPARATOR_BY_FLAGS = bytes((flags & SEPARATOR_MASK) >> SEPARATOR_SHIFT for flags in range(256))


def by_block(open_rows: OpenRows, node: Node, data_tags: Mapping[int, int], read: ReadBytes) -> Choose:
    """Chooses the rows of which the node is true. The columns must decide every part of it that asks for no message,
    and the native module must be there."""
    tests: dict[int, ColumnTest] = {}
    announced = list(data_tags.items())

    def choose(first: int, last: int) -> Iterator[int]:
        def by_columns(leaf: Node) -> int:
            test = tests.get(id(leaf))
            if test is None:
                test = tests[id(leaf)] = column_test(leaf, open_rows.index)
            return test(open_rows.rows, first, last).sure

        block = _read_block(open_rows, first, last, read)
        passing = _passing(node, all_rows(last - first), block, by_columns, announced)
        return iter(places(passing.to_bytes(last - first, "little"), first))

    return choose


@dataclass(frozen=True, slots=True)
class _Block:
    """Bytes of a file, and the messages in them."""

    raw: bytes
    base: int
    """The offset of `raw`."""
    offsets: array[int]
    lengths: array[int]
    separators: bytes
    """The code of each message's separator."""

    def messages(self, candidates: int) -> tuple[int, bytes, bytes, bytes, bytes]:
        """As the native module takes them."""
        among = candidates.to_bytes(len(self.lengths), "little")
        return self.base, self.offsets.tobytes(), self.lengths.tobytes(), self.separators, among


def _read_block(open_rows: OpenRows, first: int, last: int, read: ReadBytes) -> _Block:
    rows = open_rows.rows
    offsets, lengths = rows.offset[first:last], rows.length[first:last]
    base, span = open_rows.span(first, last)
    if open_rows.are_sparse(first, last):  # the messages one behind the other, as if nothing stood between them
        pieces = [read(offset, length) for offset, length in zip(offsets, lengths, strict=True)]
        raw, lengths = b"".join(pieces), array("i", map(len, pieces))
        offsets = array("q", accumulate(lengths[:-1], initial=base))
    else:
        raw = read(base, span)
    return _Block(raw, base, offsets, lengths, low_bytes(rows.flags[first:last]).translate(_SEPARATOR_BY_FLAGS))


def _passing(
    node: Node, candidates: int, block: _Block, by_columns: Callable[[Node], int], data_tags: list[tuple[int, int]]
) -> int:
    """Those of the candidates of which the node is true; each part of it is asked only about those still in doubt."""
    if not candidates:
        return 0
    match node:
        case All(terms):
            for term in terms:
                candidates = _passing(term, candidates, block, by_columns, data_tags)
            return candidates
        case Either(terms):
            found = 0
            for term in terms:
                found |= _passing(term, candidates & ~found, block, by_columns, data_tags)
            return found
        case Negated(term):
            return candidates & ~_passing(term, candidates, block, by_columns, data_tags)
        case FieldTest():
            return _with_field(node, candidates, block, data_tags)
        case TextSearch(texts):
            assert native.module is not None
            return _set_of(native.module.find_texts(block.raw, block.messages(candidates), list(texts)))
        case _:
            return candidates & by_columns(node)


def _with_field(node: FieldTest, candidates: int, block: _Block, data_tags: list[tuple[int, int]]) -> int:
    assert native.module is not None
    test = node.test
    there, passed = native.module.test_fields(
        block.raw,
        block.messages(candidates),
        list(node.tags),
        data_tags,
        list(node.needles),
        lambda value: test(as_text(value)),
    )
    return _set_of(passed) if node.wanted else _set_of(there) & ~_set_of(passed)


def _set_of(mask: bytes) -> int:
    return int.from_bytes(mask, "little")
