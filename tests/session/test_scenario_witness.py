"""What a scenario keeps of what was received."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.session.events import Event, MessageReceived, Note
from purefix_core.session.manual import DROPPED_INCOMING
from purefix_core.session.scenario import witness as module
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.scenario.witness import Witness


async def test_a_dropped_message_that_found_no_room_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_RECEIVED", 2)
    messages = [b"8=FIX.4.4\x0135=0\x0134=%d\x01" % number for number in range(4)]

    async def events() -> AsyncIterator[tuple[None, Event]]:
        for raw in messages:
            yield None, MessageReceived(0, raw)
        yield None, Note(0, DROPPED_INCOMING)

    listener: Any = events()
    witness = Witness(Reader(standard("FIX44")))
    await witness.watch(listener)
    assert list(witness.received) == messages[:2]
    assert witness.lost == 1
