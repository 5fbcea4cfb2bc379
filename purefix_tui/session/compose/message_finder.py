"""Asks what is to be written: a message of the dialect, or one of the templates."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import App
from textual.binding import BindingType

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.templates import Template, load_all
from purefix_tui.session.compose.candidates import free_message, message_items, template_items
from purefix_tui.session.compose.finder import Finder, Item
from purefix_tui.session.compose.keeping import choose_template
from purefix_tui.session.compose.unsent import unsent
from purefix_tui.session.compose.words import message_words
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.keys import MESSAGE_FINDER_KEYS

PLACEHOLDER = "a name, its capitals, or a MsgType"


class _Instead(Enum):
    TEMPLATES = "the list of templates"


First = str | Draft | Template
"""A MsgType, or a message that was written before."""


class MessageFinder(Finder[First | _Instead]):
    """Dismissed with what was chosen, with None, or with the wish to see the templates alone. They are found by their
    names here, too, behind the messages."""

    HELP = """Type a part of a name, its capitals (nos for NewOrderSingle), or a code; or the name of a template.
Enter takes the row marked with ▌, Ctrl+O lists the templates."""

    BINDINGS: ClassVar[list[BindingType]] = MESSAGE_FINDER_KEYS

    def __init__(
        self, items: Sequence[Item[First | _Instead]], definitions: Definitions, folder: Path, dialect: str
    ) -> None:
        super().__init__(
            "Which message?",
            items,
            free=free_message(definitions),
            placeholder=f"{PLACEHOLDER}, or a template",
            foot="Enter takes it, ^o lists the templates, Esc closes.",
        )
        self._definitions = definitions
        self._folder = folder
        self._dialect = dialect

    def on_mount(self) -> None:
        super().on_mount()
        self._find_templates()

    @work
    async def _find_templates(self) -> None:
        """Those that cannot be read are told where they alone are listed."""
        templates = await asyncio.to_thread(load_all, self._folder)
        found = template_items(templates, self._dialect, self._definitions)
        self.add([Item("", each.name, f"template, {each.note}", each.value) for each in found])

    def action_load(self) -> None:
        self.dismiss(_Instead.TEMPLATES)


async def choose_first(app: App[None], engine: EngineThread, folder: Path) -> First | None:
    """What to begin with; the message that was written before and not sent is offered first. `folder`: where templates
    are kept."""
    definitions, dialect = engine.config.definitions, engine.config.registration.name
    items: list[Item[First | _Instead]] = [*message_items(definitions)]
    before = unsent(engine)
    if before is not None:
        items.insert(0, Item("", "go on with what was not sent", message_words(before.msg_type, definitions), before))
    while True:
        chosen = await app.push_screen_wait(MessageFinder(items, definitions, folder, dialect))
        if not isinstance(chosen, _Instead):
            return chosen
        template = await choose_template(app, folder, dialect, definitions)
        if template is not None:
            return template
