"""The hot loops in Rust (native/). Built only where there is a Rust toolchain: see purefix_core/logs/native.py."""

def scan(
    window: bytes, base: int, start: int, stop: int, previous_end: int, at_end: bool
) -> tuple[
    tuple[bytes, ...],
    tuple[list[bytes], list[int], list[tuple[bytes, bytes, bytes]], list[int], list[int]],
    list[tuple[int, int, str]],
    tuple[int, int, int],
]:
    """As purefix_core.logs.scan_reference.scan, with the parts of its Batch as bytes, lists and numbers.

    The columns of the rows; the values of MsgType and of sessions with their counts and first rows; the skipped
    ranges; resume, settled and previous_end. Releases the GIL.
    """

def recode(column: bytes, item_size: int, codes: list[int]) -> bytes:
    """A column of unsigned integers of 2 or 4 bytes, each replaced by what stands at its position in `codes`."""
