"""What the application sends: changed, refused or broken on its way; the echo, PossResend; events."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from purefix_core.session.application import (
    Application,
    DoNotSend,
    UnsupportedMessageType,
)
from purefix_core.session.events import ApplicationMessage, MessageReceived, StateChanged
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.states import State
from purefix_core.session.venue.echo import Echo
from purefix_core.wire.timestamps import NANOS
from tests.session.session_bench import FIX42, FIX44, FIX50SP2, VERSIONS, Bench, Version, stamp, value
from tests.session.session_lines import Raising, gap_fill, incoming_order, order, order_line

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def test_to_admin_changes_a_message() -> None:
    class Signing(Application):
        def to_admin(self, message: Any, session: Any) -> None:
            if message.msg_type == "A":
                message.Username = "me"
                message.Password = "secret"

    bench = Bench(FIX44, Signing(), initiator=True)
    bench.connect()
    (logon,) = bench.take()
    assert value(logon, 553) == "me"
    assert value(logon, 554) == "secret"
    assert value(logon, 34) == "1"
    stored = bench.store.get(1)
    assert b"secret" not in stored.encoded


def test_to_app_changes_a_message() -> None:
    class Tagging(Application):
        def to_app(self, message: Any, session: Any) -> None:
            message.Text = "changed"

    bench = Bench(FIX44, Tagging()).log_on()
    bench.session.send(order("A"), bench.now)
    (sent,) = bench.take()
    assert value(sent, 58) == "changed"
    assert value(sent, 11) == "A"
    assert bench.store.get(2).encoded == sent
    bench.now += 10**9
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=0|")
    (again,) = bench.take()
    assert (value(again, 58), value(again, 43), value(again, 34)) == ("changed", "Y", "2")
    assert value(again, 122) == value(sent, 52)


def test_to_app_cannot_spoil_the_number() -> None:
    """Whatever to_app does to a header, what is stored and what is sent agree."""

    class Spoiling(Application):
        def to_app(self, message: Any, session: Any) -> None:
            message.header.MsgSeqNum = 77

    bench = Bench(FIX44, Spoiling()).log_on()
    with contextlib.suppress(ValueError):
        bench.session.send(order("A"), bench.now)
    sent = bench.take()
    number = bench.numbers[0]
    stored = bench.store.get(number - 1)
    assert sent == [] or [stored.encoded] == sent


def test_do_not_send_a_typed_message() -> None:
    application = Raising("to_app", DoNotSend())
    bench = Bench(FIX44, application).log_on()
    assert bench.session.send(order("A"), bench.now) == 0
    bench.expect()
    assert bench.numbers[0] == 2


def test_send_inside_of_every_callback() -> None:
    class Chatty(Application):
        def from_app(self, message: Any, session: Any) -> None:
            session.send(order("from_app"))

        def on_logon(self, session: Any) -> None:
            session.send(order("on_logon"))

    bench = Bench(FIX44, Chatty())
    bench.connect()
    bench.receive(
        "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|",
        "35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|",
        order_line(2, "on_logon"),
    )
    bench.receive(incoming_order(FIX44, 2), order_line(3, "from_app"))


def test_send_of_a_typed_message() -> None:
    bench = Bench(FIX44).log_on()
    factory = bench.session.config.message_factory
    raw = bench.incoming(incoming_order(FIX44, 9, "ID"))
    message = factory.parse(raw)
    assert bench.session.send(message, bench.now) == 2
    (sent,) = bench.take()
    assert [value(sent, tag) for tag in (34, 49, 56, 11, 43, 122)] == ["2", "WE", "PEER", "ID", None, None]
    body = "11=ID|21=3|38=100|40=1|54=1|55=INTC|60="
    assert body in sent.replace(b"\x01", b"|").decode()


@pytest.mark.parametrize("msg_type", list("012345A"))
def test_session_messages_are_not_for_send(msg_type: str) -> None:
    bench = Bench(FIX44).log_on()
    with pytest.raises(ValueError, match="session message"):
        bench.session.send(FlatMessage(msg_type), bench.now)
    assert bench.numbers == (2, 2)


@ALL
def test_echo_sends_back(version: Version) -> None:
    """The body comes back by ascending tag, whatever order it came in; 43 and 122 are dropped, 97 and routing kept."""
    bench = Bench(version, Echo(ascending=True)).log_on()
    time = "" if version.is_old else "60=<TIME>|"
    handling = "" if version.is_fixt else "21=3|"
    quantity = "38=002000|" if version.is_old else "38=002000.00|"
    bench.feed(f"35=D|34=2|49=PEER|56=WE|97=N|115=JCD|52=<TIME>|40=1|55=MSFT|{time}54=1|{handling}{quantity}11=id|")
    (back,) = bench.take()
    wanted = f"35=D|34=2|49=WE|52=<TIME>|56=PEER|97=N|115=JCD|11=id|{handling}{quantity}40=1|54=1|55=MSFT|"
    if time:
        wanted += f"60={value(back, 60)}|"
    assert back == bench.outgoing(wanted)


@ALL
def test_poss_resend(version: Version) -> None:
    """19a, 19b"""
    bench = Bench(version, Echo(ascending=True)).log_on()
    bench.feed(incoming_order(version, 2, "A", "97=Y|"))
    (first,) = bench.take()
    assert (value(first, 11), value(first, 97)) == ("A", "Y")
    bench.receive(incoming_order(version, 3, "A", "97=Y|"))
    bench.feed(incoming_order(version, 4, "A"))
    assert len(bench.take()) == 1
    bench.is_alive(5, 4)
    bench.disconnect()
    bench.log_on(6, first=5)
    bench.feed(incoming_order(version, 7, "A", "97=Y|"))
    assert len(bench.take()) == 1


def test_events_of_a_message() -> None:
    bench = Bench(FIX44).log_on()
    bench.events.clear()
    line = incoming_order(FIX44, 2, "A")
    bench.feed(line)
    bench.take()
    received, application = bench.events
    assert received == MessageReceived(bench.now, bench.incoming(line))
    assert application == ApplicationMessage(bench.now, bench.incoming(line), "D", 2, False)


def test_refused_message_is_no_application_event() -> None:
    bench = Bench(FIX44, Raising("from_app", UnsupportedMessageType())).log_on()
    bench.feed(incoming_order(FIX44, 2))
    bench.take()
    assert not any(isinstance(each, ApplicationMessage) for each in bench.events)


def test_state_changes_are_told() -> None:
    bench = Bench(FIX44).log_on()
    bench.session.log_out("", bench.now)
    bench.take()
    bench.feed("35=5|34=2|49=PEER|52=<TIME>|56=WE|")
    bench.take()
    bench.session.disconnected(bench.now, "closed")
    bench.take()
    states = [each.new for each in bench.events if isinstance(each, StateChanged)]
    assert states == [
        State.CONNECTING,
        State.LOGON_RECEIVED,
        State.ACTIVE,
        State.LOGOUT_SENT,
        State.LOGOUT_RECEIVED,
        State.DISCONNECTED,
    ]


@pytest.mark.parametrize(
    "bad",
    [
        FlatMessage("D", [(11, b"a\x01b")]),
        FlatMessage("D", [(11, b"a\x0110=000\x01b")]),
        FlatMessage("D", [(10, b"123")]),
        FlatMessage("D\x0143=Y"),
        FlatMessage(""),
    ],
    ids=["no field", "two messages", "CheckSum", "MsgType", "no MsgType"],
)
def test_message_that_cannot_be_encoded_uses_no_number(bad: FlatMessage) -> None:
    bench = Bench(FIX44).log_on()
    with pytest.raises(ValueError, match=r"SOH|MsgType|CheckSum|field") as raised:
        bench.session.send(bad, bench.now)
    assert "\n" not in str(raised.value)
    bench.expect()
    assert bench.numbers == (2, 2)
    bench.is_alive(2, 2)


class Refusing(Application):
    """Wants neither an order nor the answer that says so."""

    def from_app(self, message: Any, session: Any) -> None:
        raise UnsupportedMessageType

    def to_app(self, message: Any, session: Any) -> None:
        raise DoNotSend


@ALL
def test_business_reject_that_the_application_does_not_want(version: Version) -> None:
    bench = Bench(version, Refusing()).log_on()
    bench.feed(incoming_order(version, 2))
    number = 3 if version.is_old else 2
    assert len(bench.take()) == number - 2
    bench.is_alive(3, number)


def test_application_that_breaks_in_a_resend() -> None:
    """What it cannot look at is not sent again as if it had agreed; the session goes on."""

    class Breaking(Application):
        def to_app(self, message: Any, session: Any) -> None:
            if message.get(43) == b"Y" and message.get(11) == b"B":
                raise RuntimeError("broken")

    bench = Bench(FIX44, Breaking()).log_on()
    for name in "ABC":
        bench.session.send(order(name), bench.now)
    bench.take()
    bench.feed("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=2|16=0|")
    sent = bench.take()
    assert [value(each, 34) for each in sent] == ["2", "3", "4"]
    bench.is_alive(3, 5)


@pytest.mark.parametrize("error", [RuntimeError("broken"), DoNotSend()], ids=repr)
def test_application_that_breaks_with_a_heartbeat(error: Exception) -> None:
    application = Raising("to_admin", None)
    bench = Bench(FIX44, application).log_on(heart_bt_int=10)
    application.error = error
    sent = bench.wait(10)
    assert [value(raw, 35) for _, raw in sent] == ["0"]
    assert bench.numbers[0] == 3


def test_wake_is_called_for_somebody_else_only() -> None:
    calls = []

    class Chatty(Application):
        def from_app(self, message: Any, session: Any) -> None:
            session.send(order("B"))

    bench = Bench(FIX44, Chatty())
    bench.session._wake = lambda: calls.append(1)
    bench.log_on()
    bench.feed(incoming_order(FIX44, 2))
    bench.take()
    assert calls == []
    bench.session.send(order("A"), bench.now)
    assert calls == [1]


@ALL
def test_order_of_a_number_that_was_sent_meanwhile(version: Version) -> None:
    """A reply to a held message gets its number when it is sent, not when the message came."""
    bench = Bench(version, Echo(ascending=True)).log_on()
    bench.feed(incoming_order(version, 3, "B"))
    (request,) = bench.take()
    assert value(request, 34) == "2"
    bench.feed(incoming_order(version, 2, "A"))
    assert [(value(each, 34), value(each, 11)) for each in bench.take()] == [("3", "A"), ("4", "B")]


def test_reject_of_the_peer_counts_and_is_said() -> None:
    """7"""
    bench = Bench(FIX44).log_on()
    bench.receive("35=3|34=2|49=PEER|52=<TIME>|56=WE|45=1|58=no|")
    assert any("no" in each for each in bench.warnings)
    bench.is_alive(3, 2)


@pytest.mark.parametrize("version", [FIX42, FIX50SP2], ids=lambda version: version.name)
def test_handler_of_ones_own(version: Version) -> None:
    """An application may register a handler for a MsgType."""
    seen = []

    class Own:
        def __init__(self, session: Any) -> None:
            self.session = session

        def handle(self, message: Any) -> None:
            seen.append(message.msg_type)
            self.session.sequence.count(message)

    bench = Bench(version)
    bench.session.processor.register_handler("D", Own(bench.session))
    bench.log_on()
    bench.receive(incoming_order(version, 2))
    assert seen == ["D"]
    bench.is_alive(3, 2)


def test_gap_fill_of_what_the_application_changed_its_mind_about() -> None:
    bench = Bench(FIX44).log_on()
    bench.receive("35=2|34=2|49=PEER|52=<TIME>|56=WE|7=1|16=0|", gap_fill(1, 2))


def test_sending_time_is_that_of_sending_where_there_is_a_clock() -> None:
    """An application may take its time before it answers."""
    bench = Bench(FIX44, Echo()).log_on()
    bench.session._clock = lambda: bench.now + 2 * NANOS
    bench.feed(incoming_order(FIX44, 2))
    (answer,) = bench.take()
    assert value(answer, 52) == stamp(bench.now + 2 * NANOS, 3)
