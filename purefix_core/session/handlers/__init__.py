"""What a session does with each message: one handler a MsgType."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.handlers.heartbeat import HeartbeatHandler
from purefix_core.session.handlers.logon import LogonHandler
from purefix_core.session.handlers.logout import LogoutHandler
from purefix_core.session.handlers.received import ReceivedHandler
from purefix_core.session.handlers.resend_request import ResendRequestHandler
from purefix_core.session.handlers.sequence_reset import SequenceResetHandler
from purefix_core.session.handlers.test_request import TestRequestHandler
from purefix_core.session.processor import MessageProcessor

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


def make_processor(session: FixSession) -> MessageProcessor:
    """The handlers of a session. An application may register others in their place, or for MsgTypes of its own."""
    processor = MessageProcessor(otherwise=ReceivedHandler(session))
    processor.register_handler("0", HeartbeatHandler(session))
    processor.register_handler("1", TestRequestHandler(session))
    processor.register_handler("2", ResendRequestHandler(session))
    processor.register_handler("3", ReceivedHandler(session))
    processor.register_handler("4", SequenceResetHandler(session))
    processor.register_handler("5", LogoutHandler(session))
    processor.register_handler("A", LogonHandler(session))
    return processor
