"""What tests of deeds share: a session, a deed made for it, and what comes out where it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from purefix_core.session.by_hand import Deed
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.settings import NetworkSettings
from tests.session.session_bench import FIX44, Bench, Version

NETWORK = NetworkSettings(hosts=(("venue.example", 9876), ("10.0.0.7", 9877)), accept_port=9876)


def bench_of(version: Version = FIX44, *, initiator: bool = True, **settings: Any) -> Bench:
    return Bench(version, initiator=initiator, network=NETWORK, **settings)


def deed(bench: Bench, function: Callable[..., Deed], *values: Any, **named: Any) -> Deed:
    return function(bench.session, bench.now, *values, **named)


def do(bench: Bench, what: Deed) -> list[bytes]:
    what.perform(bench.session, bench.now, "tester")
    return bench.take()


def does_as_said(bench: Bench, what: Deed) -> bytes:
    """Exactly the message that was shown goes out."""
    assert what.message is not None
    assert do(bench, what) == [what.message]
    return what.message


def said(what: Deed) -> str:
    for each in (*what.lines, *what.warnings):
        assert each[0].isupper() or each[0].isdigit()
        assert each.endswith(".")
    return " ".join((*what.lines, *what.warnings))


def order(*header: tuple[int, bytes], msg_type: str = "D") -> FlatMessage:
    return FlatMessage(msg_type, [(11, b"1"), (55, b"IBM")], list(header))
