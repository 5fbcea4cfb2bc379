"""Small stores of each layout, and `purefix store` run on them as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from purefix_core.cli import commands
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.quickfix import QuickFixFileStore
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH

NOON = 1_769_860_800_000_000_000  # 2026-01-31 12:00:00
BODY = {
    "A": b"98=0\x01108=30\x01554=open-sesame\x01",
    "D": b"11=ORD1\x0121=1\x0138=100\x0140=2\x0144=10.5\x0154=1\x0155=IBM\x0160=20260131-12:00:00\x01",
    "0": b"",
    "8": b"6=0\x0111=ORD1\x0114=0\x0117=E1\x0137=O1\x0138=100\x0139=0\x0154=1\x0155=IBM\x01150=0\x01151=100\x01",
}


def record(seq_num: int, msg_type: str) -> FixMsgStoreRecord:
    head = b"35=%b\x0134=%d\x0149=CLI\x0152=20260131-12:00:00.%03d\x0156=SRV\x01" % (
        msg_type.encode(),
        seq_num,
        seq_num,
    )
    time = NOON + seq_num * 1_000_000
    return FixMsgStoreRecord(msg_type, time, seq_num, sealed(b"FIX.4.4", head + BODY[msg_type], SOH))


def fill(store: FixMsgFileStore | QuickFixFileStore) -> None:
    """Six messages, the last of which was never sent; 41 were received."""
    for seq_num, msg_type in enumerate("AD08DD", 1):
        store.put(record(seq_num, msg_type))
    store.set_last_sent_seq_num(5)
    store.set_last_received_seq_num(41)
    store.close()


def run(*arguments: str | Path | int) -> Result:
    result = CliRunner().invoke(commands, ["store", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def figures(*arguments: str | Path | int) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def numbers(path: Path) -> tuple[object, object]:
    """Next out and next in."""
    document = figures("show", path)
    return document["nextOut"], document["nextIn"]


def damage(path: Path, seq_num: int) -> None:
    """Change one byte within a message."""
    file = path / "messages.dat" if path.is_dir() else Path(f"{path}.body")
    content = file.read_bytes()
    place = content.index(b"\x0134=%d\x01" % seq_num) - 30
    place = content.index(b"8=FIX", place) + 5
    file.write_bytes(content[:place] + b"x" + content[place + 1 :])
