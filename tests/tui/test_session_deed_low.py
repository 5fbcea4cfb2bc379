"""A deed in a low window: it is done only where somebody can read what it does."""

from __future__ import annotations

import pytest
from conftest import until
from deed_pilot import MakeApp, asking, numbers
from session_peers import received
from textual.pilot import Pilot

from purefix_tui.session.actions import ACTIONS
from purefix_tui.session.deed_dialog import DeedText
from purefix_tui.session.engine_thread import EngineThread


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen."""
    return ["".join(piece.text for piece in line) for line in pilot.app.screen._compositor.render_strips()]


@pytest.mark.parametrize("size", [(80, 12), (40, 10)])
@pytest.mark.parametrize("name", ["sequence_reset", "reject", "logout", "disconnect", "pause"])
async def test_what_will_be_done_can_be_read_in_a_low_window(
    make_app: MakeApp, active: EngineThread, size: tuple[int, int], name: str
) -> None:
    async with make_app().run_test(size=size) as pilot:
        asked = await asking(pilot, active, ACTIONS[name])
        values = {"sequence_reset": {"new_seq_no": "99"}, "pause": {"drop_outgoing": "1"}}
        await asked.type(**values.get(name, {}))
        await asked.at_rest()
        first, second = asked.what.split("\n")[:2]
        shown = screen_lines(pilot)
        beginning = next(row for row, line in enumerate(shown) if first[:20] in line)
        assert beginning < size[1] - 2
        assert second == "" or len(first) > size[0] - 10 or second[:10] in shown[beginning + 1]
        assert any("Enter" in line for line in shown)


async def test_every_field_can_be_reached_in_a_low_window(make_app: MakeApp, active: EngineThread) -> None:
    async with make_app().run_test(size=(80, 8)) as pilot:
        await asking(pilot, active, ACTIONS["reject"])
        for parameter in ACTIONS["reject"].parameters:
            await until(pilot, lambda label=parameter.label: any(label in line for line in screen_lines(pilot)))
            assert pilot.app.focused is not None
            assert pilot.app.focused.id == parameter.name
            await pilot.press("tab")


@pytest.mark.parametrize("height", [1, 2, 4, 5])
async def test_enter_does_nothing_where_nothing_can_be_read(
    make_app: MakeApp, active: EngineThread, venue: EngineThread, height: int
) -> None:
    async with make_app().run_test(size=(80, height)) as pilot:
        asked = await asking(pilot, active, ACTIONS["sequence_reset"])
        await asked.type(new_seq_no="99")
        await asked.shows("|36=99|")
        await asked.enter()
        said = "Make the window higher to see what will be sent."
        await until(pilot, lambda: any(said in each.message for each in pilot.app._notifications))
        await asked.at_rest()
        assert asked.results == []
        assert len(received(venue)) == 1
        assert numbers(active)[0] == 2
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: asked.dialog.query_one(DeedText).can_be_read)
        await asked.done()
        assert numbers(active)[0] == 99
