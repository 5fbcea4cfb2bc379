"""What a draft is made of: fields and repeating groups."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.wire import tags
from purefix_core.wire.secrets import MASK, SECRET_TAGS

MOST_TAG = 10**9 - 1

NEVER_SHOWN = SECRET_TAGS | {tags.RAW_DATA}
"""Tags whose values are in no repr and in no error, whatever the MsgType."""


@dataclass(frozen=True, slots=True, repr=False)
class DraftField:
    """A field. `text` may have expressions (expressions.py)."""

    tag: int
    text: str

    def __repr__(self) -> str:
        shown = MASK.decode() if self.tag in NEVER_SHOWN else self.text
        return f"DraftField({self.tag}, {shown!r})"


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """A repeating group. `tag` is that of the field which counts its entries."""

    tag: int
    entries: tuple[tuple[DraftItem, ...], ...]
    count: str | None = None
    """What the counter says, where that is not the number of entries."""


DraftItem = DraftField | DraftGroup
