"""Message stores: puts and updates of session.meta a second at each level, opening and reading large stores.

    python benchmarks/bench_store.py [FOLDER]

The peer is the FileStore of QuickFIX through its Python binding (quickfix-tls), in the same run and on the same disk:
FOLDER, by default one in the system's folder for temporary files. QuickFIX promises what our level `process` does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME, ENTRY, INDEX_NAME, pack
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

try:
    import quickfix
except ImportError:
    quickfix = None

NOW = 1_769_000_000_000_000_000
PUTS = {Durability.NONE: 100_000, Durability.PROCESS: 100_000, Durability.POWER: 500}
ROUNDS = 3


def message(seq_num: int) -> bytes:
    body = (
        b"35=D\x0134=%d\x0149=BUYSIDE\x0152=20260121-12:53:20.000\x0156=BROKER\x01"
        b"11=ORDER-%d\x0138=1000\x0140=2\x0144=150.25\x0154=1\x0155=AAPL\x0160=20260121-12:53:20\x01"
    )
    return sealed(b"FIX.4.4", body % (seq_num, seq_num), SOH)


def line(what: str, figure: str, told: str = "") -> None:
    print(f"{what:<62} {figure:>14}   {told}".rstrip(), flush=True)


def a_second(work: Callable[[], None], count: int) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def repeat(work: Callable[[Path], Iterable[float]], root: Path) -> list[float]:
    """The best of some rounds, each figure for itself, in a fresh folder each time."""
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=root) as folder:
            rounds.append(list(work(Path(folder))))
    return [max(figures) for figures in zip(*rounds, strict=True)]


def ours(level: Durability, count: int) -> Callable[[Path], Iterable[float]]:
    records = [FixMsgStoreRecord("D", NOW, number, message(number)) for number in range(1, count + 1)]

    def run(folder: Path) -> Iterable[float]:
        with FixMsgFileStore(folder, "BUYSIDE", "BROKER", durability=level) as store:

            def put() -> None:
                for record in records:
                    store.put(record)

            def update() -> None:
                for number in range(1, count + 1):
                    store.set_last_sent_seq_num(number)

            yield a_second(put, count)
            yield a_second(update, count)
            store.reset_sequences()

            def send() -> None:
                for record in records:
                    with store.batch():
                        store.put(record)
                        store.set_last_sent_seq_num(record.seq_num)

            yield a_second(send, count)

    return run


def peer(count: int) -> Callable[[Path], Iterable[float]]:
    texts = [message(number).decode("latin-1") for number in range(1, count + 1)]

    def run(folder: Path) -> Iterable[float]:
        session = quickfix.SessionID("FIX.4.4", "BUYSIDE", "BROKER")
        store = quickfix.FileStoreFactory(str(folder)).create(quickfix.UtcTimeStamp(), session)

        def put() -> None:
            for number, text in enumerate(texts, 1):
                store.set(number, text)

        def update() -> None:
            for number in range(2, count + 2):
                store.setNextSenderMsgSeqNum(number)

        yield a_second(put, count)
        yield a_second(update, count)
        store.reset(quickfix.UtcTimeStamp())

        def send() -> None:
            for number, text in enumerate(texts, 1):
                store.set(number, text)
                store.setNextSenderMsgSeqNum(number + 1)

        yield a_second(send, count)

    return run


def writes(root: Path) -> None:
    found: dict[str, list[float]] = {}
    for level, count in PUTS.items():
        found[level] = repeat(ours(level, count), root)
    if quickfix is None:
        print("quickfix-tls is not installed: no peer")
    else:
        found["QuickFIX"] = repeat(peer(PUTS[Durability.PROCESS]), root)
    for place, what in enumerate(("puts", "updates of the numbers", "sends (put, then number)")):
        for who, figures in found.items():
            told = f"{figures[place] / found['QuickFIX'][place]:.2f} x QuickFIX" if "QuickFIX" in found else ""
            line(f"{what} a second, {who}", f"{figures[place]:,.0f}", told if who != "QuickFIX" else "")


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def large_store(folder: Path, count: int) -> Path:
    with FixMsgFileStore(folder, "BUYSIDE", "BROKER") as store:
        store.set_last_sent_seq_num(count)
        where = store.folder
    data, index, offset = bytearray(), bytearray(), 0
    with (where / DATA_NAME).open("wb") as data_file, (where / INDEX_NAME).open("wb") as index_file:
        for number in range(1, count + 1):
            index += ENTRY.pack(number, offset)
            record = pack(number, NOW, message(number))
            data += record
            offset += len(record)
            if not number % 10_000:
                data_file.write(data)
                index_file.write(index)
                data.clear()
                index.clear()
    return where


def reads(root: Path) -> None:
    count = 1_000_000
    with tempfile.TemporaryDirectory(dir=root) as folder:
        where = large_store(Path(folder), count)

        def open_and_close() -> None:
            FixMsgFileStore(folder, "BUYSIDE", "BROKER").close()

        opening = min(seconds(open_and_close) for _ in range(ROUNDS))
        line(f"opening a store of {count:,} messages", f"{opening:.3f} s", limit(opening, 1.0))
        with FixMsgFileStore(folder, "BUYSIDE", "BROKER") as store:
            reading = min(seconds(lambda: store.get_seq_num_range(400_001, 500_000)) for _ in range(ROUNDS))
        line("reading a resend range of 100,000 messages", f"{reading:.3f} s", limit(reading, 0.5))
        if quickfix is not None:
            line("  the same by QuickFIX", f"{peer_read(Path(folder)):.3f} s")
        Disk().remove(where / INDEX_NAME)
        line(f"opening it without {INDEX_NAME} (made anew)", f"{seconds(open_and_close):.3f} s")


def peer_read(folder: Path) -> float:
    """100,000 messages of a store of as many; its `get` appends them to a list."""
    session = quickfix.SessionID("FIX.4.4", "BUYSIDE", "PEER")
    store = quickfix.FileStoreFactory(str(folder)).create(quickfix.UtcTimeStamp(), session)
    for number in range(1, 100_001):
        store.set(number, message(number).decode("latin-1"))

    return min(seconds(lambda: store.get(1, 100_000, quickfix.VectorString())) for _ in range(ROUNDS))


def limit(figure: float, aim: float) -> str:
    return f"aim {aim:g} s{'' if figure <= aim else '   MISSED'}"


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir())
    print(f"in {root}, {os.cpu_count()} processors")
    writes(root)
    reads(root)
