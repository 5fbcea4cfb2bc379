"""Writes screenshots/*.svg: the program on the example log, at sizes and in states that the README shows."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from purefix_tui.app import PureFixApp
from purefix_tui.explore.tab import ExploreTab
from purefix_tui.log.pane import LogPane

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLE = REPOSITORY / "examples" / "logs" / "trading-day.log"
TARGET = REPOSITORY / "screenshots"

Scene = Callable[[Pilot[None], LogPane], Awaitable[None]]


async def rest(pilot: Pilot[None]) -> LogPane:
    """Wait until the log is indexed and filtered and the detail shows the message under the cursor."""
    while True:
        await pilot.pause(0.05)
        pane = pilot.app.query_one(ExploreTab).pane
        if pane is not None and not pane.is_working:
            shown = pane.detail.shown
            if (shown.entry.row if shown else None) == pane.current:
                await pilot.pause()
                return pane


async def orders(pilot: Pilot[None], pane: LogPane) -> None:
    """A fill among orders, admin messages hidden."""
    await pilot.press("a")
    await rest(pilot)
    fill = next(e.row for e in pane.log_file.rows if e.msg_type == "8" and pane.messages.message(e.row).kind == "fill")
    pane.table.jump(pane.rows.place(fill))


async def reject(pilot: Pilot[None], pane: LogPane) -> None:
    """A session-level reject and what it says."""
    await pilot.press("a")
    await rest(pilot)
    pane.table.jump(pane.rows.place(next(e.row for e in pane.log_file.rows if e.msg_type == "3")))


async def typed_filter(pilot: Pilot[None], pane: LogPane) -> None:
    """A filter by names, while it is typed."""
    pane.filter_bar.expression.cursor_blink = False
    await pilot.press("/", *"Symbol ~ ^EUR and Side = Buy")
    await pilot.pause(0.3)


async def light(pilot: Pilot[None], pane: LogPane) -> None:
    """The light theme, on a message with a wrong checksum."""
    await pilot.press("T")
    pane.table.jump(next(e.row for e in pane.log_file.rows if e.flags & 4))


SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "explore": ((180, 44), orders),
    "explore-80x24": ((80, 24), reject),
    "explore-filter": ((120, 36), typed_filter),
    "explore-light": ((140, 40), light),
}


async def take(name: str, size: tuple[int, int], scene: Scene, state_folder: Path) -> None:
    app = PureFixApp([str(EXAMPLE)], state_folder=state_folder)
    async with app.run_test(size=size) as pilot:
        await scene(pilot, await rest(pilot))
        await rest(pilot)
        svg = re.sub(r"terminal-\d+", f"terminal-{name}", app.export_screenshot())
    (TARGET / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(f"screenshots/{name}.svg")


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as state_folder:
        for name, (size, scene) in SCENES.items():
            asyncio.run(take(name, size, scene, Path(state_folder)))


if __name__ == "__main__":
    main()
