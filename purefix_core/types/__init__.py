"""Typed messages: classes with an attribute for each field of a message, made from a dictionary or generated."""

from purefix_core.types.declare import component, field, group
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.fieldset import Component, GroupEntry
from purefix_core.types.message import Message
from purefix_core.types.provider import TypeSystemProvider
from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory
from purefix_core.types.values import RawText, UtcTimestamp

__all__ = [
    "Component",
    "FixMessageFactory",
    "GroupEntry",
    "Message",
    "RawText",
    "SessionDescription",
    "SessionMessageFactory",
    "TypeSystemProvider",
    "UtcTimestamp",
    "component",
    "field",
    "group",
]
