"""Compressed streams: a pipe cannot be read twice, so gzip is known by the first bytes as they come."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from purefix_core.logs.source import SpoolSource, open_source


def sent_through_a_pipe(folder: Path, *pieces: bytes) -> SpoolSource:
    """What arrives when the pieces are written one after another, each after the one before was read."""
    path = folder / "pipe"
    os.mkfifo(path)
    source = open_source(path)
    assert isinstance(source, SpoolSource)

    def write() -> None:
        with path.open("wb", buffering=0) as out:
            for piece in pieces:
                out.write(piece)
                threading.Event().wait(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(20)
    while not source.complete:
        source.wait(1)
    return source


@pytest.mark.parametrize("first", [1, 2, 5, 100_000])
def test_a_compressed_pipe_is_unpacked(tmp_path: Path, first: int) -> None:
    text = b"8=FIX.4.4|9=5|35=0|10=000|\n" * 5_000
    packed = gzip.compress(text) + gzip.compress(b"and more")
    source = sent_through_a_pipe(tmp_path, packed[:first], packed[first:])
    assert source.problem is None
    assert source.read(0, 1_000_000) == text + b"and more"
    source.close()


@pytest.mark.parametrize("pieces", [(), (b"\x1f",), (b"\x1f", b"\x8a")])
def test_what_is_not_compressed_stays_as_it_is(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    source = sent_through_a_pipe(tmp_path, *pieces)
    assert (source.problem, source.read(0, 100)) == (None, b"".join(pieces))
    source.close()


def test_a_compressed_pipe_that_ends_early_is_told(tmp_path: Path) -> None:
    source = sent_through_a_pipe(tmp_path, gzip.compress(os.urandom(50_000))[:-20])
    assert source.problem is not None
    assert "cut off" in source.problem
    source.close()
