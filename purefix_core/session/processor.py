"""MessageProcessor: finds the handler of a message by its MsgType (spec: Message Processing)."""

from __future__ import annotations

from typing import Protocol

from purefix_core.session.incoming import Incoming


class MessageHandler(Protocol):
    def handle(self, message: Incoming) -> None:
        """Do what a message asks for. It was validated; whether it is in sequence is for the handler to find out."""


class MessageProcessor:
    """The handlers of one session, one for each MsgType; `otherwise` gets what has none."""

    def __init__(self, otherwise: MessageHandler) -> None:
        self._handlers: dict[str, MessageHandler] = {}
        self._otherwise = otherwise

    def register_handler(self, msg_type: str, handler: MessageHandler) -> None:
        """`handler` takes the place of the one that the MsgType had."""
        self._handlers[msg_type] = handler

    def process_message(self, message: Incoming) -> None:
        self._handlers.get(message.msg_type, self._otherwise).handle(message)
