"""What the text of a field becomes in Python, and back.

| FIX type | Python |
|---|---|
| Price, Qty, Amt, Float, Percentage, PriceOffset | Decimal, with the digits that were sent |
| int, Length, SeqNum, NumInGroup, TagNum, DayOfMonth | int |
| Boolean | bool |
| UTCTimestamp (Time in FIX 4.0 and 4.1) | UtcTimestamp |
| UTCDateOnly, UTCDate, LocalMktDate, Date | date |
| data, XMLData | bytes |
| MultipleCharValue, MultipleStringValue, MultipleValueString | a tuple of texts |
| every other | str |

Where the dictionary lists the values of a field, each listed one is a member of an enum, which is a str or an int as
well. Text that is not valid for its type is a RawText: nothing that a peer sends makes reading fail.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum, IntEnum, StrEnum
from typing import Any

from purefix_core.dictionary.datatypes import (
    DATA_TYPES,
    DECIMAL_TYPES,
    INTEGER_TYPES,
    MAX_DIGITS,
    MULTIPLE_VALUE_TYPES,
)
from purefix_core.types.names import member_names
from purefix_core.wire import native
from purefix_core.wire.message import as_text
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import (
    NANOS,
    NO_TIME,
    from_datetime,
    parse_utc_timestamp,
    to_datetime,
    utc_timestamp_text,
)

Read = Callable[[bytes], object]
Write = Callable[[object], bytes]

TIMESTAMP_TYPES = frozenset({"UTCTIMESTAMP", "TIME"})
DATE_TYPES = frozenset({"UTCDATEONLY", "UTCDATE", "LOCALMKTDATE", "DATE"})

_INTEGER = re.compile(rb"-?[0-9]+")
_DATE = re.compile(rb"[0-9]{8}")
_nanos: Callable[[bytes], int] = parse_utc_timestamp if native.module is None else native.module.parse_utc_timestamp


class RawText(str):
    """Text that is no valid value of its field's type, as the message has it. May be assigned to any field but data."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"RawText({super().__repr__()})"


