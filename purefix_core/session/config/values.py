"""The settings of one section, read by the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from purefix_core.registry.json_file import shown
from purefix_core.session.config.section import Entry, Section
from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import SETTINGS
from purefix_core.session.settings import (
    ConnectionType,
    NetworkSettings,
    ScheduleSettings,
    SessionId,
    SessionSettings,
    TlsSettings,
    Validation,
)

_T = TypeVar("_T")
_BY_KEY = {setting.key: setting for setting in SETTINGS}
_ANY_PEER = "*"


@dataclass
class Values:
    """What a section says. `problems` has a line for each value that is not as expected."""

    section: Section
    problems: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    """Keys that are among the problems."""
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The values by key, and for those that may stand several times by what follows it."""

    def get(self, key: str, kind: type[_T]) -> _T | None:
        """The value of a setting; None where it is not given or wrong."""
        value = self.by_key.get(key, {}).get("")
        return value if isinstance(value, kind) else None

    def text(self, key: str) -> str:
        return self.get(key, str) or ""

    def note(self, key: str, text: str) -> None:
        """A problem with a setting that is right in itself; a setting that is wrong already has none besides."""
        if key not in self.wrong:
            self.wrong.add(key)
            self.problems.append(f"{self.section.place(key)}: {text}")

    def note_found(self, key: str, expected: str) -> None:
        entry = self.section.entry(key)
        self.note(key, f"expected {expected}, found {'nothing' if entry is None else shown(entry.value)}")


def read_values(section: Section) -> Values:
    """All settings of a section. None are required here."""
    values = Values(section)
    connection = _BY_KEY["ConnectionType"]
    _read(values, connection, "", section.entries.get((connection.key, "")))
    role = values.get(connection.key, ConnectionType) or SessionSettings.connection_type
    for (key, suffix), entry in section.entries.items():
        setting = _BY_KEY[key]
        if setting is not connection and setting.only in (None, role):
            _read(values, setting, suffix, entry)
    return values


def _read(values: Values, setting: Setting, suffix: str, entry: Entry | None) -> None:
    if entry is None or entry.value is None:
        return
    value = setting.kind.read(entry.value, values.section.folder)
    if value is None:
        found = "another value" if setting.kind.is_secret else shown(entry.value)
        values.wrong.add(setting.key)
        values.problems.append(f"{entry.place}: expected {setting.kind.expected}, found {found}")
    else:
        values.by_key.setdefault(setting.key, {})[suffix] = value


def settings_of(values: Values, begin_string: str, default_appl_ver_id: str) -> SessionSettings:
    """The settings, with the defaults for what is not given. Hosts without ports and the like are noted in `values`."""
    fields: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.field and "" in values.by_key.get(setting.key, {}):
            fields.setdefault(setting.field, values.by_key[setting.key][""])
    if fields.get("accept_unknown"):
        fields.setdefault("session_id.target_comp_id", _ANY_PEER)
    identity = {"sender_comp_id": "", "target_comp_id": "", **_part(fields, "session_id.")}
    network = _part(fields, "network.")
    tls = TlsSettings(**_part(network, "tls."))
    return SessionSettings(
        session_id=SessionId(begin_string, **identity),
        network=NetworkSettings(**_plain(network), hosts=_hosts(values), tls=tls),
        schedule=ScheduleSettings(**_part(fields, "schedule.")),
        validation=Validation(**_part(fields, "validation.")),
        default_appl_ver_id=default_appl_ver_id,
        logon_tags=_logon_tags(values),
        **_plain(fields),
    )


def _part(fields: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)}


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if "." not in name}


def _in_order(values: Values, key: str) -> list[tuple[str, Any]]:
    """By number; the one without a number is the first."""
    return sorted(values.by_key.get(key, {}).items(), key=lambda item: int(item[0] or 0))


def _logon_tags(values: Values) -> tuple[tuple[int, str], ...]:
    return tuple(value for _, value in _in_order(values, "LogonTag"))


def _hosts(values: Values) -> tuple[tuple[str, int], ...]:
    """Each host with its port. One without the other is a problem, but for acceptors, which need none."""
    host, port = _BY_KEY["SocketConnectHost"], _BY_KEY["SocketConnectPort"]
    if values.get("ConnectionType", ConnectionType) is ConnectionType.ACCEPTOR:
        return ()
    found: list[tuple[str, int]] = []
    ports = values.by_key.get(port.key, {})
    for suffix, name in _in_order(values, host.key):
        if suffix in ports:
            found.append((name, ports[suffix]))
    for one, other in ((host, port), (port, host)):
        for suffix, entry in values.section.suffixes(one.key).items():
            if not values.section.has(other, suffix):
                text = f"expected {other.key}{suffix} beside it, found nothing"
                values.wrong.add(one.key)
                values.problems.append(f"{entry.place}: {text}")
    return tuple(found)
