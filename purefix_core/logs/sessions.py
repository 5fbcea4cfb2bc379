"""The sessions of a log: the dialect that each speaks, and which side of it the log was written on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from purefix_core.logs.index import INCOMING, OUTGOING, Entry, LogIndex, SessionKey
from purefix_core.logs.sides import Side, own_comp_id, seen_by
from purefix_core.logs.source import LogError
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, as_text

if TYPE_CHECKING:  # loading dictionaries costs imports that an index does not need
    from purefix_core.dictionary.definitions import Definitions

_SESSIONS_ASKED = 1_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """The dictionary that a session's messages are read with, and why it was chosen."""

    name: str
    reason: str
    definitions: Definitions
    default_appl_ver_id: str | None


class LogSessions:
    """Asks the registry about each session once. May be called from any thread."""

    def __init__(
        self,
        rows: LogIndex,
        read: Callable[[int, int], bytes],
        file_name: str,
        dialects: Dialects,
        dialect: str | None,
        own: str | None = None,
    ) -> None:
        """`read` takes an offset and a length; `dialect` names one for all sessions. `own`: the CompID of the side
        whose log this is, where that is known."""
        self._rows = rows
        self._read = read
        self._file_name = file_name
        self._own = own
        self._dialects = dialects
        self._forced_dialect = dialect
        self._dialect_by_session: dict[SessionKey, Dialect] = {}
        self._unloadable: dict[str, str] = {}
        self._side_by_session: dict[SessionKey, Side] = {}

    def dialect_of(self, session: SessionKey) -> Dialect:
        """The dialect of a session: the registration that matches it best, or the one that `open` was told to use.

        Raises LogError if its dictionary cannot be loaded.
        """
        known = self._dialect_by_session.get(session)
        if known is not None:
            return known
        default_appl_ver_id = self._default_appl_ver_id(session)
        if self._forced_dialect is not None:
            name, reason = self._forced_dialect, "chosen by hand"
        else:
            match = self._dialects.match_session(*session, default_appl_ver_id)
            if match is None:
                what = "registration fits this session" if self._dialects.get_all_enabled() else "dialect is enabled"
                hint = 'set isDefault for one or add "imports": ["standard"], or take one with --dialect'
                raise LogError(f"no {what}; in TypeRegistry.json {hint}")
            name, reason = match.registration.name, match.reason
        dialect = Dialect(name, reason, self._load_definitions(name), default_appl_ver_id)
        self._dialect_by_session[session] = dialect
        return dialect

    def _load_definitions(self, name: str) -> Definitions:
        from purefix_core.dictionary.definitions import DictionaryError

        if name in self._unloadable:  # to find that out may have taken a while
            raise LogError(self._unloadable[name])
        try:
            return self._dialects.load_definitions(name)
        except (DictionaryError, TypeRegistryError) as error:
            self._unloadable[name] = f"dialect {name}: {error}"
            raise LogError(self._unloadable[name]) from None

    def _default_appl_ver_id(self, session: SessionKey) -> str | None:
        """DefaultApplVerID(1137) of the first Logon that either side of a FIXT session sent."""
        if not session.begin_string.startswith("FIXT"):
            return None
        for key in (session, session.reversed()):
            row = self._rows.first_logon(key)
            if row is not None:
                entry = self._rows.entry(row)
                logon = FixMessage.parse(self._read(entry.offset, entry.length), entry.separator)
                version = logon.get(tags.DEFAULT_APPL_VER_ID)
                if version is not None:
                    return as_text(version)
        return None

    def side_of(self, entry: Entry) -> Side:
        """The conversation of one message, and which way it went: as the log marks the message; else as the log marks
        the session's first one, as the file's name tells, or as a guess: that who spoke first wrote the log. It is no
        question where the log's side was given."""
        session = entry.session
        own = self._own
        if own is not None and (session.sender_comp_id == own) != (session.target_comp_id == own):
            return seen_by(session, own, known=True)
        if entry.flags & (INCOMING | OUTGOING):
            own = session.sender_comp_id if entry.flags & OUTGOING else session.target_comp_id
            return seen_by(session, own, known=True)
        side = self._side_by_session.get(session)
        if side is None:
            side = self._side_by_session[session] = self._side_of_unmarked(session)
        return side

    def _side_of_unmarked(self, session: SessionKey) -> Side:
        first, other = self._rows.first_row(session), self._rows.first_row(session.reversed())
        spoke_first = other is None or (first is not None and first < other)
        row = first if spoke_first else other
        flags = 0 if row is None else self._rows.entry(row).flags
        is_marked = bool(flags & (INCOMING | OUTGOING))
        if not is_marked and (own := own_comp_id(self._file_name, session)) is not None:
            return seen_by(session, own, known=True)
        sent = spoke_first != bool(flags & INCOMING)
        return seen_by(session, session.sender_comp_id if sent else session.target_comp_id, is_marked)

    def main_dialect(self) -> Dialect | None:
        """The dialect of most messages; None if there is none, or no dictionary can be loaded."""
        return next(iter(self._dialects_in_use()[0]), None)

    def definitions(self) -> list[Definitions]:
        """The definitions in use, those of most messages first: what names in a filter may refer to.

        Of a log without messages those of the default registration. Raises LogError if no dictionary can be loaded.
        """
        dialects, problem = self._dialects_in_use()
        if dialects:
            return list({id(dialect.definitions): dialect.definitions for dialect in dialects}.values())
        if problem is not None:
            raise problem
        default = self._dialects.get_default()
        return [] if default is None else [self._load_definitions(default.name)]

    def _dialects_in_use(self) -> tuple[list[Dialect], LogError | None]:
        """The dialects that can be loaded, that of most messages first, and why others cannot be.

        The 1,000 sessions of most messages tell: to ask the registry about 100,000 takes five seconds.
        """
        messages: Counter[str] = Counter()
        found: dict[str, Dialect] = {}
        problem: LogError | None = None
        for session, count in Counter(self._rows.counts()[1]).most_common(_SESSIONS_ASKED):
            try:
                dialect = self.dialect_of(session)
            except LogError as error:
                problem = error
            else:
                found.setdefault(dialect.name, dialect)
                messages[dialect.name] += count
        return [found[name] for name, _ in messages.most_common()], problem
