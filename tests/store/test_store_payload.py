"""What is kept in a store is checked to be one whole message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.payload import begin_string_of, msg_type_of, sending_time_of, what_is_wrong
from purefix_core.wire.checksum import sealed
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import NO_TIME, parse_utc_timestamp


def message(body: str) -> bytes:
    return sealed(b"FIX.4.4", body.replace("|", "\x01").encode("latin-1"), SOH)


ORDER = message("35=D|49=CLI|56=SRV|34=120|52=20260131-10:11:12.123|11=A|55=MSFT|54=1|38=100|40=1|")
TIME = parse_utc_timestamp(b"20260131-10:11:12.123")


@pytest.mark.parametrize(
    "body",
    [
        "35=D|49=CLI|56=SRV|34=120|52=20260131-10:11:12.123|11=A|",
        "35=D|34=120|",
        "35=D|49=CLI|34=000120|",
        "35=AE|5001=x|34=120|",  # behind a field that no header has
        "35=D|95=6|96=x\x0134=7|34=120|",  # behind data that holds the text of another one
        "35=D|90=8|91=x\x0134=119|34=120|",
        "35=D|34=120|58=" + "x" * 3000 + "|",
        "35=D|34=120|58=\xff\xfe\x00|",
        "35=D|34=120|34=7|",  # the first one counts
    ],
)
def test_whole_messages(body: str) -> None:
    assert what_is_wrong(message(body), 120) == ""
    assert what_is_wrong(message(body), 7) != ""


def test_a_number_within_data_is_no_number() -> None:
    raw = message("35=D|95=6|96=x\x0134=7|34=120|")
    assert what_is_wrong(raw, 7) == "MsgSeqNum is 120, expected 7"
    assert what_is_wrong(message("35=D|95=6|96=x\x0134=7|"), 7) == "has no MsgSeqNum(34), expected 7"


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", "is empty"),
        (b"\x00\x1b[2J", "begins with \\x00\\x1b[2J, expected 8=FIX"),
        (b"x" + ORDER, "begins with x8=FIX.4.4, expected 8=FIX"),
        (ORDER + ORDER, f"BodyLength is {len(ORDER) - 22}, expected {2 * len(ORDER) - 22}"),
        (ORDER + b"x", "does not end with CheckSum(10) of three digits and SOH"),
        (ORDER[:-1], "does not end with CheckSum(10) of three digits and SOH"),
        (b"8=FIX.4.4\x0135=D\x01", "the second field is 35=D, expected BodyLength(9)"),
        (b"8=FIX.4.4\x019=x\x0135=D\x01", "the second field is 9=x, expected BodyLength(9)"),
        (b"8=FIX.4.4\x01", "the second field is missing, expected BodyLength(9)"),
        (b"8=FIX.4.4\x019=5\x0149=D\x01", "the third field is 49=D, expected MsgType(35)"),
        (b"8=FIX.4.4\x019=5\x0135=\x0110=000\x01", "MsgType(35) is empty"),
        (b"8=FIX.4.4\x019=5\x0135=D", "ends within MsgType(35)"),
        (message("35=D|49=CLI|"), "has no MsgSeqNum(34), expected 120"),
        (message("35=D|34=|"), "MsgSeqNum is , expected 120"),
        (message("35=D|34=-120|"), "MsgSeqNum is -120, expected 120"),
        (message("35=D|34=" + "9" * 5000 + "|"), "MsgSeqNum is 99999999999999999999, expected 120"),
        (ORDER.replace(b"55=MSFT", b"55=MSFU"), f"CheckSum is {ORDER[-4:-1].decode()}, expected "),
        (ORDER.replace(b"\x0111=A\x01", b"\x0111=AB\x01"), f"BodyLength is {len(ORDER) - 22}, expected "),
    ],
)
def test_what_is_wrong_is_said(raw: bytes, wrong: str) -> None:
    assert what_is_wrong(raw, 120).startswith(wrong)
    if not wrong.endswith(" "):
        assert what_is_wrong(raw, 120) == wrong


BODIES = st.builds(
    lambda kind, number, texts: (number, f"35={kind}|49=CLI|56=SRV|34={number}|" + "".join(f"58={t}|" for t in texts)),
    st.sampled_from(["D", "8", "AE", "0"]),
    st.integers(1, 2**31 - 1),
    st.lists(st.text(st.characters(max_codepoint=255, exclude_characters="\x01|"), max_size=120), max_size=6),
)


@given(BODIES, st.data())
def test_damage_is_found(body: tuple[int, str], data: st.DataObject) -> None:
    number, text = body
    raw = message(text)
    assert what_is_wrong(raw, number) == ""
    flipped = bytearray(raw)
    flipped[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert what_is_wrong(bytes(flipped), number)
    assert what_is_wrong(raw[: data.draw(st.integers(0, len(raw) - 1))], number)
    assert what_is_wrong(raw + data.draw(st.binary(min_size=1, max_size=40)), number)
    assert what_is_wrong(raw, number + 1)


def test_every_flip_and_every_cut_of_one_message_is_found() -> None:
    assert what_is_wrong(ORDER, 120) == ""
    for position in range(len(ORDER)):
        assert what_is_wrong(ORDER[:position], 120), position
        for bit in range(8):
            flipped = bytearray(ORDER)
            flipped[position] ^= 1 << bit
            assert what_is_wrong(bytes(flipped), 120), (position, bit)


HOSTILE = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from([b"8=FIX.4.4", b"9=5", b"35=D", b"34=1", b"52=", b"\x01", b"=", b"10=000\x01", b"\xff"])
    ).map(b"".join),
)


@given(HOSTILE, st.integers())
def test_no_bytes_raise(raw: bytes, number: int) -> None:
    assert isinstance(what_is_wrong(raw, number), str)
    assert isinstance(msg_type_of(raw), str)
    assert isinstance(sending_time_of(raw), int)


@pytest.mark.parametrize(
    ("raw", "msg_type", "time"),
    [
        (ORDER, "D", TIME),
        (message("35=AE|34=1|"), "AE", NO_TIME),
        (message("35=AE|34=1|52=yesterday|"), "AE", NO_TIME),
        (message("35=8|5001=x|52=20260131-10:11:12.123|"), "8", TIME),
        (message("35=8|95=8|96=x\x0152=bad|52=20260131-10:11:12.123|"), "8", TIME),
        (ORDER[:80], "D", TIME),  # cut off
        (b"8=FIX.4.4\x0149=CLI\x0135=Z\x0152=20260131-10:11:12.123\x01", "Z", TIME),
        (b"", "", NO_TIME),
        (b"\x00" * 50, "", NO_TIME),
    ],
)
def test_type_and_time(raw: bytes, msg_type: str, time: int) -> None:
    assert msg_type_of(raw) == msg_type
    assert sending_time_of(raw) == time


@pytest.mark.parametrize(
    ("raw", "begin_string"),
    [(ORDER, "FIX.4.4"), (ORDER[:15], "FIX.4.4"), (sealed(b"FIXT.1.1", b"35=0\x01", SOH), "FIXT.1.1"), (b"", "")],
)
def test_begin_string(raw: bytes, begin_string: str) -> None:
    assert begin_string_of(raw) == begin_string
