"""What is done to whole columns of an index at once: by the native module where it was built, else one by one.

A mask has a byte for each value of a column: 1 or 0.
"""

from __future__ import annotations

from array import array
from itertools import compress

from purefix_core.wire import native


def recoded(column: array[int], codes: list[int]) -> array[int]:
    """The column with each value replaced by what stands at its position in `codes`."""
    if codes == list(range(len(codes))):
        return column
    if native.module is None:
        return array(column.typecode, map(codes.__getitem__, column))
    return _array(column.typecode, native.module.recode(column.tobytes(), column.itemsize, codes))


def picked(column: array[int], mask: bytes) -> array[int]:
    """The values for which the mask has a 1; the mask may be shorter than the column."""
    if 0 not in mask:
        return column[: len(mask)]
    if native.module is None:
        return array(column.typecode, compress(column, mask))
    return _array(column.typecode, native.module.pick(column.tobytes(), column.itemsize, mask))


def places(mask: bytes | bytearray, first: int) -> array[int]:
    """Where the mask has a 1, counted from `first`, as unsigned 32-bit integers."""
    if native.module is None:
        return array("I", compress(range(first, first + len(mask)), mask))
    return _array("I", native.module.places(bytes(mask), first))


def _array(typecode: str, content: bytes) -> array[int]:
    made = array(typecode)
    made.frombytes(content)
    return made
