"""Every widget hears of its size, whoever has asked for it before."""

from __future__ import annotations

from conftest import until
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from purefix_tui.sizes_told import tell_every_size


class Line(Static):
    told = (0, 0)

    def on_resize(self) -> None:
        self.told = tuple(self.size)


class Lines(App[None]):
    def compose(self) -> ComposeResult:
        yield Horizontal(Line("first", classes="line"))


async def test_a_size_that_was_asked_for_too_early_is_told_all_the_same() -> None:
    tell_every_size()
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line = Line("second")
        with app.batch_update():  # nothing is laid out before its end
            await app.query_one(Horizontal).mount(line)
            app.screen._compositor._full_map_invalidated = True  # as after a repaint of what is not mapped
            asked = tuple(line.size)
        await until(pilot, lambda: line.told != (0, 0))
        assert asked == line.told
