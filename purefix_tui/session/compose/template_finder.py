"""The list of templates."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.templates import Template, delete
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session.compose.finder import Finder, Item
from purefix_tui.session.keys import TEMPLATE_KEYS


class TemplateFinder(Finder[Template]):
    """Dismissed with the template that was chosen, or with None."""

    HELP = "Messages that were saved under a name. Enter takes the one marked with ▌, Ctrl+D deletes it."

    BINDINGS: ClassVar[list[BindingType]] = TEMPLATE_KEYS

    def __init__(self, folder: Path, items: list[Item[Template]]) -> None:
        super().__init__("Templates", items, foot="Enter takes it, ^d deletes it, Esc closes.")
        self._folder = folder
        self._is_asking = False

    def action_delete(self) -> None:
        if self.current is not None and not self._is_asking:
            self._is_asking = True
            self._delete(self.current)

    @work
    async def _delete(self, item: Item[Template]) -> None:
        try:
            await self._delete_if_wanted(item)
        finally:
            self._is_asking = False

    async def _delete_if_wanted(self, item: Item[Template]) -> None:
        lines = (f"The template {item.name} is deleted. There is no copy of it.",)
        if not await self.app.push_screen_wait(Confirm("Delete the template?", lines, "Delete", danger=True)):
            return
        try:
            await asyncio.to_thread(delete, self._folder, item.name)
        except (ComposeError, OSError) as error:
            self.notify(str(error), title="Not deleted", severity="error")
        else:
            self.leave_out(item)
