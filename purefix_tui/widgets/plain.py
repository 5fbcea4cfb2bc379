"""Text from a log, made fit for a terminal cell grid."""

from __future__ import annotations

_VISIBLE = {code: 0x2400 + code for code in range(0x20)}
_VISIBLE[0x7F] = 0x2421
_VISIBLE |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
# Characters that reorder, hide or join what stands around them would let a log draw over its neighbours.
_VISIBLE |= dict.fromkeys(
    [0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)], 0xFFFD
)
_VISIBLE[0xFEFF] = 0xFFFD


def visible(text: str) -> str:
    """`text` with every control character as its picture (SOH becomes ␁) and every invisible one as �."""
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE)


def human_size(size: int) -> str:
    """A number of bytes as people read it: `812 B`, `3.1 MB`, `12 GB` (powers of 1000)."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
    return f"{amount:.0f} PB"
