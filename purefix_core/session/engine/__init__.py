"""Sessions over real connections: everything that reads a clock, a socket or a log file. It needs asyncio."""

from purefix_core.session.engine.connection import Limits
from purefix_core.session.engine.engine import FixEngine, Sessions
from purefix_core.session.engine.errors import EngineError
from purefix_core.session.engine.initiator import Initiator
from purefix_core.session.engine.listeners import EventListener, SessionEvent

__all__ = ["EngineError", "EventListener", "FixEngine", "Initiator", "Limits", "SessionEvent", "Sessions"]
