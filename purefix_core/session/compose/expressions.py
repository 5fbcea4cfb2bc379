"""Expressions in the values of a draft: `{uuid}`, `{now}`, `{seq}` and others, filled in at the moment of sending."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from types import MappingProxyType
from uuid import UUID

from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import NANOS, is_nanos, utc_timestamp_text

MAX_TEXT = 1_000_000
"""Characters of a text with expressions, and of everything that one message is filled with."""

_MILLI = 1_000_000
_UNITS = {
    "ms": _MILLI,
    "s": NANOS,
    "m": 60 * NANOS,
    "h": 3600 * NANOS,
    "d": 86_400 * NANOS,
    "w": 7 * 86_400 * NANOS,
}
_SHOWN = 40
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_EXPRESSION = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*?)(?:([+-])([0-9]{1,9})([a-z]*))?(?::([A-Za-z0-9]+))?")
_UNSHOWN = re.compile("[\x00-\x1f\x7f\udc80-\udcff]")
_OWN_NAMES = ("uuid", "now", "seq", "count", "byte")

EXPRESSIONS: Mapping[str, str] = MappingProxyType(
    {
        "{uuid}": "a new UUID, another one at each place",
        "{now}": "the time in UTC with milliseconds",
        "{now:seconds}": "the time without a fraction; {now:micros} and {now:nanos} have more digits",
        "{now:date}": "the day in UTC",
        "{now:time}": "the time of day in UTC with milliseconds",
        "{now+5m}": "five minutes from now; also -, the units ms s m h d w, and {now+1d:date}",
        "{seq}": "the MsgSeqNum that the message will have; {seq-1} the one before",
        "{count}": "1, 2, 3 ... of this run of the program",
        "{byte:01}": "one byte, by its two hexadecimal digits",
        "{{ }}": "the braces { and } themselves",
    }
)
"""Every expression and what it stands for, for people."""

_counted = count(1)


def next_count() -> int:
    """1, 2, 3 ... of this run of the program, for `Moment.count`: one for each message that is sent."""
    return next(_counted)


class ComposeError(ValueError):
    """What is wrong in a draft, a text or a template, in one line."""


@dataclass(frozen=True)
class Moment:
    """What expressions are filled with. One Moment gives one message: the preview made with it is what is sent."""

    now: int
    """Nanoseconds UTC."""
    seq: int
    """The MsgSeqNum that the message will have."""
    count: int = 1
    """See `next_count`."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Further names and the text that each stands for, such as what a scenario keeps of a message."""
    seed: bytes = field(default_factory=lambda: os.urandom(16), repr=False)
    """What the UUIDs are made of."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What stands between `{` and `}`: `name`, `name+5m`, `name:form`."""

    name: str
    shift: int | None
    """Of `-5m` the -5; None where nothing is added."""
    unit: str
    form: str

    def __str__(self) -> str:
        shift = "" if self.shift is None else f"{self.shift:+d}{self.unit}"
        return f"{{{self.name}{shift}{':' if self.form else ''}{self.form}}}"


def fill(text: str, moment: Moment) -> str:
    """`text` with its expressions filled in. Bytes that are no UTF-8 come as lone surrogates (`surrogateescape`).

    Raises ComposeError for an expression that does not exist, and for a single brace.
    """
    return Filler(moment).fill(text)