class UtcTimestamp(int):
    """A time in UTC as int64 nanoseconds since 1970-01-01; `str()` gives its text in FIX, with milliseconds at least.

    Differences are nanoseconds. Second 60 is read as the second after it, and digits behind the ninth are dropped; the
    message keeps the text that it was sent with.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str | bytes) -> UtcTimestamp:
        """`YYYYMMDD-HH:MM:SS` with up to 12 fractional digits. Raises ValueError for anything else."""
        raw = text.encode("ascii", "replace") if isinstance(text, str) else text
        nanos = parse_utc_timestamp(raw)
        if nanos == NO_TIME:
            raise ValueError(f"{as_text(raw)[:40]!r} is no UTCTimestamp; expected YYYYMMDD-HH:MM:SS.sss")
        return cls(nanos)

    @classmethod
    def from_datetime(cls, moment: dt.datetime) -> UtcTimestamp:
        """Raises ValueError for a datetime without time zone."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone; add tzinfo=UTC if it is in UTC")
        return cls(from_datetime(moment))

    @classmethod
    def now(cls, digits: int = 3) -> UtcTimestamp:
        """The present time, cut to so many fractional digits: FIX 4.2 to 4.4 take 0 or 3."""
        if not 0 <= digits <= 9:
            raise ValueError(f"expected 0 to 9 digits, found {digits}")
        unit: int = NANOS // 10**digits
        return cls(time.time_ns() // unit * unit)

    @property
    def datetime(self) -> dt.datetime:
        """An aware datetime in UTC, cut to microseconds."""
        return to_datetime(self)

    def __str__(self) -> str:
        return self.text(3)

    def text(self, least_digits: int) -> str:
        """The text that FIX has for it, with 0, 3, 6 or 9 fractional digits: as few as it needs, but not fewer."""
        return utc_timestamp_text(self, least_digits)

    def __repr__(self) -> str:
        try:
            return f"UtcTimestamp.parse('{self}')"
        except ValueError:
            return f"UtcTimestamp({int(self)})"


def enum_for(name: str, kind: str, meanings: Mapping[str, str]) -> type[Enum]:
    """The enum of a field whose values have these meanings: an IntEnum for integers, else a StrEnum."""
    names = member_names(meanings)
    numeric = is_numeric_enum(kind, meanings)
    base: Any = IntEnum if numeric else StrEnum
    made: type[Enum] = base(name, {names[value]: int(value) if numeric else value for value in meanings})
    return made


def is_numeric_enum(kind: str, values: Iterable[str]) -> bool:
    """Whether the values of a field of that type are an IntEnum: all of them integers, written in the only way."""
    return kind in INTEGER_TYPES and all(
        len(value) <= MAX_DIGITS and _INTEGER.fullmatch(value.encode()) and str(int(value)) == value for value in values
    )


def reader(kind: str, enum: type[Enum] | None) -> Read:
    """What turns the bytes of a field of FIX type `kind` into its Python value. It never raises."""
    if kind in MULTIPLE_VALUE_TYPES:
        return _items_reader(enum)
    plain = _READ.get(kind, _read_text)
    return plain if enum is None or kind == "BOOLEAN" else _enum_reader(enum, plain)


def writer(kind: str) -> Write:
    """What turns a Python value into the bytes of a field of FIX type `kind`.

    It raises TypeError for a value of another type, and ValueError for one that no field can hold.
    """
    return _WRITE.get(kind, _write_text)


# Reading


def _read_text(raw: bytes) -> object:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return as_text(raw)


def _read_bytes(raw: bytes) -> object:
    return raw


def _read_integer(raw: bytes) -> object:
    if raw.isdigit() and len(raw) <= MAX_DIGITS:  # much the most are
        return int(raw)
    return int(raw) if len(raw) <= MAX_DIGITS and _INTEGER.fullmatch(raw) else RawText(as_text(raw))


def _read_decimal(raw: bytes) -> object:
    # What Decimal takes and FIX does not (1e5, NaN, +1) has other characters; a regular expression costs twice as much.
    if len(raw) <= MAX_DIGITS and not raw.strip(b"0123456789.-"):
        try:
            return Decimal(raw.decode())
        except InvalidOperation:
            pass
    return RawText(as_text(raw))


def _read_flag(raw: bytes) -> object:
    return raw == b"Y" if raw in (b"Y", b"N") else RawText(as_text(raw))


def _read_timestamp(raw: bytes) -> object:
    nanos = _nanos(raw)
    return RawText(as_text(raw)) if nanos == NO_TIME else UtcTimestamp(nanos)


def _read_date(raw: bytes) -> object:
    if _DATE.fullmatch(raw):
        try:
            return dt.date(int(raw[:4]), int(raw[4:6]), int(raw[6:]))
        except ValueError:
            pass
    return RawText(as_text(raw))


def _enum_reader(enum: type[Enum], plain: Read) -> Read:
    members: dict[bytes, object] = {str(member.value).encode(): member for member in enum}

    def read(raw: bytes) -> object:
        found = members.get(raw)
        return plain(raw) if found is None else found

    return read


def _items_reader(enum: type[Enum] | None) -> Read:
    one = _read_text if enum is None else _enum_reader(enum, _read_text)
    return lambda raw: tuple(map(one, raw.split(b" ")))


# Writing


def _wrong(value: object, expected: str) -> TypeError:
    return TypeError(f"expected {expected}, found {type(value).__name__} {str(value)[:40]!r}")


def _write_text(value: object) -> bytes:
    if not isinstance(value, str):
        raise _wrong(value, "str")
    return text_bytes(value)


def text_bytes(text: str) -> bytes:
    """The bytes of a text value, UTF-8. Raises ValueError for one that would end the field."""
    if not text:
        raise ValueError("an empty value cannot be sent; None leaves the field out")
    raw = text.encode()
    if SOH.text in raw:
        raise ValueError("the value holds SOH (byte 1), which ends a field")
    return raw


def _write_bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise _wrong(value, "bytes")
    if not value:
        raise ValueError("an empty value cannot be sent; None leaves the field out")
    return value


def _write_integer(value: object) -> bytes:
    if isinstance(value, RawText | StrEnum):  # an enum of integers like 01 is one of texts
        return text_bytes(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(value, "int")
    if not -(10 ** (MAX_DIGITS - 1)) < value < 10**MAX_DIGITS:
        raise ValueError(f"an integer of more than {MAX_DIGITS} digits")
    return b"%d" % value


def _write_decimal(value: object) -> bytes:
    if isinstance(value, RawText):
        return text_bytes(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number that FIX can hold")
        text = format(value, "f") if abs(value.adjusted()) <= MAX_DIGITS else ""
        if not 0 < len(text) <= MAX_DIGITS:
            raise ValueError(f"{value} has more than {MAX_DIGITS} digits")
        return text.encode()
    if isinstance(value, int) and not isinstance(value, bool):
        return _write_integer(value)
    if isinstance(value, float):
        raise TypeError(f"expected Decimal, found float {value}, which has no exact digits: write Decimal('{value}')")
    raise _wrong(value, "Decimal")


def _write_flag(value: object) -> bytes:
    if isinstance(value, RawText):
        return text_bytes(value)
    if not isinstance(value, bool):
        raise _wrong(value, "bool")
    return b"Y" if value else b"N"


def _write_timestamp(value: object) -> bytes:
    return _timestamp_bytes(value, 3)


def _write_time(value: object) -> bytes:
    """TIME is the timestamp of FIX 4.0 and 4.1, which know no milliseconds."""
    return _timestamp_bytes(value, 0)


def _timestamp_bytes(value: object, least_digits: int) -> bytes:
    if isinstance(value, RawText):
        return text_bytes(value)
    if isinstance(value, dt.datetime):
        value = UtcTimestamp.from_datetime(value)
    if not isinstance(value, UtcTimestamp):
        raise _wrong(value, "UtcTimestamp")
    return value.text(least_digits).encode()


def _write_date(value: object) -> bytes:
    if isinstance(value, RawText):
        return text_bytes(value)
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise _wrong(value, "date")
    return f"{value.year:04d}{value.month:02d}{value.day:02d}".encode()


def _write_items(value: object) -> bytes:
    if isinstance(value, str):
        return text_bytes(value)
    if not isinstance(value, Iterable):
        raise _wrong(value, "a tuple of str")
    items = list(value)
    for item in items:
        if not isinstance(item, str):
            raise _wrong(item, "str in the tuple")
    return text_bytes(" ".join(items))


_READ: Mapping[str, Read] = {
    **dict.fromkeys(INTEGER_TYPES, _read_integer),
    **dict.fromkeys(DECIMAL_TYPES, _read_decimal),
    "BOOLEAN": _read_flag,
    **dict.fromkeys(TIMESTAMP_TYPES, _read_timestamp),
    **dict.fromkeys(DATE_TYPES, _read_date),
    **dict.fromkeys(DATA_TYPES, _read_bytes),
}

_WRITE: Mapping[str, Write] = {
    **dict.fromkeys(INTEGER_TYPES, _write_integer),
    **dict.fromkeys(DECIMAL_TYPES, _write_decimal),
    "BOOLEAN": _write_flag,
    "UTCTIMESTAMP": _write_timestamp,
    "TIME": _write_time,
    **dict.fromkeys(DATE_TYPES, _write_date),
    **dict.fromkeys(DATA_TYPES, _write_bytes),
    **dict.fromkeys(MULTIPLE_VALUE_TYPES, _write_items),
}
