"""A received message taken apart, once, for everything that looks at it."""

from __future__ import annotations

from collections.abc import Mapping

from purefix_core.wire import tags
from purefix_core.wire.checksum import byte_sum
from purefix_core.wire.message import as_text, printable

_SOH = b"\x01"
_MOST_CACHED_TAGS = 4096


class Garbled(Exception):
    """Not a message: it is ignored, and uses no number (behaviour of acceptance scripts 2d, 2m, 2t, 3b, 3c)."""


class _Tags(dict[bytes, int]):
    """Tag numbers by their text; a peer cannot make it grow without limit."""

    def __missing__(self, text: bytes) -> int:
        digits = text[1:] if text.startswith(b"-") else text
        if not digits.isdigit() or len(digits) > 9:
            raise Garbled(f"{printable(as_text(text[:20]))!r} is no tag")
        number = int(text)
        if len(self) < _MOST_CACHED_TAGS:
            self[text] = number
        return number


_tags = _Tags()


class Incoming:
    """One message. `fields` are all of its fields in order, tag and value, those of the envelope (8, 9, 35, 10)
    included; `first` has the value of each tag's first occurrence."""

    __slots__ = ("fields", "first", "msg_type", "raw", "seq_num")

    def __init__(self, raw: bytes, fields: list[tuple[int, bytes]]) -> None:
        self.raw = raw
        self.fields = fields
        self.first = dict(reversed(fields))
        self.msg_type = as_text(self.first[tags.MSG_TYPE])
        number = self.first.get(tags.MSG_SEQ_NUM, b"")
        self.seq_num = int(number) if number.isdigit() and len(number) < 11 else 0
        """MsgSeqNum(34); 0 where it is missing or no number."""

    def get(self, tag: int) -> bytes | None:
        return self.first.get(tag)

    def text(self, tag: int) -> str:
        """The value of a tag, the empty string where it is missing."""
        value = self.first.get(tag)
        return "" if value is None else as_text(value)

    def is_set(self, tag: int) -> bool:
        """Whether a flag is there and says Y."""
        return self.first.get(tag) == b"Y"


def parse_incoming(raw: bytes, data_tags: Mapping[int, int]) -> Incoming:
    """Take a frame apart (framing.py). `data_tags` has for each LENGTH tag the DATA tag behind it, whose value may hold
    SOH. Raises Garbled for a wrong BodyLength or CheckSum, for a message that does not begin with 8, 9, 35, and for a
    tag that is no number."""
    fields = split_fields(raw, data_tags)
    if len(fields) < 4 or fields[0][0] != tags.BEGIN_STRING or fields[1][0] != tags.BODY_LENGTH:
        raise Garbled("it does not begin with tags 8, 9 and 35")
    if fields[2][0] != tags.MSG_TYPE:
        raise Garbled("its third tag is not 35")
    last_tag, check_sum = fields[-1]
    if last_tag != tags.CHECK_SUM:
        raise Garbled("it does not end with CheckSum(10)")
    body_start = raw.index(_SOH, raw.index(_SOH) + 1) + 1
    body_end = len(raw) - len(check_sum) - len("10=\x01")
    said = fields[1][1]
    if not said.isdigit() or len(said) > 9 or int(said) != body_end - body_start:
        raise Garbled(f"BodyLength(9) says {printable(as_text(said[:20]))}, it has {body_end - body_start} bytes")
    counted = b"%03d" % (byte_sum(raw[:body_end]) % 256)
    if check_sum != counted:
        raise Garbled(f"CheckSum(10) says {printable(as_text(check_sum[:20]))}, counted {counted.decode()}")
    return Incoming(raw, fields)


def split_fields(raw: bytes, data_tags: Mapping[int, int]) -> list[tuple[int, bytes]]:
    """Tag and value of each field, in order. Raises Garbled for a piece that is not `number=value`."""
    fields = []
    for piece in raw[:-1].split(_SOH):
        text, equals, value = piece.partition(b"=")
        if not equals:
            raise Garbled(f"{printable(as_text(piece[:20]))!r} is no field")
        tag = _tags[text]
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
        equals = raw.find(b"=", position, position + 12)
        if equals < 0:
            raise Garbled(f"{printable(as_text(raw[position : position + 20]))!r} is no field")
        tag = _tags[raw[position:equals]]
        start = equals + 1
        stop = start + length if tag == announced else -1
        if stop < 0 or not raw.startswith(_SOH, stop):
            stop = raw.find(_SOH, start)
            if stop < 0:
                stop = end
        value = raw[start:stop]
        fields.append((tag, value))
        announced = data_tags.get(tag, 0)
        length = int(value) if announced and value.isdigit() and len(value) < 10 else end
        position = stop + 1
    return fields
