"""An application that sends back what it gets: what the acceptance scripts need of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import le
from typing import TYPE_CHECKING

from purefix_core.session.application import Application, UnsupportedMessageType
from purefix_core.session.incoming import reader
from purefix_core.session.outgoing import ADDED, FlatMessage, flat
from purefix_core.session.settings import SessionId
from purefix_core.types.message import Message
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession

_CL_ORD_ID = 11
_POSS_RESEND = 97
_NEW_ORDER, _LIST_STATUS, _SECURITY_DEFINITION = "D", "C", "d"
_WITHOUT_SECURITY_DEFINITION = ("FIX.4.0", "FIX.4.1")
_MOST_REMEMBERED = 100_000
"""ClOrdIDs of one session; the oldest is forgotten first."""


class Echo(Application):
    """NewOrderSingle (D), C and, from FIX.4.2 on, d come back with the same body; anything else is refused as
    unsupported. An order with PossResend(97)=Y whose ClOrdID(11) came before in this connection is ignored
    (acceptance scripts 19a, 19b, 2r).

    Over FIXT it answers in the version that the peer's Logon asks for (1137).
    """

    def __init__(self, ascending: bool = False) -> None:
        """`ascending`: body fields come back by ascending tag, whatever order they came in (scripts 15, 21)."""
        self._ascending = ascending
        self._seen: dict[SessionId, dict[bytes, None]] = {}
        """The ClOrdIDs of each session, oldest first."""

    def from_admin(self, message: Message, session: FixSession) -> None:
        version = message.get(tags.DEFAULT_APPL_VER_ID) if message.msg_type == tags.LOGON else None
        if version is not None:
            session.sender_default_appl_ver_id = version.decode("latin-1")

    def on_logout(self, session: FixSession) -> None:
        self._seen.pop(session.session_id, None)

    def from_app(self, message: Message, session: FixSession) -> None:
        kind = message.msg_type
        if kind == _NEW_ORDER:
            if self._is_known(message, session):
                return
        elif kind == _SECURITY_DEFINITION:
            if session.session_id.begin_string in _WITHOUT_SECURITY_DEFINITION:
                raise UnsupportedMessageType
        elif kind != _LIST_STATUS:
            raise UnsupportedMessageType
        session.send(self._sorted(message, session) if self._ascending else message)

    def _is_known(self, message: Message, session: FixSession) -> bool:
        """Whether the order is sent once more. Its ClOrdID is then known in any case."""
        seen = self._seen.setdefault(session.session_id, {})
        cl_ord_id = message.get(_CL_ORD_ID) or b""
        if cl_ord_id in seen:
            return message.get(_POSS_RESEND) == b"Y"
        seen[cl_ord_id] = None
        if len(seen) > _MOST_REMEMBERED:
            del seen[next(iter(seen))]
        return False

    def _sorted(self, message: Message, session: FixSession) -> Message | FlatMessage:
        """The message itself where its body is sorted, which is sent at a third of the cost."""
        definitions = session.config.definitions
        header_tags, trailer_tags = definitions.header_tags, definitions.trailer_tags
        fields = reader(definitions).parse(message.to_bytes()).fields
        body = [tag for tag, _ in fields if tag not in header_tags and tag not in trailer_tags]
        if all(map(le, body, body[1:])):
            return message
        defined = definitions.message(message.msg_type)
        level = () if defined is None else defined.level.slots
        parts = flat(message.to_bytes(), header_tags, trailer_tags, definitions.data_tags, ADDED)
        parts.body = ascending(parts.body, level, definitions.length_tags)
        return parts


def ascending(
    body: list[tuple[int, bytes]], level: Collection[int], length_tags: Mapping[int, int]
) -> list[tuple[int, bytes]]:
    """The fields by ascending tag. What stands inside a group, whose tags are not of the message's own `level`, stays
    behind the group's counter, and data behind its length."""
    tied: list[list[tuple[int, bytes]]] = []
    for tag, value in body:
        if tied and (tag not in level or tied[-1][-1][0] == length_tags.get(tag)):
            tied[-1].append((tag, value))
        else:
            tied.append([(tag, value)])
    tied.sort(key=lambda fields: fields[0][0])
    return [each for fields in tied for each in fields]
