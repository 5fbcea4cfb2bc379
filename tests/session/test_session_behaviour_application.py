"""What the application is told, and what it may refuse or change; BusinessMessageReject, PossResend."""

from __future__ import annotations

import pytest

from purefix_core.session.application import (
    FieldNotFound,
    IncorrectDataFormat,
    IncorrectTagValue,
    RejectLogon,
    UnsupportedMessageType,
)
from purefix_core.session.venue.echo import Echo
from tests.session.session_bench import FIX40, FIX44, VERSIONS, Bench, Version
from tests.session.session_lines import Raising, incoming_order, order

ALL = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def unsupported(version: Version, number: int, ref: int, ref_type: str) -> str:
    """2r"""
    if version.is_old:
        return f"35=3|34={number}|49=WE|52=<TIME>|56=PEER|45={ref}|58=Unsupported message type|"
    return (
        f"35=j|34={number}|49=WE|52=<TIME>|56=PEER|45={ref}|58=Unsupported Message Type|372={ref_type}|380=3|"
        f"{version.logon_end}"
    )


@ALL
def test_calls_of_a_whole_session(version: Version) -> None:
    application = Raising("", None)
    bench = Bench(version, application).log_on()
    bench.feed(incoming_order(version, 2))
    bench.session.send(order("A"), bench.now)
    bench.take()
    bench.feed("35=5|34=3|49=PEER|52=<TIME>|56=WE|")
    bench.take()
    bench.disconnect()
    assert application.calls == [
        "on_create",
        "from_admin A",
        "to_admin A",
        "on_logon",
        "from_app D",
        "to_app D",
        "from_admin 5",
        "to_admin 5",
        "on_logout",
    ]


def test_on_logout_once_without_a_logout() -> None:
    application = Raising("", None)
    bench = Bench(FIX44, application).log_on()
    bench.disconnect()
    assert application.calls.count("on_logout") == 1
    bench.connect()
    bench.disconnect()
    assert application.calls.count("on_logout") == 1


@ALL
def test_unsupported_message_type(version: Version) -> None:
    bench = Bench(version, Raising("from_app", UnsupportedMessageType())).log_on()
    bench.receive(incoming_order(version, 2), unsupported(version, 2, 2, "D"))
    bench.is_alive(3, 3)


@ALL
def test_echo_refuses_what_it_does_not_know(version: Version) -> None:
    """2r, with a News (B), which every version has."""
    headline = "" if version == FIX40 else "148=headline|"
    bench = Bench(version, Echo(ascending=True)).log_on()
    bench.receive(f"35=B|34=2|49=PEER|52=<TIME>|56=WE|{headline}33=1|58=line|", unsupported(version, 2, 2, "B"))
    bench.is_alive(3, 3)


@ALL
def test_field_not_found(version: Version) -> None:
    bench = Bench(version, Raising("from_app", FieldNotFound(55))).log_on()
    bench.feed(incoming_order(version, 2))
    (answer,) = bench.take()
    if version.is_old:
        assert answer == bench.outgoing(version.reject(2, 2, "D", 1, "Required tag missing", 55))
    else:
        text = "58=Conditionally Required Field Missing (55)"
        line = f"35=j|34=2|49=WE|52=<TIME>|56=PEER|45=2|{text}|372=D|380=5|{version.logon_end}"
        assert answer == bench.outgoing(line)
    bench.is_alive(3, 3)


@ALL
@pytest.mark.parametrize(
    ("error", "reason", "text"),
    [
        (IncorrectTagValue(54), 5, "Value is incorrect (out of range) for this tag"),
        (IncorrectDataFormat(54), 6, "Incorrect data format for value"),
    ],
    ids=["value", "format"],
)
def test_bad_field_of_an_order(version: Version, error: Exception, reason: int, text: str) -> None:
    bench = Bench(version, Raising("from_app", error)).log_on()
    bench.receive(incoming_order(version, 2), version.reject(2, 2, "D", reason, text, 54))
    bench.is_alive(3, 3)


@ALL
@pytest.mark.parametrize(
    ("error", "reason", "text"),
    [
        (FieldNotFound(112), 1, "Required tag missing"),
        (IncorrectTagValue(112), 5, "Value is incorrect (out of range) for this tag"),
        (IncorrectDataFormat(112), 6, "Incorrect data format for value"),
    ],
    ids=["missing", "value", "format"],
)
def test_bad_field_of_a_session_message(version: Version, error: Exception, reason: int, text: str) -> None:
    bench = Bench(version, Raising("from_admin", error, "1")).log_on()
    line = "35=1|34=2|49=PEER|52=<TIME>|56=WE|112=X|"
    bench.receive(line, version.reject(2, 2, "1", reason, text, 112))
    assert bench.numbers == (3, 3)
    assert bench.session.is_logged_on


@ALL
def test_logon_that_the_application_refuses(version: Version) -> None:
    application = Raising("from_admin", RejectLogon("wrong password"), "A")
    bench = Bench(version, application)
    bench.connect()
    bench.receive(
        f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}",
        "35=5|34=1|49=WE|52=<TIME>|56=PEER|58=wrong password|",
        closes=True,
    )
    bench.disconnect()
    assert "on_logon" not in application.calls
    assert "on_logout" not in application.calls
    application.error = None
    assert bench.numbers[0] == 2
    bench.log_on(bench.numbers[1], first=2)


@ALL
def test_logon_that_is_refused_when_it_is_complete(version: Version) -> None:
    bench = Bench(version, Raising("on_logon", RejectLogon("not today")))
    bench.connect()
    bench.receive(
        f"35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|{version.logon_end}",
        f"35=A|34=1|49=WE|52=<TIME>|56=PEER|98=0|108=30|{version.logon_end}",
        "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=not today|",
        closes=True,
    )


def test_answer_that_the_application_of_the_initiator_refuses() -> None:
    bench = Bench(FIX44, Raising("from_admin", RejectLogon("no"), "A"), initiator=True)
    bench.connect()
    bench.take()
    bench.receive(
        "35=A|34=1|49=PEER|52=<TIME>|56=WE|98=0|108=30|", "35=5|34=2|49=WE|52=<TIME>|56=PEER|58=no|", closes=True
    )


@pytest.mark.parametrize("callback", ["from_app", "from_admin", "on_logon", "on_logout", "to_app", "to_admin"])
@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyError("x"), ValueError("y"), RecursionError()], ids=repr)
def test_broken_application_does_not_break_the_session(callback: str, error: Exception) -> None:
    """It is said in the event log; the session goes on, and the message counts."""
    application = Raising(callback, None)
    bench = Bench(FIX44, application)
    application.error = error
    bench.log_on()
    bench.feed(incoming_order(FIX44, 2))
    bench.take()
    if callback != "to_app":
        bench.session.send(order("A"), bench.now)
    else:
        try:
            bench.session.send(order("A"), bench.now)
        except type(error):
            pass
    bench.take()
    number = bench.numbers[0]
    bench.is_alive(3, number)
    bench.disconnect()
    assert any("application" in note and type(error).__name__ in note for note in bench.notes) or callback == "to_app"
