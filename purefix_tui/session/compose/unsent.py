"""The message that was written last in each session, and not sent."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from purefix_core.session.compose.draft import Draft
from purefix_tui.session.engine_thread import EngineThread

_by_engine: WeakKeyDictionary[EngineThread, Draft] = WeakKeyDictionary()


def unsent(engine: EngineThread) -> Draft | None:
    return _by_engine.get(engine)


def keep(engine: EngineThread, draft: Draft) -> None:
    """Keep it, as long as the session is open."""
    _by_engine[engine] = draft


def forget(engine: EngineThread) -> None:
    _by_engine.pop(engine, None)
