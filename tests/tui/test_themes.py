"""Every text stands out from the bar under the cursor, in both themes and in 256 colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import opened
from rich.color import Color, ColorSystem

from purefix_tui.app import PureFixApp
from purefix_tui.themes import THEMES
from purefix_tui.widgets.line_table import LineTable

MakeApp = Callable[..., PureFixApp]
LEAST = 4.5


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in color.get_truecolor()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_weak(table: LineTable[object]) -> dict[str, tuple[str, float]]:
    """The styles whose text does not stand out from the cursor's bar as it is now, and by how much."""
    base = table.rich_style + table.get_component_rich_style("line-table--cursor", partial=True)
    weak: dict[str, tuple[str, float]] = {}
    for name in sorted(table._component_styles):
        style = base + table.get_component_rich_style(name, partial=True)
        assert style.color is not None
        assert style.bgcolor is not None
        for system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
            ratio = contrast(style.color.downgrade(system), style.bgcolor.downgrade(system))
            if ratio < LEAST:
                weak[f"{name} {system.name}"] = (f"{style.color.name} on {style.bgcolor.name}", ratio)
    return weak


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_the_row_under_the_cursor_is_read_easily(make_app: MakeApp, short_log: Path, theme: str) -> None:
    async with make_app(short_log).run_test(size=(120, 30)) as pilot:
        pane = await opened(pilot)
        pilot.app.theme = theme
        for focused, other in ((pane.table, pane.detail.table), (pane.detail.table, pane.table)):
            focused.focus()
            await pilot.pause()
            assert focused.has_focus
            assert too_weak(focused) == {}
            assert too_weak(other) == {}


def test_the_measure_is_right() -> None:
    assert round(contrast(Color.parse("#ffffff"), Color.parse("#000000")), 6) == 21
    assert round(contrast(Color.parse("#767676"), Color.parse("#ffffff")), 2) == 4.54
