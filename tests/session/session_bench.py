"""A bench for one session machine: virtual time, a store in memory, messages written as text.

In a line `|` stands for SOH; BeginString, BodyLength and CheckSum are put in where the line has none. `<TIME>`,
`<TIME+5>` and `<TIME-5>` are the bench's time, seconds later or earlier: in what is received to the second, in what is
expected with as many digits as the session writes. What comes out is compared byte for byte.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, NamedTuple

from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import standard
from purefix_core.registry.dialects import Dialects
from purefix_core.session.application import Application
from purefix_core.session.events import Event, Level, MessageSent, Note
from purefix_core.session.machine import FixSession
from purefix_core.session.settings import ConnectionType, SessionId, SessionSettings
from purefix_core.session.states import State
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.wire.checksum import byte_sum
from purefix_core.wire.timestamps import NANOS, parse_utc_timestamp, utc_timestamp_text

NOON = parse_utc_timestamp(b"20260105-12:00:00")


class Version(NamedTuple):
    """What differs between the versions of FIX."""

    name: str
    begin_string: str
    appl_ver_id: str = ""
    """DefaultApplVerID(1137) over FIXT."""

    @property
    def is_old(self) -> bool:
        """FIX.4.0 and FIX.4.1: times in seconds, EndSeqNo 999999, Rejects without codes."""
        return self.begin_string in ("FIX.4.0", "FIX.4.1")

    @property
    def is_fixt(self) -> bool:
        return bool(self.appl_ver_id)

    @property
    def logon_end(self) -> str:
        """What a Logon ends with."""
        return f"1137={self.appl_ver_id}|" if self.is_fixt else ""

    @property
    def open_end(self) -> str:
        """EndSeqNo that means everything."""
        return "999999" if self.is_old else "0"

    def reject(
        self, number: int, ref: int, ref_type: str, reason: int, text: str, tag: int | None = None, routing: str = ""
    ) -> str:
        """The line of a Reject. `routing`: header fields behind 56."""
        head = f"35=3|34={number}|49=WE|52=<TIME>|56=PEER|{routing}45={ref}|"
        if self.is_old:
            return f"{head}58={text}{'' if tag is None else f' ({tag})'}|"
        ref_tag = "" if tag is None else f"371={tag}|"
        code = "" if self.begin_string == "FIX.4.2" and reason > 11 else f"373={reason}|"
        return f"{head}58={text}|{ref_tag}372={ref_type}|{code}"


FIX40 = Version("FIX40", "FIX.4.0")
FIX41 = Version("FIX41", "FIX.4.1")
FIX42 = Version("FIX42", "FIX.4.2")
FIX43 = Version("FIX43", "FIX.4.3")
FIX44 = Version("FIX44", "FIX.4.4")
FIX50 = Version("FIX50", "FIXT.1.1", "7")
FIX50SP1 = Version("FIX50SP1", "FIXT.1.1", "8")
FIX50SP2 = Version("FIX50SP2", "FIXT.1.1", "9")
VERSIONS = (FIX40, FIX41, FIX42, FIX43, FIX44, FIX50, FIX50SP1, FIX50SP2)


class Failed(AssertionError):
    pass


class Bench:
    """One session, `WE` towards `PEER`, and what it sends."""

    def __init__(
        self,
        version: Version = FIX44,
        application: Application | None = None,
        *,
        initiator: bool = False,
        store: Any = None,
        ids: tuple[str, str] = ("WE", "PEER"),
        session_id: SessionId | None = None,
        schedule_clock: int = NOON,
        **settings: Any,
    ) -> None:
        self.version = version
        self.now = schedule_clock
        self.store = store if store is not None else FixMsgMemoryStore(clock=lambda: self.now)
        self.events: list[Event] = []
        self.closed = False
        self.opened = 0
        settings.setdefault("default_appl_ver_id", version.appl_ver_id)
        self.settings = SessionSettings(
            session_id or SessionId(version.begin_string, *ids),
            ConnectionType.INITIATOR if initiator else ConnectionType.ACCEPTOR,
            **settings,
        )
        self.digits = 0 if version.is_old else self.settings.timestamp_precision
        self.session = FixSession(make_config(version, self.settings), self._open_store, application)
        self.take()

    def _open_store(self) -> Any:
        self.opened += 1
        return self.store

    # -- driving ---------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        self.closed = False
        if self.settings.is_initiator:
            self.session.connecting(self.now)
        self.session.connected(self.now)

    def disconnect(self) -> None:
        self.session.disconnected(self.now, "by the test")
        self.take()

    def feed(self, *lines: str) -> None:
        """Give lines to the session, as one piece."""
        self.session.receive(b"".join(self.incoming(line) for line in lines), self.now)

    def receive(self, line: str, *answers: str, closes: bool = False) -> None:
        """Give a line to the session; it must answer exactly so."""
        self.feed(line)
        self.expect(*answers, closes=closes)

    def wait(self, seconds: float) -> list[tuple[float, bytes]]:
        """Let time pass; the session is ticked when it wants to be. Returns what it sends, each message with the
        seconds since the beginning of the wait."""
        start, end = self.now, self.now + int(seconds * NANOS)
        sent = []
        while (due := self.session.next_tick()) is not None and due <= end:
            assert due >= self.now or self.now == start, "a tick is due in the past"
            self.now = max(due, self.now)
            self.session.tick(self.now)
            sent += [((self.now - start) / NANOS, each) for each in self.take()]
            if self.closed:
                break
            again = self.session.next_tick()
            assert again is None or again > self.now, "tick() leaves a tick due at once"
        self.now = end if not self.closed else self.now
        return sent

    def take(self) -> list[bytes]:
        """Everything that the session has to send now, by messages."""
        sent = b""
        while True:
            output = self.session.take()
            sent += output.data
            told = b"".join(each.raw for each in output.events if isinstance(each, MessageSent))
            assert told == output.data, "MessageSent events and the bytes to send differ"
            self.events += output.events
            self.closed = self.closed or output.close
            if not self.session.is_resending:
                return split(sent)
            self.session.resend_some(self.now)

    # -- comparing -------------------------------------------------------------------------------------------------

    def expect(self, *lines: str, closes: bool = False) -> None:
        """What came out since the last call is exactly these messages, and the connection is (not) to be closed."""
        sent = self.take()
        wanted = [self.outgoing(line) for line in lines]
        for want, have in zip(wanted, sent, strict=False):
            if want != have:
                raise Failed(f"expected {printable(want)}\nsent     {printable(have)}\n{self.log()}")
        if len(sent) > len(wanted):
            raise Failed(f"not expected: {[printable(each) for each in sent[len(wanted) :]]}\n{self.log()}")
        if len(sent) < len(wanted):
            raise Failed(f"missing: {[printable(each) for each in wanted[len(sent) :]]}\n{self.log()}")
        if closes != self.closed:
            raise Failed(f"the connection is {'not ' if closes else ''}closed\n{self.log()}")

    def log(self) -> str:
        return "\n".join(f"  # {each.text}" for each in self.events if isinstance(each, Note))

    @property
    def notes(self) -> list[str]:
        """The event log so far."""
        return [each.text for each in self.events if isinstance(each, Note)]

    @property
    def warnings(self) -> list[str]:
        return [each.text for each in self.events if isinstance(each, Note) and each.level is Level.WARNING]

    @property
    def numbers(self) -> tuple[int, int]:
        """The next MsgSeqNum out, and in."""
        return self.session.next_sender_seq_num, self.session.next_target_seq_num

    @property
    def state(self) -> State:
        return self.session.state

    # -- lines -----------------------------------------------------------------------------------------------------

    def incoming(self, line: str) -> bytes:
        return self._completed(line, 0)

    def outgoing(self, line: str) -> bytes:
        return self._completed(line, self.digits)

    def _completed(self, line: str, digits: int) -> bytes:
        text = re.sub(r"<TIME(?:([+-])(\d+))?>", lambda found: self._time(found, digits), line)
        if re.match(r"\d+=", text) and not text.startswith("8="):
            text = f"8={self.version.begin_string}|{text}"
        return completed(text)

    def _time(self, found: re.Match[str], digits: int) -> str:
        seconds = int(f"{found[1] or '+'}{found[2] or 0}")
        return stamp(self.now + seconds * NANOS, digits)

    # -- usual beginnings ------------------------------------------------------------------------------------------

    def log_on(self, number: int = 1, heart_bt_int: int = 30, more: str = "", first: int = 1) -> Bench:
        """As the acceptor: take a Logon and answer it; as the initiator: the other way round. `first`: our number."""
        end = f"98=0|108={heart_bt_int}|{more}{self.version.logon_end}"
        theirs = f"35=A|34={number}|49=PEER|52=<TIME>|56=WE|{end}"
        ours = f"35=A|34={first}|49=WE|52=<TIME>|56=PEER|{end}"
        self.connect()
        if self.settings.is_initiator:
            self.expect(ours)
            self.receive(theirs)
        else:
            self.receive(theirs, ours)
        assert self.session.is_logged_on
        return self

    def log_out(self, number: int, ours: int) -> None:
        """The peer logs out: answered, and closed."""
        self.receive(
            f"35=5|34={number}|49=PEER|52=<TIME>|56=WE|", f"35=5|34={ours}|49=WE|52=<TIME>|56=PEER|", closes=True
        )
        self.disconnect()

    def is_alive(self, number: int, ours: int) -> None:
        """A TestRequest with the number that is expected is answered: the session goes on, both numbers are these."""
        self.receive(
            f"35=1|34={number}|49=PEER|52=<TIME>|56=WE|112=ALIVE|",
            f"35=0|34={ours}|49=WE|52=<TIME>|56=PEER|112=ALIVE|",
        )
        assert self.numbers == (ours + 1, number + 1)


def make_config(version: Version, settings: SessionSettings) -> Any:
    definitions = standard(version.name)
    if version.is_fixt:
        definitions = combine_fixt(standard("FIXT11"), definitions)
    factory = Dialects.standard().dialect(version.name).provider.create_message_factory()
    return SimpleNamespace(settings=settings, definitions=definitions, message_factory=factory)


def completed(text: str) -> bytes:
    """A line as bytes; BodyLength and CheckSum are put in where it begins with 8= and has none."""
    raw = text.encode("latin-1").replace(b"|", b"\x01")
    if not raw.startswith(b"8="):
        return raw
    begin, _, body = raw.partition(b"\x01")
    check_sum = re.search(rb"\x0110=[^\x01]*\x01\Z", raw)
    if not body.startswith(b"9="):
        end = len(body) - (len(check_sum[0]) - 1 if check_sum else 0)
        raw = b"%b\x019=%d\x01%b" % (begin, end, body)
    if not check_sum:
        raw += b"10=%03d\x01" % (byte_sum(raw) % 256)
    return raw


def stamp(nanos: int, digits: int) -> str:
    text = utc_timestamp_text(nanos // NANOS * NANOS, 0)
    return f"{text}.{nanos % NANOS:09d}"[: len(text) + 1 + digits] if digits else text


def split(data: bytes) -> list[bytes]:
    """What was sent, by messages."""
    found = re.findall(rb"8=.*?\x0110=\d{3}\x01", data, re.DOTALL)
    assert b"".join(found) == data
    return found


def printable(raw: bytes) -> str:
    return raw.replace(b"\x01", b"|").decode("latin-1")


def fields(raw: bytes) -> list[tuple[int, str]]:
    """Tag and value of each field."""
    return [
        (int(tag), value) for tag, _, value in (piece.partition("=") for piece in printable(raw).rstrip("|").split("|"))
    ]


def value(raw: bytes, tag: int) -> str | None:
    return dict(reversed(fields(raw))).get(tag)
