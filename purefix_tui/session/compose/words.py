"""What the compose screen says about messages, fields and values."""

from __future__ import annotations

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES
from purefix_core.dictionary.definitions import Definitions

MOST_USED = ("D", "F", "G", "8", "9", "H", "V", "R", "S", "AB", "AC", "E", "q", "c", "x", "g", "AF", "AE", "j", "B")
"""Of a venue's messages those that people write most; the first ones to choose from."""

_TYPES = {
    "AMT": "an amount of money",
    "BOOLEAN": "Y or N",
    "CHAR": "one character",
    "COUNTRY": "a country, as DE",
    "CURRENCY": "a currency, as EUR",
    "DATA": "any bytes; their length is counted",
    "XMLDATA": "XML; its length is counted",
    "DAYOFMONTH": "a day, 1 to 31",
    "EXCHANGE": "an exchange, as XETR",
    "FLOAT": "a number",
    "INT": "a whole number",
    "LENGTH": "a number of bytes",
    "LOCALMKTDATE": "a day, YYYYMMDD",
    "MONTHYEAR": "a month, YYYYMM",
    "NUMINGROUP": "a number of entries",
    "PERCENTAGE": "a part of 1: 0.05 is 5 %",
    "PRICE": "a price",
    "PRICEOFFSET": "a difference of prices",
    "QTY": "a quantity",
    "SEQNUM": "a MsgSeqNum",
    "STRING": "text",
    "UTCDATEONLY": "a day in UTC, {now:date}",
    "UTCTIMEONLY": "a time of day in UTC, {now:time}",
    "UTCTIMESTAMP": "a time in UTC, {now}",
}
"""What may be typed for a type."""


def type_words(kind: str) -> str:
    """What a value of a FIX type is; the type itself where there are no words for it."""
    if kind in MULTIPLE_VALUE_TYPES:
        return "one or several of these, a blank between them"
    return _TYPES.get(kind, kind.lower())


def message_words(msg_type: str, definitions: Definitions) -> str:
    """`NewOrderSingle (D)`."""
    name = definitions.message_name(msg_type)
    return f"{name} ({msg_type})" if name else f"MsgType {msg_type}"
