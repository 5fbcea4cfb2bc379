"""A log on screen while it is written: messages and events as they come, and all that the pane can do between them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from conftest import until
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from purefix_core.logs.index import Entry
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.session.events import Level
from purefix_tui.log.conditions import FilterState
from purefix_tui.log.live_pane import EventLine, LivePane, live_log
from purefix_tui.log.message_table import MessageTable
from purefix_tui.themes import THEMES
from purefix_tui.widgets.line_table import joined

TIME = 1_769_853_600_000_000_000
"""2026-01-31 10:00:00"""


def message(seq_num: int, msg_type: str = "0", text: str = "") -> bytes:
    body = f"35={msg_type}\x0149=US\x0156=THEM\x0134={seq_num}\x0152=20260131-10:00:00.000\x01"
    body += f"58={text}\x01" if text else ""
    head = f"8=FIX.4.4\x019={len(body)}\x01{body}".encode()
    return b"20260131-10:00:00.000 : %b10=%03d\x01\n" % (head, sum(head) % 256)


class LiveApp(App[None]):
    """A LivePane alone."""

    def __init__(self, path: Path, remark: Callable[[Entry], str] = lambda _: "") -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.path = path
        self.pane = LivePane(live_log(path), remark=remark)
        self.written = 0

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.table.focus()

    def write(self, *messages: bytes) -> None:
        """Write to the log, as an engine does."""
        with self.path.open("ab") as file:
            file.write(b"".join(messages))
        self.pane.poke()

    def happen(self, text: str, level: Level = Level.INFO, offset: int | None = None) -> None:
        """Let something happen now, or when the log had that size."""
        self.pane.add_events([EventLine(TIME, text, level, self.path.stat().st_size if offset is None else offset)])

    def shown(self) -> list[str]:
        """The lines of the table: a message by its MsgSeqNum, an event by its text."""
        rows = [self.pane.rows.row(place) for place in range(len(self.pane.rows))]
        return [row.text if isinstance(row, EventLine) else str(row.entry.msg_seq_num) for row in rows]

    def under_cursor(self) -> str:
        return self.shown()[self.pane.table.cursor]

    def lines_on_screen(self) -> list[str]:
        table = self.pane.table
        return ["".join(segment.text for segment in table.render_line(y)).rstrip() for y in range(table.size.height)]


@pytest.fixture
def app(tmp_path: Path) -> LiveApp:
    """With two messages in the log that were written before."""
    path = tmp_path / "FIX.4.4-US-THEM.messages.current.log"
    path.write_bytes(message(1) + message(2))
    return LiveApp(path)


async def shows(pilot: Pilot[None], *lines: str) -> None:
    app = cast(LiveApp, pilot.app)
    await until(pilot, lambda: app.shown() == list(lines) and not app.pane.is_working)
    await pilot.pause()


async def test_only_what_is_written_from_now_on_is_shown_and_a_missing_log_is_made(tmp_path: Path) -> None:
    app = LiveApp(tmp_path / "new" / "some.log")
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: not app.pane.indexing)
        assert any("No message yet." in line for line in app.lines_on_screen())
        app.write(message(5))
        await shows(pilot, "5")
    again = live_log(app.path)
    assert len(again.index()) == 0
    again.close()


def test_a_log_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(LogError, match=r"some\.log: cannot be written: "):
        live_log(tmp_path / "taken" / "some.log")


async def test_the_cursor_is_at_the_end_however_early_rows_are_shown(
    app: LiveApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, index = threading.Event(), LogFile.index_progressively

    def in_silence(log: LogFile, tell: Callable[[object], None], cancelled: Callable[[], bool]) -> bool:
        said: list[object] = []
        finished = index(log, said.append, cancelled)
        told.wait(10)
        for progress in said:
            tell(progress)
        return finished

    monkeypatch.setattr(LogFile, "index_progressively", in_silence)
    app.pane = LivePane(LogFile.open(app.path))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: len(app.pane.log_file.rows) == 2)
        app.pane.show_filtered(FilterState())
        await until(pilot, lambda: app.shown() == ["1", "2"])
        told.set()
        await shows(pilot, "1", "2")
        assert app.under_cursor() == "2"


async def test_events_stand_between_the_messages_in_words_marks_and_order(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        app.happen("connected")
        await shows(pilot, "connected")
        app.write(message(3))
        await shows(pilot, "connected", "3")
        app.happen("slow", Level.WARNING)
        app.happen("cut", Level.ERROR)
        app.write(message(4))
        await shows(pilot, "connected", "3", "slow", "cut", "4")
        lines = app.lines_on_screen()
        assert lines[1] == " 31 10:00:00.000 · connected"
        assert lines[3] == "    10:00:00.000 ! slow"
        assert lines[4] == "    10:00:00.000 ✗ cut"
        assert "US–THEM" in lines[2]
        assert "US–THEM" not in lines[5], "the message above has that session, events between or not"


async def test_an_event_that_comes_late_goes_to_its_place_and_nothing_on_screen_moves(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        sizes = []
        for number in range(100):
            app.write(message(number))
            sizes.append(app.path.stat().st_size)
        await until(pilot, lambda: app.shown()[-1:] == ["99"])
        await pilot.press("home", *["down"] * 30)
        before = app.lines_on_screen()
        assert app.under_cursor() == "30"
        app.happen("late", offset=sizes[5])
        await pilot.pause()
        assert app.shown()[5:8] == ["5", "late", "6"]
        assert app.under_cursor() == "30"
        assert app.lines_on_screen() == before
        app.happen("later", offset=sizes[40])
        await pilot.pause()
        assert app.under_cursor() == "30"
        await pilot.press("e")
        assert "later" not in app.shown()
        assert app.under_cursor() == "30"
        assert app.lines_on_screen() == before
        await pilot.press("e")
        assert app.shown()[5:8] == ["5", "late", "6"]
        assert app.lines_on_screen() == before


async def test_it_follows_until_the_cursor_or_the_view_leaves_the_last_line(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        for number in range(50):
            app.write(message(number))
        await until(pilot, lambda: app.shown()[-1:] == ["49"])
        assert app.under_cursor() == "49"
        app.happen("an event")
        await until(pilot, lambda: app.under_cursor() == "an event")
        await pilot.press("up", "up")
        app.write(message(50))
        await until(pilot, lambda: app.shown()[-1] == "50")
        assert app.under_cursor() == "48"
        await pilot.press("end")
        app.write(message(51))
        await until(pilot, lambda: app.under_cursor() == "51")
        app.pane.table.scroll_to(y=3, animate=False, force=True)
        app.write(message(52))
        await until(pilot, lambda: app.shown()[-1] == "52")
        await pilot.pause()
        assert app.pane.table.scroll_offset.y == 3
        await pilot.press("end")
        app.write(message(53))
        await until(pilot, lambda: app.under_cursor() == "53")


@pytest.mark.parametrize("at_end", [True, False])
async def test_the_cursor_follows_while_the_table_is_out_of_sight(app: LiveApp, at_end: bool) -> None:
    async with app.run_test(size=(100, 12)) as pilot:
        app.write(*(message(number) for number in range(3, 40)))
        await until(pilot, lambda: len(app.shown()) == 37 and app.under_cursor() == "39")
        if not at_end:
            await pilot.press("up", "up")
        app.pane.display = False
        await until(pilot, lambda: not app.pane.table.size)
        app.write(message(40))
        await until(pilot, lambda: "40" in app.shown())
        app.happen("something")
        app.write(message(41))
        await until(pilot, lambda: "41" in app.shown())
        app.pane.display = True
        await until(pilot, lambda: bool(app.pane.table.size))
        assert app.under_cursor() == ("41" if at_end else "37")
        assert app.pane.table.is_in_view


async def test_a_filter_leaves_the_events_and_goes_on_over_what_comes(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        app.write(message(3), message(4, "D"))
        await until(pilot, lambda: len(app.shown()) == 2)
        app.happen("one")
        app.write(message(5, "D"), message(6))
        await until(pilot, lambda: len(app.shown()) == 5)
        await pilot.press("home", "down", "down")
        assert app.under_cursor() == "one"
        app.pane.show_filtered(FilterState("35=D"))
        await shows(pilot, "4", "one", "5")
        assert app.under_cursor() == "one", "the cursor stays on its line"
        app.happen("two")
        await shows(pilot, "4", "one", "5", "two")
        app.write(message(7), message(8, "D"))
        await shows(pilot, "4", "one", "5", "two", "8")
        assert "3 of 6 messages" in str(app.pane.header.content)
        await pilot.press("e")
        await shows(pilot, "4", "5", "8")
        assert app.under_cursor() == "5"
        await pilot.press("c", "e")
        await shows(pilot, "3", "4", "one", "5", "6", "two", "7", "8")
        assert app.under_cursor() == "5"


async def test_the_detail_shows_the_whole_text_of_an_event_and_y_copies_it(
    app: LiveApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(LiveApp, "copy_to_clipboard", lambda _, text: copied.append(text))
    text = "The peer is silent. " * 12 + "\nSecond line \x1b[31m"
    async with app.run_test(size=(80, 24)) as pilot:
        app.write(message(3, text="first"))
        await shows(pilot, "3")
        app.happen(text, Level.WARNING)
        await until(pilot, lambda: app.pane.detail.event is not None)
        assert app.pane.current is None
        detail = app.pane.detail
        title = str(detail.query_one("#detail-facts").render())
        assert "! Warning" in title
        assert "2026-01-31T10:00:00" in title
        lines = [joined(detail.table.source.row(at).pieces) for at in range(len(detail.table.source))]
        assert all(len(line) <= 80 for line in lines)
        assert "".join(line.removeprefix(" ") for line in lines[:-1]) == "The peer is silent. " * 12
        assert lines[-1] == " Second line ␛[31m"
        await pilot.press("y")
        assert copied == [text]
        await pilot.press("up")
        await until(pilot, lambda: detail.shown is not None and detail.event is None)
        await pilot.press("y")
        assert copied[-1].startswith("8=FIX.4.4|9=")


async def test_finding_and_going_to_messages_between_events(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        for number in range(3, 9):
            app.write(message(number, text="needle" if number in (4, 7) else ""))
            await until(pilot, lambda: f"event {number - 1}" in app.shown() or number == 3)  # noqa: B023
            app.happen(f"event {number}")
        await until(pilot, lambda: len(app.shown()) == 12)
        await pilot.press("home", "ctrl+f")
        await until(pilot, lambda: len(app.screen.query(Input)) == 1)
        await pilot.press(*"needle", "enter")
        await until(pilot, lambda: app.under_cursor() == "4")
        await pilot.press("down")
        assert app.under_cursor() == "event 4"
        await pilot.press("n")
        await until(pilot, lambda: app.under_cursor() == "7")
        await pilot.press("up")
        assert app.under_cursor() == "event 6"
        await pilot.press("N")
        await until(pilot, lambda: app.under_cursor() == "4")
        await pilot.press(":")
        await until(pilot, lambda: len(app.screen.query(Input)) == 1)
        await pilot.press(*"8", "enter")
        await until(pilot, lambda: app.under_cursor() == "8")


async def test_a_log_that_is_replaced_keeps_what_happened(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        app.write(message(3))
        await shows(pilot, "3")
        app.happen("one")
        app.write(message(4))
        await shows(pilot, "3", "one", "4")
        app.path.rename(app.path.with_suffix(".1"))
        app.write(message(9))
        await shows(pilot, "one", "9")
        app.happen("two")
        await shows(pilot, "one", "9", "two")


async def test_remarks_are_shown_and_may_change(tmp_path: Path) -> None:
    remarks = {4: "gap-filled"}
    app = LiveApp(tmp_path / "some.log", lambda entry: remarks.get(entry.msg_seq_num or 0, ""))
    async with app.run_test(size=(100, 30)) as pilot:
        app.write(message(3), message(4))
        await shows(pilot, "3", "4")
        assert "gap-filled  " in app.lines_on_screen()[2]
        assert "gap-filled" not in app.lines_on_screen()[1]
        remarks[3] = "superseded"
        app.pane.remarks_changed()
        assert "superseded  " in app.lines_on_screen()[1]


async def test_the_key_for_events_is_named_where_there_are_events(app: LiveApp) -> None:
    async with app.run_test(size=(100, 30)):
        assert isinstance(app.focused, MessageTable)
        assert "live.events" in {each.binding.id for each in app.screen.active_bindings.values()}
        assert "e hides or shows them" in app.focused.HELP
