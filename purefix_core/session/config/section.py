"""The keys of one session as a file has them, each with the place to name when it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import setting_named

_MOST_OTHERS = 100
"""Keys that are no settings are kept only to be told of, and each session has those of the top level."""
_MOST_WARNINGS = 100


class Entry(NamedTuple):
    place: str
    """File, section and key."""
    key: str
    """As it is written."""
    value: object


@dataclass
class Section:
    """A session, or what holds for all sessions of a file."""

    path: Path
    name: str
    """How people find it in the file."""
    prefix: str
    """What stands before a key that it does not have, to say where it is missing."""
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """By the setting's key and what follows it (SocketConnectHost, 1)."""
    others: dict[str, Entry] = field(default_factory=dict)
    """What is no setting of ours."""
    warnings: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Take one in. Of two names for one setting the one that stands last counts, which is said."""
        found = setting_named(entry.key)
        if found is None:
            if len(self.others) < _MOST_OTHERS:
                self.others[entry.key.casefold()] = entry
            return
        position = (found[0].key, found[1])
        before = self.entries.get(position)
        if before is not None and before.key.casefold() != entry.key.casefold():
            self.warn(f"{entry.place}: counts instead of {before.key}, which is the same setting")
        self.entries[position] = entry

    def warn(self, text: str) -> None:
        if len(self.warnings) < _MOST_WARNINGS and text not in self.warnings:
            self.warnings.append(text)

    def over(self, defaults: Section) -> Section:
        """This session with what holds for all, where it has nothing of its own."""
        return Section(
            self.path,
            self.name,
            self.prefix,
            {**defaults.entries, **self.entries},
            {**defaults.others, **self.others},
            [*defaults.warnings, *self.warnings],
        )

    @cached_property
    def folder(self) -> Path:
        """What relative paths count from."""
        return self.path.absolute().parent

    def place(self, key: str) -> str:
        """Where a setting stands, or would stand."""
        entry = self.entry(key)
        return f"{self.prefix}{key}" if entry is None else entry.place

    def entry(self, key: str) -> Entry | None:
        """What is given of a setting, also of one with a number or a version behind its name."""
        found = setting_named(key)
        entry = None if found is None else self.entries.get((found[0].key, found[1]))
        return None if entry is None or entry.value is None else entry

    def has(self, setting: Setting, suffix: str = "") -> bool:
        entry = self.entries.get((setting.key, suffix))
        return entry is not None and entry.value is not None

    def suffixes(self, key: str) -> Mapping[str, Entry]:
        """What is given of a setting that may stand several times, by what follows its name."""
        return {
            suffix: entry for (name, suffix), entry in self.entries.items() if name == key and entry.value is not None
        }
