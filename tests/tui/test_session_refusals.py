"""After a refusal: the number that puts it right, shown before it is set and logged on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import until
from deed_pilot import MakeApp, asking, numbers, set_numbers, without_times
from session_peers import PATIENCE, acceptor_file, client_of, cut, port_of, sent, wait
from session_tab_pilot import act, header, opened, session_app
from textual.widgets import Button, Static

from purefix_core.session.states import State
from purefix_tui.session.actions import refusal_action
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.refusal_bar import RefusalBar

SMALL = (80, 24)


async def test_a_number_that_they_refuse_is_set_and_logged_on_with(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    refused(active, venue, by=active, next_out=1, theirs=9)
    refusal = active.refusal
    assert refusal is not None
    assert (refusal.set_out, refusal.set_in) == (9, None)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(refusal, active.config.settings))
        await asked.shows("MsgSeqNum 9", "will not be sent", "|35=A|34=9|")
        shown = asked.message
        await asked.done()
        await until(pilot, lambda: active.status.state is State.ACTIVE)
        assert without_times(sent(active)[-1]) == without_times(shown)


async def test_a_number_that_is_past_what_they_expect_stays(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    """As after orders in a burst, the first of which was refused: those from 9 on can still be asked for."""
    refused(active, venue, by=active, next_out=1, theirs=9)
    set_numbers(active, next_out=12)
    assert active.refusal is not None
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(active.refusal, active.config.settings))
        await asked.shows("By now next out is 12", "|35=A|34=12|")
        assert "will not be sent" not in asked.what
        await asked.done()
        await until(pilot, lambda: active.status.state is State.ACTIVE)
        await until(pilot, lambda: venue.status.next_in is not None and venue.status.next_in >= 13)


def refused(
    active: EngineThread,
    venue: EngineThread,
    by: EngineThread,
    *,
    next_out: int | None = None,
    next_in: int | None = None,
    theirs: int | None = None,
) -> None:
    """Log on once more with other numbers, which `by` refuses. `theirs`: what the venue expects then."""
    cut(active)
    wait(lambda: venue.status.state is State.DISCONNECTED, "the connection is gone")
    set_numbers(active, next_out=next_out, next_in=next_in)
    if theirs is not None:
        set_numbers(venue, next_in=theirs)
    active.connect().result(PATIENCE)
    wait(lambda: by.refusal and not by.status.is_connected, "that is refused")


async def test_a_number_that_we_refuse_is_taken(make_app: MakeApp, active: EngineThread, venue: EngineThread) -> None:
    refused(active, venue, by=active, next_in=50)
    refusal = active.refusal
    assert refusal is not None
    assert refusal.ours
    assert (refusal.set_out, refusal.set_in) == (None, 2)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, refusal_action(refusal, active.config.settings))
        assert "Set next in to 2" in str(asked.dialog.query_one(".title").content)  # type: ignore[attr-defined]
        await asked.shows("expect", "|35=A|")
        await asked.done()
        await until(pilot, lambda: numbers(active)[1] != 50)


# Of an acceptor, which sends no Logon first.


@pytest.mark.parametrize("listens", [True, False])
async def test_an_acceptor_takes_the_number_and_waits(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, listens: bool
) -> None:
    refused(active, venue, by=venue, next_out=1)
    if not listens:
        assert venue.give_up().result(PATIENCE)
    refusal = venue.refusal
    assert refusal is not None
    assert (refusal.set_out, refusal.set_in) == (None, 1)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, venue, refusal_action(refusal, venue.config.settings))
        title = str(asked.dialog.query_one(".title").content)  # type: ignore[attr-defined]
        assert title == "Set next in to 1, and wait for CLIENT to log on"
        await asked.shows("expect next is 1 instead of 2", "Listens on 127.0.0.1", "A Logon of CLIENT is answered")
        assert not asked.message
        await asked.done()
        assert numbers(venue)[1] == 1
        await until(pilot, lambda: venue.status.listening is not None)
        if listens:
            active.connect().result(PATIENCE)
            await until(pilot, lambda: active.status.state is State.ACTIVE)


async def test_an_answer_of_an_acceptor_that_is_refused(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    refused(active, venue, by=venue, next_in=50)
    refusal, next_out = venue.refusal, numbers(venue)[0]
    assert refusal is not None
    assert refusal.received is not None
    assert next_out is not None
    assert (refusal.set_out, refusal.set_in) == (50, None)
    assert next_out > refusal.received  # the number of the answer is used
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, venue, refusal_action(refusal, venue.config.settings))
        title = str(asked.dialog.query_one(".title").content)  # type: ignore[attr-defined]
        assert title == "Set next out to 50, and wait for CLIENT to log on"
        await asked.shows(f"messages {next_out} to 49 will not be sent", f"is 50 instead of {next_out}", "Listens on")
        await asked.done()
        assert numbers(venue)[0] == 50
        active.connect().result(PATIENCE)
        await until(pilot, lambda: active.status.state is State.ACTIVE)


async def test_the_number_of_an_acceptor_never_goes_back(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    refused(active, venue, by=venue, next_in=50)
    set_numbers(venue, next_out=60)
    assert venue.refusal is not None
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, venue, refusal_action(venue.refusal, venue.config.settings))
        await asked.shows("By now next out is 60: no number is set", "Listens on")
        assert "will not be sent" not in asked.what
        await asked.done()
        assert numbers(venue)[0] == 60


async def test_the_offer_says_that_an_acceptor_waits(make_app: MakeApp, tmp_path: Path) -> None:
    async with session_app(make_app, acceptor_file(tmp_path)).run_test(size=SMALL) as pilot:
        pane = await opened(pilot)
        await pilot.press("L")
        await until(pilot, lambda: "LISTENING" in header(pilot))
        set_numbers(pane.engine, next_in=3)
        with client_of(tmp_path, port_of(pane.engine)) as client:
            client.connect().result(PATIENCE)
            await until(pilot, lambda: pane.query_one(RefusalBar).display)
            await until(pilot, lambda: "messages 1 to 2 of" in str(pane.query_one("#refused", Static).content))
            button = str(pane.query_one("#accept", Button).label)
            assert button == "Set next in to 1, and wait for CLIENT to log on (A)"
            await act(pilot, "A")
            assert numbers(pane.engine)[1] == 1
            await until(pilot, lambda: not pane.query_one(RefusalBar).display)
            client.connect().result(PATIENCE)
            await until(pilot, lambda: pane.is_logged_on)
