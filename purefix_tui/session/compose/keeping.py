"""Saves a message as a template, and lets one choose a template: what is asked, and what the disk says."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.app import App

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.templates import Template, file_name, load_all, save
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.session.compose.candidates import template_items
from purefix_tui.session.compose.template_finder import TemplateFinder

_MOST_SAID = 5
"""Files that are named where they cannot be read."""


async def save_template(app: App[None], folder: Path, template: Template) -> str | None:
    """Save a template under a name that is asked for, at first the one it has. Gives that name; None where nothing was
    saved."""
    explanation = "Its name. A template of the same name is replaced."
    text = await app.push_screen_wait(Prompt("Save as a template", explanation, template.name, _check_name))
    if text is None:
        return None
    name = text.strip()
    try:
        is_there = await asyncio.to_thread((folder / file_name(name)).exists)
        if is_there and name != template.name:
            lines = (f"There is a template {name} already.",)
            if not await app.push_screen_wait(Confirm("Replace it?", lines, "Replace", danger=True)):
                return None
        await asyncio.to_thread(save, folder, Template(name, template.draft, template.dialect))
    except (ComposeError, OSError) as error:
        app.notify(str(error), title="Not saved", severity="error")
        return None
    app.notify(name, title="Saved")
    return name


async def choose_template(app: App[None], folder: Path, dialect: str, definitions: Definitions) -> Template | None:
    """One of the templates, or None."""
    unreadable: list[str] = []
    templates = await asyncio.to_thread(load_all, folder, unreadable.append)
    if unreadable:
        app.notify("\n".join(unreadable[:_MOST_SAID]), title="Not readable", severity="warning")
    if not templates:
        app.notify("There are no templates yet: ^s saves a message as one.", title="Templates")
        return None
    return await app.push_screen_wait(TemplateFinder(folder, template_items(templates, dialect, definitions)))


def _check_name(text: str) -> None:
    file_name(text.strip())
