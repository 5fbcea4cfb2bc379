"""Which session a first message means, and which of the configured ones that is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from purefix_core.session.engine.driver import SessionDriver
from purefix_core.session.incoming import Incoming, IncomingReader
from purefix_core.session.settings import SessionId
from purefix_core.wire import tags
from purefix_core.wire.message import printable

_MOST_SHOWN = 60
_READER = IncomingReader(tags.DATA_TAG_BY_LENGTH_TAG)


class NotALogon(Exception):
    """The first message of a connection is none that a session could begin with."""


class Newcomer(NamedTuple):
    """Whose Logon came. `session_id` is as we would have it: the SenderCompID is ours, 56 of the Logon."""

    session_id: SessionId
    default_appl_ver_id: str
    raw: bytes

    def __str__(self) -> str:
        return printable(str(self.session_id))[:_MOST_SHOWN]


def newcomer(frame: bytes) -> Newcomer:
    """Take a first message apart. Raises NotALogon (acceptance scripts 1e, and 1d for a garbled Logon)."""
    try:
        message = _READER.parse(frame)
    except ValueError as error:
        raise NotALogon(f"the first message is garbled: {error}") from error
    if message.msg_type != tags.LOGON:
        raise NotALogon(f"the first message is no Logon, but of MsgType {printable(message.msg_type)[:10]}")
    found = Newcomer(_session_id(message), message.text(tags.DEFAULT_APPL_VER_ID), frame)
    for tag, text in (
        (tags.SENDER_COMP_ID, found.session_id.target_comp_id),
        (tags.TARGET_COMP_ID, found.session_id.sender_comp_id),
    ):
        if not text:
            raise NotALogon(f"the Logon has no tag {tag}")
    return found


def _session_id(message: Incoming) -> SessionId:
    return SessionId(
        begin_string=message.text(tags.BEGIN_STRING),
        sender_comp_id=message.text(tags.TARGET_COMP_ID),
        target_comp_id=message.text(tags.SENDER_COMP_ID),
        sender_sub_id=message.text(tags.TARGET_SUB_ID),
        sender_location_id=message.text(tags.TARGET_LOCATION_ID),
        target_sub_id=message.text(tags.SENDER_SUB_ID),
        target_location_id=message.text(tags.SENDER_LOCATION_ID),
    )


_Key = tuple[str, str, str]


class Directory:
    """The sessions that may be logged on to."""

    def __init__(self, drivers: Iterable[SessionDriver] = ()) -> None:
        self._by_comp_ids: dict[_Key, list[SessionDriver]] = {}
        for driver in drivers:
            self.add(driver)

    def add(self, driver: SessionDriver) -> None:
        self._by_comp_ids.setdefault(_key(driver.session_id), []).append(driver)

    def remove(self, driver: SessionDriver) -> None:
        self._by_comp_ids[_key(driver.session_id)].remove(driver)

    def find(self, wanted: SessionId) -> SessionDriver | None:
        """The session with the BeginString and the CompIDs, and with the SubIDs and LocationIDs if there is one; else
        the one that leaves most of these open, since a session without them takes any."""
        fitting = [each for each in self._by_comp_ids.get(_key(wanted), ()) if _fits(each.session_id, wanted)]
        return max(fitting, key=lambda each: len(_named(each.session_id)), default=None)


def _key(session_id: SessionId) -> _Key:
    return session_id.begin_string, session_id.sender_comp_id, session_id.target_comp_id


def _named(session_id: SessionId) -> dict[str, str]:
    """The SubIDs and LocationIDs that a session has; a qualifier is never sent."""
    return {key: str(value) for key, value in session_id.parts.items() if value and key != "session_qualifier"}


def _fits(configured: SessionId, wanted: SessionId) -> bool:
    return _named(configured).items() <= _named(wanted).items()
