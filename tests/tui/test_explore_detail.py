"""The detail of messages: large ones are decoded in a thread, long values are cut, gaps are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import opened, pane_of, settled, until

from purefix_tui.app import PureFixApp
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log import detail, detail_lines
from purefix_tui.log.detail import Detail
from purefix_tui.log.opened import LARGE, Look, OpenMessage

MakeApp = Callable[..., PureFixApp]


def line(number: int, body: str) -> str:
    """A message with a correct BodyLength and no correct CheckSum."""
    body = f"35=D|34={number}|49=A|56=B|{body}"
    return f"8=FIX.4.4|9={len(body)}|{body}10=000|\n"


@pytest.fixture
def large_log(tmp_path: Path) -> Path:
    """A small message, one of 10,000 fields, and a small one."""
    path = tmp_path / "large.log"
    many = "".join(f"{5000 + number}=value {number}|" for number in range(10_000))
    path.write_text(line(1, "11=ORD1|") + line(2, many) + line(3, "11=ORD3|"))
    return path


@pytest.fixture
def long_value_log(tmp_path: Path) -> Path:
    path = tmp_path / "long.log"
    path.write_text(line(1, f"11=ORD1|58={'x' * 5_000}|"))
    return path


def text_of(shown: Detail) -> list[str]:
    source = shown.table.source
    return ["".join(text for text, _ in source.row(i).pieces) for i in range(len(source))]


def facts_of(shown: Detail) -> str:
    return str(shown.query_one("#detail-facts").render())


async def test_large_messages_alone_are_laid_out_in_a_thread(
    make_app: MakeApp, large_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[int, int] = {}
    lines_of, read = detail.lines_of, OpenMessage.read

    def noted(message: OpenMessage, look: Look) -> list[detail_lines.DetailLine]:
        threads[message.entry.row] = threading.get_ident()
        return lines_of(message, look)

    reads: dict[int, int] = {}

    def noted_read(reader: object, row: int) -> OpenMessage:
        reads[row] = threading.get_ident()
        return read(reader, row)  # type: ignore[arg-type]

    monkeypatch.setattr(detail, "lines_of", noted)
    monkeypatch.setattr(OpenMessage, "read", noted_read)
    async with make_app(large_log).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        for _ in range(2):
            await pilot.press("down")
            await settled(pilot)
        assert threads.keys() == reads.keys() == {0, 1, 2}
        here = threading.get_ident()
        assert threads[0] == reads[0] == threads[2] == reads[2] == here
        assert here not in (threads[1], reads[1])


async def test_while_a_message_is_decoded_the_screen_goes_on(
    make_app: MakeApp, large_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, runs = threading.Event(), []
    lines_of = detail.lines_of

    def held(message: OpenMessage, look: Look) -> list[detail_lines.DetailLine]:
        if message.is_large:
            runs.append(look.view)
            assert go_on.wait(10)
        return lines_of(message, look)

    monkeypatch.setattr(detail, "lines_of", held)
    async with make_app(large_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        await pilot.press("down")
        await until(pilot, lambda: bool(runs))
        assert facts_of(pane.detail) == f"decoding {pane.log_file.rows.entry(1).length:,} bytes …"
        assert "decoding …" in pane.detail.table.placeholder
        assert pane.detail.shown is None
        await pilot.press("down")
        await settled(pilot)
        assert any("ORD3" in text for text in text_of(pane.detail))
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert pane.detail.shown is not None
        assert pane.detail.shown.entry.row == 2
        assert any("ORD3" in text for text in text_of(pane.detail))


async def test_a_message_that_is_being_decoded_is_copied_only_when_it_is_there(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "")
    monkeypatch.setenv("TERM", "xterm-256color")
    path = tmp_path / "one.log"
    path.write_text(line(1, f"11=ORD1|58={'x' * LARGE}|"))
    go_on = threading.Event()
    lines_of = detail.lines_of

    def held(message: OpenMessage, look: Look) -> list[detail_lines.DetailLine]:
        assert go_on.wait(10)
        return lines_of(message, look)

    monkeypatch.setattr(detail, "lines_of", held)
    app = make_app(path)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ExploreTab).pane is not None)
        await until(pilot, lambda: pane_of(pilot).detail.is_decoding)
        await until(pilot, lambda: app.focused is pane_of(pilot).table)
        await pilot.press("y")
        await until(pilot, lambda: bool(app._notifications))
        (notice,) = app._notifications
        assert (notice.title, "being decoded" in notice.message, app.clipboard) == ("Not copied", True, "")
        go_on.set()
        pane = await opened(pilot)
        await pilot.press("y")
        assert app.clipboard == pane.log_file.read(0).decode()


async def test_one_large_message_is_decoded_at_a_time_and_the_last_one_shown(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.log"
    path.write_text("".join(line(number, f"11=ORD{number}|58={'x' * LARGE}|") for number in range(1, 9)))
    go_on, runs, at_once = threading.Event(), [], []
    lines_of = detail.lines_of

    def held(message: OpenMessage, look: Look) -> list[detail_lines.DetailLine]:
        runs.append(message.entry.row)
        at_once.append(message.entry.row)
        assert len(at_once) == 1
        assert go_on.wait(10)
        at_once.pop()
        return lines_of(message, look)

    monkeypatch.setattr(detail, "lines_of", held)
    async with make_app(path).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(runs))
        for number in range(1, 8):
            await pilot.press("down")
            await until(pilot, lambda number=number: pane_of(pilot).detail._generation > number)
        go_on.set()
        await opened(pilot)
        assert runs == [0, 7]
        assert any("ORD8" in text for text in text_of(pane_of(pilot).detail))


async def test_another_view_may_be_chosen_meanwhile(
    make_app: MakeApp, large_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, runs = threading.Event(), []
    lines_of = detail.lines_of

    def held(message: OpenMessage, look: Look) -> list[detail_lines.DetailLine]:
        if message.is_large:
            runs.append(look.view.value)
            assert go_on.wait(10)
        return lines_of(message, look)

    monkeypatch.setattr(detail, "lines_of", held)
    async with make_app(large_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        await pilot.press("down")
        await until(pilot, lambda: runs == ["tree"])
        await pilot.press("v")
        await pilot.pause()
        go_on.set()
        await settled(pilot)
        await until(pilot, lambda: runs == ["tree", "raw"] and bool(text_of(pane.detail)))
        await until(pilot, lambda: text_of(pane.detail)[0].startswith(" 8=FIX.4.4|9="))


async def test_of_a_large_message_only_painted_lines_are_made(
    make_app: MakeApp, large_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    cut = detail_lines.cut
    monkeypatch.setattr(detail_lines, "cut", lambda text: made.append(text) or cut(text))
    async with make_app(large_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        await pilot.press("down")
        await settled(pilot)
        assert len(pane.detail.table.source) > 10_000
        assert 0 < sum(text.startswith("value ") for text in made) < 500


async def test_long_values_are_cut_where_they_are_painted(make_app: MakeApp, long_value_log: Path) -> None:
    async with make_app(long_value_log).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        for _ in range(3):
            lines = text_of(pane.detail)
            assert sum(map(len, lines)) < 3_000
            together = "".join(text[1:] for text in lines)  # without the blank that each line begins with
            assert f"{'x' * 900}" in together
            assert "… 4,000 more characters" in together or "… 4,002 more characters" in together  # quotes in JSON
            await pilot.press("v")
            await pilot.pause()
        assert any("5,000 characters  xxx" in text[:80] for text in text_of(pane.detail))


async def test_a_giant_value_makes_no_filter(make_app: MakeApp, long_value_log: Path) -> None:
    app = make_app(long_value_log)
    async with app.run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        pane.detail.table.focus()
        table = pane.detail.table
        table.cursor = next(i for i in range(len(table.source)) if getattr(table.source.row(i).field, "tag", 0) == 58)
        await pilot.press("f")
        await pilot.pause()
        assert any("5,000 characters, too many for a filter" in notice.message for notice in app._notifications)
        assert pane.filter_state.expression == ""
        await pilot.press("up", "f")
        await settled(pilot)
        assert pane.filter_state.expression == "11=ORD1"


async def test_a_gap_stands_above_the_fields(make_app: MakeApp, tmp_path: Path) -> None:
    path = tmp_path / "gap.log"
    path.write_text(line(118, "11=A|") + line(124, "11=B|"))
    async with make_app(path).run_test(size=(120, 40)) as pilot:
        pane = await opened(pilot)
        assert not any("missing" in text for text in text_of(pane.detail) if "follows" in text)
        await pilot.press("down")
        await settled(pilot)
        assert text_of(pane.detail)[0] == " ! follows 118; 119 to 123 are missing"
