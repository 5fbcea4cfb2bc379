"""The row of what can be done with a session: the key and a word for each, in places that never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from purefix_core.session.settings import ConnectionType
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_tui.session.keys import ACTION_IDS, PANE_KEYS

_GAP = 2
_MENU = "session.menu"

_ON_A_CONNECTION = frozenset(
    f"session.{name}" for name in ("heartbeat", "test_request", "resend_request", "sequence_reset", "reject")
)

BINDINGS: Mapping[str, Binding] = {
    each.id: each for each in PANE_KEYS if isinstance(each, Binding) and each.id is not None
}
"""The session's keys by their ids."""


def why_not(action: str, status: SessionStatus) -> str:
    """Why an action (its id) makes no sense now, in a few words; empty where it does.

    This is for dimming alone: a key that is pressed all the same is answered by what stands in the way, if anything
    does.
    """
    is_initiator = status.role is ConnectionType.INITIATOR
    is_idle = status.is_at_rest
    is_connected = status.is_connected
    match action:
        case "session.connect" if not is_idle:
            return "it is under way"
        case "session.logon" if is_initiator and status.state not in (State.DISCONNECTED, State.CONNECTING):
            return "the Logon was sent"
        case "session.logon" if not is_initiator and not is_idle:
            return "they send the Logon"
        case "session.logout" if status.state is not State.ACTIVE:
            return "nobody is logged on"
        case "session.disconnect" if is_idle:
            return "there is no connection"
        case "session.scenario" if not is_idle:
            return "it ends this connection"
    return "there is no connection" if action in _ON_A_CONNECTION and not is_connected else ""


def key_of(app: App[object], binding: Binding) -> str:
    """What is printed on the key, which may be the user's own."""
    own = app._keymap.get(binding.id or "")
    return app.get_key_display(binding if own is None else binding.with_key(own.split(",")[0], None))


@dataclass(frozen=True, slots=True)
class _Place:
    begin: int
    end: int
    binding: Binding


class ButtonRow(Static):
    """Names the actions; a click does one. All of them have keys, and `m` lists them."""

    DEFAULT_CSS = """
    ButtonRow { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    """

    @dataclass
    class Pressed(Message):
        """An action was clicked."""

        action: str
        """As in the binding."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._status: SessionStatus | None = None
        self._places: list[_Place] = []
        self._shown: tuple[object, ...] = ()

    def show(self, status: SessionStatus) -> None:
        """Dim what makes no sense in that status."""
        self._status = status
        self._paint()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        width, status = self.content_size.width, self._status
        if not width or status is None:
            return
        named = [(binding, key_of(self.app, binding), why_not(binding.id or "", status)) for binding in self._fitting()]
        shown = width, tuple((binding.id, key, bool(why)) for binding, key, why in named)
        if shown == self._shown:
            return
        self._shown = shown
        pieces: list[tuple[str, str]] = []
        self._places, x = [], 0
        for binding, key, why in named:
            if binding.id == _MENU:
                blank = width - x - self._cells(binding)
                pieces.append((" " * blank, ""))
                x += blank
            pieces += [
                (key, "$muted" if why else "bold $primary"),
                (f" {binding.description}", "$muted" if why else ""),
            ]
            pieces.append((" " * _GAP, ""))
            self._places.append(_Place(x, x + self._cells(binding), binding))
            x += self._cells(binding) + _GAP
        self.update(Content.assemble(*pieces), layout=False)

    def _fitting(self) -> Sequence[Binding]:
        """As many as there is room for, the most important first, and the menu of all at the end."""
        menu = BINDINGS[_MENU]
        room = self.content_size.width - self._cells(menu)
        chosen: list[Binding] = []
        for action in ACTION_IDS:
            room -= self._cells(BINDINGS[action]) + _GAP
            if room < 0:
                break
            chosen.append(BINDINGS[action])
        return [*chosen, menu]

    def _cells(self, binding: Binding) -> int:
        return cell_len(key_of(self.app, binding)) + 1 + cell_len(binding.description)

    def _at(self, x: int) -> Binding | None:
        return next((each.binding for each in self._places if each.begin <= x - 1 < each.end), None)

    def on_click(self, event: events.Click) -> None:
        binding = self._at(event.x)
        if binding is not None:
            self.post_message(self.Pressed(binding.action))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        binding = self._at(event.x)
        self.tooltip = None
        if binding is not None and self._status is not None:
            why = why_not(binding.id or "", self._status)
            self.tooltip = f"{binding.tooltip}{f' (not now: {why})' if why else ''}"
