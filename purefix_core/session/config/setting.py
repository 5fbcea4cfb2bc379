"""One row of the table of settings."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.session.config.kinds import Kind
from purefix_core.session.settings import ConnectionType

CPP, J, GO, OURS = "QuickFIX", "QuickFIX/J", "QuickFIX/Go", "PureFix"
"""Where names come from. Most are those of QuickFIX C++, which its relatives share."""


@dataclass(frozen=True)
class Setting:
    """One row. Where several rows lead to one field, the first of those that a session has counts."""

    key: str
    """Its name in files, in any case."""
    kind: Kind
    field: str
    """Where it goes in SessionSettings, such as network.tls.enabled; "" where fix_config.py or values.py says."""
    meaning: str
    aliases: tuple[str, ...] = ()
    """Other names for it, those of QuickFIX's relatives among them."""
    default: str = ""
    """If it is left out, for people; "" for what SessionSettings has."""
    suffix: str = ""
    """A regular expression of what may follow its name: SocketConnectHost1."""
    only: ConnectionType | None = None
    """Whose setting it is; the other side passes over it."""
    origin: str = CPP
    """Whose name its key is."""
