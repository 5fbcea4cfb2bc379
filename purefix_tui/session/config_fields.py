"""The settings that the form of a session has, with what the table of settings says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config.kinds import FLAG
from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import setting_named
from purefix_core.session.settings import ConnectionType, SessionId, SessionSettings

DIALECT = "Application.DictionaryName"
LOGON_TAG = "LogonTag"
MOST_LOGON_TAGS = 99

Texts = Mapping[str, str]
"""What stands in the form, by the names of the settings."""
Option = tuple[str, str]
"""What a choice is in the file, "" where it is left out; and how it is shown."""

_PLAIN = SessionSettings(SessionId("", "", ""))
_LABELS = {"Application.Name": "Name", DIALECT: "Dialect", "production": "Production"}


def _always(_: Texts) -> bool:
    return True


def _initiator(texts: Texts) -> bool:
    return texts.get("ConnectionType", "").casefold() != ConnectionType.ACCEPTOR.value


def _acceptor(texts: Texts) -> bool:
    return not _initiator(texts)


def _tls(texts: Texts) -> bool:
    return bool(FLAG.read(texts.get("SocketUseSSL", ""), Path()))


def _over_fixt(texts: Texts) -> bool:
    return texts.get("BeginString", "").upper() == "FIXT.1.1" or bool(texts.get("DefaultApplVerID"))


GROUPS: tuple[tuple[str, tuple[tuple[str, Callable[[Texts], bool]], ...]], ...] = (
    (
        "Who and what",
        (
            ("Application.Name", _always),
            ("ConnectionType", _always),
            ("SenderCompID", _always),
            ("TargetCompID", _always),
            ("production", _always),
        ),
    ),
    (
        "Connection",
        (
            ("SocketConnectHost", _initiator),
            ("SocketConnectPort", _initiator),
            ("SocketAcceptAddress", _acceptor),
            ("SocketAcceptPort", _acceptor),
            ("SocketUseSSL", _always),
            ("SocketCAFile", _tls),
            ("SocketCertificateFile", _tls),
            ("SocketPrivateKeyFile", _tls),
            ("SocketServerName", lambda texts: _tls(texts) and _initiator(texts)),
            ("SocketVerifyPeer", _tls),
        ),
    ),
    ("Dialect", ((DIALECT, _always), ("BeginString", _always), ("DefaultApplVerID", _over_fixt))),
    (
        "Logon",
        (
            ("HeartBtInt", _always),
            ("ResetSeqNumFlag", _always),
            ("Username", _always),
            ("Password", _always),
            (LOGON_TAG, _always),
        ),
    ),
    ("Store and logs", (("FileStorePath", _always), ("StoreLayout", _always), ("FileLogPath", _always))),
)
"""Headings, the settings under them, and when each is of use."""


@dataclass(frozen=True)
class ConfigField:
    """One line of the form."""

    name: str
    """The table's name of the setting, and what follows it: LogonTag1."""
    setting: Setting
    is_of_use: Callable[[Texts], bool] = _always

    @classmethod
    def named(cls, name: str, is_of_use: Callable[[Texts], bool] = _always) -> ConfigField:
        found = setting_named(name)
        if found is None:
            raise ValueError(f"{name} is no setting")
        return cls(name, found[0], is_of_use)

    @property
    def label(self) -> str:
        return _LABELS.get(self.name, self.name or self.setting.key)

    @property
    def meaning(self) -> str:
        return self.setting.meaning.replace("`", "")

    @property
    def default(self) -> str:
        """What counts if it is left out, for people."""
        if self.setting.default:
            return {"error": "", "see Which dialect": "what fits the CompIDs and BeginString"}.get(
                self.setting.default, self.setting.default
            )
        value: Any = _PLAIN
        for name in self.setting.field.split("."):
            value = getattr(value, name)
        return text_of(value.value if isinstance(value, Enum) else value)

    def problem(self, text: str) -> str:
        """What is expected instead of a text; "" for one that is right."""
        if not text or self.setting.kind.read(text, Path()) is not None:
            return ""
        return f"expected {self.setting.kind.expected}"

    def value(self, text: str) -> object:
        """The text as JSON has it: flags and numbers as such; None for an empty one."""
        if not text:
            return None
        found = self.setting.kind.read(text, Path())
        return found if isinstance(found, bool | int | float) else text

    def options(self, text: str, registry: Dialects) -> Sequence[Option]:
        """What there is to choose from, where the file says `text`; empty for what is typed."""
        kind = self.setting.kind
        if self.name == DIALECT:
            pairs = [(each.name, _with_version(each.name, each.version)) for each in registry.get_all_enabled()]
            return _with_present(text, [("", "what fits the CompIDs"), *pairs], str.casefold)
        if kind is FLAG:
            pairs = [("N", "no"), ("Y", "yes")]
        elif kind.schema.get("enum"):
            pairs = [(str(each), str(each)) for each in kind.schema["enum"]]
        else:
            return ()
        if self.default not in dict(pairs):
            pairs = [("", self.default.partition(";")[0]), *pairs]
        elif not text:  # what counts anyhow is left out, unless the file says it
            pairs = [("" if value == self.default else value, shown) for value, shown in pairs]
        return _with_present(text, pairs, lambda each: kind.read(each, Path()))


def _with_present(text: str, options: Sequence[Option], meaning: Callable[[str], object]) -> Sequence[Option]:
    """The options, among which is what the file says, as it is written there."""
    if not text:
        return options
    same = [number for number, (value, _) in enumerate(options) if value and meaning(value) == meaning(text)]
    if not same:
        return [*options, (text, text)]
    return [(text if number == same[0] else value, shown) for number, (value, shown) in enumerate(options)]


def _with_version(name: str, version: str) -> str:
    return f"{name} · {version}" if version else name


def text_of(value: object) -> str:
    """A value of a file as it stands in the form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fields() -> list[tuple[str, list[ConfigField]]]:
    """The form: headings, and what stands under each."""
    return [(title, [ConfigField.named(name, use) for name, use in rows]) for title, rows in GROUPS]
