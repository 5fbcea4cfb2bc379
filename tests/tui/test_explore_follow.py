"""Following a file on screen: what is appended appears; rotation, truncation and deletion are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import opened, settled, until

from purefix_tui.app import PureFixApp
from purefix_tui.log.header import Header
from purefix_tui.widgets.top_bar import TopBar

MakeApp = Callable[..., PureFixApp]


async def test_appended_messages_appear_and_the_cursor_stays_at_the_end(make_app: MakeApp, short_log: Path) -> None:
    lines = short_log.read_bytes().splitlines(keepends=True)
    short_log.write_bytes(b"".join(lines[:20]))
    app = make_app(short_log, following=True)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert len(pane.rows) == 20
        assert "● following" in str(app.query_one(TopBar).query_one("#status").content)
        await pilot.press("G")
        with short_log.open("ab") as log:
            log.write(lines[20] + lines[21][:40])
        await until(pilot, lambda: len(pane.rows) >= 21)
        with short_log.open("ab") as log:
            log.write(lines[21][40:])
        await until(pilot, lambda: len(pane.rows) == 22 and pane.table.cursor == 21)
        await settled(pilot)
        assert pane.detail.shown is not None
        assert pane.detail.shown.message.raw == pane.log_file.read(21)
        assert pane.log_file.rows.entry(21).flags & 8 == 0


async def test_a_filter_goes_on_over_what_is_appended(make_app: MakeApp, short_log: Path) -> None:
    lines = short_log.read_bytes().splitlines(keepends=True)
    short_log.write_bytes(b"".join(lines[:10]))
    async with make_app(short_log, following=True, expression="35=8").run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        before = len(pane.rows)
        with short_log.open("ab") as log:
            log.write(b"".join(lines[10:]))
        await until(pilot, lambda: len(pane.log_file.rows) == 41)
        await settled(pilot)
        await until(pilot, lambda: len(pane.rows) > before)
        await settled(pilot)
        wanted = [entry.row for entry in pane.log_file.rows if entry.msg_type == "8"]
        assert list(pane.rows.all_numbers()) == wanted


async def test_truncation_rotation_and_deletion_are_told(make_app: MakeApp, short_log: Path) -> None:
    content = short_log.read_bytes()
    lines = content.splitlines(keepends=True)
    async with make_app(short_log, following=True).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)

        def header() -> str:
            return str(pane.query_one(Header).content)

        short_log.write_bytes(b"".join(lines[:5]))
        await until(pilot, lambda: len(pane.rows) == 5 and "truncated" in header())
        fresh = short_log.with_suffix(".new")
        fresh.write_bytes(b"".join(lines[:30]))
        fresh.replace(short_log)
        await until(pilot, lambda: len(pane.rows) == 30 and "replaced" in header())
        short_log.unlink()
        await until(pilot, lambda: "deleted" in header())
        assert len(pane.rows) == 30
        short_log.write_bytes(content)
        await until(pilot, lambda: len(pane.rows) == 41 and "is back" in header())


async def test_f5_begins_and_ends_following(make_app: MakeApp, short_log: Path) -> None:
    content = short_log.read_bytes()
    app = make_app(short_log)
    async with app.run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        assert not pane.following
        await pilot.press("f5")
        with short_log.open("ab") as log:
            log.write(content)
        await until(pilot, lambda: len(pane.rows) == 82)
        await pilot.press("f5")
        await pilot.pause(0.4)
        with short_log.open("ab") as log:
            log.write(content)
        await pilot.pause(0.6)
        assert len(pane.rows) == 82
