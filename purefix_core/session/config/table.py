"""Every setting in one table: its names, what its values are, where it goes, and what it means.

Files of both kinds are read by it, and the tables of docs/sessions.md and docs/schemas/session.schema.json are made of
it (tools/write_session_settings.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from purefix_core.session.config import rows_connection, rows_identity, rows_protocol
from purefix_core.session.config.setting import Setting

GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    ("Who and what", rows_identity.IDENTITY),
    ("Dialect", rows_identity.DIALECT),
    ("Logon", rows_protocol.LOGON),
    ("Messages", rows_protocol.MESSAGES),
    ("Validation", rows_protocol.VALIDATION),
    ("Sequence numbers", rows_protocol.SEQUENCE_NUMBERS),
    ("Schedule", rows_connection.SCHEDULE),
    ("Network", rows_connection.NETWORK),
    ("TLS", rows_connection.TLS),
    ("Store and logs", rows_connection.STORE_AND_LOGS),
)

SETTINGS: tuple[Setting, ...] = tuple(setting for _, settings in GROUPS for setting in settings)

_BY_NAME = {name.casefold(): setting for setting in SETTINGS for name in (setting.key, *setting.aliases)}
_WITH_SUFFIX = tuple(
    (setting, re.compile(f"{re.escape(setting.key.casefold())}({setting.suffix})", re.DOTALL))
    for setting in SETTINGS
    if setting.suffix
)
_LONGEST_KEY = 64

KEYS: tuple[str, ...] = tuple(name for setting in SETTINGS for name in (setting.key, *setting.aliases))
"""All names."""


@lru_cache(maxsize=1024)
def setting_named(key: str) -> tuple[Setting, str] | None:
    """The setting with that name, in any case, and what stands behind its name: SocketConnectHost and "1". None for a
    key that is no setting."""
    if len(key) > _LONGEST_KEY:
        return None
    folded = key.casefold()
    if folded in _BY_NAME:
        return _BY_NAME[folded], ""
    for setting, pattern in _WITH_SUFFIX:
        if match := pattern.fullmatch(folded):
            return setting, match[1]
    return None
