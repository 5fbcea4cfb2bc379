"""A session with QuickFIX whose EndTime passes while it is up, and which begins again at StartTime."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.interop.peers import Peer, Sides

pytest.importorskip("quickfix")

_OPEN, _CLOSED = timedelta(seconds=6), timedelta(seconds=2)


def _logons(peer: Peer) -> list[tuple[str, str]]:
    """MsgSeqNum and SendingTime of each Logon, sent or received."""
    found = []
    for line in peer.messages():
        fields = dict(field.partition("=")[::2] for field in line[line.index("8=FIX") :].split("|"))
        if fields["35"] == "A":
            found.append((fields["34"], fields["52"]))
    return found


def _end_time_passes(sides: Sides, end: datetime, start: datetime) -> None:
    sides.start()
    sides.initiator.tell("send 1 20")
    sides.initiator.wait_for(20, "got 8")
    for peer in sides:
        peer.wait_for(1, "logout")
    assert datetime.now(UTC) >= end
    for peer in sides:
        peer.wait_for(2, "logon")
    sides.initiator.tell("send 101 20")
    sides.initiator.wait_for(40, "got 8")
    sides.stop()
    sides.assert_nothing_came_twice()
    logons = _logons(sides.ours)
    assert [number for number, _ in logons] == ["1"] * 4
    assert all(sent >= f"{start:%Y%m%d-%H:%M:%S}" for _, sent in logons[2:])


def test_end_time_passes(make: Callable[..., Sides]) -> None:
    """In both roles at once, since it mostly waits."""
    now = datetime.now(UTC).replace(microsecond=0)
    end, start = now + _OPEN, now + _OPEN + _CLOSED
    times = {"StartTime": f"{start:%H:%M:%S}", "EndTime": f"{end:%H:%M:%S}"}
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(_end_time_passes, make(ours, **times), end, start) for ours in ("acceptor", "initiator")]
    for run in runs:
        run.result()
