"""The dialog in front of everything that is done to a session: it asks for what is needed, shows exactly what will
happen and be sent, and does it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
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
from purefix_tui.widgets.plain import visible

_LOOK_EVERY = 1.0
"""Seconds: numbers move on while somebody reads, and what is shown must be what would be sent."""
_MOST_SHOWN = 4_000
"""Bytes of a message."""
_CANNOT = (ValueError, StoreError, SessionNotOpen, EngineError)
"""What a deed, and doing it, may raise: one sentence for the user each."""


class DeedDialog(ModalScreen[bool]):
    """Dismissed with whether it was done."""

    HELP = """\
What you are about to do, before it is done. Below the line stands what will happen, and the very bytes that will be
sent, but for SendingTime and passwords. Enter does it; Esc leaves everything as it is.

If the session moves on while you read, so that other numbers would be sent, Enter shows that first."""

    BINDINGS: ClassVar[list[BindingType]] = DEED_KEYS

    DEFAULT_CSS = """
    DeedDialog { align: center middle; }
    DeedDialog > Vertical { width: 90; max-width: 96%; height: auto; max-height: 96%; padding: 1 2; }
    DeedDialog > Vertical { background: $panel; }
    DeedDialog.-production > Vertical { border: heavy $error; }
    DeedDialog .title { text-style: bold; color: $primary; width: 100%; }
    DeedDialog .parameter { height: 1; width: 100%; }
    DeedDialog .parameter > Label { width: 17; }
    DeedDialog .parameter > Input { width: 1fr; }
    DeedDialog #help { color: $muted; width: 100%; height: auto; min-height: 1; }
    DeedDialog #deed { height: auto; max-height: 60vh; margin-top: 1; background: $panel; border-top: solid $rule; }
    DeedDialog #deed > Static { width: 100%; height: auto; }
    DeedDialog .wrong { color: $error; width: 100%; height: auto; }
    DeedDialog .foot { color: $muted; width: 100%; margin-top: 1; }
    """

    def __init__(self, engine: EngineThread, action: Action) -> None:
        super().__init__()
        self._engine = engine
        self._action = action
        self._deed: Deed | None = None
        """What is shown."""
        self._doing = False
        self.set_class(engine.production, "-production")

    def compose(self) -> ComposeResult:
        status = self._engine.status
        with Vertical():
            yield Label(visible(self._action.title), classes="title", markup=False)
            for parameter in self._action.parameters:
                default = "" if status is None else str(parameter.default(status))
                with Horizontal(classes="parameter"):
                    yield Label(parameter.label, markup=False)
                    yield _field(parameter, default)
            yield Static("", id="help", markup=False)
            with VerticalScroll(id="deed", can_focus=False):
                yield Static("", id="what")
            yield Label("", classes="wrong", markup=False)
            yield Label("Enter does it, Esc leaves everything as it is.", classes="foot", markup=False)

    def on_mount(self) -> None:
        self.query_one("#help").display = bool(self._action.parameters)
        first = self.query("Input, Choice").first() if self._action.parameters else self.query_one("#deed")
        first.can_focus = True
        first.focus()
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)

    @property
    def _values(self) -> Values:
        typed = {field.id or "": field.value for field in self.query(Input)}
        return typed | {choice.id or "": choice.value for choice in self.query(Choice)}

    # What would be done.

    @on(Input.Changed)
    @on(Choice.Chosen)
    def _changed(self) -> None:
        self._look()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        helps = {parameter.name: parameter.help for parameter in self._action.parameters}
        self.query_one("#help", Static).update(helps.get(event.widget.id or "", ""))

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        if self._doing:
            return
        values = self._values
        try:
            deed = await asyncio.wrap_future(
                self._engine.deed(lambda session, now: self._action.make(session, now, values))
            )
        except _CANNOT as error:
            self._show(None, str(error))
        else:
            self._show(deed)

    def _show(self, deed: Deed | None, wrong: str = "") -> None:
        self._deed = deed
        self.query_one("#what", Static).update(Content() if deed is None else deed_text(deed))
        self._say(wrong)

    def _say(self, wrong: str) -> None:
        self.query_one(".wrong", Label).update(visible(wrong))

    # Doing it.

    def action_do(self) -> None:
        if not self._doing:
            self._do()

    @work(exclusive=True, group="do")
    async def _do(self) -> None:
        shown = self._deed
        if shown is None:
            self._look()
            return
        self._doing = True
        try:
            if not self._engine.production or await self.app.push_screen_wait(self._second_question(shown)):
                await self._do_as_shown(shown)
        finally:
            self._doing = False

    def _second_question(self, deed: Deed) -> Confirm:
        status = self._engine.status
        comp_id = self._engine.config.settings.session_id.target_comp_id
        peer = f", {comp_id}" + ("" if status is None else f" at {status.peer}")
        lines = (f"This is a production counterparty{peer}.", *deed.lines)
        return Confirm(f"{self._action.title}?", lines, "Do it", danger=True)

    async def _do_as_shown(self, shown: Deed) -> None:
        """Do it, unless other things would happen by now than those that were read; then these are shown."""
        values, who, then = self._values, self._engine.who, self._action.then

        async def do(engine: FixEngine) -> Deed | None:
            def step(session: FixSession, now: int) -> Deed | None:
                deed = self._action.make(session, now, values)
                if deed.lines != shown.lines:
                    return deed
                deed.perform(session, now, who)
                return None

            changed = engine.by_hand(self._engine.name, step)
            if changed is None and then is not None:
                following = then(engine, self._engine.name)
                if following is not None:
                    await following
            return changed

        try:
            done: Future[Deed | None] = self._engine.call(do)
            changed = await asyncio.wrap_future(done)
        except _CANNOT as error:
            self._say(str(error))
        else:
            if changed is None:
                self.dismiss(True)
            else:
                self._show(changed, "The session went on meanwhile: look at this again.")


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
