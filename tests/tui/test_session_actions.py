"""What a person does to a session: it is shown before it is done, and what is shown is what the peer gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import dialog, until
from deed_pilot import MakeApp, asking, numbers, without_times
from session_peers import PATIENCE, client_of, cut, log_on, order, port_of, received, sent, wait

from purefix_core.session.states import State
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session import deed_dialog
from purefix_tui.session.actions import ACTIONS, Action
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.widgets.help_screen import HelpScreen

SMALL = (80, 24)


def send_order(engine: EngineThread, name: str) -> None:
    engine.call(lambda found: found.send(engine.name, order(name))).result(PATIENCE)


# What is shown is what is sent.

SENDING: list[tuple[str, dict[str, str], str, int]] = [
    ("heartbeat", {}, "|35=0|34=2|", 3),
    ("heartbeat", {"test_req_id": "T 1"}, "|112=T 1|", 3),
    ("test_request", {"test_req_id": "ping"}, "|112=ping|", 3),
    ("test_request", {}, "|112=TEST-20", 3),
    ("resend_request", {"begin": "1", "end": "1"}, "|7=1|16=1|", 3),
    ("sequence_reset", {"new_seq_no": "1,000"}, "|36=1000|123=Y|", 1000),
    ("sequence_reset", {"gap_fill": "", "new_seq_no": "20"}, "|36=20|10=", 20),
    ("sequence_reset", {"seq_num": "2", "new_seq_no": "9", "poss_dup": "yes"}, "|43=Y|", 9),
    ("reject", {"ref_seq_num": "1", "ref_tag": "108", "reason": "5", "text": "why | so"}, "|58=why | so|371=108|", 3),
    ("logout", {"text": "end of day"}, "|58=end of day|", 3),
    ("logout", {}, "|35=5|34=2|", 3),
]


@pytest.mark.parametrize(("name", "values", "part", "next_out"), SENDING)
async def test_the_peer_gets_the_very_bytes_that_were_shown(
    make_app: MakeApp,
    active: EngineThread,
    venue: EngineThread,
    name: str,
    values: dict[str, str],
    part: str,
    next_out: int,
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS[name])
        await asked.type(**values)
        await asked.shows(part)
        shown = asked.message
        assert len(received(venue)) == 1  # the Logon; what is typed sends nothing
        await asked.done()
        await until(pilot, lambda: len(received(venue)) == 2)
        assert without_times(received(venue)[-1]) == without_times(shown)
        assert numbers(active)[0] == next_out


@pytest.mark.parametrize(("reset", "part"), [("", "|34=1|"), ("yes", "|141=Y|")])
async def test_a_logon_connects_and_goes_out_as_shown(
    make_app: MakeApp, client: EngineThread, venue: EngineThread, reset: str, part: str
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, client, ACTIONS["logon"])
        await asked.type(reset=reset)
        await asked.shows(f"Connects to 127.0.0.1:{port_of(venue)}", part)
        shown = asked.message
        await asked.done()
        await until(pilot, lambda: client.status.state is State.ACTIVE)
        assert [without_times(each) for each in sent(client)] == [without_times(shown)]


async def test_secrets_are_sent_but_not_shown(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    with client_of(tmp_path, port_of(venue), Username="anna", Password="open sesame") as client:
        async with make_app().run_test(size=SMALL) as pilot:
            asked = await asking(pilot, client, ACTIONS["logon"])
            await asked.shows("|553=anna|554=***|")
            await asked.done()
            await until(pilot, lambda: client.status.state is State.ACTIVE)
            wait(lambda: "|554=***|" in received(venue)[0], "the password came")


async def test_a_hard_end_sends_nothing(make_app: MakeApp, active: EngineThread, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["disconnect"])
        assert "nothing is sent" in asked.what
        assert asked.message == ""
        await asked.done()
        await until(pilot, lambda: venue.status.state is State.DISCONNECTED)
        assert len(received(venue)) == 1
        assert not active.status.is_connected


async def test_numbers_are_set_and_nobody_is_told(make_app: MakeApp, active: EngineThread, venue: EngineThread) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["set_numbers"])
        await asked.type(next_out="135", next_in="1,200")
        await asked.shows("135 instead of 2", "1200 instead of 2", "VENUE is not told")
        await asked.done()
        assert numbers(active) == (135, 1200)
        assert len(received(venue)) == 1


@pytest.mark.parametrize("is_active", [False, True])
async def test_both_directions_begin_with_1(
    make_app: MakeApp, client: EngineThread, venue: EngineThread, is_active: bool
) -> None:
    log_on(client)
    send_order(client, "A1")
    wait(lambda: numbers(client) == (3, 4), "the order is filled")
    if not is_active:
        cut(client)
        wait(lambda: venue.status.state is State.DISCONNECTED, "the connection is gone")
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, client, ACTIONS["reset_store"])
        await asked.shows("they stand at 3 (out) and 4 (in)")
        shown = asked.message
        await asked.done()
        if is_active:
            await until(pilot, lambda: numbers(client) == (2, 2))
            await until(pilot, lambda: len(received(venue)) == 3)
            assert without_times(received(venue)[-1]) == without_times(shown)
        else:
            assert shown == ""
            assert numbers(client) == (1, 1)
            assert len(received(venue)) == 2


async def test_answers_are_held_back_and_given_again(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["pause"])
        await asked.says("Nothing is other than it is now")
        await asked.type(hold_heartbeats="yes", ignore_resend_requests="yes", drop_outgoing="1", drop_incoming="2")
        await asked.shows(
            "no Heartbeat", "not answered", "The next message of ours", "The next 2 messages of the peer's"
        )
        await asked.done()
        await until(pilot, lambda: active.status.drop_incoming == 2)
        assert (active.status.holds_heartbeats, active.status.ignores_resend_requests) == (True, True)
        assert active.status.drop_outgoing == 1

        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        await asked.shows("does not go out", "|34=2|")
        await asked.done()
        assert numbers(active)[0] == 3
        asked = await asking(pilot, active, ACTIONS["pause"])
        await asked.type(hold_heartbeats="", ignore_resend_requests="", drop_incoming="0")
        await asked.shows("are sent again", "are answered again", "No further message of the peer's")
        await asked.done()
        await until(pilot, lambda: not active.status.drop_incoming)
        assert (active.status.holds_heartbeats, active.status.ignores_resend_requests) == (False, False)
        assert len(received(venue)) == 1  # the Heartbeat was dropped


def test_every_action_is_covered() -> None:
    alone = {"logon", "disconnect", "set_numbers", "reset_store", "pause"}
    assert {name for name, *_ in SENDING} | alone == set(ACTIONS)


# Nothing happens that nobody wants.


@pytest.mark.parametrize("name", ACTIONS)
async def test_esc_leaves_everything_as_it_is(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, name: str
) -> None:
    before = numbers(active)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS[name])
        await asked.type(new_seq_no="50", next_out="50", text="no", drop_outgoing="5")
        await pilot.press("escape")
        await until(pilot, lambda: asked.results == [False])
    assert numbers(active) == before
    assert active.status.state is State.ACTIVE
    assert len(sent(active)) == len(received(venue)) == 1
    assert active.status.drop_outgoing == 0


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("resend_request", {"begin": "0"}, "BeginSeqNo: expected 1 to"),
    ("resend_request", {"begin": ""}, "BeginSeqNo: type a number"),
    ("resend_request", {"begin": "5", "end": "4"}, "EndSeqNo: expected 0"),
    ("resend_request", {"begin": "99999999999"}, "BeginSeqNo: expected a number"),
    ("sequence_reset", {"new_seq_no": "1"}, "NewSeqNo of a gap fill: expected more than its MsgSeqNum 2"),
    ("sequence_reset", {"new_seq_no": ""}, "NewSeqNo: type a number"),
    ("sequence_reset", {"gap_fill": "", "new_seq_no": "0"}, "NewSeqNo: expected 1 to"),
    ("reject", {"ref_seq_num": ""}, "RefSeqNum: type a number"),
    ("set_numbers", {"next_out": "0"}, "Next out: expected 1 to"),
    ("set_numbers", {}, "Nothing changes"),
    ("test_request", {"test_req_id": ""}, "TestReqID: type a text"),
    ("pause", {}, "Nothing is other"),
    ("logon", {}, "logged on already"),
]


@pytest.mark.parametrize(("name", "values", "words"), WRONG)
async def test_what_is_wrong_is_told_and_nothing_is_sent(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, name: str, values: dict[str, str], words: str
) -> None:
    before = numbers(active)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS[name])
        await asked.type(**values)
        await asked.says(words)
        assert asked.what == ""
        await asked.enter()
        await pilot.pause()
        await asked.says(words)
        assert asked.results == []
    assert numbers(active) == before
    assert len(received(venue)) == 1


@pytest.mark.parametrize("name", ["logout", "heartbeat", "test_request", "resend_request", "sequence_reset", "reject"])
async def test_without_a_connection_it_says_so(make_app: MakeApp, client: EngineThread, name: str) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, client, ACTIONS[name])
        await asked.type(ref_seq_num="1")
        await asked.says("There is no connection")
        await asked.enter()
        await pilot.pause()
        assert asked.results == []
        assert asked.foot == "Esc closes this."


# What was read is what is done.


async def test_a_session_that_went_on_is_shown_first(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deed_dialog, "_LOOK_EVERY", 3600)
    monkeypatch.setattr(deed_dialog, "_READ_SECONDS", 0)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        await asked.shows("MsgSeqNum 2")
        assert not asked.has_changed
        send_order(active, "A1")
        await asked.enter()
        await asked.shows("MsgSeqNum 3", "|34=3|")
        assert asked.has_changed
        assert asked.results == []
        await asked.done()
        await until(pilot, lambda: "|35=0|34=3|" in received(venue)[-1])


async def test_what_changes_while_one_reads_is_said_and_an_enter_at_that_moment_does_nothing(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deed_dialog, "_LOOK_EVERY", 0.02)
    monkeypatch.setattr(deed_dialog, "_READ_SECONDS", 3600)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        send_order(active, "A1")
        await until(pilot, lambda: asked.has_changed)
        await asked.shows("MsgSeqNum 3")
        await asked.enter()
        await pilot.pause()
        assert asked.results == []
        monkeypatch.setattr(deed_dialog, "_READ_SECONDS", 0)
        await asked.done()
        await until(pilot, lambda: "|35=0|34=3|" in received(venue)[-1])


async def test_a_warning_that_came_meanwhile_is_shown_first(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deed_dialog, "_LOOK_EVERY", 3600)
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        active.by_hand(lambda session, _: session.manual.drop_outgoing(1, "test")).result(PATIENCE)
        await asked.enter()
        await asked.shows("does not go out")
        assert asked.results == []
    assert len(received(venue)) == 1


async def test_what_could_not_be_done_stays_said(
    make_app: MakeApp, active: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is looked at again meanwhile; that must not wipe it out."""
    monkeypatch.setattr(deed_dialog, "_LOOK_EVERY", 0.02)
    looks = 0

    def make(session: object, now: int, values: object) -> object:
        nonlocal looks
        looks += 1
        deed = ACTIONS["heartbeat"].make(session, now, values)  # type: ignore[arg-type]

        def perform(_session: object, _now: int, _who: str) -> None:
            raise ValueError("the line is cut")

        object.__setattr__(deed, "perform", perform)
        return deed

    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, Action("Try", make))  # type: ignore[arg-type]
        await asked.enter()
        await asked.says("the line is cut")
        before = looks
        await until(pilot, lambda: looks > before + 5)
        assert "the line is cut" in asked.wrong
        assert asked.results == []


