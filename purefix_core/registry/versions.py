"""Whether a dialect's version can be that of a session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from purefix_core.dictionary.versions import name_for_appl_ver_id

FIXT = "FIXT11"
NEWEST_OVER_FIXT = "FIX50SP2"


@lru_cache(maxsize=256)
def short_name(version: str) -> str:
    """`FIX.5.0SP2`, `fix50sp2` and `FIX.5.0.SP2` are all FIX50SP2."""
    return "".join(filter(str.isalnum, version)).upper()


def rides_on_fixt(version: str) -> bool:
    """Whether the version leaves its header to FIXT: FIX 5.0 and its service packs."""
    return short_name(version).startswith("FIX50")


@dataclass(frozen=True)
class SessionVersion:
    """What a session says of its version: BeginString(8), and over FIXT the DefaultApplVerID(1137) of its Logon."""

    begin_string: str
    """Empty where unknown, which agrees with every dialect."""
    default_appl_ver_id: str | None = None

    def __str__(self) -> str:
        over = "" if self.application is None else f" with {self.application}"
        return f"{self.begin_string}{over}"

    @property
    def application(self) -> str | None:
        """The short name of the application version, where the session is FIXT and has told it."""
        if short_name(self.begin_string) != FIXT or not self.default_appl_ver_id:
            return None
        return name_for_appl_ver_id(self.default_appl_ver_id)

    def agrees_with(self, version: str) -> bool:
        """False where a dialect of that version contradicts the session. An unknown version contradicts nothing."""
        name, transport, application = short_name(version), short_name(self.begin_string), self.application
        if not name or not transport or name == transport:
            return True
        if transport != FIXT:
            return False
        return name == application if application else rides_on_fixt(name)

    def is_best_served_by(self, version: str) -> bool:
        """Whether that version fits best among several that agree.

        Over FIXT it is the application version. Where no Logon has told it, FIX 5.0 SP2 is taken: it has nearly all
        that FIX 5.0 and SP1 define and more, so it names the most fields of a message that any of them might be.
        FIXT itself describes session messages only.
        """
        name, transport = short_name(version), short_name(self.begin_string)
        return bool(name) and name == ((self.application or NEWEST_OVER_FIXT) if transport == FIXT else transport)
