"""Message stores on disk for the tests of the Stores tab. All times are fixed, so that screens can be compared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.quickfix import QuickFixFileStore
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import NANOS

BEGAN = 1_738_310_400 * NANOS
"""2025-01-31 08:00:00 UTC."""


def message(seq_num: int, sender: str, target: str, msg_type: str) -> FixMsgStoreRecord:
    """An order, or a session message."""
    time = BEGAN + seq_num * 60 * NANOS
    minutes = seq_num % 60
    body = f"35={msg_type}|34={seq_num}|49={sender}|52=20250131-{8 + seq_num // 60:02}:{minutes:02}:00.000|56={target}|"
    if msg_type == "D":
        body += f"11=ORD{seq_num}|21=1|55=AAPL|54={1 + seq_num % 2}|60=20250131-08:00:00|38={100 * seq_num}|"
        body += "40=2|44=150.25|59=0|"
    elif msg_type == "A":
        body += "98=0|108=30|"
    return FixMsgStoreRecord(msg_type, time, seq_num, sealed(b"FIX.4.4", body.replace("|", "\x01").encode(), SOH))


def messages(last: int, sender: str, target: str) -> Iterable[FixMsgStoreRecord]:
    """A Logon, then orders with a Heartbeat for every fifth number."""
    for seq_num in range(1, last + 1):
        yield message(seq_num, sender, target, "A" if seq_num == 1 else "0" if seq_num % 5 == 0 else "D")


def make_store(
    folder: Path, sender: str = "CLIENT", target: str = "BROKER", last_sent: int = 119, last_received: int = 56
) -> Path:
    """A store of ours below `folder`; gives its own folder."""
    with FixMsgFileStore(folder, sender, target, begin_string="FIX.4.4", clock=lambda: BEGAN) as store:
        with store.batch():
            for record in messages(last_sent, sender, target):
                store.put(record)
                store.set_last_sent_seq_num(record.seq_num)
            store.set_last_received_seq_num(last_received)
            store.set_last_received_time(BEGAN + 30_645 * NANOS)
        return store.folder


def make_quickfix(folder: Path, last_sent: int = 20, next_in: int = 8) -> Path:
    """A store of QuickFIX C++; gives what the names of its files begin with."""
    with closing(QuickFixFileStore.create(folder, "FIX.4.4", "BUYSIDE", "VENUE", clock=lambda: BEGAN)) as store:
        for record in messages(last_sent, "BUYSIDE", "VENUE"):
            store.put(record)
            store.set_last_sent_seq_num(record.seq_num)
        store.set_last_received_seq_num(next_in - 1)
    for path in folder.iterdir():
        os.utime(path, ns=(BEGAN, BEGAN))
    return folder / "FIX.4.4-BUYSIDE-VENUE"


def shorten_index(folder: Path, entries: int = 3) -> None:
    """Let the index lack the last messages."""
    index = folder / "messages.idx"
    os.truncate(index, index.stat().st_size - 12 * entries)


def last_numbers(folder: Path) -> tuple[int, int]:
    """The last numbers out and in, as the store says."""
    with FixMsgFileStore.open_folder(folder) as store:
        return store.get_last_sent_seq_num(), store.get_last_received_seq_num()


def damage(folder: Path, seq_num: int) -> None:
    """Let an order say another quantity than its CheckSum counts."""
    data = folder / "messages.dat"
    quantity = f"\x0138={100 * seq_num}\x01".encode()
    content = data.read_bytes()
    assert content.count(quantity) == 1
    data.write_bytes(content.replace(quantity, quantity.replace(b"00\x01", b"01\x01")))
