"""A peer that sends anything at all: it gets an answer or is cut off, and nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session.application import Application
from purefix_core.session.settings import Validation
from purefix_core.session.venue.echo import Echo
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX40, FIX44, FIX50SP2, Bench, Version, completed, value
from tests.session.session_lines import order

SOME = pytest.mark.parametrize("version", [FIX40, FIX44, FIX50SP2], ids=lambda version: version.name)

NONSENSE = ("", "0", "-1", "-0", "+1", "1.5", "abc", "2147483647", "2147483648", "99999999999999", "9" * 40, "1e9", "²")
PLACES = (
    "35=0|34={}|49=PEER|52=<TIME>|56=WE|",
    "35=A|34={}|49=PEER|52=<TIME>|56=WE|98=0|108=30|",
    "35=A|34=2|49=PEER|52=<TIME>|56=WE|98=0|108={}|",
    "35=A|34=2|49=PEER|52=<TIME>|56=WE|98=0|108={}|141=Y|",
    "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|141={}|",
    "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|789={}|",
    "35=2|34=2|49=PEER|52=<TIME>|56=WE|7={}|16=0|",
    "35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16={}|",
    "35=4|34=2|49=PEER|52=<TIME>|56=WE|36={}|",
    "35=4|34=2|49=PEER|52=<TIME>|56=WE|36={}|123=Y|",
    "35=4|34={}|49=PEER|52=<TIME>|56=WE|36=9|123=Y|",
    "35=4|34=1|43=Y|49=PEER|52=<TIME>|56=WE|122={}|36=9|123=Y|",
    "35=0|34=1|43=Y|49=PEER|52=<TIME>|56=WE|122={}|",
    "35=0|34=1|43={}|49=PEER|52=<TIME>|56=WE|122=<TIME>|",
    "35=0|34=2|49=PEER|52={}|56=WE|",
    "35=1|34=2|49=PEER|52=<TIME>|56=WE|112={}|",
    "35=3|34=2|49=PEER|52=<TIME>|56=WE|45={}|",
    "35=5|34={}|49=PEER|52=<TIME>|56=WE|58=x|",
    "35={}|34=2|49=PEER|52=<TIME>|56=WE|",
    "35=0|34=2|49={}|52=<TIME>|56=WE|",
    "35=D|34=2|49=PEER|52=<TIME>|56=WE|11=ID|21=1|40=1|54=1|38={}|55=INTC|60=<TIME>|",
    "35=D|34=2|49=PEER|52=<TIME>|56=WE|11=ID|21=1|40=1|54=1|38=1|55=INTC|386={}|60=<TIME>|",
    "35=0|34=2|49=PEER|52=<TIME>|56=WE|1128={}|",
    "35=0|34=2|49=PEER|52=<TIME>|56=WE|627={}|628=X|",
    "35=A|34=2|49=PEER|52=<TIME>|56=WE|98=0|108=30|95={}|96=abc|",
    "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|1137={}|",
)
SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"validation": Validation(use_data_dictionary=False)},
    {"check_latency": False, "check_comp_id": False, "validation": Validation(use_data_dictionary=False)},
    {"enable_next_expected_msg_seq_num": True, "enable_last_msg_seq_num_processed": True},
    {"resend_request_chunk_size": 5, "max_early_messages": 3, "reject_garbled_message": True},
    {"requires_orig_sending_time": False, "reset_on_logon": True, "send_redundant_resend_requests": True},
)


def settle(bench: Bench) -> None:
    """What comes out is well-formed, whatever went in, and the session still ticks and ends."""
    bench.take()
    for _ in range(3):
        due = bench.session.next_tick()
        if due is None or bench.closed:
            break
        bench.now = max(bench.now, due)
        bench.session.tick(bench.now)
        bench.take()
    assert bench.numbers[0] >= 1
    assert 1 <= bench.numbers[1] <= 2**31
    bench.disconnect()


@SOME
@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
@pytest.mark.parametrize("place", PLACES)
def test_nonsense_in_every_place(version: Version, place: str, settings: dict[str, Any]) -> None:
    end = "" if "1137=" in place or not place.startswith("35=A|") else version.logon_end
    for at, text in enumerate(NONSENSE):
        bench = Bench(version, Echo(ascending=True), initiator=at % 2 == 1, **settings)
        bench.connect()
        bench.take()
        if "35=A|34=1|" not in place:
            bench.feed(f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
            bench.take()
        bench.feed(place.format(text) + end)
        settle(bench)


@SOME
@pytest.mark.parametrize("initiator", [True, False])
@given(data=st.data())
def test_no_bytes_whatever_raise(version: Version, initiator: bool, data: st.DataObject) -> None:
    bench = Bench(version, Echo(), initiator=initiator, max_message_size=1000)
    bench.connect()
    bench.take()
    if data.draw(st.booleans(), "logged on"):
        bench.feed(f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
    pieces = st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"8=", b"\x019=", b"\x0110=", b"10=000\x01", b"\x0135=", b"8=FIX.4.4\x019=5\x01"]),
        st.text(alphabet="0123456789=|\x01ADx", max_size=40).map(lambda text: text.replace("|", "\x01").encode()),
    )
    for piece in data.draw(st.lists(pieces, max_size=12), "pieces"):
        bench.session.receive(piece, bench.now)
    settle(bench)


FIELD_VALUES = st.one_of(
    st.integers(-5, 60).map(str),
    st.sampled_from([*NONSENSE, "Y", "N", "PEER", "WE", "20260105-12:00:00", "20260105-12:00:05", "FIX.4.4"]),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="|"), max_size=6),
)
FIELD_TAGS = st.one_of(
    st.sampled_from(
        [7, 16, 34, 36, 43, 45, 49, 52, 56, 58, 89, 90, 91, 93, 95, 96, 97, 98, 108, 112, 115, 122, 123, 141, 212, 213]
    ),
    st.sampled_from([369, 371, 372, 373, 386, 453, 448, 627, 628, 789, 1128, 1129, 1137, 11, 21, 38, 40, 54, 55, 60]),
    st.integers(-3, 6000),
)
MSG_TYPES = st.sampled_from(["0", "1", "2", "3", "4", "5", "A", "D", "8", "j", "d", "B", "*", ""])


@st.composite
def messages(draw: st.DrawFn) -> str:
    """A message of the right form: the number near what is expected, and any fields."""
    number = draw(st.one_of(st.integers(0, 12).map(str), st.sampled_from(NONSENSE)))
    head = draw(
        st.sampled_from(
            [
                "35={}|34={}|49=PEER|52=<TIME>|56=WE|",
                "35={}|34={}|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME>|",
                "35={}|34={}|43=Y|49=PEER|52=<TIME>|56=WE|122=<TIME+5>|",
                "35={}|34={}|",
            ]
        )
    )
    fields = draw(st.lists(st.tuples(FIELD_TAGS, FIELD_VALUES), max_size=6))
    return head.format(draw(MSG_TYPES), number) + "".join(f"{tag}={text}|" for tag, text in fields)


class Sender(Application):
    """Answers some messages, so that there is something to resend."""

    def from_app(self, message: Any, session: Any) -> None:
        session.send(order("X"))


@SOME
@pytest.mark.parametrize("initiator", [True, False])
@given(
    lines=st.lists(st.tuples(messages(), st.integers(0, 20)), max_size=12),
    settings=st.sampled_from(SETTINGS),
    logged_on=st.booleans(),
)
def test_no_message_whatever_raises(
    version: Version, initiator: bool, lines: list[tuple[str, int]], settings: dict[str, Any], logged_on: bool
) -> None:
    bench = Bench(version, Sender(), initiator=initiator, **settings)
    bench.connect()
    bench.take()
    if logged_on:
        bench.feed(f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}")
        bench.take()
    for line, seconds in lines:
        bench.feed(line)
        sent = bench.take()
        assert len(sent) < 60
        for raw in sent:
            assert raw == completed(raw.replace(b"\x01", b"|").decode("latin-1"))
            if value(raw, 43) is None:
                assert int(value(raw, 34) or 0) < bench.numbers[0]
        if bench.closed:
            break
        bench.wait(seconds)
        if bench.closed:
            break
    settle(bench)


def test_endless_stream_without_a_message_is_cut_off() -> None:
    bench = Bench(FIX44).log_on()
    for _ in range(40):
        bench.session.receive(b"x" * 65536, bench.now)
        bench.take()
        if bench.closed:
            break
    assert bench.closed


def test_what_is_held_early_is_bounded() -> None:
    bench = Bench(FIX44, max_early_messages=10).log_on(heart_bt_int=0)
    for number in range(10, 5000):
        bench.feed(f"35=0|34={number}|49=PEER|52=<TIME>|56=WE|")
    assert len(bench.session.sequence._early) <= 10
    bench.take()


def test_many_resend_requests_are_bounded() -> None:
    """A peer that asks for everything again and again does not make the session hold more and more."""
    bench = Bench(FIX44).log_on(heart_bt_int=0)
    for number in range(500):
        bench.session.send(order(str(number)), bench.now)
    bench.take()
    for number in range(2, 300):
        bench.session.receive(bench.incoming(f"35=2|34={number}|49=PEER|52=<TIME>|56=WE|7=1|16=0|"), bench.now)
    sent = bench.take()
    assert len(sent) < 100_000
    bench.now += NANOS
    bench.is_alive(300, 502)


@pytest.mark.parametrize("text", ["x" * 5000, "\x7f", "é", "a=b", "\t\x00"])
def test_text_of_the_peer_in_the_event_log_is_short_and_printable(text: str) -> None:
    bench = Bench(FIX44).log_on()
    bench.feed(f"35=3|34=2|49=PEER|52=<TIME>|56=WE|45=1|58={text}|")
    bench.feed(f"35=0|34=3|49=PEER|52=<TIME>|56=WE|{text}|")
    bench.feed(f"8=FIX.4.4|35={text}|34=3|49=PEER|52=<TIME>|56=WE|")
    bench.feed(f"8={text}|35=0|34=3|49=PEER|52=<TIME>|56=WE|")
    bench.feed(f"35=5|34=4|49=PEER|52=<TIME>|56=WE|58={text}|")
    bench.take()
    for note in bench.notes:
        assert note.isprintable(), note
        assert len(note) < 1000
