"""Expressions are filled in, and what is none is told."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session.compose.expressions import (
    EXPRESSIONS,
    MAX_TEXT,
    ComposeError,
    Filler,
    Moment,
    fill,
    literal,
    literal_text,
    next_count,
)

NOW = 1_700_000_000_123_456_789  # 2023-11-14 22:13:20
MOMENT = Moment(NOW, 5, count=3, values={"order.11": "{A}", "side": "1"}, seed=b"seed")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{now}", "20231114-22:13:20.123"),
        ("{now:date}", "20231114"),
        ("{now:time}", "22:13:20.123"),
        ("{now:seconds}", "20231114-22:13:20"),
        ("{now:micros}", "20231114-22:13:20.123456"),
        ("{now:nanos}", "20231114-22:13:20.123456789"),
        ("{now+5m}", "20231114-22:18:20.123"),
        ("{now-1d}", "20231113-22:13:20.123"),
        ("{now+1w:date}", "20231121"),
        ("{now+2h}", "20231115-00:13:20.123"),
        ("{now-200ms}", "20231114-22:13:19.923"),
        ("{now+0s}", "20231114-22:13:20.123"),
        ("{seq}", "5"),
        ("{seq-1}/{seq+10}", "4/15"),
        ("ORD-{count}", "ORD-3"),
        ("{{{seq}}}", "{5}"),
        ("{{seq}}", "{seq}"),
        ("a{byte:01}b{byte:7c}", "a\x01b|"),
        ("{order.11}{side}", "{A}1"),
    ],
)
def test_filled_in(text, filled):
    assert fill(text, MOMENT) == filled


def test_a_millisecond_of_zero_is_written():
    assert fill("{now} {now:time} {now:micros}", Moment(NOW // 10**9 * 10**9, 1)) == (
        "20231114-22:13:20.000 22:13:20.000 20231114-22:13:20.000000"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{nwo}", "{nwo} is no expression; there are {uuid}, {now}, {seq}, {count}, {byte:01}, {order.11}, {side}"),
        ("{}", "{} is no expression"),
        ("{a b}", "{a b} is no expression"),
        ("{\x1b[2J}", "{\\x1b[2J} is no expression"),
        ("{" + "x" * 1000 + "}", "x…} is no expression"),
        ("{now", "a single { belongs to no expression; write {{ for a brace"),
        ("x}", "a single } belongs to no expression; write }} for a brace"),
        ("{now+5}", "expected a unit behind the number, one of ms, s, m, h, d, w"),
        ("{now+5y}", "expected a unit"),
        ("{now:year}", "expected one of date, time, seconds, micros, nanos behind the colon"),
        ("{now+999999999w}", "{now+999999999w}: FIX has no such time"),
        ("{seq+1m}", "expected {seq}, {seq+1} or {seq-1}"),
        ("{uuid:4}", "expected nothing behind uuid"),
        ("{uuid+1}", "expected nothing behind uuid"),
        ("{byte}", "expected two hexadecimal digits"),
        ("{byte:100}", "expected two hexadecimal digits"),
        ("{now+1" + "x" * 1000 + "}", "x…}: expected a unit"),
        ("{now:" + "x" * 1000 + "}", "x…}: expected one of date"),
        ("x" * (MAX_TEXT + 1), "are too many for a message"),
    ],
)
def test_what_is_no_expression_is_told(text, said):
    with pytest.raises(ComposeError, match=re.escape(said)) as caught:
        fill(text, MOMENT)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_a_message_has_a_uuid_for_each_place_and_the_same_moment_the_same_ones():
    first = fill("{uuid} {uuid}", MOMENT)
    one, other = (UUID(text) for text in first.split(" "))
    assert one != other
    assert one.version == other.version == 4
    assert fill("{uuid} {uuid}", MOMENT) == first
    assert fill("{uuid}", Moment(NOW, 5)) != fill("{uuid}", Moment(NOW, 5))
    filler = Filler(MOMENT)
    assert f"{filler.fill('{uuid}')} {filler.fill('{uuid}')}" == first


def test_counts_of_a_run_go_up():
    first = next_count()
    assert next_count() == first + 1


def test_a_message_filled_with_much_is_refused():
    moment = Moment(NOW, 1, values={"long": "x" * 10_000})
    assert len(fill("{long}" * 100, moment)) == MAX_TEXT
    with pytest.raises(ComposeError, match="1,000,000 characters are too many"):
        fill("{long}" * 101, moment)


def test_names_of_a_moment_do_not_replace_expressions():
    assert fill("{seq}", Moment(NOW, 5, values={"seq": "x"})) == "5"


def test_literal_text_tells_whether_there_is_an_expression():
    assert literal_text("a{{b}}{byte:41}") == "a{b}A"
    assert literal_text("a{seq}") is None
    assert literal_text("{mine}", {"mine"}) is None
    with pytest.raises(ComposeError):
        literal_text("{mine}")


@given(st.binary(max_size=60))
def test_every_value_has_a_text_that_gives_it_again(value):
    text = literal(value)
    assert "\x01" not in text
    assert "\n" not in text
    text.encode()  # no lone surrogates
    assert fill(text, MOMENT).encode("utf-8", "surrogateescape") == value
    assert literal_text(text) == fill(text, MOMENT)


@given(st.text(max_size=60))
def test_no_text_fails_otherwise_than_with_one_line(text):
    said = ""
    try:
        fill(text, MOMENT)
    except ComposeError as error:
        said = str(error)
    assert said.isprintable()


def test_every_expression_that_people_are_told_of_is_one():
    for text in EXPRESSIONS:
        assert fill(text, MOMENT)
    for text in re.findall(r"\{[a-z0-9+:-]+\}", " ".join(EXPRESSIONS.values())):
        assert fill(text, MOMENT)
