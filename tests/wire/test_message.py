"""Splitting bytes into fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.wire.message import MALFORMED, FixMessage, as_text, printable
from purefix_core.wire.secrets import mask_secrets
from purefix_core.wire.separators import CARET_A, PIPE, SEPARATORS, SOH, Separator


def test_fields_in_order_with_the_spans_of_their_values() -> None:
    message = FixMessage.parse(b"8=FIX.4.4|35=D|55=EUR/USD|", PIPE)
    assert message.fields == ((8, 2, 9), (35, 13, 14), (55, 18, 25))
    assert message.get(55) == b"EUR/USD"
    assert message.get(54) is None


def test_every_occurrence_of_a_repeated_tag_is_kept() -> None:
    message = FixMessage.parse(b"448=A|447=D|448=B|447=D|", PIPE)
    assert message.get(448) == b"A"
    assert message.get_all(448) == [b"A", b"B"]


def test_a_data_field_takes_the_announced_bytes() -> None:
    message = FixMessage.parse(b"95=5\x0196=a\x0110=\x0155=X\x01")
    assert message.get(96) == b"a\x0110="
    assert message.get(55) == b"X"


def test_a_wrong_length_is_not_believed() -> None:
    message = FixMessage.parse(b"95=4\x0196=a\x0155=X\x01")
    assert message.get(96) == b"a"
    assert message.get(55) == b"X"


def test_a_length_that_is_not_next_to_its_data_announces_nothing() -> None:
    message = FixMessage.parse(b"95=5\x0158=x\x0196=a\x0155=X\x01")
    assert message.get(96) == b"a"


def test_a_dialect_adds_its_own_data_fields() -> None:
    message = FixMessage.parse(b"9001=3|9002=a|b|55=X|", PIPE, {9001: 9002})
    assert message.get(9002) == b"a|b"


def test_a_piece_that_is_no_field_is_kept() -> None:
    message = FixMessage.parse(b"35=D|junk|=5|12x=5|55=X|", PIPE)
    assert [field.tag for field in message.fields] == [35, MALFORMED, MALFORMED, MALFORMED, 55]
    assert message.value(message.fields[1]) == b"junk"


def test_caret_a_separates_as_two_characters() -> None:
    message = FixMessage.parse(b"35=D^A58=a^b^A55=X^A", CARET_A)
    assert message.get(58) == b"a^b"


def test_text_is_utf8_where_it_can_be() -> None:
    assert as_text("Zürich".encode()) == "Zürich"
    assert as_text("Zürich".encode("latin-1")) == "Zürich"


@given(st.binary(max_size=200), st.sampled_from(SEPARATORS))
def test_no_byte_is_lost(raw: bytes, separator: Separator) -> None:
    """Fields and separators, put together again, are the message (leading zeros of tags aside)."""
    message = FixMessage.parse(raw, separator)
    position = 0
    for field in message.fields:
        head = raw[position : field.start]
        assert head == b"" if field.tag == MALFORMED else (head[-1:] == b"=" and int(head[:-1]) == field.tag)
        assert raw[field.end : field.end + len(separator.text)] in (separator.text, b"")
        position = field.end + len(separator.text)
    assert position >= len(raw)


def test_secrets_are_masked_where_they_stand() -> None:
    logon = FixMessage.parse(b"8=FIX.4.4|35=A|95=5|96=a|b|c|553=me|554=pw|925=new|10=001|", PIPE)
    assert mask_secrets(logon) == b"8=FIX.4.4|35=A|95=5|96=***|553=me|554=***|925=***|10=001|"


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (b"35=A|554=SEC|RET|108=30|", b"35=A|554=***|***|108=30|"),
        (b"35=A|95=3|96=SEC|RET|108=30|", b"35=A|95=3|96=***|***|108=30|"),
        (b"35=A|96=SEC|RET|ME", b"35=A|96=***|***|***"),
        (b"35=A| 554=SECRET|108=30|", b"35=A|***|108=30|"),
        (b"35=A|554 =SECRET|108=30|", b"35=A|***|108=30|"),
        (b"35=BE|95=3|96=abc|", b"35=BE|95=3|96=***|"),
        (b"35=A|58=a|b|", b"35=A|58=a|b|"),
    ],
)
def test_nothing_of_a_secret_is_left(raw: bytes, masked: bytes) -> None:
    assert mask_secrets(FixMessage.parse(raw, PIPE)) == masked


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (b"35=BF|554=hunter2|58=password hunter2 is wrong|", b"35=BF|554=***|58=***|"),
        (b"35=A|95=7|96=hunter2|58=ok|5001=hunter2|", b"35=A|95=7|96=***|58=ok|5001=***|"),
        (b"35=A|554 =hunter2|58=not hunter2|", b"35=A|***|58=***|"),
        (b"35=A|49=BROKER|554=BROKER|58=hi|", b"35=A|49=BROKER|554=***|58=hi|"),
        (b"35=A|141=Y|554=Y|58=Yes|", b"35=A|141=Y|554=***|58=Yes|"),
        (b"35=3|58=password hunter2 is wrong|", b"35=3|58=password hunter2 is wrong|"),
    ],
    ids=["text", "raw data", "blank in the tag", "a CompID", "short", "another message's"],
)
def test_what_repeats_a_secret_of_the_same_message_is_masked(raw: bytes, masked: bytes) -> None:
    assert mask_secrets(FixMessage.parse(raw, PIPE)) == masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Zürich → ok", "Zürich → ok"), ("\x1b]0;x\x07", "\\x1b]0;x\\x07"), ("\x9b\u202e", "\\x9b\\u202e")],
)
def test_nothing_that_a_terminal_obeys_is_printed(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_raw_data_is_secret_at_logon_only() -> None:
    raw = b"35=B\x0195=1\x0196=x\x01"
    assert mask_secrets(FixMessage.parse(raw, SOH)) == raw
