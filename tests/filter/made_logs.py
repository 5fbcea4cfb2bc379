"""Logs and dictionaries made by hand, for the tests of filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.logs.filter import Filter, iter_matches
from purefix_core.logs.index import NO_SEQ_NUM, SEPARATOR_SHIFT, Batch, LogIndex, Segment
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import SOH, Separator
from purefix_core.wire.timestamps import parse_utc_timestamp


@dataclass
class MadeSource:
    """As much of a compiled dictionary as names in a filter look at."""

    fields: dict[int, FieldDef]
    message_names: Mapping[str, str] = field(default_factory=dict)
    data_tags: Mapping[int, int] = field(default_factory=dict)
    version: str = "FIX.4.4"
    issues: tuple[()] = ()

    @property
    def tags(self) -> Iterator[int]:
        return iter(sorted(self.fields))

    def field(self, tag: int) -> FieldDef | None:
        return self.fields.get(tag)

    def tag_named(self, name: str) -> int | None:
        return next((f.tag for f in self.fields.values() if f.name.lower() == name.lower()), None)


def definitions(
    *fields: FieldDef, message_names: Mapping[str, str] = {}, data_tags: Mapping[int, int] = {}
) -> Definitions:
    """A dialect with these fields."""
    return Definitions("MADE", MadeSource({f.tag: f for f in fields}, message_names, data_tags))  # type: ignore[arg-type]


FIX = definitions(
    FieldDef(35, "MsgType", "STRING", {"0": "HEARTBEAT", "D": "ORDER_SINGLE", "8": "EXECUTION_REPORT"}),
    FieldDef(34, "MsgSeqNum", "SEQNUM"),
    FieldDef(38, "OrderQty", "QTY"),
    FieldDef(52, "SendingTime", "UTCTIMESTAMP"),
    FieldDef(54, "Side", "CHAR", {"1": "BUY", "2": "SELL", "5": "SELL_SHORT"}),
    FieldDef(55, "Symbol", "STRING"),
    FieldDef(58, "Text", "STRING"),
    FieldDef(60, "TransactTime", "UTCTIMESTAMP"),
    FieldDef(95, "RawDataLength", "LENGTH"),
    FieldDef(96, "RawData", "DATA"),
    FieldDef(447, "PartyIDSource", "CHAR", {"B": "BIC", "D": "PROPRIETARY"}),
    FieldDef(453, "NoPartyIDs", "NUMINGROUP"),
    message_names={"0": "Heartbeat", "D": "NewOrderSingle", "8": "ExecutionReport", "d": "SecurityDefinition"},
)


@dataclass
class MadeLog:
    """Messages in one blob with an index over them, as a scanner would have made it."""

    index: LogIndex = field(default_factory=LogIndex)
    blob: bytearray = field(default_factory=bytearray)
    reads: list[tuple[int, int]] = field(default_factory=list)
    interns: bool = True
    """False: no new MsgType or session finds room in the index any more."""

    def add(self, raw: bytes, separator: Separator = SOH, flags: int = 0, noise: bytes = b"\n") -> None:
        """Append a message; its header fields are taken from their first occurrence."""
        message = FixMessage.parse(raw, separator)
        seq = message.text(34)
        session = tuple((message.get(tag) or b"")[:64] for tag in (8, 49, 56))
        offset = len(self.blob)
        row = Segment()
        row.offset.append(offset)
        row.length.append(len(raw))
        row.msg_seq_num.append(int(seq) if seq.isascii() and seq.isdigit() and int(seq) < 2**31 else NO_SEQ_NUM)
        row.sending_time.append(parse_utc_timestamp(message.get(52) or b""))
        row.log_time.append(0)
        row.session.append(0)
        row.msg_type.append(0)
        row.flags.append(flags | separator.code << SEPARATOR_SHIFT)
        msg_type = (message.get(35) or b"")[:64]
        self.blob += raw + noise
        end = offset + len(raw)
        self.index.max_msg_types = self.index.max_sessions = 1000 if self.interns else 0
        self.index.append(Batch(row, [msg_type], [1], [session], [1], [0], [], end, end, end))

    def read(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        return bytes(self.blob[offset : offset + length])

    def message(self, row: int, data_tags: Mapping[int, int]) -> FixMessage:
        entry = self.index.entry(row)
        return FixMessage.parse(
            bytes(self.blob[entry.offset : entry.offset + entry.length]), entry.separator, data_tags
        )

    def rows(self, condition: Filter) -> list[int]:
        """The rows that a filter selects."""
        return [row for batch in iter_matches(self.index, condition, self.read) for row in batch.rows]

    def rows_one_by_one(self, condition: Filter) -> list[int]:
        """The rows that pass when each is asked for by itself."""
        return [
            entry.row for entry in self.index if condition.matches(entry, self.message(entry.row, condition.data_tags))
        ]


def fix(text: str, separator: Separator = SOH) -> bytes:
    """`35=8 55=EUR` as a message's bytes: blanks become separators, and a header is put in front."""
    fields = ["8=FIX.4.4", "9=1", *text.split(" "), "10=000"]
    return separator.text.join(f.encode() for f in fields) + separator.text


def log_of(*messages: str, make: Callable[[], MadeLog] = MadeLog) -> MadeLog:
    log = make()
    for message in messages:
        log.add(fix(message))
    return log
