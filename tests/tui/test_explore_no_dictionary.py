"""A log whose dictionary cannot be loaded: everything is shown as it stands, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import opened, settled

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_tui.app import PureFixApp
from purefix_tui.log.pane import LogPane

MakeApp = Callable[..., PureFixApp]


@pytest.fixture
def dialects(tmp_path: Path) -> Dialects:
    """Two dialects: `mine`, the default, is broken; `theirs` is not."""
    broken = tmp_path / "broken.xml"
    broken.write_text("<fix><fields>")
    made = Dialects.standard()
    theirs = made.get_by_name("fix44")
    assert theirs is not None
    only = Dialects()
    only.register(TypeRegistration("mine", "Mine", broken, is_default=True))
    only.register(TypeRegistration("theirs", "Theirs", theirs.dictionary_path, sender_comp_ids=("GOOD",)))
    return only


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "a.log"
    path.write_bytes(
        b"8=FIX.4.4|9=30|35=D|49=BAD|56=X|34=7|52=20240102-09:30:00.000|11=ORD1|554=hunter2|55=EURUSD|10=000|\n"
        b"8=FIX.4.4|9=30|35=0|49=BAD|56=X|34=8|52=20240102-09:30:01.000|10=000|\n"
        b"8=FIX.4.4|9=30|35=D|49=GOOD|56=Y|34=1|52=20240102-09:30:02.000|11=ORD2|55=EURUSD|54=1|38=5|10=000|\n"
    )
    return path


def text_of(pane: LogPane) -> str:
    source = pane.detail.table.source
    return "\n".join("".join(text for text, _ in source.row(i).pieces) for i in range(len(source)))


async def test_rows_are_shown_as_they_stand(make_app: MakeApp, log: Path, dialects: Dialects) -> None:
    async with make_app(log, dialects=dialects).run_test(size=(140, 40)) as pilot:
        table = (await opened(pilot)).table
        first, third = table.render_line(1).text, table.render_line(3).text
        words = first.split()
        assert [word for word in words if word in ("09:30:00.000", "›", "BAD–X", "7", "D")] == words[2:7]
        assert "11=ORD1│554=***│55=EURUSD" in words
        assert "NewOrderSingle" in third
        assert "Buy 5 EURUSD" in third


async def test_the_detail_says_what_is_wrong_above_the_raw_fields(
    make_app: MakeApp, log: Path, dialects: Dialects
) -> None:
    async with make_app(log, dialects=dialects).run_test(size=(100, 40)) as pilot:
        pane = await opened(pilot)
        tree = text_of(pane).splitlines()
        assert tree[0].startswith(" ✗ dialect mine: ")
        assert "broken.xml" in tree[0]
        assert any(line.split() == ["55", "-", "EURUSD"] for line in tree)
        await pilot.press("v")
        await settled(pilot)
        raw = text_of(pane)
        assert raw.startswith(" ✗ dialect mine: ")
        assert "|55=EURUSD|" in raw
        assert "hunter2" not in tree[0] + raw
        await pilot.press("v", "y")
        await pilot.pause()
        assert '"dialect": null' in pilot.app.clipboard


async def test_filters_by_tag_need_no_dictionary(make_app: MakeApp, log: Path, dialects: Dialects) -> None:
    async with make_app(log, dialects=dialects).run_test(size=(100, 40)) as pilot:
        pane = await opened(pilot)
        await pilot.press("slash", *"11=ORD1", "enter")
        await pilot.pause(0.3)
        await settled(pilot)
        assert list(pane.rows.all_numbers()) == [0]


async def test_a_broken_dictionary_is_read_once(
    make_app: MakeApp, log: Path, dialects: Dialects, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    load = dialects.load_definitions

    def noted(name: str) -> object:
        asked.append(name)
        return load(name)

    monkeypatch.setattr(dialects, "load_definitions", noted)
    async with make_app(log, dialects=dialects).run_test(size=(100, 40)) as pilot:
        pane = await opened(pilot)
        before = asked.count("mine")
        pane.messages._cache.clear()
        pane.table.refresh()
        await pilot.press("down", "down", "up", "v")
        await settled(pilot)
        assert asked.count("mine") == before
