"""One session on screen: the header, what is the matter, the row of actions, and the live table below."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from purefix_core.analysis.refusals import Refusal
from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.session import by_hand
from purefix_core.session.compose.anew import anew
from purefix_core.session.compose.draft import Draft
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError
from purefix_core.session.states import State
from purefix_core.session.status import SessionStatus
from purefix_tui.log.live_pane import LivePane, live_log
from purefix_tui.log.pane import LogPane
from purefix_tui.session.actions import ACTIONS, LISTEN, Action, refusal_action
from purefix_tui.session.buttons import ButtonRow
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EXPECTED, EngineThread
from purefix_tui.session.header import Facts, Notice, SessionHeader
from purefix_tui.session.keys import PANE_KEYS
from purefix_tui.session.menu import ActionMenu
from purefix_tui.session.not_logged import NotLoggedLines
from purefix_tui.session.refusal_bar import RefusalBar
from purefix_tui.session.trouble import Trouble
from purefix_tui.session.words import Moment, saying

if TYPE_CHECKING:
    from purefix_tui.session.scenario_panel import ScenarioPanel

_LOOK_SECONDS = 0.25
"""Countdowns change that often at most; what happens is shown when it happens."""


@dataclass(frozen=True)
class Prepared:
    """A session that can be shown: its engine, not yet started, and its message log from now on."""

    engine: EngineThread
    log: LogFile
    registry: Dialects | None
    state_folder: Path


def prepare(config: FixConfig, registry: Dialects | None, state_folder: Path) -> Prepared:
    """What a SessionPane needs; it touches the disk, so a thread does it. Raises LogError where the message log cannot
    be opened."""
    engine = EngineThread(config, registry, state_folder / "sessions")
    dialects, dialect = registry, None
    if registry is None or registry.get_by_name(config.registration.name) is not config.registration:
        own = Dialects()
        try:
            own.register(config.registration)
            dialects = own
        except TypeRegistryError:  # a dictionary whose name is none that can be registered: tell by the CompIDs
            return Prepared(engine, _log_of(engine, registry, None), registry, state_folder)
    dialect = config.registration.name
    return Prepared(engine, _log_of(engine, dialects, dialect), registry, state_folder)


def _log_of(engine: EngineThread, dialects: Dialects | None, dialect: str | None) -> LogFile:
    if engine.log_path is None:
        return LogFile.from_bytes(b"", dialects, dialect)
    own = engine.config.settings.session_id.sender_comp_id
    return live_log(engine.log_path, dialects, dialect, own)


class SessionPane(Vertical):
    """A session, driven by hand. Its engine starts when it is shown, and logs out when it is taken away."""

    BINDINGS: ClassVar[list[BindingType]] = PANE_KEYS

    DEFAULT_CSS = """
    SessionPane { height: 1fr; }
    SessionPane.-production { border: heavy $error; border-title-color: $background; border-title-background: $error; }
    SessionPane.-production { border-title-style: bold; border-title-align: center; }
    SessionPane > LivePane { height: 1fr; }
    """

    class News(Message):
        """The engine has something new to tell."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.is_ending = False
        """Whether it is logged out for good, so that nothing is begun any more."""
        self.engine = prepared.engine
        self.live = LivePane(prepared.log)
        self._registry = prepared.registry
        self._state_folder = prepared.state_folder
        self._header = SessionHeader()
        self._not_logged = NotLoggedLines()
        self._notice = Notice()
        self._refusal_bar = RefusalBar(self.config.settings)
        self._buttons = ButtonRow()
        self._trouble = Trouble()
        self._since = time.time_ns()
        self._state: tuple[State, bool] | None = None
        self._is_asking = False
        self._scenario: ScenarioPanel | None = None
        if self.engine.production:
            self.add_class("-production")
            self.border_title = "PRODUCTION: what is sent is real"

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._not_logged
        yield self._notice
        yield self._refusal_bar
        yield self._buttons
        yield self.live

    def on_mount(self) -> None:
        self._start()
        self.set_interval(_LOOK_SECONDS, self._look)

    async def on_unmount(self) -> None:
        await self.stop()

    # The engine.

    @property
    def config(self) -> FixConfig:
        return self.engine.config

    @property
    def is_busy(self) -> bool:
        """Whether there is a connection to end, or an attempt to make one, before the session can be closed."""
        return self.engine.is_running and not self.engine.status.is_at_rest

    @property
    def is_logged_on(self) -> bool:
        return self.engine.is_running and self.engine.status.state is State.ACTIVE

    async def end(self) -> bool:
        """Stop for good."""
        self.is_ending = True
        return await self.stop()

    async def stop(self) -> bool:
        """Log out as LogoutTimeout allows, and end the engine, or that of the scenario that runs. Gives False where it
        did not end in time."""
        if self._scenario is not None:
            await self._scenario.end()
        return await asyncio.to_thread(self.engine.stop)

    def _start(self) -> None:
        started = self.engine.start(lambda: self.post_message(self.News()))
        started.add_done_callback(lambda future: future.exception())  # it is told as a failure

    async def _running_engine(self) -> EngineThread:
        """The engine, once it is up; a new one where it has ended. Raises EngineError."""
        starting = self.engine.is_up
        if starting is not None:
            await asyncio.wrap_future(starting)
        elif not self.engine.is_running:
            if not await self.stop():
                raise EngineError("the engine has not ended yet: try again")
            self._take_lines()
            self._trouble = Trouble()
            self.engine = EngineThread(self.config, self._registry, self._state_folder / "sessions")
            await asyncio.wrap_future(self.engine.start(lambda: self.post_message(self.News())))
        return self.engine

    # What it says.

    @on(News)
    def _news(self, event: News) -> None:
        event.stop()
        self.live.poke()
        self._look()

    def _look(self) -> None:
        self._take_lines()
        self._show()

    def _take_lines(self) -> None:
        lines = self.engine.take_lines()
        for line in lines:
            self._trouble.heard(line)
        self.live.add_events(lines)

    def _show(self) -> None:
        engine, settings = self.engine, self.config.settings
        status, now = engine.status, time.time_ns()
        state = status.state, status.is_connected
        if state != self._state:
            self._state, self._since = state, now
        self._header.show(Facts(settings.session_id, status, now, self._names(status), bool(engine.failure)))
        self._not_logged.show(status)
        self._notice.show(
            saying(
                Moment(
                    status,
                    settings.session_id.target_comp_id,
                    now,
                    self._since,
                    self._trouble.current(status, now),
                    engine.failure,
                    settings.logon_timeout,
                    settings.logout_timeout,
                )
            )
        )
        self._buttons.show(status)
        refusal = None if status.state is State.ACTIVE else engine.refusal
        self._refusal_bar.show(refusal, status.next_out, status.next_in)
        self._notice.display = refusal is None  # the bar says all of it, and more

    def _names(self, status: SessionStatus) -> Mapping[str, str]:
        codes = [passed.msg_type for passed in (status.last_sent, status.last_received) if passed is not None]
        return {code: self.config.definitions.message_name(code) or code for code in codes}

    # Keys.

    def action_connect(self) -> None:
        self._once(self._connect())

    def action_act(self, name: str) -> None:
        self._once(self._act(name))

    def action_accept(self) -> None:
        if self._refusal_bar.display:
            self._refusal_bar.accept()
        else:
            self.notify("Nothing is offered: no Logon was refused for its MsgSeqNum.", title="Not done")

    def action_compose(self) -> None:
        self.compose_message(None)

    def action_scenario(self) -> None:
        self._once(self._run_scenario())

    def action_menu(self) -> None:
        self._once(self._menu())

    @on(ButtonRow.Pressed)
    async def _pressed(self, event: ButtonRow.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(RefusalBar.Accepted)
    def _refusal_accepted(self, event: RefusalBar.Accepted) -> None:
        event.stop()
        self._once(self._accept_refusal(event.refusal))

    @on(LogPane.SendAsNew)
    def _send_as_new(self, event: LogPane.SendAsNew) -> None:
        event.stop()
        self.compose_from(event.raw)

    def compose_from(self, raw: bytes) -> None:
        """Send a message of a log once more, edited."""
        try:
            draft, changed = anew(Draft.of_message(raw, self.config.definitions))
        except ValueError as error:
            self._say(error)
        else:
            if changed:
                self.notify(f"New in this message: {' and '.join(changed)}.", title="Send as new")
            self.compose_message(draft)

    def compose_message(self, draft: Draft | None) -> None:
        """Write a message, beginning with a draft."""
        self._once(self._write_message(draft))

    # What the keys do. One thing at a time: each asks, and is answered, before another one begins.

    def _once(self, doing: Coroutine[object, object, None]) -> None:
        if self._is_asking or self.is_ending:
            doing.close()
            return
        self._is_asking = True
        self._run_once(doing)

    @work(group="act")
    async def _run_once(self, doing: Coroutine[object, object, None]) -> None:
        try:
            await doing
        except EXPECTED as error:
            self._say(error)
        finally:
            self._is_asking = False

    def _say(self, error: Exception) -> None:
        self.notify(str(error), title="Not done", severity="error")

    async def _do(self, action: Action) -> bool:
        """Show what would be done, and do it if the user wants that. Gives whether it was done."""
        engine = await self._running_engine()
        return await self.app.push_screen_wait(DeedDialog(engine, action))

    async def _connect(self) -> None:
        """Nothing is sent by this, so nothing is asked; but a Logon that comes where it listens is answered."""
        engine = await self._running_engine()
        if engine.production and not self.config.settings.is_initiator:
            await self._do(LISTEN)
            return
        await asyncio.wrap_future(engine.perform(await asyncio.wrap_future(engine.deed(by_hand.connect))))
        await asyncio.wrap_future(engine.connect())

    async def _act(self, name: str) -> None:
        status, is_initiator = self.engine.status, self.config.settings.is_initiator
        if name == "logon" and not is_initiator and status.state is State.DISCONNECTED:
            await self._connect()  # they send their Logon, and it is answered
        elif name != "disconnect" or not await self._gives_up():
            await self._do(ACTIONS[name])

    async def _gives_up(self) -> bool:
        """End what is no connection yet, which nobody has to be asked about."""
        return await asyncio.wrap_future((await self._running_engine()).give_up())

    async def _accept_refusal(self, refusal: Refusal) -> None:
        if await self._do(refusal_action(refusal, self.config.settings)):
            self.engine.forget_refusal(refusal)

    async def _menu(self) -> None:
        action = await self.app.push_screen_wait(ActionMenu(self.engine.status))
        if action is not None:
            self.call_later(self.run_action, action)

    async def _write_message(self, draft: Draft | None) -> None:
        # To import it costs 50 ms, and not everybody writes messages.
        from purefix_tui.session.compose.screen import ComposeScreen

        engine = await self._running_engine()
        await self.app.push_screen_wait(ComposeScreen(engine, self._state_folder / "templates", draft))

    async def _run_scenario(self) -> None:
        """A scenario has an engine of its own, which needs the store and the port that this one holds."""
        from purefix_tui.session.choose_scenario import choose_scenario, may_run
        from purefix_tui.session.scenario_panel import ScenarioPanel

        scenario = await choose_scenario(self.app, self._state_folder)
        if scenario is None or not await may_run(self.app, scenario, self.engine, self.is_busy):
            return
        await self.stop()
        self._take_lines()
        if self.is_ending:
            return
        self._scenario = ScenarioPanel(scenario, self.config, self._registry)
        await self.app.push_screen_wait(self._scenario)
        self._scenario = None
        await self._running_engine()
