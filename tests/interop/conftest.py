"""Pairs of peers, which end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.interop.peers import Peer, Sides, free_port


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Sides]]:
    """Makes the two sides of a session, one of each role that we have (`ours`). `more` are settings of both."""
    made: list[Peer] = []

    def make(ours: str, version: str = "FIX.4.4", **more: object) -> Sides:
        port = free_port()
        sides = {}
        for role in ("acceptor", "initiator"):
            engine = "purefix" if role == ours else "quickfix"
            sides[role] = Peer(engine, role, tmp_path / f"{ours}.{role}", port, version, **more)
            made.append(sides[role])
        return Sides(**sides)

    yield make
    for peer in made:
        peer.kill()
