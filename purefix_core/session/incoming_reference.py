"""A received message taken apart, in Python: what incoming.py gives where the native module is not, and what that is
tested by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from purefix_core.wire import tags
from purefix_core.wire.checksum import byte_sum
from purefix_core.wire.message import as_text

_SOH = b"\x01"
_MOST_CACHED_TAGS = 4096
_MOST_TAG_DIGITS = 9
_MOST_LENGTH_DIGITS = 9
_MOST_SEQ_NUM_DIGITS = 10
_SHOWN = 20


class _Tags(dict[bytes, int]):
    """Tag numbers by their text; a peer cannot make it grow without limit."""

    def __missing__(self, text: bytes) -> int:
        digits = text[1:] if text.startswith(b"-") else text
        if not digits.isdigit() or len(digits) > _MOST_TAG_DIGITS:
            raise KeyError(text)
        number = int(text)
        if len(self) < _MOST_CACHED_TAGS:
            self[text] = number
        return number


_tags = _Tags()


class Incoming:
    """One message. `get` and `text` give the value of a tag's first occurrence."""

    def __init__(self, raw: bytes, fields: list[tuple[int, bytes]]) -> None:
        self.raw = raw
        self.fields = fields
        """Tag and value of each field, in order, those of the envelope (8, 9, 35, 10) included."""
        self._first = dict(reversed(fields))
        number = self._first.get(tags.MSG_SEQ_NUM, b"")
        self.seq_num = int(number) if number.isdigit() and len(number) <= _MOST_SEQ_NUM_DIGITS else 0
        """MsgSeqNum(34); 0 where it is missing or no number."""

    @cached_property
    def msg_type(self) -> str:
        return as_text(self._first[tags.MSG_TYPE])

    def get(self, tag: int) -> bytes | None:
        return self._first.get(tag)

    def text(self, tag: int) -> str:
        """The value of a tag, the empty string where it is missing."""
        value = self._first.get(tag)
        return "" if value is None else as_text(value)

    def is_set(self, tag: int) -> bool:
        """Whether a flag is there and says Y."""
        return self._first.get(tag) == b"Y"


class IncomingReader:
    """Takes frames apart (framing.py)."""

    def __init__(self, data_tags: Mapping[int, int]) -> None:
        """`data_tags` has for each LENGTH tag the DATA tag behind it, whose value may hold SOH."""
        self._data_tags = data_tags

    def parse(self, raw: bytes) -> Incoming:
        """Raises ValueError, with what is wrong, for what is garbled: wrong BodyLength or CheckSum, not 8, 9 and 35 at
        the beginning, a tag that is no number. Such a message is ignored, and uses no number (acceptance scripts 2d,
        2m, 2t, 3b, 3c)."""
        fields = split_fields(raw, self._data_tags)
        begin = [tag for tag, _ in fields[:3]]
        if len(fields) < 4 or begin != [tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE]:
            raise ValueError("it does not begin with tags 8, 9 and 35")
        last_tag, check_sum = fields[-1]
        if last_tag != tags.CHECK_SUM:
            raise ValueError("it does not end with CheckSum(10)")
        body_start = raw.index(_SOH, raw.index(_SOH) + 1) + 1
        body_end = len(raw) - len(b"10=" + check_sum + _SOH)
        said = fields[1][1]
        if not said.isdigit() or len(said) > _MOST_LENGTH_DIGITS or int(said) != body_end - body_start:
            raise ValueError(f"BodyLength(9) says {_shown(said)}, it has {body_end - body_start} bytes")
        counted = b"%03d" % (byte_sum(raw[:body_end]) % 256)
        if check_sum != counted:
            raise ValueError(f"CheckSum(10) says {_shown(check_sum)}, counted {counted.decode()}")
        return Incoming(raw, fields)


def split_fields(raw: bytes, data_tags: Mapping[int, int]) -> list[tuple[int, bytes]]:
    """Tag and value of each field of a message that ends with SOH, in order. Raises ValueError for a piece that is not
    `number=value`."""
    fields = []
    for piece in raw[:-1].split(_SOH):
        text, equals, value = piece.partition(b"=")
        try:
            tag = _tags[text]
        except KeyError:
            equals = b""
        if not equals:
            raise _no_field(piece)
        if tag in data_tags:
            return _split_with_data(raw, data_tags)
        fields.append((tag, value))
    return fields


def _split_with_data(raw: bytes, data_tags: Mapping[int, int]) -> list[tuple[int, bytes]]:
    """The same where a LENGTH field announces data, which may hold any byte."""
    fields = []
    position, end = 0, len(raw)
    announced, length = 0, 0
    while position < end:
        text, equals, _ = raw[position : position + _MOST_TAG_DIGITS + 2].partition(b"=")
        try:
            tag = _tags[text]
        except KeyError:
            equals = b""
        if not equals:
            raise _no_field(raw[position:].split(_SOH, 1)[0])
        start = position + len(text) + 1
        stop = start + length if announced and tag == announced else -1
        if stop < 0 or not raw.startswith(_SOH, stop):
            stop = raw.find(_SOH, start)
            if stop < 0:
                stop = end
        value = raw[start:stop]
        fields.append((tag, value))
        announced = data_tags.get(tag, 0)
        length = int(value) if announced and value.isdigit() and len(value) <= _MOST_LENGTH_DIGITS else end
        position = stop + 1
    return fields


def _no_field(piece: bytes) -> ValueError:
    return ValueError(f"'{_shown(piece)}' is no field")


def _shown(value: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "?" for byte in value[:_SHOWN])
