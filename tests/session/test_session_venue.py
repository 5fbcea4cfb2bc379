"""The applications of `purefix acceptor`: the simulated venue and the echo."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.registry.dialects import Dialects
from purefix_core.session.application import FieldNotFound, IncorrectTagValue, UnsupportedMessageType
from purefix_core.session.incoming import IncomingReader
from purefix_core.session.outgoing import ADDED, FlatMessage, encoded, flat
from purefix_core.session.settings import SessionId, Validation
from purefix_core.session.validation import Validator
from purefix_core.session.venue.echo import Echo, ascending
from purefix_core.session.venue.orders import FILLED, Order, OrderBook
from purefix_core.session.venue.simulator import Simulator
from purefix_core.types.message import Message
from purefix_core.wire.timestamps import parse_utc_timestamp

DIALECTS = Dialects.standard()
VERSIONS = ["FIX40", "FIX41", "FIX42", "FIX43", "FIX44", "FIX50", "FIX50SP1", "FIX50SP2"]
NOW = parse_utc_timestamp(b"20260105-09:30:00.123456")
Fields = dict[int, str]


class Session:
    """What an application needs of a session: it collects what is sent."""

    def __init__(self, dialect: str, peer: str = "CLIENT") -> None:
        self.definitions = DIALECTS.load_definitions(dialect)
        self.config = SimpleNamespace(definitions=self.definitions)
        begin_string = "FIXT.1.1" if dialect.startswith("FIX5") else self.definitions.version
        self.session_id = SessionId(begin_string, "VENUE", peer)
        self.sender_default_appl_ver_id = ""
        self._factory = DIALECTS.create_message_factory(dialect)
        self._validator = Validator(self.definitions, Validation())
        self.sent: list[FlatMessage] = []

    def send(self, sent: FlatMessage | Message) -> int:
        """Takes nothing that the peer would reject."""
        known = self.definitions
        message = sent
        if not isinstance(sent, FlatMessage):
            message = flat(sent.to_bytes(), known.header_tags, known.trailer_tags, known.data_tags, ADDED)
        ends = {34: b"1", 49: b"VENUE", 52: b"20260105-09:30:00", 56: b"CLIENT"}
        raw = encoded(self.session_id.begin_string.encode(), message, ends)
        problem = self._validator.check(IncomingReader(self.definitions.data_tags).parse(raw))
        assert problem is None, (problem, raw)
        self.sent.append(message)
        return len(self.sent)

    def typed(self, msg_type: str, body: Iterable[tuple[int, str]], header: Fields) -> Any:
        message = FlatMessage(
            msg_type,
            [(tag, value.encode()) for tag, value in body],
            [(tag, value.encode()) for tag, value in header.items()],
        )
        return self._factory.parse(encoded(self.session_id.begin_string.encode(), message, {}))


class Venue:
    """A simulator with one session on it."""

    def __init__(self, dialect: str = "FIX44", **more: Any) -> None:
        self.session = Session(dialect)
        self.simulator = Simulator(clock=lambda: NOW, **more)

    def ask(self, msg_type: str, body: Fields | list[tuple[int, str]], header: Fields | None = None) -> list[Fields]:
        """The answers to a message; 35 is among their fields."""
        before = len(self.session.sent)
        fields = body.items() if isinstance(body, dict) else body
        self.simulator.from_app(self.session.typed(msg_type, fields, header or {}), self.session)  # type: ignore[arg-type]
        return [
            {35: each.msg_type, **{tag: value.decode() for tag, value in each.body}}
            for each in self.session.sent[before:]
        ]

    def order(self, cl_ord_id: str, header: Fields | None = None, **changed: str) -> list[Fields]:
        """Orders to buy 100 at 10.5; `t38="1"` gives another quantity."""
        return self.ask("D", order(cl_ord_id, **changed), header)


def order(cl_ord_id: str, **changed: str) -> Fields:
    fields = {11: cl_ord_id, 21: "1", 55: "IBM", 54: "1", 38: "100", 40: "2", 44: "10.5"}
    return fields | {int(tag[1:]): value for tag, value in changed.items()}


def told(reports: list[Fields], *tags: int) -> list[tuple[str, ...]]:
    return [tuple(report.get(tag, "") for tag in tags) for report in reports]


# -- the venue, in every version -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", VERSIONS)
def test_a_limit_order_is_acknowledged_and_filled_at_its_price(dialect: str) -> None:
    reports = Venue(dialect).order("A1")
    assert told(reports, 35, 11, 39, 14, 6, 38, 44) == [
        ("8", "A1", "0", "0", "0", "100", "10.5"),
        ("8", "A1", "2", "100", "10.5", "100", "10.5"),
    ]
    assert told(reports[1:], 32, 31) == [("100", "10.5")]
    kinds = {"FIX40": ["", ""], "FIX41": ["0", "2"], "FIX42": ["0", "2"]}.get(dialect, ["0", "F"])
    assert [report.get(150, "") for report in reports] == kinds
    assert [20 in report for report in reports] == [dialect in ("FIX40", "FIX41", "FIX42")] * 2
    assert len({report[17] for report in reports}) == 2
    assert reports[0][37] == reports[1][37]
    if dialect != "FIX40":
        assert told(reports, 151) == [("100",), ("0",)]
    digits = "" if dialect in ("FIX40", "FIX41") else ".123"
    assert reports[0].get(60, "") in ("", f"20260105-09:30:00{digits}")


@pytest.mark.parametrize("dialect", VERSIONS)
def test_a_resting_order_is_replaced_and_cancelled(dialect: str) -> None:
    venue = Venue(dialect)
    stop = {"t40": "3", "t99": "12"}
    (new,) = venue.order("A1", **stop)
    assert new[39] == "0"
    (replaced,) = venue.ask("G", {41: "A1", **order("A2", **stop, t38="70")})
    assert (replaced[11], replaced[38], replaced[37]) == ("A2", "70", new[37])
    assert replaced[39] == ("5" if dialect in ("FIX40", "FIX41", "FIX42") else "0")
    assert replaced.get(41, "A1") == "A1"
    request = {11: "A3", 41: "A2", 55: "IBM", 54: "1", 38: "70", 125: "F"}
    (cancelled,) = venue.ask("F", request)
    assert (cancelled[35], cancelled[11], cancelled[39]) == ("8", "A3", "4")
    assert cancelled.get(151, "0") == "0"
    (refused,) = venue.ask("F", {**request, 11: "A4"})
    assert (refused[35], refused[11], refused[102]) == ("9", "A4", "0")


@pytest.mark.parametrize("dialect", VERSIONS)
def test_an_unknown_order_is_not_cancelled(dialect: str) -> None:
    venue = Venue(dialect)
    (of_cancel,) = venue.ask("F", {11: "A2", 41: "A1", 55: "IBM", 54: "1", 38: "100", 125: "F"})
    (of_replace,) = venue.ask("G", {41: "A1", **order("A3")})
    for refused, response_to in ((of_cancel, "1"), (of_replace, "2")):
        assert (refused[35], refused[37], refused[102]) == ("9", "NONE", "1")
        assert refused.get(434, response_to) == response_to
        assert refused.get(39, "8") == "8"


@pytest.mark.parametrize("dialect", VERSIONS)
def test_status_of_orders(dialect: str) -> None:
    venue = Venue(dialect)
    (_, filled) = venue.order("A1")
    (status,) = venue.ask("H", {37: "*", 11: "A1", 55: "IBM", 54: "1"})
    assert (status[37], status[39], status[14]) == (filled[37], "2", "100")
    assert status.get(20, "3") == "3"
    (unknown,) = venue.ask("H", {37: "*", 11: "A9", 55: "IBM", 54: "1"})
    assert (unknown[37], unknown[39], unknown[58]) == ("NONE", "8", "there is no order with this ClOrdID")


@pytest.mark.parametrize("dialect", [name for name in VERSIONS if name not in ("FIX40", "FIX41")])
def test_market_data_fits_what_market_orders_pay(dialect: str) -> None:
    venue = Venue(dialect)
    ask = [(262, "R1"), (263, "0"), (264, "1"), (267, "3"), (269, "0"), (269, "1"), (269, "2")]
    venue.ask("V", [*ask, (146, "2"), (55, "IBM"), (55, "MSFT")])
    first, second = venue.session.sent
    assert [first.msg_type, dict(first.body)[55], dict(second.body)[55]] == ["W", b"IBM", b"MSFT"]
    prices = [value.decode() for tag, value in first.body if tag == 270]
    bid, offer, last = (float(price) for price in prices)
    assert bid < last < offer
    bought, sold = (venue.order(f"A{side}", t40="1", t54=side)[1] for side in "12")
    assert (bought[31], sold[31]) == (prices[1].rstrip("0"), prices[0].rstrip("0"))


@pytest.mark.parametrize(
    ("kinds", "symbols", "reason"),
    [("0", [], "0"), ("4", ["IBM"], "8"), ("0", [f"S{number}" for number in range(101)], "2")],
)
def test_market_data_that_there_is_not(kinds: str, symbols: list[str], reason: str) -> None:
    ask = [(262, "R1"), (263, "1"), (264, "0"), (267, "1"), (269, kinds), (146, str(len(symbols)))]
    (refused,) = Venue().ask("V", [*ask, *((55, symbol) for symbol in symbols)])
    assert (refused[35], refused[262], refused[281]) == ("Y", "R1", reason)


def test_the_end_of_a_subscription_is_not_answered() -> None:
    ask = [(262, "R1"), (263, "2"), (264, "0"), (267, "1"), (269, "0"), (146, "1"), (55, "IBM")]
    assert Venue().ask("V", ask) == []


# -- the venue, one thing at a time --------------------------------------------------------------------------------


def test_a_large_order_is_filled_in_two_parts() -> None:
    reports = Venue().order("A1", t38="2501")
    assert told(reports, 39, 32, 14, 151) == [
        ("0", "", "0", "2501"),
        ("1", "1250", "1250", "1251"),
        ("2", "1251", "2501", "0"),
    ]


def test_an_order_that_takes_no_part_rests_until_it_is_replaced() -> None:
    venue = Venue()
    assert told(venue.order("A1", t18="G 6"), 39) == [("0",)]
    reports = venue.ask("G", {41: "A1", **order("A2", t44="9.25")})
    assert told(reports, 150, 39, 11, 31) == [("5", "0", "A2", ""), ("F", "2", "A2", "9.25")]


def test_an_order_id_is_taken_once() -> None:
    venue = Venue()
    venue.order("A1")
    (refused,) = venue.order("A1")
    assert (refused[39], refused[150], refused[103]) == ("8", "8", "6")
    venue.order("A2", t40="3", t99="11")
    (refused,) = venue.ask("G", {41: "A2", **order("A1")})
    assert (refused[35], refused[39]) == ("9", "0")


@pytest.mark.parametrize("flag", [43, 97])
def test_an_order_that_is_sent_once_more_is_told_its_status(flag: int) -> None:
    venue = Venue()
    venue.order("A1")
    assert told(venue.order("A1", {flag: "Y"}), 150, 39) == [("I", "2")]
    assert told(venue.order("A2", {flag: "Y"}), 150, 39) == [("0", "0"), ("F", "2")]


def test_orders_of_another_session_are_not_found() -> None:
    venue = Venue()
    venue.order("A1", t40="3", t99="11")
    venue.session.session_id = SessionId("FIX.4.4", "VENUE", "OTHER")
    (refused,) = venue.ask("F", {11: "A2", 41: "A1", 55: "IBM", 54: "1"})
    assert refused[102] == "1"


@pytest.mark.parametrize(
    ("changed", "error", "tag"),
    [
        ({"t38": "0"}, IncorrectTagValue, 38),
        ({"t38": "-1"}, IncorrectTagValue, 38),
        ({"t38": "9" * 500}, IncorrectTagValue, 38),
        ({"t38": "1e3"}, IncorrectTagValue, 38),
        ({"t44": "x"}, IncorrectTagValue, 44),
        ({"t55": "S" * 65}, IncorrectTagValue, 55),
        ({"t11": "1" * 65}, IncorrectTagValue, 11),
    ],
)
def test_orders_that_cannot_be_taken(changed: dict[str, str], error: type[IncorrectTagValue], tag: int) -> None:
    with pytest.raises(error) as raised:
        Venue().order("A1", **changed)
    assert raised.value.tag == tag


@pytest.mark.parametrize("missing", [38, 44])
def test_orders_without_quantity_or_price(missing: int) -> None:
    fields = order("A1")
    del fields[missing]
    with pytest.raises(FieldNotFound) as raised:
        Venue().ask("D", fields)
    assert raised.value.tag == missing


def test_other_messages_are_not_supported() -> None:
    for msg_type in ("B", "E", "8"):
        with pytest.raises(UnsupportedMessageType):
            Venue().ask(msg_type, {})


def test_only_so_many_orders_are_kept() -> None:
    venue = Venue(most_orders=3)
    for number in range(10):
        venue.order(f"A{number}")
    assert venue.ask("H", {11: "A6", 55: "IBM", 54: "1"})[0][37] == "NONE"
    assert venue.ask("H", {11: "A7", 55: "IBM", 54: "1"})[0][39] == "2"
    for number in range(3):
        assert told(venue.order(f"S{number}", t40="3", t99="9"), 39) == [("0",)]
    (refused,) = venue.order("S3", t40="3", t99="9")
    assert (refused[39], refused[58]) == ("8", "too many orders are open")


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=30))
def test_the_book_forgets_closed_orders_before_open_ones(steps: list[tuple[str, bool]]) -> None:
    book = OrderBook(3)
    open_ones: dict[str, Order] = {}
    for name, is_open in steps:
        made = Order(name.encode(), name.encode(), {}, FULL)
        if is_open and book.is_full and name not in open_ones:
            continue
        open_ones.pop(name, None)
        if is_open:
            open_ones[name] = made
        else:
            made.status = FILLED
        book.keep(("S", name.encode()), made)
        assert len(book) <= 3
        assert all(book.find(("S", each.encode())) is kept for each, kept in open_ones.items())


FULL = Decimal(1)


# -- the echo ------------------------------------------------------------------------------------------------------


def echoed(
    echo: Echo, session: Session, msg_type: str, body: list[tuple[int, str]], header: Fields
) -> list[FlatMessage]:
    before = len(session.sent)
    echo.from_app(session.typed(msg_type, body, header), session)  # type: ignore[arg-type]
    return session.sent[before:]


BODY = [(11, "A1"), (55, "IBM"), (40, "1"), (21, "3"), (38, "002000.00"), (54, "1"), (60, "20260105-09:30:00")]
ENDS = {34: "2", 49: "CLIENT", 52: "20260105-09:30:00", 56: "VENUE"}


def test_an_order_comes_back_without_what_the_session_writes() -> None:
    session = Session("FIX44")
    header = {**ENDS, 43: "Y", 97: "Y", 122: "20260105-09:30:00", 115: "DESK"}
    (back,) = echoed(Echo(), session, "D", BODY, header)
    assert back.msg_type == "D"
    assert [(tag, value.decode()) for tag, value in back.body] == BODY
    assert sorted(back.header) == [(97, b"Y"), (115, b"DESK")]
    (back,) = echoed(Echo(ascending=True), session, "D", BODY, ENDS)
    assert [tag for tag, _ in back.body] == [11, 21, 38, 40, 54, 55, 60]


def test_groups_and_data_stay_together_when_sorted() -> None:
    level = {11, 55, 354, 355, 453}
    body = [(55, b"IBM"), (453, b"2"), (448, b"P"), (447, b"D"), (448, b"Q"), (355, b"x"), (11, b"A")]
    body.insert(5, (354, b"1"))
    assert [tag for tag, _ in ascending(body, level, {355: 354})] == [11, 55, 354, 355, 453, 448, 447, 448]


def test_an_order_is_ignored_that_may_have_been_sent_and_was() -> None:
    session, echo = Session("FIX44"), Echo()
    again = {**ENDS, 97: "Y"}
    assert len(echoed(echo, session, "D", BODY, again)) == 1
    assert echoed(echo, session, "D", BODY, again) == []
    assert len(echoed(echo, session, "D", BODY, ENDS)) == 1
    echo.on_logout(session)  # type: ignore[arg-type]
    assert len(echoed(echo, session, "D", BODY, again)) == 1


@pytest.mark.parametrize(("dialect", "msg_type"), [("FIX44", "B"), ("FIX50SP2", "8"), ("FIX40", "d"), ("FIX41", "d")])
def test_what_the_echo_does_not_support(dialect: str, msg_type: str) -> None:
    with pytest.raises(UnsupportedMessageType):
        echoed(Echo(), Session(dialect), msg_type, [], ENDS)


def test_a_security_definition_comes_back() -> None:
    body = [(320, "R"), (322, "S"), (323, "1")]
    (back,) = echoed(Echo(), Session("FIX44"), "d", body, ENDS)
    assert [(tag, value.decode()) for tag, value in back.body] == body


def test_the_version_of_the_peers_logon_is_adopted() -> None:
    session = Session("FIX50SP2")
    logon = session.typed("A", [(98, "0"), (108, "30"), (1137, "7")], ENDS)
    Echo().from_admin(logon, session)  # type: ignore[arg-type]
    assert session.sender_default_appl_ver_id == "7"
