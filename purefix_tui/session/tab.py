"""The Session tab: one session, driven by hand, and a start page where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from purefix_core.logs.log_file import LogError
from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_core.session.config.unknown import MISSPELT_PRODUCTION
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.file_kinds import SESSION
from purefix_tui.dialogs.recent import remember
from purefix_tui.log.log_view import LogView
from purefix_tui.session.keys import TAB_KEYS
from purefix_tui.session.pane import SessionPane, prepare
from purefix_tui.session.start import StartPage
from purefix_tui.widgets.plain import visible
from purefix_tui.widgets.top_bar import StatusChanged

_TEMPLATE = (
    "a session for unknown peers (acceptUnknown) cannot be driven by hand: purefix acceptor runs it, or write down its"
    " TargetCompID here"
)
_MOST_FAILURES = 3
"""So many lines of what is wrong with a file are shown."""


@dataclass(frozen=True)
class SessionOptions:
    """`state_folder` keeps recent files, logs and templates. `registry` None: the standard FIX versions."""

    state_folder: Path
    registry: Dialects | None = None


class SessionTab(Vertical):
    """Opens a session and shows it."""

    BINDINGS: ClassVar[list[BindingType]] = TAB_KEYS

    DEFAULT_CSS = """
    SessionTab { height: 1fr; }
    SessionTab > #wrong { height: auto; padding: 0 1; color: $error; }
    SessionTab > #wrong.-wait { color: $muted; }
    """

    def __init__(self, options: SessionOptions) -> None:
        super().__init__()
        self.pane: SessionPane | None = None
        """The session that is open."""
        self._options = options
        self._kept: bytes | None = None
        """A message to be sent once a session is open."""

    def compose(self) -> ComposeResult:
        wrong = Static("", id="wrong", markup=False)
        wrong.display = False
        yield wrong
        yield StartPage(self._options.state_folder)

    @property
    def store_folder(self) -> Path | None:
        """Where the message store of the open session lies; None without one."""
        return None if self.pane is None else self.pane.config.store_path

    def focus_inside(self) -> None:
        """Put the focus where keys are wanted first."""
        if self.pane is not None:
            self.pane.live.table.focus()
        else:
            self.query_one(StartPage).focus_inside()

    # Opening.

    def open(self, path: Path) -> None:
        """Open the session of a file; where it has several, or something is wrong with it, ask."""
        self._instead(partial(self._open_file, path))

    def action_open(self) -> None:
        self._instead(partial(self._ask, None, ""))

    @on(StartPage.Opened)
    def _recent_opened(self, event: StartPage.Opened) -> None:
        event.stop()
        self.open(event.path)

    @on(StartPage.NewWanted)
    def _new_wanted(self, event: StartPage.NewWanted) -> None:
        event.stop()
        self._instead(self._make_new)

    def _instead(self, doing: Callable[[], Coroutine[object, object, None]]) -> None:
        """Do this, instead of what was begun before. Only a session that is being logged out is waited for."""
        if self.pane is not None and self.pane.is_ending:
            self._say_ending()
        else:
            self._do(doing)

    @work(exclusive=True, group="open")
    async def _do(self, doing: Callable[[], Coroutine[object, object, None]]) -> None:
        await doing()

    async def _open_file(self, path: Path) -> None:
        try:
            configs = await self._load(path)
        except FixConfigError as error:
            await self._ask(path, str(error))
            return
        remember(self._options.state_folder, path, SESSION)
        if len(configs) == 1:
            await self._open_config(configs[0])
        else:
            await self._ask(path, "")

    async def _load(self, path: Path) -> Sequence[FixConfig]:
        self._show_line(visible(f"Opening {path.name} …"), is_wait=True)  # it may have a dictionary to read
        try:
            return await asyncio.to_thread(load_configs, path, self._options.registry)
        finally:
            self._show_wrong("")

    async def _ask(self, path: Path | None, wrong: str) -> None:
        """Let the user choose a session, of the file at `path` if one is given."""
        self._show_wrong(wrong)
        # To import it costs 50 ms.
        from purefix_tui.session.choose import ChooseSession

        dialog = ChooseSession(self._options.state_folder, self._options.registry, path)
        config = await self.app.push_screen_wait(dialog)
        if config is not None:
            await self._open_config(config)

    async def _make_new(self) -> None:
        from purefix_tui.session.config_form import ConfigForm

        path = await self.app.push_screen_wait(ConfigForm(self._options.state_folder, self._options.registry))
        if path is not None:
            self.open(path)

    async def _open_config(self, config: FixConfig) -> None:
        if config.settings.accept_unknown:
            self._show_wrong(f"{config.name}: {_TEMPLATE}")
            return
        if config.warnings and not await self.app.push_screen_wait(_warnings(config)):
            return
        if not await self._may_end("Close this session?", "Log out and open the other one"):
            return
        await self._close()
        self._show_wrong("")
        try:
            prepared = await asyncio.to_thread(prepare, config, self._options.registry, self._options.state_folder)
        except (LogError, OSError) as error:
            self._show_wrong(str(error))
            return
        self.pane = SessionPane(prepared)
        self.query_one(StartPage).display = False
        await self.mount(self.pane)
        if self.display:
            self.pane.live.table.focus()
        kept, self._kept = self._kept, None
        if kept is not None:
            self.pane.compose_from(kept)

    def _show_wrong(self, text: str) -> None:
        """Say what is wrong with what was to be opened, until something else is opened."""
        lines = [f"✗ {visible(line)}" for line in text.split("\n") if line]
        more = len(lines) - _MOST_FAILURES
        shown = [*lines[:_MOST_FAILURES], *([f"  and {more:,} more"] if more > 0 else [])]
        self._show_line("\n".join(shown), is_wait=False)

    def _show_line(self, text: str, is_wait: bool) -> None:
        line = self.query_one("#wrong", Static)
        line.set_class(is_wait, "-wait")
        line.update(text)
        line.display = bool(text)

    # Closing.

    async def may_quit(self) -> bool:
        """Whether the program may end. A session that is connected is asked about, and logged out properly."""
        is_ending = self.pane is not None and self.pane.is_ending
        if not is_ending and not await self._may_end("Quit?", "Log out and quit"):
            return False
        if self.pane is not None:
            await self._end(self.pane)
        return True

    def action_close(self) -> None:
        self._instead(self._close_asked)

    async def _close_asked(self) -> None:
        if await self._may_end("Close this session?", "Log out and close"):
            await self._close()

    async def _close(self) -> None:
        pane = self.pane
        if pane is None:
            return
        await self._end(pane)
        await pane.remove()
        self.pane = None
        if self.app._exit:  # somebody quits meanwhile, and the start page may be gone
            return
        start = self.query_one(StartPage)
        start.display = True
        start.show_recent()
        self.post_message(StatusChanged(self, "", None))
        if self.display:
            start.focus_inside()

    async def _may_end(self, title: str, yes: str) -> bool:
        """Ask, where there is a connection to end; again, where somebody has logged on or off before the answer."""
        while (pane := self.pane) is not None and pane.is_busy:
            is_logged_on = pane.is_logged_on
            if not await self.app.push_screen_wait(self._question(pane, title, yes)):
                return False
            if pane.is_logged_on is is_logged_on:
                break
        return True

    def _question(self, pane: SessionPane, title: str, yes: str) -> Confirm:
        """Without a Logon there is nothing to log out of."""
        session = pane.config.settings.session_id
        lines = [f"{session} is {'logged on' if pane.is_logged_on else 'connected, or about to be'}."]
        if pane.is_logged_on:
            seconds = pane.config.settings.logout_timeout
            lines.append(f"A Logout is sent first; the answer is waited for, {seconds:g} s at most.")
        else:
            lines.append("The connection is ended; there is no Logon to log out of.")
            yes = yes.replace("Log out", "Disconnect")
        return Confirm(title, lines, yes, danger=pane.engine.production)

    async def _end(self, pane: SessionPane) -> None:
        if pane.is_logged_on:
            self._say_ending()
        if not await pane.end():
            text = "The session did not end in time; its connection is gone, its log says how far it came."
            self.notify(text, title="Session", severity="warning")

    def _say_ending(self) -> None:
        self.notify("Logging out …", title="Session")

    # Messages from elsewhere.

    def compose_from(self, raw: bytes) -> None:
        """Send a message of a log once more, edited; where no session is open, as soon as one is."""
        if self.pane is not None and not self.pane.is_ending:
            self.pane.compose_from(raw)
        else:
            self._kept = raw
            self.notify("No session is open: o opens one, and the message is kept until then.", title="Send as new")

    @on(LogView.StatusChanged)
    def _status_changed(self, event: LogView.StatusChanged) -> None:
        event.stop()
        self.post_message(StatusChanged(self, event.view.dialect, event.view.following))


def _warnings(config: FixConfig) -> Confirm:
    """What somebody should know about the file, before anything is sent as it says. Where it may be a session of
    production that is not marked as one, which is the first warning, Enter alone does not open it."""
    name = "The session file" if config.path is None else config.path.name
    lines = [f"! {warning.removeprefix(f'{config.path}: ')}" for warning in config.warnings]
    is_meant = any(warning.endswith(MISSPELT_PRODUCTION) for warning in config.warnings)
    is_real = is_meant and not config.settings.production
    if is_real:
        lines.insert(1, "Without production there is no red frame, and nothing asks a second time before it is sent.")
    count = len(config.warnings)
    title = f"{name}: {count:,} {'warning' if count == 1 else 'warnings'}"
    return Confirm(title, lines, "Open it all the same", danger=is_real)
