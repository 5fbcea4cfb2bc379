"""Writes stores byte for byte as the QuickFIX engines do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from struct import pack

from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH


def message(
    seq_num: int, msg_type: str = "D", sender: str = "CLI", target: str = "SRV", more: str = "", begin: str = "FIX.4.4"
) -> bytes:
    """A whole message; `more` is further fields, each ended by `|`."""
    head = f"35={msg_type}|34={seq_num}|49={sender}|52=20261122-04:30:55.841702|56={target}|{more}"
    return sealed(begin.encode(), head.replace("|", "\x01").encode(), SOH)


def places(messages: Sequence[bytes], numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """Number, offset and size of each."""
    found, offset = [], 0
    for number, encoded in zip(numbers, messages, strict=True):
        found.append((number, offset, len(encoded)))
        offset += len(encoded)
    return found


def write_cpp(
    folder: Path,
    prefix: str = "FIX.4.4-CLI-SRV",
    messages: Sequence[bytes] = (),
    numbers: Sequence[int] | None = None,
    next_out: int | None = None,
    next_in: int = 5,
) -> Path:
    """QuickFIX C++; `numbers` are those in the header, 1 and on unless given. Returns the path of the prefix."""
    numbers = range(1, len(messages) + 1) if numbers is None else numbers
    entries = "".join(f"{number},{offset},{size} " for number, offset, size in places(messages, numbers))
    (folder / f"{prefix}.body").write_bytes(b"".join(messages))
    (folder / f"{prefix}.header").write_text(entries)
    next_out = max(numbers, default=0) + 1 if next_out is None else next_out
    (folder / f"{prefix}.seqnums").write_text(f"{next_out:020} : {next_in:020}")
    (folder / f"{prefix}.session").write_text("20261122-04:30:55")
    return folder / prefix


def _java_text(text: str) -> bytes:
    return pack(">H", len(text)) + text.encode()


def write_java(folder: Path, prefix: str, messages: Sequence[bytes], next_in: int = 5) -> Path:
    """QuickFIX/J."""
    numbers = range(1, len(messages) + 1)
    (folder / f"{prefix}.body").write_bytes(b"".join(messages))
    (folder / f"{prefix}.header").write_bytes(b"".join(pack(">iqi", *place) for place in places(messages, numbers)))
    (folder / f"{prefix}.senderseqnums").write_bytes(_java_text(str(len(messages) + 1)))
    (folder / f"{prefix}.targetseqnums").write_bytes(_java_text(str(next_in)))
    (folder / f"{prefix}.session").write_bytes(_java_text("20261122-04:30:55.841"))
    return folder / prefix


def write_dotnet(
    folder: Path, prefix: str, messages: Sequence[bytes], next_in: int = 5, digits: int = 20, line_end: str = "\r\n"
) -> Path:
    """QuickFIX/n; older ones wrote 10 digits."""
    found = places(messages, range(1, len(messages) + 1))
    (folder / f"{prefix}.body").write_bytes(b"".join(messages))
    lines = "".join(f"{number},{offset},{size}{line_end}" for number, offset, size in found)
    (folder / f"{prefix}.header").write_bytes(lines.encode())
    (folder / f"{prefix}.seqnums").write_text(f"{len(messages) + 1:0{digits}} : {next_in:0{digits}}  ")
    (folder / f"{prefix}.session").write_text("20261122-04:30:55.841702 Z")
    return folder / prefix


def write_go(folder: Path, prefix: str, messages: Sequence[bytes], next_in: int = 5) -> Path:
    """QuickFIX/Go."""
    found = places(messages, range(1, len(messages) + 1))
    (folder / f"{prefix}.body").write_bytes(b"".join(messages))
    lines = "".join(f"{number},{offset},{size}\n" for number, offset, size in found)
    (folder / f"{prefix}.header").write_text(lines)
    (folder / f"{prefix}.senderseqnums").write_text(f"{len(messages) + 1:019}")
    (folder / f"{prefix}.targetseqnums").write_text(f"{next_in:019}")
    (folder / f"{prefix}.session").write_text("2026-11-22T04:30:55.841702123Z")
    return folder / prefix
