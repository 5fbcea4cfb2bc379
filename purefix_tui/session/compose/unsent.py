"""The message that was written last in each session, and not sent."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from purefix_core.session.compose.draft import Draft
from purefix_core.types.session_messages import SessionMessageFactory
from purefix_tui.session.engine_thread import EngineThread

_by_session: WeakKeyDictionary[SessionMessageFactory, Draft] = WeakKeyDictionary()
"""Made when a session file is read, and shared by all engines of the session, one after the other."""


def unsent(engine: EngineThread) -> Draft | None:
    return _by_session.get(engine.config.session_message_factory)


def keep(engine: EngineThread, draft: Draft) -> None:
    """Keep it, as long as the session is open."""
    _by_session[engine.config.session_message_factory] = draft


def forget(engine: EngineThread) -> None:
    _by_session.pop(engine.config.session_message_factory, None)
