"""What summarising a message gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What sort of event a message is; colours follow it."""

    ADMIN = "admin"
    ORDER = "order"
    FILL = "fill"
    CHANGE = "change"
    """Cancels and replaces, of orders, fills and quotes."""
    REJECT = "reject"
    MARKET_DATA = "market data"
    QUOTE = "quote"
    ALLOCATION = "allocation"
    """Allocations, confirmations and the like: what follows a trade."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Summary:
    """One message in one line: `text` of at most MAX_TEXT printable characters, `reference` of at most MAX_REFERENCE.

    `reference` is what the business calls the message by ("ORD1", "OLD → NEW"), empty where there is nothing.
    """

    text: str
    reference: str
    kind: Kind


MAX_TEXT = 200
MAX_REFERENCE = 80

Sentence = tuple[str, str, Kind]
"""The parts of a Summary as the builders make them: not yet cut to length, perhaps with control characters."""
