"""What is copied of the message that the detail shows: all of it as it is shown there, or one field."""

from __future__ import annotations

from textual.app import App

from purefix_core.logs.export import row_to_json
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import mask_secrets
from purefix_tui.log.detail import Detail
from purefix_tui.log.detail_lines import field_text
from purefix_tui.log.opened import View
from purefix_tui.widgets.copying import copy_text
from purefix_tui.widgets.plain import visible

_LONGEST_SAID = 60
"""Longer fields are called by their name in the notice."""


def copy_message(app: App[object], log: LogFile, detail: Detail) -> None:
    """Copy the message, in JSON where that is shown, else as it is in the log; secrets as they are shown.
    Of an event its text."""
    shown = detail.shown
    if detail.is_decoding:
        text = "This message is still being decoded. It can be copied as soon as it is shown."
        app.notify(text, title="Not copied", severity="warning")
    elif detail.event is not None:
        copy_text(app, detail.event.text, "the text of the event")
    elif shown is not None:
        if detail.view is View.JSON:
            text = row_to_json(log, shown.entry.row, show_secrets=detail.show_secrets)
        else:
            message = shown.message
            raw = message.raw if detail.show_secrets else mask_secrets(message)
            text = as_text(raw.replace(b"\x01", b"|"))
        name = shown.decoded.name or f"MsgType {shown.decoded.msg_type}"
        copy_text(app, text, f"{name}, {len(text):,} characters")


def copy_field(app: App[object], detail: Detail) -> None:
    """Copy the field under the cursor of the detail."""
    field = detail.field
    if field is None:
        app.notify(no_field(detail), title="No field")
    else:
        text = field_text(field, detail.is_masked)
        copy_text(app, text, visible(text) if len(text) < _LONGEST_SAID else f"{field.name or field.tag}")


def no_field(detail: Detail) -> str:
    """What to do where no field is under the cursor."""
    if detail.view is not View.TREE:
        return "Fields are chosen in the tree: v goes there."
    if detail.table.has_focus:
        return "There is no field in this line: put the cursor on one."
    return "Put the cursor of the detail on a field first (Tab goes there)."
