"""Asks which message, which field, which value."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.form import FormField
from purefix_tui.session.compose.candidates import (
    Place,
    choice_items,
    field_items,
    free_choice,
    free_field,
    free_message,
    message_items,
)
from purefix_tui.session.compose.finder import Finder
from purefix_tui.session.compose.message_finder import PLACEHOLDER
from purefix_tui.session.compose.tree import Branch, Part


async def choose_msg_type(app: App[None], definitions: Definitions) -> str | None:
    """A MsgType, also one that the dictionary does not have."""
    return await app.push_screen_wait(
        Finder(
            "Which message?",
            message_items(definitions),
            free=free_message(definitions),
            placeholder=PLACEHOLDER,
        )
    )


async def choose_field(
    app: App[None], branches: Sequence[tuple[Branch, Part, str]], definitions: Definitions
) -> Place | None:
    """A field or group to add, also one that the dictionary does not have."""
    return await app.push_screen_wait(
        Finder(
            "Which field or group?",
            field_items(branches),
            free=free_field(branches, definitions),
            placeholder="a name, its capitals, or a tag",
        )
    )


async def choose_value(app: App[None], member: FormField, text: str) -> str | None:
    """One of the values of a field, or another one. `text` is what was typed so far."""
    title = f"{member.name} ({member.tag})"
    typed = "" if text in member.choices else text
    return await app.push_screen_wait(Finder(title, choice_items(member), free=free_choice(member), text=typed))
