"""The dictionary that each message of a store is read with."""

from __future__ import annotations

from purefix_core.cli.store.options import tell
from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.standard import standard
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.store.kept import kept_messages
from purefix_core.store.located import LocatedStore
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

_LOGON_AMONG = 100
"""A Logon says which FIX version is spoken over FIXT; it is looked for among so many first messages."""


class MessageReader:
    """Reads messages of one store. A dictionary that cannot be loaded is told on stderr; FIX 4.4 takes its place."""

    def __init__(self, dialects: Dialects, dialect: str | None, store: LocatedStore) -> None:
        """`dialect` names a registration to read all messages with."""
        self._dialects = dialects
        self._dialect = dialect
        self._store = store
        self._begin_string: str | None = None
        self._base: Definitions
        self._default_appl_ver_id: str | None = None

    def read(self, encoded: bytes) -> tuple[FixMessage, Definitions]:
        """A whole message, and what describes it."""
        message = FixMessage.parse(encoded)
        begin_string = message.text(tags.BEGIN_STRING)
        if begin_string != self._begin_string:
            self._begin_string = begin_string
            self._default_appl_ver_id = self._version_of_logon() if begin_string.startswith("FIXT") else None
            self._base = self._definitions(begin_string)
        return message, definitions_for_message(message, self._base, self._default_appl_ver_id)

    def _definitions(self, begin_string: str) -> Definitions:
        session = self._store.session
        name = self._dialect
        if name is None:
            match = self._dialects.match_session(
                begin_string, session.sender_comp_id, session.target_comp_id, self._default_appl_ver_id
            )
            name = None if match is None else match.registration.name
        try:
            if name is not None:
                return self._dialects.load_definitions(name)
            tell(["no registration fits this session; read as FIX 4.4"])
        except (DictionaryError, TypeRegistryError) as error:
            tell([f"dialect {name}: {error}; read as FIX 4.4"])
        return standard("FIX44")

    def _version_of_logon(self) -> str | None:
        """DefaultApplVerID(1137) of the first Logon that was sent."""
        for kept in kept_messages(self._store, 1, _LOGON_AMONG):
            if kept.record is not None and kept.record.msg_type == tags.LOGON:
                return FixMessage.parse(kept.record.encoded).text(tags.DEFAULT_APPL_VER_ID) or None
        return None
