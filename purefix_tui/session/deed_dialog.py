"""The dialog in front of everything that is done to a session: it asks for what is needed, shows exactly what will
happen and be sent, and does it."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from purefix_core.session.by_hand import Deed
from purefix_core.session.engine import EngineError, FixEngine
from purefix_core.session.machine import FixSession, SessionNotOpen
from purefix_core.store.records import StoreError
from purefix_core.wire.message import as_text
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session.actions import Action, Kind, Parameter, Values
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.form_row import Choice
from purefix_tui.session.keys import DEED_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_LOOK_EVERY = 1.0
"""Seconds: numbers move on while somebody reads, and what is shown must be what would be sent."""
_READ_SECONDS = 0.5
"""An Enter that comes sooner after what is shown has changed by itself was meant for what stood there before."""
_MOST_SHOWN = 4_000
"""Bytes of a message."""
_CANNOT = (ValueError, StoreError, SessionNotOpen, EngineError)
"""What a deed, and doing it, may raise: one sentence for the user each."""
_TIMES = re.compile(rb"(?<=\x01)(52|122|10)=[^\x01]*")
"""SendingTime, OrigSendingTime, and the CheckSum that follows from them: the session has its own clock for these."""
_CHANGED = "! This is other than what was shown before: look at it again."
_TOO_LOW = "Make the window higher to see what will be sent."
_FEWEST_LINES = 2
"""Of what will happen must be in view before it is done; the text can be scrolled then."""


@dataclass(frozen=True)
class Shown:
    """What somebody can read."""

    deed: Deed
    at: int
    """When it was made, as the session's clock has it."""
    values: Values
    """What it was made of."""


class DeedText(VerticalScroll):
    """What will happen, or why it cannot. Tab reaches it where there is more than there is room for."""

    HELP = "What will happen, and the bytes that will be sent. The arrows, Page Up and Page Down move the text."

    DEFAULT_CSS = """
    DeedText { height: 1fr; min-height: 3; margin-top: 1; background: $panel; border-top: solid $rule; }
    DeedText:focus { border-top: solid $primary; }
    DeedText > * { width: 100%; height: auto; }
    DeedText > .changed { color: $warning; text-style: bold; }
    DeedText > .wrong { color: $warning; }
    DeedText > .wrong.-typed { color: $error; }
    """

    def compose(self) -> ComposeResult:
        yield Label(_CHANGED, classes="changed", markup=False)
        yield Label("", classes="wrong", markup=False)
        yield Static("", id="what")

    def on_mount(self) -> None:
        self.show(None, "")

    def allow_focus(self) -> bool:
        return self.max_scroll_y > 0

    @property
    def can_be_read(self) -> bool:
        """Whether lines of what will happen are in view: a low window may have room for none."""
        what = self.query_one("#what")
        in_view = self.screen.find_widget(what).visible_region.height
        return in_view >= min(_FEWEST_LINES, what.size.height) > 0

    def show(self, deed: Deed | None, wrong: str, *, has_changed: bool = False, is_typed: bool = False) -> None:
        """`wrong`: why it cannot be done, or could not. `is_typed`: the user has typed or pressed something before."""
        self.query_one(".changed").display = has_changed
        label = self.query_one(".wrong", Label)
        label.display = bool(wrong)
        label.set_class(is_typed, "-typed")
        label.update(f"{visible(wrong)}\n" if deed else visible(wrong))
        self.query_one("#what", Static).update(Content() if deed is None else deed_text(deed))


class Parameters(VerticalScroll, can_focus=False):
    """What is asked for. In a low window it scrolls, with the field that has the focus in view."""

    DEFAULT_CSS = """
    Parameters { height: auto; width: 100%; background: $panel; scrollbar-size-vertical: 1; }
    Parameters > Horizontal { height: 1; width: 100%; }
    Parameters > Horizontal > Label { width: 17; }
    Parameters > Horizontal > Input { width: 1fr; }
    """


