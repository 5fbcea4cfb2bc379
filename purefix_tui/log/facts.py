"""What the screen counts of a whole log, no more often than is bearable: there are logs of 100,000 sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.logs.index import LogIndex, SessionKey
from purefix_core.logs.log_file import Dialect, LogError, LogFile

_SHARE = 20
"""Counting takes at most one part in so many of the time."""
_SAMPLED_SESSIONS = 200
"""The first sessions of a log tell its dialects; to ask for that of each of 100,000 takes five seconds."""
_MOST_FAILURES = 3
"""After so many dictionaries that cannot be loaded no more are tried: each may take a while to fail."""


class Counts:
    """How many messages there are of each MsgType, and how many sessions."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.types: Mapping[str, int] = {}
        self.sessions = 0
        self._clock = clock
        self._counted: tuple[LogIndex, int] | None = None
        self._not_before = 0.0

    def wait(self, rows: LogIndex) -> float | None:
        """In how many seconds to count again; None if all is counted."""
        if self._counted is not None and self._counted[0] is rows and self._counted[1] == len(rows):
            return None
        return max(0.0, self._not_before - self._clock())

    def forget(self) -> None:
        """Count anew next time: the rows may be others, and as many."""
        self._counted = None

    def count(self, rows: LogIndex, sessions_too: bool) -> None:
        """Count. The two directions of a session count as one."""
        began = self._clock()
        self._counted = rows, len(rows)
        self.types, sessions = rows.counts()
        if sessions_too:
            self.sessions = sum(key <= key.reversed() or key.reversed() not in sessions for key in sessions)
        now = self._clock()
        self._not_before = now + _SHARE * (now - began)


class LogDialects:
    """What the messages of a log are read with, as far as its first sessions tell."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._rows: LogIndex | None = None
        self._asked = 0
        self._by_session: dict[SessionKey, Dialect] = {}
        self._definitions: dict[int, Definitions] = {}
        self._problems: list[str] = []

    def type_name(self, code: str) -> str:
        """The name of a MsgType in the first dictionary that has one, else the MsgType itself."""
        self._ask_more()
        for definitions in self._definitions.values():
            name = definitions.message_name(code)
            if name:
                return name
        return code

    def main(self) -> Dialect | None:
        """The dialect of most messages; None if there is none, or no dictionary can be loaded."""
        self._ask_more()
        counts = self._log.rows.counts()[1]
        votes: dict[str, int] = {}
        dialects: dict[str, Dialect] = {}
        for session, dialect in self._by_session.items():
            dialects[dialect.name] = dialect
            votes[dialect.name] = votes.get(dialect.name, 0) + counts.get(session, 0)
        return dialects[max(votes, key=votes.__getitem__)] if votes else None

    @property
    def problems(self) -> tuple[str, ...]:
        """Which dictionaries cannot be loaded, and why."""
        return tuple(dict.fromkeys(self._problems))

    def _ask_more(self) -> None:
        rows = self._log.rows
        if self._rows is not rows:
            self._rows, self._asked = rows, 0
            self._by_session, self._definitions, self._problems = {}, {}, []
        for session in rows.sessions[1 + self._asked : 1 + _SAMPLED_SESSIONS]:  # that of code 0 is none
            self._asked += 1
            if len(self._problems) == _MOST_FAILURES:
                continue
            try:
                dialect = self._log.dialect_of(session)
            except (LogError, DictionaryError) as error:
                self._problems.append(str(error))
            else:
                self._by_session[session] = dialect
                self._definitions.setdefault(id(dialect.definitions), dialect.definitions)