class Filler:
    """Fills the values of one message: of two `{uuid}` in it each has its own."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._uuids = 0
        self._size = 0

    def fill(self, text: str) -> str:
        """Raises ComposeError."""
        pieces = []
        for piece in _parsed(text, self._moment.values):
            filled = piece if isinstance(piece, str) else self._value(piece)
            self._size += len(filled)
            if self._size > MAX_TEXT:
                raise ComposeError(f"more than {MAX_TEXT:,} characters are too many for a message")
            pieces.append(filled)
        return "".join(pieces)

    def _value(self, expression: Expression) -> str:
        moment = self._moment
        match expression.name:
            case "uuid":
                self._uuids += 1
                return str(UUID(bytes=sha256(moment.seed + b"%d" % self._uuids).digest()[:16], version=4))
            case "now":
                return _time_text(expression, moment.now)
            case "seq":
                return str(moment.seq + (expression.shift or 0))
            case "count":
                return str(moment.count + (expression.shift or 0))
        return moment.values[expression.name]


def literal_text(text: str, names: Collection[str] = ()) -> str | None:
    """What `text` says where it has no expressions but `{{`, `}}` and `{byte:..}`; None where it has.

    Raises ComposeError as `fill` does; `names` are those that `Moment.values` will have.
    """
    pieces = list(_parsed(text, names))
    return None if any(isinstance(piece, Expression) for piece in pieces) else "".join(map(str, pieces))


def literal(value: bytes) -> str:
    """The text that is filled in as `value`: braces doubled; control characters and bytes that are no UTF-8 as
    `{byte:..}`."""
    text = value.decode("utf-8", "surrogateescape")
    return shown_bytes(text.replace("{", "{{").replace("}", "}}"))


def shown_bytes(text: str) -> str:
    """A text that may have expressions, with what cannot be shown as `{byte:..}`."""
    return _UNSHOWN.sub(lambda found: f"{{byte:{ord(found[0]) & 0xFF:02X}}}", text)


def _parsed(text: str, names: Collection[str]) -> Iterator[str | Expression]:
    """The literal pieces of `text`, and its expressions."""
    if len(text) > MAX_TEXT:
        raise ComposeError(f"more than {MAX_TEXT:,} characters are too many for a message")
    for piece in _PIECE.finditer(text):
        whole = piece[0]
        if whole in ("{{", "}}"):
            yield whole[0]
        elif whole in ("{", "}"):
            raise ComposeError(f"a single {whole} belongs to no expression; write {whole}{whole} for a brace")
        elif piece[1] is None:
            yield whole
        else:
            yield _expression(piece[1], names)


def _expression(inside: str, names: Collection[str]) -> str | Expression:
    """An expression; of `byte`, which needs no moment, the byte itself."""
    if inside in names and inside not in _OWN_NAMES:
        return Expression(inside, None, "", "")
    match = _EXPRESSION.fullmatch(inside)
    name = "" if match is None else match[1]
    check = _CHECKS.get(name)
    if match is None or check is None:
        known = ", ".join(f"{{{each}}}" for each in (*_OWN_NAMES[:-1], "byte:01", *sorted(names)))
        raise ComposeError(f"{{{_shown(inside)}}} is no expression; there are {known}, and {{{{ for a brace")
    shift = int(match[2] + match[3]) if match[2] else None
    expression = Expression(name, shift, match[4] or "", match[5] or "")
    fault = check(expression)
    if fault:
        raise ComposeError(f"{{{_shown(inside)}}}: {fault}")
    if name != "byte":
        return expression
    number = int(expression.form, 16)
    return chr(number) if number < 0x80 else chr(0xDC00 + number)


def _shown(inside: str) -> str:
    return printable(inside if len(inside) <= _SHOWN else inside[: _SHOWN - 1] + "…")


def _check_plain(expression: Expression) -> str:
    return f"expected nothing behind {expression.name}" if expression.shift is not None or expression.form else ""


def _check_number(expression: Expression) -> str:
    if expression.form or expression.unit:
        return f"expected {{{expression.name}}}, {{{expression.name}+1}} or {{{expression.name}-1}}"
    return ""


def _check_now(expression: Expression) -> str:
    if expression.shift is not None and expression.unit not in _UNITS:
        return f"expected a unit behind the number, one of {', '.join(_UNITS)}"
    if expression.form and expression.form not in _TIME_FORMS:
        return f"expected one of {', '.join(_TIME_FORMS)} behind the colon"
    return ""


def _check_byte(expression: Expression) -> str:
    if expression.shift is not None or re.fullmatch("[0-9A-Fa-f]{2}", expression.form) is None:
        return "expected two hexadecimal digits, as in {byte:01}"
    return ""


_CHECKS: Mapping[str, Callable[[Expression], str]] = {
    "uuid": _check_plain,
    "now": _check_now,
    "seq": _check_number,
    "count": _check_number,
    "byte": _check_byte,
}


def _time_text(expression: Expression, now: int) -> str:
    nanos = now + (expression.shift or 0) * _UNITS.get(expression.unit, 0)
    if not is_nanos(nanos):
        raise ComposeError(f"{expression}: FIX has no such time")
    return _TIME_FORMS.get(expression.form, _millis)(nanos)


def _millis(nanos: int) -> str:
    return utc_timestamp_text(nanos // _MILLI * _MILLI, 3)


_TIME_FORMS: Mapping[str, Callable[[int], str]] = {
    "date": lambda nanos: _millis(nanos)[:8],
    "time": lambda nanos: _millis(nanos)[9:],
    "seconds": lambda nanos: utc_timestamp_text(nanos // NANOS * NANOS, 0),
    "micros": lambda nanos: utc_timestamp_text(nanos // 1000 * 1000, 6),
    "nanos": lambda nanos: utc_timestamp_text(nanos, 9),
}
