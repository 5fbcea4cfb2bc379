"""What is said, above the fields, of a message that is made of an older one."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.origin import origin_remarks
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.widgets.plain import visible


def remarks_on(draft: Draft | None, engine: EngineThread) -> tuple[str, ...]:
    """The sentences on a message that is to be sent in that session."""
    return () if draft is None else origin_remarks(draft, engine.config.settings, engine.config.definitions)


class Remarks(Static):
    """A line for each sentence, in the form and in the text; takes no place where there is nothing to say."""

    DEFAULT_CSS = """
    Remarks { width: 100%; height: auto; max-height: 6; color: $warning; display: none; }
    """

    def __init__(self) -> None:
        super().__init__("")
        self._said: Sequence[str] = ()

    def show(self, sentences: Sequence[str]) -> None:
        if sentences != self._said:
            self._said = sentences
            self.display = bool(sentences)
            self.update(Content("\n".join(f"! {visible(each)}" for each in sentences)))
