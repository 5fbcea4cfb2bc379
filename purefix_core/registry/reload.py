"""Hot reload: what changed on the disk since it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from purefix_core.registry.json_file import Fault
from purefix_core.registry.metadata import read_registry
from purefix_core.registry.once import Once
from purefix_core.registry.signatures import file_signature, package_signature
from purefix_core.registry.state import Entry, Layer, State


@dataclass(frozen=True)
class Changes:
    """What to put in the place of which layer.

    Where there are faults, the replacements only note that the files were looked at, and change nothing else.
    """

    replacements: dict[Layer, Layer]
    faults: tuple[Fault, ...]


def file_layer(path: Path) -> tuple[Layer, tuple[Fault, ...]]:
    """The registrations of a registry file, and everything that is wrong with it."""
    reading = read_registry(path)
    metadata = reading.metadata
    found = zip(metadata.registrations, metadata.places, strict=True)
    entries = (Entry(registration, place) for registration, place in found)
    layer = Layer(
        {entry.key: entry for entry in entries}, path.absolute(), match_order=metadata.match_order, files=reading.files
    )
    return layer, reading.faults


def look_for_changes(state: State) -> Changes:
    """Compare everything that was read for a state with what is on the disk now."""
    replacements: dict[Layer, Layer] = {}
    noted: dict[Layer, Layer] = {}
    faults: list[Fault] = []
    for layer in state.layers:
        current = layer
        if layer.source is not None and _has_changed(layer):
            fresh, problems = file_layer(layer.source)
            if problems:
                faults += problems
                noted[layer] = replace(layer, files=fresh.files)
                continue
            current = replace(fresh, entries={k: _kept(layer.entries.get(k), e) for k, e in fresh.entries.items()})
        entries = {key: _refreshed(entry) for key, entry in current.entries.items()}
        if current is not layer or any(entry is not layer.entries[key] for key, entry in entries.items()):
            replacements[layer] = replace(current, entries=entries)
    return Changes(noted, tuple(faults)) if faults else Changes(replacements, ())


def concerned(before: State, after: State) -> tuple[str, ...]:
    """The names of the registrations that were added, changed or removed, or whose dictionary or package changed.

    All of them where the order in which they match is another one.
    """
    common = before.entries.keys() & after.entries.keys()
    if before.match_order != after.match_order or [each for each in before.entries if each in common] != [
        each for each in after.entries if each in common
    ]:
        common = set()
    both = {**before.entries, **after.entries}
    return tuple(
        entry.registration.name
        for key, entry in both.items()
        if key not in common or not _is_same(before.entries[key], after.entries[key])
    )


def _is_same(one: Entry, other: Entry) -> bool:
    return (
        one.registration == other.registration
        and one.definitions is other.definitions
        and one.provider is other.provider
    )


def _has_changed(layer: Layer) -> bool:
    return any(file_signature(path) != signature for path, signature in layer.files.items())


def _kept(old: Entry | None, new: Entry) -> Entry:
    """The new entry with what was loaded for the old one, if it says the same."""
    if old is None or old.registration != new.registration:
        return new
    return replace(old, place=new.place)


def _refreshed(entry: Entry) -> Entry:
    """The entry without what was loaded from files that have changed."""
    definitions, provider = entry.definitions.value, entry.provider.value
    registration = entry.registration
    failed = entry.definitions.failed
    if definitions is None and failed is not None and failed != (file_signature(registration.dictionary_path),):
        entry = replace(entry, definitions=Once())
    if definitions is not None and definitions.signature not in (None, file_signature(registration.dictionary_path)):
        entry = replace(entry, definitions=Once())
        if provider is not None and provider.package is None:  # run-time types are made of the dictionary
            entry = replace(entry, provider=Once())
    path = registration.assembly_path
    if provider is not None and path is not None:
        if provider.signature != package_signature(path):
            return replace(entry, provider=Once())
        provider.complete()
    return entry
