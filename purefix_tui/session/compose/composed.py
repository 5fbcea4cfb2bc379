"""A message as it leaves the screen where it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.expressions import Moment
from purefix_core.session.outgoing import FlatMessage
from purefix_core.wire import tags


@dataclass(frozen=True)
class Composed:
    """A message that was sent."""

    title: str
    message: Callable[[int], FlatMessage]
    """Gives it for the MsgSeqNum that it has, each time the same but for that. Raises ComposeError."""
    store: bool | None
    """For one with a MsgSeqNum of its own: whether it is kept in the store."""


def message_of(draft: Draft, definitions: Definitions, moment: Moment) -> Callable[[int], FlatMessage]:
    """The message for any MsgSeqNum: times and ids are those of `moment`."""
    return lambda seq: draft.to_flat(definitions, replace(moment, seq=seq), as_written=True)


def has_own_number(draft: Draft) -> bool:
    return any(item.tag == tags.MSG_SEQ_NUM for item in draft.header)
