"""Everything that is registered at one time. Never changed: a change makes a new state out of the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.registry.matching import MOST_SPECIFIC_FIRST, MatchTable, build_table
from purefix_core.registry.names import split_name, version_order
from purefix_core.registry.once import Once
from purefix_core.registry.registration import TypeRegistration
from purefix_core.registry.signatures import Signature

if TYPE_CHECKING:
    from purefix_core.registry.loading import LoadedDefinitions
    from purefix_core.registry.packages import LoadedProvider


@dataclass(frozen=True, eq=False)
class Entry:
    """A registration, and what was loaded for it. Who holds an entry goes on with it when another takes its place."""

    registration: TypeRegistration
    place: str
    """The file and the entry there, for messages to the user."""
    definitions: Once[LoadedDefinitions] = field(default_factory=Once)
    provider: Once[LoadedProvider] = field(default_factory=Once)
    warned: set[str] = field(default_factory=set)
    """What the log was told already: each thing once a registration."""

    @property
    def key(self) -> str:
        return self.registration.name.casefold()


@dataclass(frozen=True, eq=False)
class Layer:
    """What came from one source: a registry file, a folder of dictionaries, or calls of `register`."""

    entries: Mapping[str, Entry]
    """By their names in lower case, in order."""
    source: Path | None = None
    """The registry file or the folder; None for calls of `register`."""
    is_discovered: bool = False
    match_order: str | None = None
    files: Mapping[Path, Signature | None] = field(default_factory=dict)
    """Every registry file that was read for it, and what it was like then."""


@dataclass(frozen=True, eq=False)
class State:
    """Layers, later ones on top of earlier ones, and what is looked up in them."""

    layers: tuple[Layer, ...]
    entries: Mapping[str, Entry]
    """By their names in lower case: an entry that replaces one of an earlier layer stands in its place."""
    by_name: Mapping[str, Entry]
    """The same, and for each base name without an entry of its own the newest version."""
    table: MatchTable
    match_order: str

    def with_layer(self, layer: Layer) -> State:
        """On top of the others. What the same source brought before is gone."""
        kept = [each for each in self.layers if each.source is None or each.source != layer.source]
        return make_state([*kept, layer])

    def with_entry(self, entry: Entry) -> State:
        """On top of everything, as a call of `register` brings it."""
        return make_state([*self.layers, Layer({entry.key: entry})])

    def with_replaced(self, replacements: Mapping[Layer, Layer]) -> State:
        return make_state([replacements.get(each, each) for each in self.layers])


def make_state(layers: Iterable[Layer] = ()) -> State:
    joined = tuple(_joined(layers))
    entries: dict[str, Entry] = {}
    match_order = MOST_SPECIFIC_FIRST
    for layer in joined:
        entries.update(layer.entries)
        match_order = layer.match_order or match_order
    table = build_table((each.registration for each in entries.values()), match_order)
    return State(joined, entries, _by_name(entries), table, match_order)


def _joined(layers: Iterable[Layer]) -> list[Layer]:
    """Calls of `register` that nothing stands between any more become one layer, so that layers stay few."""
    joined: list[Layer] = []
    for layer in layers:
        if joined and joined[-1].source is None and layer.source is None:
            joined[-1] = replace(joined[-1], entries={**joined[-1].entries, **layer.entries})
        else:
            joined.append(layer)
    return joined


def _by_name(entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
    newest: dict[str, Entry] = {}
    for entry in entries.values():
        base, version = split_name(entry.key)
        if version and _rank(entry) > _rank(newest.get(base)):
            newest[base] = entry
    return {**newest, **entries}


def _rank(entry: Entry | None) -> tuple[object, ...]:
    """The higher, the better as what a base name stands for: enabled ones first, the newest of them."""
    if entry is None:
        return ()
    return entry.registration.enabled, version_order(split_name(entry.registration.name)[1])
