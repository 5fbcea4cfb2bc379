"""The first line where a message is written: what, to whom, and how the session is."""

from __future__ import annotations

from textual.content import Content

from purefix_core.session.compose.draft import Draft
from purefix_tui.session.compose.words import message_words
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.words import state_word
from purefix_tui.widgets.plain import visible


def title(engine: EngineThread, draft: Draft | None, template: str) -> Content:
    """`template`: the name of the one that the message is; empty for none."""
    settings = engine.config.settings
    what = "Compose" if draft is None else message_words(draft.msg_type, engine.config.definitions)
    whose = f"{settings.session_id.sender_comp_id} → {settings.session_id.target_comp_id}"
    state, tone = state_word(engine.status, bool(engine.failure))
    pieces = [
        (f" {visible(what)}", "bold $primary"),
        (f"   ● {state}", f"bold ${tone.value}"),
        (f"   {visible(whose)}   {visible(engine.config.registration.name)}", "$muted"),
    ]
    if template:
        pieces.append((f"   template {visible(template)}", "$muted"))
    return Content.assemble(*pieces)
