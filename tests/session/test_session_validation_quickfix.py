"""The same messages checked by QuickFIX C++: what it accepts we accept, what it refuses we refuse.

Intended differences, which the messages here stay clear of, or which are sorted out below:
- QuickFIX does not look into the entries of groups: neither values nor order, nor members that an optional group
  requires. So wrong members are made outside of groups alone.
- It takes any text as a date, a day of the month, or a month and year, and -1 as a LENGTH; no such value is made.
- It takes an enum's values as texts: not `007` for 7, nor a number for IOIQty.
- A member that a required component of an optional component requires is wanted by it even where neither is there.
- Over FIXT it does not miss a field of the header in an application message.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import standard, standard_path
from purefix_core.session.incoming import IncomingReader
from purefix_core.session.settings import Validation
from purefix_core.session.validation import Validator
from purefix_core.wire.checksum import byte_sum

fix = pytest.importorskip("quickfix")

Fields = list[tuple[int, str]]

HEADER: Fields = [(49, "BUY"), (56, "SELL"), (34, "2"), (52, "20260105-09:30:00.000")]
TIME = "20260105-09:30:00"
PARTIES: Fields = [(453, "2"), (448, "A"), (447, "D"), (452, "1"), (448, "B"), (447, "D"), (452, "3")]
BODIES: dict[str, Fields] = {
    "D": [(11, "X"), (55, "IBM"), (54, "1"), (60, TIME), (38, "100"), (40, "2"), (44, "10.5"), (59, "0"), *PARTIES],
    "8": [
        *((37, "O"), (17, "E"), (150, "0"), (39, "0"), (55, "IBM"), (54, "1"), (151, "100"), (14, "0"), (6, "0")),
        (1, "ACC"),
        (58, "text"),
        (15, "USD"),
        (64, "20260107"),
    ],
    "V": [(262, "R"), (263, "1"), (264, "1"), (267, "2"), (269, "0"), (269, "1"), (146, "1"), (55, "IBM")],
    "d": [(320, "R"), (322, "S"), (323, "1"), (55, "IBM"), (454, "0")],
    "0": [(112, "TEST")],
    "A": [(98, "0"), (108, "30"), (141, "Y")],
    "3": [(45, "2"), (371, "58"), (372, "D"), (373, "5"), (58, "text")],
}
WORDS = ["1", "Z", "", "x1", "-1", "+1", "1.5", "Y", "N", TIME, "20260105", "00:00:00", "A B", "?"]
TAGS = [0, -1, 1, 15, 18, 21, 34, 38, 40, 43, 44, 50, 54, 55, 58, 60, 97, 99, 108, 112, 115, 122, 167, 354, 386, 999]
TAGS += [5000, 9999]

MISSING_IN_HEADER = [(1, tag) for tag, _ in HEADER]


class Case:
    """One mutation of a good message."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.msg_type = self.random.choice(sorted(BODIES))
        self.fields = [*HEADER, *BODIES[self.msg_type]]
        for _ in range(self.random.choice([0, 1, 1, 1, 2])):
            self.random.choice(MUTATIONS)(self)
        if self.random.random() < 0.1:
            self.fields += [(93, "1"), (89, "a")]  # a trailer
            if self.random.random() < 0.3:
                self.add()

    def outside_of_groups(self) -> int:
        """The place of a field that is in no group."""
        inside = {448, 447, 452, 269} | ({55} if self.msg_type == "V" else set())
        return self.random.choice([at for at, (tag, _) in enumerate(self.fields) if tag not in inside])

    def drop(self) -> None:
        at = self.outside_of_groups()
        if self.fields[at][0] not in (453, 146, 267):
            del self.fields[at]

    def repeat(self) -> None:
        self.fields.append(self.fields[self.outside_of_groups()])

    def write(self) -> None:
        at = self.outside_of_groups()
        if self.fields[at][0] != 64:  # a date
            self.fields[at] = (self.fields[at][0], self.random.choice(WORDS))

    def add(self) -> None:
        self.fields.append((self.random.choice(TAGS), self.random.choice(WORDS)))

    def reorder_body(self) -> None:
        if self.msg_type not in "DV":
            body = self.fields[4:]
            self.random.shuffle(body)
            self.fields[4:] = body

    def reorder_header(self) -> None:
        header = self.fields[:4]
        self.random.shuffle(header)
        self.fields[:4] = header

    def move_header_behind(self) -> None:
        self.fields.append(self.fields.pop(0))

    def change_msg_type(self) -> None:
        self.msg_type = self.random.choice(["*", "D", "0", "ZZ"])

    def raw(self, begin_string: str) -> bytes:
        fields = [(35, self.msg_type), *self.fields]
        body = b"".join(f"{tag}={value}\x01".encode() for tag, value in fields)
        start = f"8={begin_string}\x019={len(body)}\x01".encode() + body
        return start + b"10=%03d\x01" % (byte_sum(start) % 256)


MUTATIONS: list[Callable[[Case], None]] = [
    *(Case.drop, Case.repeat, Case.write, Case.write, Case.add, Case.add, Case.reorder_body),
    *(Case.reorder_header, Case.move_header_behind, Case.change_msg_type),
]


def refused_by_quickfix(raw: bytes, transport: fix.DataDictionary, application: fix.DataDictionary) -> str:
    """What QuickFIX says is wrong, or the empty string."""
    message = fix.Message()
    message.setString(raw.decode(), False, transport, application)
    try:
        used = transport if message.isAdmin() else application
        fix.DataDictionary.validate(message, transport, used)
    except fix.FIXException as error:
        return f"{type(error).__name__} {error}"
    return ""


@pytest.mark.parametrize(
    ("begin_string", "transport", "application"),
    [("FIX.4.4", "FIX44", "FIX44"), ("FIXT.1.1", "FIXT11", "FIX50SP2")],
)
def test_refused_and_accepted_alike(begin_string: str, transport: str, application: str) -> None:
    theirs = {name: fix.DataDictionary(str(standard_path(name))) for name in {transport, application}}
    definitions: Definitions = standard(application)
    if transport != application:
        definitions = combine_fixt(standard(transport), definitions)
    validator = Validator(definitions, Validation())
    accepted = refused = 0
    for seed in range(2000):
        raw = Case(seed).raw(begin_string)
        expected = refused_by_quickfix(raw, theirs[transport], theirs[application])
        found = validator.check(IncomingReader(definitions.data_tags).parse(raw))
        text = raw.decode().replace("\x01", "|")
        if transport != application and found is not None and found[::2] in MISSING_IN_HEADER and not expected:
            continue
        assert bool(found) == bool(expected), f"{text}: {found}, QuickFIX: {expected or 'accepted'}"
        accepted, refused = accepted + (not found), refused + bool(found)
    assert accepted > 300
    assert refused > 600