class DeedDialog(Dialog[bool]):
    """Dismissed with whether it was done."""

    HELP = """\
What you are about to do, before it is done. Below the line stands what will happen, and the very bytes that will be
sent, but for SendingTime and passwords. Enter does it; Esc leaves everything as it is.

If the session moves on while you read, so that other numbers would be sent, that is shown and said first."""

    BINDINGS: ClassVar[list[BindingType]] = DEED_KEYS
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 (an instance variable in Screen)

    DEFAULT_CSS = """
    DeedDialog { align: center middle; }
    DeedDialog > Vertical { width: 90; max-width: 96%; height: 22; max-height: 96%; padding: 1 2; background: $panel; }
    DeedDialog.-production > Vertical { border: heavy $error; padding: 0 2; }
    DeedDialog .title { text-style: bold; color: $primary; width: 100%; }
    DeedDialog #help { color: $muted; width: 100%; height: 2; }
    DeedDialog .foot { color: $muted; width: 100%; height: 1; margin-top: 1; }
    DeedDialog.-low > Vertical { height: 100%; max-height: 100%; padding: 0 2; }
    DeedDialog.-low .title { height: 1; }
    DeedDialog.-low Parameters { max-height: 50%; }
    DeedDialog.-low #help { height: 0; }
    DeedDialog.-low DeedText { margin-top: 0; }
    DeedDialog.-low .foot { margin-top: 0; }
    """

    def __init__(self, engine: EngineThread, action: Action) -> None:
        super().__init__()
        self._engine = engine
        self._action = action
        self._shown: Shown | None = None
        self._at_first: Values = {}
        self._changed_at: float | None = None
        """When what is shown became other than before, without anything typed."""
        self._failed = ""
        """Why it could not be done when Enter was pressed."""
        self._is_typed = False
        self._doing = False
        self.set_class(engine.production, "-production")

    def compose(self) -> ComposeResult:
        status = self._engine.status
        with Vertical():
            yield Label(visible(self._action.title), classes="title", markup=False)
            with Parameters():
                for parameter in self._action.parameters:
                    with Horizontal():
                        yield Label(parameter.label, markup=False)
                        yield _field(parameter, str(parameter.default(status)))
            yield Static("", id="help", markup=False)
            yield DeedText()
            yield Label("", classes="foot", markup=False)

    def on_mount(self) -> None:
        self.query_one("#help").display = bool(self._action.parameters)
        if self._action.parameters:
            self.query("Input, Choice").first().focus()
        self._at_first = self._values
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)

    @property
    def _values(self) -> Values:
        typed = {field.id or "": field.value for field in self.query(Input)}
        return typed | {choice.id or "": choice.value for choice in self.query(Choice)}

    @property
    def _deed(self) -> Deed | None:
        return None if self._shown is None else self._shown.deed

    # What would be done.

    @on(Input.Changed)
    @on(Choice.Chosen)
    def _changed(self) -> None:
        self._is_typed |= self._values != self._at_first  # fields tell of what stands there at first, too
        self._changed_at, self._failed = None, ""
        self._look()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        helps = {parameter.name: parameter.help for parameter in self._action.parameters}
        self.query_one("#help", Static).update(helps.get(event.widget.id or "", ""))

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        if self._doing:
            return
        values, before = self._values, self._shown
        try:
            now, is_other = await asyncio.wrap_future(
                self._engine.by_hand(lambda session, now: self._made(session, now, values, before))
            )
        except _CANNOT as error:
            if not self._doing:
                self._shown, self._changed_at = None, None
                self._paint(str(error))
            return
        if not self._doing:
            if before is not None and before.values == values and is_other:
                self._changed_at, self._failed = time.monotonic(), ""
            self._shown = now
            self._paint()

    def _made(self, session: FixSession, now: int, values: Values, before: Shown | None) -> tuple[Shown, bool]:
        """What would be done now, and whether that is other than what was shown before."""
        deed = self._action.make(session, now, values)
        is_other = True
        if before is not None and before.values == values:
            then = self._action.make(session, before.at, values)  # texts may hold the time
            says, said = (deed.lines, deed.warnings), (before.deed.lines, before.deed.warnings)
            is_other = says != said or without_times(then.message) != without_times(before.deed.message)
        return Shown(deed, now, values), is_other

    def _paint(self, wrong: str = "") -> None:
        if not (self.is_attached and self.query(".changed")):  # the dialog was closed while the engine was asked
            return
        deed = self._deed
        text = self.query_one(DeedText)
        has_changed = self._changed_at is not None
        text.show(deed, wrong or self._failed, has_changed=has_changed, is_typed=self._is_typed)
        if deed is None:
            does = "Esc closes this."
        else:
            it = "does it" if deed.message is None else "sends it"
            does = f"Enter {'asks once more' if self._engine.production else it}, Esc leaves everything as it is."
        self.query_one(".foot", Label).update(does)

    # Doing it.

    def action_do(self) -> None:
        changed_at = self._changed_at
        if self._doing or (changed_at is not None and time.monotonic() - changed_at <= _READ_SECONDS):
            return
        if self.query_one(DeedText).can_be_read:
            self._do()
        else:
            self.notify(_TOO_LOW, title="Not done", severity="warning")

    @work(exclusive=True, group="do")
    async def _do(self) -> None:
        self._is_typed = True
        shown = self._shown
        if shown is None:
            self._look()
            return
        self._doing, self._changed_at, self._failed = True, None, ""
        try:
            if not self._engine.production or await self.app.push_screen_wait(self._second_question(shown.deed)):
                await self._do_as_shown(shown)
        finally:
            self._doing = False

    def _second_question(self, deed: Deed) -> Confirm:
        comp_id = self._engine.config.settings.session_id.target_comp_id
        peer = self._engine.status.peer
        lines = (
            f"{comp_id}{f' at {peer}' if peer else ''} is a production counterparty: this is real.",
            *(f"! {warning}" for warning in deed.warnings),
            *deed.lines,
        )
        yes = "Do it" if deed.message is None else "Send it"
        return Confirm(f"{self._action.title}?", lines, yes, danger=True)

    async def _do_as_shown(self, shown: Shown) -> None:
        """Do it, unless other things would happen by now than those that were read; then these are shown."""
        values, who, then = self._values, self._engine.who, self._action.then

        async def do(engine: FixEngine) -> Shown | None:
            def step(session: FixSession, now: int) -> Shown | None:
                made, is_other = self._made(session, now, values, shown)
                if is_other:
                    return made
                made.deed.perform(session, now, who)
                return None

            changed = engine.by_hand(self._engine.name, step)
            if changed is None and then is not None:
                following = then(engine, self._engine.name)
                if following is not None:
                    await following
            return changed

        try:
            done: Future[Shown | None] = self._engine.call(do)
            changed = await asyncio.wrap_future(done)
        except _CANNOT as error:
            self._failed = str(error)
            self._paint()
        else:
            if changed is None:
                self.dismiss(True)
            else:
                self._shown, self._changed_at = changed, time.monotonic()
                self._paint()


def without_times(message: bytes | None) -> bytes:
    return _TIMES.sub(b"", message or b"")


def _field(parameter: Parameter, default: str) -> Widget:
    if parameter.kind is Kind.FLAG:
        flag = Choice((("", "no"), ("yes", "yes")), default)
        flag.id = parameter.name
        return flag
    restrict = r"[0-9,]*" if parameter.kind is Kind.NUMBER else None
    return Input(default, restrict=restrict, id=parameter.name, compact=True)


def deed_text(deed: Deed) -> Content:
    """Warnings first, then what happens, then the bytes."""
    parts = [(f"! {visible(line)}\n", "$warning") for line in deed.warnings]
    parts += [(f"{visible(line)}\n", "") for line in deed.lines]
    if deed.message is not None:
        shown = as_text(deed.message[:_MOST_SHOWN].replace(b"\x01", b"|"))
        more = f" … {len(deed.message):,} bytes" if len(deed.message) > _MOST_SHOWN else ""
        parts.append((f"\n{visible(shown)}{more}", "$way-out"))
    return Content.assemble(*parts)
