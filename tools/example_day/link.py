"""The log that is written, and the FIX connections whose messages it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from example_day.agenda import HOUR, MINUTE, SECOND, Agenda
from purefix_core.wire import tags
from purefix_core.wire.checksum import byte_sum

DATE = "20250311"  # a Tuesday on which New York already has daylight saving time and London has not
SOH = b"\x01"

Value = str | int | bytes | object
Fields = tuple[tuple[int, Value], ...]
"""Tags and values in the order of the wire; a value is bytes, or whatever `str()` turns into FIX text."""


def stamp(moment: int) -> str:
    """Milliseconds since midnight as a UTCTimestamp of the day."""
    seconds, millis = divmod(moment, SECOND)
    return f"{DATE}-{moment // HOUR:02}:{moment // MINUTE % 60:02}:{seconds % 60:02}.{millis:03}"


def encode(fields: Fields, begin_string: str = "FIX.4.4") -> bytes:
    """One message: `fields` from MsgType(35) on, with BeginString, BodyLength and CheckSum put round them."""
    body = b"".join(b"%d=%s\x01" % (tag, v if isinstance(v, bytes) else str(v).encode()) for tag, v in fields)
    return seal(b"8=%s\x019=%d\x01" % (begin_string.encode(), len(body)) + body)


def seal(text: bytes) -> bytes:
    """`text`, a message without its trailer, with the CheckSum that it needs."""
    return text + b"10=%03d\x01" % (byte_sum(text) % 256)


def intact(message: bytes) -> bytes:
    return message


@dataclass
class Log:
    """The lines of one engine's log: messages and events, each with the time in front as QuickFIX prints it.

    With `messages_only` neither times nor events are written.
    """

    agenda: Agenda
    messages_only: bool = False
    lines: list[bytes] = field(default_factory=list)

    def message(self, content: bytes) -> None:
        self.lines.append(content if self.messages_only else self._time() + content)

    def event(self, text: str) -> None:
        if not self.messages_only:
            self.lines.append(self._time() + text.encode())

    def _time(self) -> bytes:
        return f"{stamp(self.agenda.now)} : ".encode()

    def content(self) -> bytes:
        return b"".join(line + b"\n" for line in self.lines)


@dataclass(frozen=True)
class Sent:
    """A message as its sender keeps it for a later resend."""

    seq_num: int
    msg_type: str
    sending_time: int
    body: Fields


@dataclass
class Stream:
    """One direction of a connection: who sends, what the next MsgSeqNum is, and all that was sent."""

    sender: str
    target: str
    next_seq_num: int = 1
    last_time: int = 0
    sent: list[Sent] = field(default_factory=list)

    def take_number(self, msg_type: str, sending_time: int, body: Fields) -> Sent:
        """Give a new message its number and keep it."""
        message = Sent(self.next_seq_num, msg_type, max(sending_time, self.last_time), body)
        self.next_seq_num += 1
        self.last_time = message.sending_time
        self.sent.append(message)
        return message

    def text(self, message: Sent) -> bytes:
        return encode((*self._header(message, message.sending_time), *message.body))

    def again(self, message: Sent, sending_time: int) -> bytes:
        """The message once more, as the answer to a ResendRequest."""
        return encode((*self._header(message, sending_time, poss_dup=True), *message.body))

    def _header(self, message: Sent, sending_time: int, poss_dup: bool = False) -> Fields:
        return (
            (tags.MSG_TYPE, message.msg_type),
            (tags.MSG_SEQ_NUM, message.seq_num),
            *(((tags.POSS_DUP_FLAG, "Y"),) if poss_dup else ()),
            (tags.SENDER_COMP_ID, self.sender),
            (tags.SENDING_TIME, stamp(sending_time)),
            (tags.TARGET_COMP_ID, self.target),
            *(((122, stamp(message.sending_time)),) if poss_dup else ()),
        )


class Link:
    """A FIX connection as our side's engine sees it. `up` is false while it is cut."""

    def __init__(self, log: Log, rng: Random, us: str, them: str) -> None:
        self.log = log
        self.agenda = log.agenda
        self.rng = rng
        self.us, self.them = us, them
        self.name = f"FIX.4.4:{us}->{them}"
        self.out = Stream(us, them)
        self.inbound = Stream(them, us)
        self.up = False

    def send(self, msg_type: str, *body: tuple[int, Value]) -> int:
        """We send a message now. Gives its MsgSeqNum."""
        message = self.out.take_number(msg_type, self.agenda.now, body)
        self.log.message(self.out.text(message))
        return message.seq_num

    def receive(
        self, msg_type: str, *body: tuple[int, Value], damage: Callable[[bytes], bytes] = intact, lost: bool = False
    ) -> int:
        """They sent a message a moment ago; it reaches us `damage`d, or not at all when it is `lost`.

        Gives its MsgSeqNum.
        """
        message = self.inbound.take_number(msg_type, self.agenda.now - self.rng.randrange(1, 5), body)
        if not lost:
            self.log.message(damage(self.inbound.text(message)))
        return message.seq_num

    def their_time(self) -> str:
        """When the other side wrote what reaches us now: before it sent it."""
        return stamp(self.agenda.now - 5)

    def event(self, text: str) -> None:
        self.log.event(f"{self.name}: {text}")

    def resend(self, stream: Stream, begin: int, with_application_messages: bool = True) -> None:
        """`stream`'s sender answers a ResendRequest from `begin` to the last message.

        Administrative messages, and all of them if not `with_application_messages`, are passed over by a gap fill.
        """
        gap_start: Sent | None = None
        for message in stream.sent[begin - 1 :]:
            if message.msg_type in tags.ADMIN_MSG_TYPES or not with_application_messages:
                gap_start = gap_start or message
                continue
            self._fill_gap(stream, gap_start, message.seq_num)
            gap_start = None
            self.log.message(stream.again(message, self.agenda.now))
        self._fill_gap(stream, gap_start, stream.next_seq_num)

    def _fill_gap(self, stream: Stream, first: Sent | None, new_seq_num: int) -> None:
        if first is not None:
            reset = Sent(first.seq_num, "4", first.sending_time, ((123, "Y"), (36, new_seq_num)))
            self.log.message(stream.again(reset, self.agenda.now))
