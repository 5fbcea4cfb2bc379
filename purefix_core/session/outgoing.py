"""A message that is to be sent: its fields as the application gave them, and how the session writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from purefix_core.session.incoming_reference import split_fields
from purefix_core.wire import tags
from purefix_core.wire.checksum import byte_sum, sealed
from purefix_core.wire.separators import SOH

_HOPS = range(627, 631)
"""NoHops and its members, the only group of a header: they stay together."""


@dataclass(slots=True)
class FlatMessage:
    """A message without what the session adds to it: BeginString, BodyLength, MsgSeqNum, CompIDs, times, CheckSum.

    What `header` has of these overrides what the session would write.
    """

    msg_type: str
    body: list[tuple[int, bytes]] = field(default_factory=list)
    """Tag and value in the order in which they are sent. A length stands directly before its data."""
    header: list[tuple[int, bytes]] = field(default_factory=list)
    """Further fields of the header; written by ascending tag."""
    trailer: list[tuple[int, bytes]] = field(default_factory=list)


_ENVELOPE = frozenset((tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE, tags.CHECK_SUM))
ADDED = frozenset(
    {tags.MSG_SEQ_NUM, tags.SENDER_COMP_ID, tags.SENDER_SUB_ID, tags.SENDER_LOCATION_ID, tags.SENDING_TIME}
    | {tags.TARGET_COMP_ID, tags.TARGET_SUB_ID, tags.TARGET_LOCATION_ID, tags.LAST_MSG_SEQ_NUM_PROCESSED}
    | {tags.POSS_DUP_FLAG, tags.ORIG_SENDING_TIME}
)
"""Header fields that the session writes itself into what an application sends."""


def flat(
    raw: bytes,
    header_tags: Collection[int],
    trailer_tags: Collection[int],
    data_tags: Mapping[int, int],
    left_out: Collection[int],
) -> FlatMessage:
    """A message by its parts, without the fields of the header that are `left_out`. Raises ValueError for what is no
    message."""
    found = FlatMessage("")
    for tag, value in split_fields(raw, data_tags):
        if tag in header_tags:
            if tag == tags.MSG_TYPE:
                found.msg_type = found.msg_type or value.decode("utf-8", "surrogateescape")
            elif tag not in _ENVELOPE and tag not in left_out:
                found.header.append((tag, value))
        elif tag in trailer_tags:
            if tag != tags.CHECK_SUM:
                found.trailer.append((tag, value))
        else:
            found.body.append((tag, value))
    return found


def encoded(begin_string: bytes, message: FlatMessage, added: Mapping[int, bytes]) -> bytes:
    """The bytes of a message: 8, 9, 35, the header by ascending tag, body and trailer as they are, 10.

    `added`: what the session adds to the header; what the message has itself stands. Raises ValueError for what a
    reader would take for other fields: SOH in a value that no length announces, and fields of the envelope.
    """
    if not message.msg_type or not _ENVELOPE.isdisjoint({tag for tag, _ in message.body}):
        raise ValueError("a message needs a MsgType, and has 8, 9, 35 and 10 from the session")
    return sealed(begin_string, _body(message, added), SOH)


def encoded_as_given(begin_string: bytes, message: FlatMessage, added: Mapping[int, bytes]) -> bytes:
    """The same for somebody who tries out what a counterparty does with a wrong message: a BeginString(8) or
    BodyLength(9) that is given in its header, and a CheckSum(10) in its trailer, stand as they are."""
    envelope = {tag: value for tag, value in (*message.header, *message.trailer) if tag in _ENVELOPE}
    rest = FlatMessage(
        message.msg_type,
        message.body,
        [field for field in message.header if field[0] not in _ENVELOPE],
        [field for field in message.trailer if field[0] not in _ENVELOPE],
    )
    begin = envelope.get(tags.BEGIN_STRING, begin_string)
    right = encoded(begin, rest, added)
    if tags.BODY_LENGTH in envelope:
        body = _body(rest, added)
        head = b"8=%b\x019=%b\x01%b" % (begin, envelope[tags.BODY_LENGTH], body)
        right = b"%b10=%03d\x01" % (head, byte_sum(head) % 256)
    if tags.CHECK_SUM in envelope:
        right = right[: right.rindex(b"\x0110=") + 1] + b"10=%b\x01" % envelope[tags.CHECK_SUM]
    return right


def _body(message: FlatMessage, added: Mapping[int, bytes]) -> bytes:
    """Everything from 35 to the SOH in front of 10."""
    own = {tag for tag, _ in message.header}
    header = [(_rank(tag), tag, value) for tag, value in message.header]
    header += [(_rank(tag), tag, value) for tag, value in added.items() if tag not in own]
    header.sort(key=_ranked)
    fields = [b"35=%b" % message.msg_type.encode("utf-8", "surrogateescape")]
    fields += [b"%d=%b" % (tag, value) for _, tag, value in header]
    fields += [b"%d=%b" % pair for pair in message.body]
    fields += [b"%d=%b" % pair for pair in message.trailer]
    fields.append(b"")
    body = b"\x01".join(fields)
    if body.count(b"\x01") != len(fields) - 1:
        _check_data(message, header)
    return body


def _check_data(message: FlatMessage, header: list[tuple[int, int, bytes]]) -> None:
    """Raises ValueError for SOH in what is no data, or is data of another length than the field before it says."""
    if "\x01" in message.msg_type:
        raise ValueError("MsgType holds SOH (byte 1)")
    before = b""
    for tag, value in [*((tag, value) for _, tag, value in header), *message.body, *message.trailer]:
        if b"\x01" in value and before != b"%d" % len(value):
            raise ValueError(f"{tag}: the value holds SOH (byte 1), and no field before it tells its length")
        before = value


_ranked = itemgetter(0)


def _rank(tag: int) -> int:
    return _HOPS.start if tag in _HOPS else tag
