"""The last line of the screen: the keys that work where the focus is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

_GAP = 1


class KeyLine(Static):
    """Names the keys of the focused widget.

    The widget says which with `FOOTER`: ids of bindings, the most important first. Of a widget without one every
    binding is named that wants to be shown. Where there is no room the least important are left out, but never those
    in `always`, which stand at the right.
    """

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $panel; text-wrap: nowrap; }
    """

    def __init__(self, always: Sequence[str]) -> None:
        super().__init__()
        self._always = always
        self._places: list[tuple[int, int, Binding]] = []
        """From which column to which one each key stands."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def on_resize(self) -> None:
        self._name_keys()

    def _bindings_updated(self, _: Screen[object]) -> None:
        self.call_after_refresh(self._name_keys)

    def _name_keys(self) -> None:
        if not self.is_attached:
            return
        named = self._wanted()
        right = [binding for binding in named if binding.id in self._always]
        left = [binding for binding in named if binding.id not in self._always]
        room = self.size.width - sum(self._cells(binding) for binding in right)
        shown = [binding for at, binding in enumerate(left) if sum(map(self._cells, left[: at + 1])) <= room]
        pieces: list[tuple[str, str]] = []
        self._places, x = [], 0
        for at, binding in enumerate(chain(shown, right)):
            if at == len(shown):
                gap = self.size.width - sum(map(self._cells, right)) + _GAP - x
                pieces.append((" " * gap, ""))
                x += gap
            key = self.app.get_key_display(binding)
            pieces += [(key, "bold $footer-key-foreground"), (f" {binding.description}", "$footer-foreground")]
            pieces.append((" " * _GAP, ""))
            self._places.append((x, x + self._cells(binding) - _GAP, binding))
            x += self._cells(binding)
        self.update(Content.assemble(*pieces), layout=False)

    def _wanted(self) -> list[Binding]:
        active = [each.binding for each in self.screen.active_bindings.values() if each.enabled]
        ids = getattr(self.screen.focused, "FOOTER", None)
        if ids is not None:
            by_id: dict[str | None, Binding] = {}
            for binding in active:
                by_id.setdefault(binding.id, binding)
            return [by_id[id_] for id_ in ids if id_ in by_id]
        return [binding for binding in active if binding.show and binding.id]

    def _cells(self, binding: Binding) -> int:
        return cell_len(self.app.get_key_display(binding)) + 1 + cell_len(binding.description) + _GAP

    def _at(self, x: int) -> Binding | None:
        return next((binding for begin, end, binding in self._places if begin <= x < end), None)

    def on_click(self, event: events.Click) -> None:
        binding = self._at(event.x)
        if binding is not None:
            self.app.simulate_key(binding.key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        binding = self._at(event.x)
        self.tooltip = None if binding is None else binding.tooltip