async def test_one_that_is_done_while_it_is_explained_closes_behind_that(
    make_app: MakeApp, active: EngineThread, venue: EngineThread
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        asked = await asking(pilot, active, ACTIONS["heartbeat"])
        await asked.shows("|35=0|34=2|")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        asked.dialog.action_do()
        await until(pilot, lambda: numbers(active) == (3, 2))
        await asked.at_rest()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        await until(pilot, lambda: asked.results == [True])
        assert len(pilot.app.screen_stack) == 1
        assert numbers(active) == (3, 2)


# A counterparty where what is sent is real.


async def test_production_asks_a_second_time(make_app: MakeApp, tmp_path: Path, venue: EngineThread) -> None:
    with client_of(tmp_path, port_of(venue), production=True) as client:
        log_on(client)
        wait(lambda: len(received(venue)) == 1, "the Logon came")
        async with make_app().run_test(size=SMALL) as pilot:
            asked = await asking(pilot, client, ACTIONS["heartbeat"])
            assert "asks once more" in asked.foot
            for key in ("escape", "n", "enter"):  # Enter: the focus stands on Cancel
                await asked.enter()
                await dialog(pilot, Confirm)
                await pilot.press(key)
                await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog))
                await pilot.pause()
                assert asked.results == []
            assert len(sent(client)) == 1
            await asked.enter()
            await dialog(pilot, Confirm)
            said = " ".join(str(each.content) for each in pilot.app.screen.query("Label"))
            assert f"VENUE at 127.0.0.1:{port_of(venue)} is a production counterparty" in said
            assert "as MsgSeqNum 2" in said
            await pilot.press("y")
            await until(pilot, lambda: asked.results == [True])
            await until(pilot, lambda: len(received(venue)) == 2)


async def test_a_session_that_goes_on_during_the_second_question_is_shown_first(
    make_app: MakeApp, tmp_path: Path, venue: EngineThread
) -> None:
    with client_of(tmp_path, port_of(venue), production=True) as client:
        log_on(client)
        async with make_app().run_test(size=SMALL) as pilot:
            asked = await asking(pilot, client, ACTIONS["heartbeat"])
            await asked.enter()
            await dialog(pilot, Confirm)
            send_order(client, "A1")
            await pilot.press("y")
            await until(pilot, lambda: asked.has_changed)
            await asked.shows("MsgSeqNum 3")
            assert asked.results == []
            assert not any("|35=0|" in each for each in sent(client))
