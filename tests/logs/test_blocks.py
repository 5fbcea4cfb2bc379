"""Messages read in blocks: the same as read one by one, and no credential gets through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.logs.blocks import may_hold_secret, raw_pieces, read_blocks
from purefix_core.logs.csv_lines import csv_line, csv_lines, values_of
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.reading import Reader
from purefix_core.wire import native
from purefix_core.wire.message import FixMessage
from purefix_core.wire.secrets import SECRET_TAGS, mask_secrets
from purefix_core.wire.separators import SEPARATORS, Separator
from tests.conftest import REPOSITORY

EXAMPLE_LOG = REPOSITORY / "examples" / "logs" / "trading-day.log"
SEPARATOR = st.sampled_from(SEPARATORS)
TAG = st.sampled_from(
    ["554", "925", "1402", "1404", "96", "95", "0554", "00096", " 554", "554 ", "\t925\n", "1554", "58"]
)
TAG |= st.integers(0, 99_999).map(str) | st.sampled_from(["11", "011", "348", "349", "1401", "35"])
VALUE = st.sampled_from([b"hunter2", b"5", b"11", b"a = b", b"=+1", b"x|11=y", b"\xff", b"1\x0111=2", b""])
FIELD = st.tuples(TAG, VALUE).map(lambda pair: pair[0].encode() + b"=" + pair[1]) | st.sampled_from([b"", b"nonsense"])
BEGIN = st.sampled_from([b"8=FIX.4.4", b"8=FIX.4.2", b"8=FIXT.1.1"])


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    separator = draw(SEPARATOR)
    msg_type = draw(st.sampled_from([b"35=A", b"35=D", b"35=BE", b"35=0"]))
    fields = [draw(BEGIN), b"9=5", msg_type, b"49=A", b"56=B", *draw(st.lists(FIELD, max_size=8)), b"10=000"]
    return separator.text.join(fields) + separator.text


LOGS = st.lists(messages(), min_size=1, max_size=8).map(b"\n".join)


@contextmanager
def log_of(content: bytes) -> Iterator[LogFile]:
    log = LogFile.from_bytes(content)
    log.index()
    yield log


@contextmanager
def native_or_not(with_native: bool) -> Iterator[None]:
    module = native.module
    native.module = module if with_native else None
    try:
        yield
    finally:
        native.module = module


@pytest.mark.parametrize("with_native", [False, True])
@given(content=LOGS)
def test_raw_pieces_are_masked_as_each_message_alone(content: bytes, with_native: bool) -> None:
    with log_of(content) as log, native_or_not(with_native):
        rows = range(len(log.rows))
        alone = [mask_secrets(Reader(log).read(row).message) + b"\n" for row in rows]
        assert b"".join(piece for _, piece in raw_pieces(log, rows)) == b"".join(alone)
        shown = b"".join(log.read(row) + b"\n" for row in rows)
        assert b"".join(piece for _, piece in raw_pieces(log, rows, show_secrets=True)) == shown


@given(raw=st.binary() | LOGS, separator=SEPARATOR)
def test_what_cannot_hold_a_secret_is_never_masked(raw: bytes, separator: Separator) -> None:
    if not may_hold_secret(raw):
        assert mask_secrets(FixMessage.parse(raw, separator)) == raw


@pytest.mark.parametrize("with_native", [False, True])
@pytest.mark.parametrize("tag", [*SECRET_TAGS, 96])
@pytest.mark.parametrize("form", ["%d=", "00%d=", " %d=", "%d \t="])
def test_every_secret_tag_is_seen(tag: int, form: str, with_native: bool) -> None:
    field = (form % tag).encode() + b"hunter2"
    content = b"8=FIX.4.4|9=5|35=D|10=000|\n8=FIX.4.4|9=5|35=A|" + field + b"|10=000|\n8=FIX.4.4|9=5|35=D|10=000|\n"
    with log_of(content) as log, native_or_not(with_native):
        assert len(log.rows) == 3
        ((number, piece),) = raw_pieces(log, range(3))
    assert (number, b"hunter2" in piece, piece.count(b"***")) == (3, False, 1)


@pytest.mark.parametrize("show_secrets", [False, True])
@given(content=LOGS)
def test_csv_lines_are_those_of_messages_split_into_fields(content: bytes, show_secrets: bool) -> None:
    with log_of(content) as log:
        rows = range(len(log.rows))
        reader = Reader(log)
        alone = [csv_line(values_of(reader.read(row), show_secrets)) for row in rows]
        assert list(csv_lines(log, rows, show_secrets)) == alone


@pytest.fixture
def example() -> Iterator[LogFile]:
    log = LogFile.open(EXAMPLE_LOG)
    log.index()
    yield log
    log.close()


@pytest.fixture
def reads(example: LogFile, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were asked for, each time the example was read."""
    asked: list[int] = []
    read = example.source.read

    def noted(offset: int, length: int) -> bytes:
        asked.append(length)
        return read(offset, length)

    monkeypatch.setattr(example.source, "read", noted)
    return asked


def test_neighbours_are_read_at_once(example: LogFile, reads: list[int]) -> None:
    assert sum(len(block.messages) for block in read_blocks(example, range(400), 512)) == 400
    assert len(reads) == 1


def test_far_messages_are_read_without_what_is_between_them(example: LogFile, reads: list[int]) -> None:
    assert [block.rows for block in read_blocks(example, [0, 1, 2400, 2401], 512)] == [[0, 1], [2400, 2401]]
    assert sum(reads) < 4_000


@given(rows=st.lists(st.integers(0, 2424), max_size=60), at_most=st.integers(1, 40))
def test_rows_in_any_order(rows: list[int], at_most: int) -> None:
    with log_of(EXAMPLE_LOG.read_bytes()) as log:
        found = list(read_blocks(log, rows, at_most))
        assert [row for block in found for row in block.rows] == rows
        assert [raw for block in found for raw in block.messages] == [log.read(row) for row in rows]
