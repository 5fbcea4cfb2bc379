"""Made-up prices: each symbol has one that never changes, and market data about it."""

from __future__ import annotations

from decimal import Decimal
from zlib import crc32

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.incoming_reference import split_fields
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.venue.answers import Values, answer
from purefix_core.types.message import Message

_TICK = Decimal("0.01")
_SIZE = b"1000"
_BID, _OFFER, _TRADE = b"0", b"1", b"2"
_MOST_SYMBOLS = 100
"""Of one request; a megabyte of symbols shall not become ten of answers."""

_SYMBOL, _MD_REQ_ID, _SUBSCRIPTION_TYPE, _NO_ENTRIES, _ENTRY_TYPE, _ENTRY_PX, _ENTRY_SIZE = (
    55,
    262,
    263,
    268,
    269,
    270,
    271,
)
_REASON, _TEXT, _LAST_UPDATE = 281, 58, 779
_UNKNOWN_SYMBOL, _TOO_MUCH, _UNSUPPORTED_ENTRY = b"0", b"2", b"8"
_UNSUBSCRIBE = b"2"


def last_price(symbol: bytes) -> Decimal:
    """Between 10.00 and 500.00, the same in each process."""
    return Decimal(1000 + crc32(symbol) % 49_000) / 100


def bid(symbol: bytes) -> Decimal:
    return last_price(symbol) - _TICK


def offer(symbol: bytes) -> Decimal:
    return last_price(symbol) + _TICK


def market_data(request: Message, definitions: Definitions, now: bytes) -> list[FlatMessage]:
    """The answers to a MarketDataRequest (V): a snapshot (W) of each symbol, or a reject (Y).

    A subscription gets its snapshot, and nothing more: prices do not change. The end of one is not answered. `now`:
    the time as it is sent.
    """
    if request.get(_SUBSCRIPTION_TYPE) == _UNSUBSCRIBE:
        return []
    fields = split_fields(request.to_bytes(), definitions.data_tags)
    symbols = list(dict.fromkeys(value for tag, value in fields if tag == _SYMBOL))
    asked = {value for tag, value in fields if tag == _ENTRY_TYPE}
    request_id = request.get(_MD_REQ_ID) or b""

    def rejected(reason: bytes, text: bytes) -> list[FlatMessage]:
        return [answer(definitions, "Y", {_MD_REQ_ID: request_id, _REASON: reason, _TEXT: text})]

    if not symbols:
        return rejected(_UNKNOWN_SYMBOL, b"no symbol is asked for")
    if len(symbols) > _MOST_SYMBOLS:
        return rejected(_TOO_MUCH, b"more than %d symbols are asked for" % _MOST_SYMBOLS)
    if asked.isdisjoint((_BID, _OFFER, _TRADE)):
        return rejected(_UNSUPPORTED_ENTRY, b"there are bids (0), offers (1) and trades (2) only")
    return [_snapshot(definitions, symbol, asked, request_id, now) for symbol in symbols]


def _snapshot(definitions: Definitions, symbol: bytes, asked: set[bytes], request_id: bytes, now: bytes) -> FlatMessage:
    prices = {_BID: bid(symbol), _OFFER: offer(symbol), _TRADE: last_price(symbol)}
    entries: list[Values] = [
        {_ENTRY_TYPE: kind, _ENTRY_PX: str(price).encode(), _ENTRY_SIZE: _SIZE}
        for kind, price in prices.items()
        if kind in asked
    ]
    values: Values = {_MD_REQ_ID: request_id, _SYMBOL: symbol, _NO_ENTRIES: entries}
    return answer(definitions, "W", values, if_required={_LAST_UPDATE: now})
