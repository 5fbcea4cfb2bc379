"""Sees to it that every widget is told its size.

Textual sends Resize and Show to the widgets that a layout finds new or of another size. But where somebody asks for a
widget's size before the layout that is due, as `Widget.size` does, Textual maps the screen on the spot; the layout then
finds nothing new, and nobody is told (Textual 8.2.8; its issue 5024 was one case of it). A line that is written to fit
its width then stays empty, the more often the sooner things are painted.
"""

from __future__ import annotations

from textual import screen
from textual._compositor import Compositor, CompositorMap, ReflowResult
from textual.geometry import Size
from textual.widget import Widget


class TellingCompositor(Compositor):
    """Compares a layout with the layout before it, not with what was looked at in between."""

    def __init__(self) -> None:
        super().__init__()
        self._told: CompositorMap = {}

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        self._full_map = self._told
        result = super().reflow(parent, size)
        self._told = self._full_map
        return result


def tell_every_size() -> None:
    """For the screens that are made from now on."""
    screen.Compositor = TellingCompositor  # type: ignore[attr-defined]
