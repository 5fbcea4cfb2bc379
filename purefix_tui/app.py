"""The PureFix app: puts the tabs together, and owns what is the same in all of them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.notifications import Notify, SeverityLevel
from textual.screen import Screen

from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_tui import keymap
from purefix_tui.explore.tab import ExploreOptions
from purefix_tui.key_sections import APP_KEYS, CHAINS, SCREEN_KEYS, SECTIONS_OF_TABS
from purefix_tui.keymap import Keymap, load_keymap
from purefix_tui.keys_in_order import KeysInOrder
from purefix_tui.log.pane import LogPane
from purefix_tui.sizes_told import tell_every_size
from purefix_tui.tabs import EXPLORE, EXPLORE_FIRST, NAMES, SESSION, Start, Tabs
from purefix_tui.themes import DARK, LIGHT, THEMES
from purefix_tui.widgets.choice_line import ChoiceLine
from purefix_tui.widgets.help_screen import HelpScreen, flowing, keys_text
from purefix_tui.widgets.key_line import KeyLine
from purefix_tui.widgets.plain import visible
from purefix_tui.widgets.top_bar import StatusChanged, TopBar

_KEY_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "question_mark": "?",
    "escape": "Esc",
    "enter": "Enter",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


_NOTICE_SECONDS: dict[SeverityLevel, float] = {"information": 3, "warning": 5, "error": 10}

_MOVING = ("table.", "messages.", "detail.", "chips.left", "chips.right", "app.palette", "app.next", "app.previous")
"""Ids of bindings that move a cursor or the focus: nobody looks for these by name."""


tell_every_size()


class MainScreen(Screen[None], inherit_bindings=False):
    """The screen of the tabs."""

    BINDINGS: ClassVar[list[BindingType]] = SCREEN_KEYS


class PureFixApp(KeysInOrder):
    """PureFix."""

    TITLE = "PureFix"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 (an instance variable in App)

    BINDINGS: ClassVar[list[BindingType]] = APP_KEYS

    CSS = """
    Input { background: $background; }
    .-wide LogView > #panes { layout: horizontal; }
    .-wide Detail { height: 1fr; width: 40%; border-top: none; border-left: solid $rule; }
    .-wide #detail-title { layout: vertical; height: 2; }
    .-wide #detail-facts { width: 100%; }
    .-narrow #detail-facts { margin-right: 2; }
    """

    def __init__(
        self,
        paths: Iterable[str | LogFile],
        *,
        state_folder: Path,
        dialects: Dialects | None = None,
        dialect: str | None = None,
        expression: str = "",
        following: bool = False,
        config_folder: Path | None = None,
        start: Start = EXPLORE_FIRST,
    ) -> None:
        """`paths`: logs to open, or logs already opened. `dialects` None: the packaged registry. `dialect` forces one
        of its registrations. `expression` filters every log; `following` shows what is appended to them.
        `config_folder` may hold the user's own keys."""
        super().__init__()
        self._own_keys_path = None if config_folder is None else config_folder / keymap.FILE_NAME
        self._own_keys = Keymap() if self._own_keys_path is None else load_keymap(self._own_keys_path, CHAINS)
        self._paths = list(paths)
        self._options = ExploreOptions(state_folder, dialects, dialect, expression, following)
        self._start = start

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of kinds, for themes that do not bring their own."""
        return DARK.variables

    def get_default_screen(self) -> MainScreen:
        return MainScreen(id="_default")

    def compose(self) -> ComposeResult:
        yield TopBar(NAMES, self._start.tab)
        yield Tabs(self._paths, self._options, self._start)
        yield KeyLine(("log.resume", "log.cancel", "log.unmark", "log.forget", "app.explain", "app.keys"))

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        self.set_keymap(dict(self._own_keys.keys))
        if self._own_keys.problems:
            text = "\n".join((*self._own_keys.problems, str(self._own_keys_path)))
            self.notify(text, title=keymap.FILE_NAME, severity="error", timeout=20)
        self._show_first()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ended_from_outside, number)

    @work
    async def _ended_from_outside(self, number: int) -> None:
        """The terminal was closed, or somebody ends the process: a session logs out first, also that of a scenario."""
        session = self.tabs.session
        if session is not None and session.pane is not None:
            await session.pane.end()
        if number == signal.SIGHUP:
            os._exit(128 + number)  # Textual would wait for a terminal that is gone to take what it writes
        self.exit()

    # Tabs.

    @property
    def tabs(self) -> Tabs:
        return self.screen_stack[0].query_one(Tabs)

    @work
    async def _show_first(self) -> None:
        await self.tabs.show_first()

    @on(Tabs.Shown)
    def _tab_shown(self, event: Tabs.Shown) -> None:
        self.query_one(TopBar).show_tab(event.name)
        self._show_status()

    @on(StatusChanged)
    def _show_status(self) -> None:
        status = self.tabs.status
        dialect, following = ("", None) if status is None else (status.dialect, status.following)
        self.query_one(TopBar).show_status(dialect, following)

    @on(ChoiceLine.Chosen, "#tabs")
    async def _tab_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        await self.tabs.show(event.choice)

    @on(LogPane.SendAsNew)
    async def _send_as_new(self, event: LogPane.SendAsNew) -> None:
        await self.tabs.show(SESSION)
        (await self.tabs.session_tab()).compose_from(event.raw)

    async def action_show_tab(self, name: str) -> None:
        await self.tabs.show(name)

    async def action_next_tab(self, steps: int) -> None:
        await self.tabs.show(NAMES[(NAMES.index(self.tabs.current or EXPLORE) + steps) % len(NAMES)])

    @work
    async def action_quit(self) -> None:  # type: ignore[override]  # a worker can wait for an answer
        stores, session = self.tabs.stores, self.tabs.session
        if (stores is None or await stores.may_leave()) and (session is None or await session.may_quit()):
            self.exit()

    # Notices.

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 (the signature is Textual's)
    ) -> None:
        """Notices quote logs and paths: never as markup, and with nothing in them that a terminal would obey."""
        seconds = _NOTICE_SECONDS[severity] if timeout is None else timeout
        lines = "\n".join(map(visible, message.split("\n")))
        super().notify(lines, title=visible(title), severity=severity, timeout=seconds, markup=False)

    def on_notify(self, event: Notify) -> None:
        """Notices cover rows: one takes the place of an older one with the same title. An error takes only that of
        the same error, since each has to be read."""
        new = event.notification
        for old in list(self._notifications):
            errors = (old.severity, new.severity).count("error")
            if old.title == new.title and (errors == 0 or (errors == 2 and old.message == new.message)):
                self._unnotify(old, refresh=False)

    def get_key_display(self, binding: Binding) -> str:
        """What is printed on the key."""
        return binding.key_display or _KEY_NAMES.get(binding.key) or super().get_key_display(binding)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that has a key here, under its tooltip."""
        actions = {
            binding.action: (node, binding)
            for node, binding, enabled, _ in screen.active_bindings.values()
            if enabled and binding.id and not binding.id.startswith(_MOVING)
        }
        for node, binding in actions.values():
            title = f"{binding.description[:1].upper()}{binding.description[1:]}   {self.get_key_display(binding)}"
            yield SystemCommand(title, binding.tooltip, partial(self.run_action, binding.action, node))
        yield SystemCommand("Theme", "Choose another theme", self.action_change_theme)

    def action_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_help_quit(self) -> None:
        """What Ctrl+C does where nothing is selected."""
        quits = [each.binding for each in self.active_bindings.values() if each.binding.id == "app.quit"]
        self.notify(" or ".join(map(self.get_key_display, quits)) + " quits.", title="Quit?")

    def action_keys(self) -> None:
        sections = SECTIONS_OF_TABS[self.tabs.current or EXPLORE]
        text = keys_text(sections, self._own_keys.keys, _KEY_NAMES)
        if self._own_keys_path is not None:
            own = f"\nKeys of your own: {visible(str(self._own_keys_path))}, as docs/keys.md says."
            text = Content.assemble(text, (own, "$muted"))
        self.push_screen(HelpScreen("Keys", text))

    def action_explain(self) -> None:
        nodes = (self.screen.focused or self.screen).ancestors_with_self
        text = next((help_text for node in nodes if (help_text := getattr(node, "HELP", None))), None)
        text = flowing(text or "Nothing has the focus. Tab goes to the panes.")
        self.push_screen(HelpScreen("What this is", Content(text)))
