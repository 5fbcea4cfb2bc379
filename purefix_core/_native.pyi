"""The hot loops in Rust (native/). Built only where there is a Rust toolchain: see purefix_core/wire/native.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence

def scan(
    window: bytes, base: int, start: int, stop: int, previous_end: int, at_end: bool
) -> tuple[
    tuple[bytes, ...],
    tuple[list[bytes], list[int], list[tuple[bytes, bytes, bytes]], list[int], list[int]],
    list[tuple[int, int, str]],
    tuple[int, int, int],
]:
    """As purefix_core.logs.scan_reference.scan, with the parts of its Batch as bytes, lists and numbers.

    The columns of the rows; the values of MsgType and of sessions with their counts and first rows; the skipped
    ranges; resume, settled and previous_end. Releases the GIL.
    """

def recode(column: bytes, item_size: int, codes: list[int]) -> bytes:
    """A column of unsigned integers of 2 or 4 bytes, each replaced by what stands at its position in `codes`."""

def pick(column: bytes, item_size: int, mask: bytes) -> bytes:
    """The items of `item_size` bytes for which `mask` has a 1."""

def places(mask: bytes, first: int) -> bytes:
    """Where `mask` has a 1, counted from `first`, as uint32."""

def test_fields(
    raw: bytes,
    messages: tuple[int, bytes, bytes, bytes, bytes],
    tags: list[int],
    data_tags: list[tuple[int, int]],
    needles: list[bytes],
    test: Callable[[bytes], bool],
) -> tuple[bytes, bytes]:
    """Which messages hold a field with one of `tags`, and in which of them some such value passes `test`.

    `messages`: the offset of `raw`; the int64 offset of each, its int32 length, a byte for the code of its separator,
    and a byte that is 1 if it is to be looked at. Only those that hold one of `needles` are. `test` is called once for
    each different value. Gives a byte for each message. Releases the GIL but for the tests.
    """

def find_texts(raw: bytes, messages: tuple[int, bytes, bytes, bytes, bytes], texts: list[bytes]) -> bytes:
    """1 for each of the `messages` (as for test_fields) that holds one of `texts`.

    They are in lower case; ASCII letters match in either case, and a `|` also stands for the message's separator.
    """

def parse_utc_timestamp(text: bytes) -> int:
    """As purefix_core.wire.timestamps.parse_utc_timestamp."""

def sealed(begin: bytes, body: bytes, separator: bytes, digits: int) -> bytes:
    """As purefix_core.wire.checksum.sealed, for a separator of one byte. `digits`: 9 at most."""

def whole_msg_type(encoded: bytes, seq_num: int) -> str | None:
    """MsgType(35) where purefix_core.store.payload.what_is_wrong_reference has nothing to say of `encoded`.

    None where it has, and also where it takes a closer look to know: a MsgType that is not ASCII, or in front of
    MsgSeqNum(34) a field that is no simple one of the header.
    """

class Shape:
    """As purefix_core.types.levels_reference.Shape."""

    def __init__(
        self, tags: Iterable[int], groups: Mapping[int, Shape], data_tags: Mapping[int, int] = ...
    ) -> None: ...

class Level:
    """As purefix_core.types.levels_reference.Level. Entries share the fields of their message, which are found once."""

    @property
    def raw(self) -> bytes: ...
    @property
    def separator(self) -> bytes: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    def value(self, tag: int) -> bytes | None:
        """The value of the first `tag` at this level (not inside its groups), or None.

        A level of many fields makes an index of its tags when one is not found among the first ones.
        """

    def entries(self, tag: int) -> list[Level]:
        """The entries of the group that the first counter `tag` opens at this level; none if it is no such counter."""

    def pieces(self) -> list[tuple[int, int, int]]:
        """Tag, start and end of every piece of the level in order; joined, they are `raw[start:end]`."""

    def spliced(self, pieces: dict[int, bytes | None]) -> bytes | None:
        """The level with other pieces for the first of each tag, and none of the tags that have None.

        None where there is a piece for a tag that the level lacks.
        """

def parse_level(raw: bytes, separator: bytes, shape: Shape) -> Level:
    """The topmost level of a message, as purefix_core.types.levels_reference.parse_level. Keeps the GIL."""

class IncomingReader:
    """As purefix_core.session.incoming_reference.IncomingReader."""

    def __init__(self, data_tags: Mapping[int, int]) -> None: ...
    def parse(self, raw: bytes) -> Incoming: ...

class Incoming:
    """As purefix_core.session.incoming_reference.Incoming. Values are taken out of `raw` when they are asked for."""

    @property
    def raw(self) -> bytes: ...
    @property
    def fields(self) -> list[tuple[int, bytes]]: ...
    @property
    def msg_type(self) -> str: ...
    @property
    def seq_num(self) -> int: ...
    def get(self, tag: int) -> bytes | None: ...
    def text(self, tag: int) -> str: ...
    def is_set(self, tag: int) -> bool: ...

class PlainRules:
    """As purefix_core.session.plain_rules.PlainRulesReference."""

    def __init__(
        self,
        header: dict[int, tuple[str, list[bytes]]],
        body: dict[int, tuple[str, list[bytes]]],
        trailer: dict[int, tuple[str, list[bytes]]],
        required: Sequence[int],
    ) -> None: ...
    def odd(self, message: Incoming) -> list[tuple[int, bytes]] | None: ...

class Renewer:
    """As purefix_core.session.renewing.RenewerReference."""

    def __init__(
        self,
        header_tags: Sequence[int],
        trailer_tags: Sequence[int],
        left_out: Sequence[int],
        data_tags: Mapping[int, int],
    ) -> None: ...
    def renewed(self, raw: bytes, begin_string: bytes, added: Sequence[tuple[int, bytes]]) -> bytes: ...
