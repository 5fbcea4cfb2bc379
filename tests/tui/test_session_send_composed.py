"""A message that was composed: what is shown is what the peer gets, however long or changing it is."""

from __future__ import annotations

import pytest
from conftest import until
from deed_pilot import MakeApp, asking, numbers, without_times
from session_peers import order, received

from purefix_core.session.outgoing import FlatMessage
from purefix_tui.session import deed_dialog
from purefix_tui.session.actions import send_action
from purefix_tui.session.engine_thread import EngineThread

SMALL = (80, 24)


@pytest.mark.parametrize(
    ("own", "store", "next_out", "words"),
    [
        (None, None, 3, "as MsgSeqNum 2, and stores it"),
        (b"7", None, 2, "neither counted nor stored"),
        (b"7", False, 2, "neither counted nor stored"),
        (b"7", True, 8, "Our next MsgSeqNum is then 8"),
    ],
)
async def test_a_message_is_sent_as_shown(
    make_app: MakeApp,
    active: EngineThread,
    venue: EngineThread,
    own: bytes | None,
    store: bool | None,
    next_out: int,
    words: str,
) -> None:
    header = [] if own is None else [(34, own)]

    def message(seq: int, now: int) -> FlatMessage:
        return FlatMessage("D", [*order("A1").body, (58, b"sent as %d" % seq)], header)

    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, send_action("Send NewOrderSingle", message, store))
        await asked.shows("NewOrderSingle (D)", words, "|58=sent as 2|")
        shown = asked.message
        await asked.done()
        await until(pilot, lambda: len(received(venue)) >= 2)
        assert without_times(received(venue)[1]) == without_times(shown)
        assert numbers(active)[0] == next_out


async def test_a_message_that_has_the_time_in_it_is_not_taken_for_another_one(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    def message(seq: int, now: int) -> FlatMessage:
        return FlatMessage("D", [*order("A1").body, (58, b"%d at %d" % (seq, now))])

    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, send_action("Send NewOrderSingle", message))
        await asked.done()
        await until(pilot, lambda: len(received(venue)) == 2)


async def test_a_long_message_can_be_read_to_its_end(make_app: MakeApp, active: EngineThread) -> None:
    def message(seq: int, now: int) -> FlatMessage:
        return FlatMessage("D", [*order("A1").body, (58, b"word " * 200)])

    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, send_action("Send NewOrderSingle", message))
        text = asked.dialog.query_one(deed_dialog.DeedText)
        await pilot.press("tab")
        assert pilot.app.focused is text
        await pilot.press("end")
        await until(pilot, lambda: text.scroll_y == text.max_scroll_y > 0)
