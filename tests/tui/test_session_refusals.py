"""After a refusal: the number that puts it right, shown before it is set and logged on with."""

from __future__ import annotations

from conftest import until
from deed_pilot import MakeApp, asking, numbers, set_numbers, without_times
from session_peers import PATIENCE, cut, sent, wait

from purefix_core.session.states import State
from purefix_tui.session.actions import refusal_action
from purefix_tui.session.engine_thread import EngineThread

SMALL = (80, 24)


async def test_a_number_that_they_refuse_is_set_and_logged_on_with(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    await refused(active, venue, next_out=1, theirs=9)
    refusal = active.refusal
    assert refusal is not None
    assert (refusal.set_out, refusal.set_in) == (9, None)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(refusal))
        await asked.shows("MsgSeqNum 9", "will not be sent", "|35=A|34=9|")
        shown = asked.message
        await asked.done()
        await until(pilot, lambda: active.status.state is State.ACTIVE)
        assert without_times(sent(active)[-1]) == without_times(shown)


async def test_a_number_that_is_past_what_they_expect_stays(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    """As after orders in a burst, the first of which was refused: those from 9 on can still be asked for."""
    await refused(active, venue, next_out=1, theirs=9)
    set_numbers(active, next_out=12)
    assert active.refusal is not None
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(active.refusal))
        await asked.shows("By now next out is 12", "|35=A|34=12|")
        assert "will not be sent" not in asked.what
        await asked.done()
        await until(pilot, lambda: active.status.state is State.ACTIVE)
        await until(pilot, lambda: venue.status.next_in is not None and venue.status.next_in >= 13)


async def refused(client: EngineThread, venue: EngineThread, *, next_out: int, theirs: int) -> None:
    """Log on with a number that is lower than what the venue expects."""
    cut(client)
    wait(lambda: venue.status.state is State.DISCONNECTED, "the connection is gone")
    set_numbers(client, next_out=next_out)
    set_numbers(venue, next_in=theirs)
    client.connect().result(PATIENCE)
    wait(lambda: client.refusal and not client.status.is_connected, "the Logon is refused")


async def test_a_number_that_we_refuse_is_taken(make_app: MakeApp, active: EngineThread, venue: EngineThread) -> None:
    cut(active)
    wait(lambda: venue.status.state is State.DISCONNECTED, "the connection is gone")
    set_numbers(active, next_in=50)
    active.connect().result(PATIENCE)
    wait(lambda: active.refusal and not active.status.is_connected, "we refuse their Logon")
    refusal = active.refusal
    assert refusal is not None
    assert refusal.ours
    assert (refusal.set_out, refusal.set_in) == (None, 2)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(refusal))
        assert "Set next in to 2" in str(asked.dialog.query_one(".title").content)  # type: ignore[attr-defined]
        await asked.shows("expect", "|35=A|")
        await asked.done()
        await until(pilot, lambda: numbers(active)[1] != 50)
