"""Where a value is typed, in the line of its field."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from purefix_tui.session.keys import COMPOSE_FORM_FOOTER, COMPOSE_VALUE_KEYS


class ValueInput(Input):
    """Stands over the table, at the line under the cursor."""

    FOOTER = COMPOSE_FORM_FOOTER
    BINDINGS: ClassVar[list[BindingType]] = COMPOSE_VALUE_KEYS

    DEFAULT_CSS = """
    ValueInput { position: absolute; layer: values; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False)
