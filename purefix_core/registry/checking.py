"""Checks a registry: everything about it that keeps it from working as it reads, or that is probably not meant so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.registry.differences import first_difference
from purefix_core.registry.entries import KNOWN_KEYS
from purefix_core.registry.json_file import read_json_object
from purefix_core.registry.loading import is_standard, load_definitions
from purefix_core.registry.matching import ANY, build_table
from purefix_core.registry.metadata import TOP_KEYS, read_registry
from purefix_core.registry.names import split_name
from purefix_core.registry.packages import is_installed, load_provider, package_problem, reported
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.small_file import UNREADABLE
from purefix_core.registry.state import Entry
from purefix_core.registry.versions import short_name
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.types.provider import TypeSystemProvider

ERROR = "error"
WARNING = "warning"

_LISTED = 5
_MAX_KEYS = 20
"""Unknown keys of one entry that are told."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right. `place` is the file, and where it concerns one the entry."""

    severity: str
    """ERROR where something cannot be used, WARNING where it can, but hardly as it was meant."""
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.text}"


def check(path: str | Path, load: bool = False) -> list[Problem]:
    """Everything that is wrong with a registry file, in the order of the file.

    Where the file itself is not as it should be, that is all that is reported. Packages of typed messages are imported
    only with `load`, since that runs what is in them. Raises TypeRegistryError where there is no such file to read.
    """
    reading = read_registry(path)
    if reading.faults:
        first = reading.faults[0]
        if first.place == str(path) and first.text.startswith(UNREADABLE):
            raise TypeRegistryError(str(first))
        return [Problem(ERROR, place, text) for place, text in reading.faults]
    metadata = reading.metadata
    problems = list(_unknown_keys(Path(path)))
    entries = [Entry(*each) for each in zip(metadata.registrations, metadata.places, strict=True)]
    problems += [problem for entry in entries for problem in _of_entry(entry, load)]
    own = {entry.place for entry in entries if entry.place.startswith(f"{path}: ")}
    problems += (each for each in _shadowed(entries, metadata.match_order) if each.place in own)
    problems += (each for each in _shared_stores(entries) if each.place in own)
    problems += _defaults(entries, metadata.match_order, str(path), own)
    return problems


def _unknown_keys(path: Path) -> Iterator[Problem]:
    """Keys of the file that are passed over, and most likely misspelt."""
    document = read_json_object(path).document or {}
    registrations = document.get("registrations")
    objects = [(str(path), document, TOP_KEYS)]
    for index, each in enumerate(registrations if isinstance(registrations, list) else ()):
        if isinstance(each, dict):
            objects.append((f"{path}: registrations[{index}] ({each.get('name')})", each, KNOWN_KEYS))
    for place, content, known in objects:
        for key in [each for each in content if each not in known][:_MAX_KEYS]:
            close = [each for each in known if each.casefold() == key.casefold()] or get_close_matches(key, known, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield Problem(WARNING, printable(place), printable(f"{key[:60]}: is no key of a registry{hint}"))


def _of_entry(entry: Entry, load: bool) -> Iterator[Problem]:
    """What is wrong with one entry by itself."""
    definitions = None
    try:
        definitions = load_definitions(entry.registration, entry.place).definitions
    except (DictionaryError, TypeRegistryError) as error:
        text = str(error).removeprefix(f"{entry.place}: ")
        prefix = "" if text.startswith("dictionaryPath: ") else "dictionaryPath: "
        yield Problem(ERROR, entry.place, prefix + text)
    else:
        yield from _of_dictionary(entry, definitions)
    name = entry.registration.root_namespace
    if name and not all(part.isidentifier() and not iskeyword(part) for part in name.split(".")):
        text = f"rootNamespace: expected a dotted name of a Python package, found {name}"
        yield Problem(WARNING, entry.place, text)
    path = entry.registration.assembly_path
    problem = "" if path is None else package_problem(path)
    if problem:
        text = f"assemblyPath: {path} {problem}; run-time types are used"
        yield Problem(WARNING, entry.place, text)
    elif path is None and load and is_installed(name):
        yield from _of_package(entry, definitions)
    elif path is not None:
        if name and name.rpartition(".")[2] != path.stem:
            text = f"rootNamespace: {name} does not end with {path.stem}, the name of the package at assemblyPath"
            yield Problem(WARNING, entry.place, f"{text}: its classes will not be those that a program imports")
        if load:
            yield from _of_package(entry, definitions)


def _of_dictionary(entry: Entry, definitions: Definitions) -> Iterator[Problem]:
    issues = definitions.issues
    if issues and not is_standard(entry.registration.dictionary_path):
        count = "an oddity" if len(issues) == 1 else f"{len(issues):,} oddities, the first"
        text = f"dictionaryPath: {entry.registration.dictionary_path} has {count}: {issues[0]}"
        yield Problem(WARNING, entry.place, text)
    wanted, found = entry.registration.version, definitions.version
    if wanted and found and short_name(wanted) != short_name(found):
        yield Problem(WARNING, entry.place, f"version: is {wanted}, but the dictionary is for {found}")


def _of_package(entry: Entry, definitions: Definitions | None) -> Iterator[Problem]:
    """What is wrong with the package, which is imported for this."""
    from purefix_core.types.message import Message

    try:
        provider = load_provider(entry, _nothing_else).provider
        with reported(f"{entry.place}: assemblyPath: expected get_message_types to give classes with a msg_type"):
            classes = {str(each.msg_type): each for each in provider.get_message_types()}
            typed = {key: each for key, each in classes.items() if issubclass(each, Message)}
    except TypeRegistryError as error:
        yield Problem(ERROR, entry.place, str(error).removeprefix(f"{entry.place}: "))
        return
    if definitions is None:
        return
    described = set(definitions.message_names)
    if described - classes.keys():
        yield Problem(WARNING, entry.place, f"assemblyPath: no class for MsgType {_listed(described - classes.keys())}")
    if classes.keys() - described:
        listed = _listed(classes.keys() - described)
        text = f"assemblyPath: the dictionary has no MsgType {listed}, of which there are classes"
        yield Problem(WARNING, entry.place, text)
    try:
        with reported(f"{entry.place}: assemblyPath: expected every module of the package to be imported"):
            difference = first_difference(typed, definitions)
    except TypeRegistryError as error:
        yield Problem(ERROR, entry.place, str(error).removeprefix(f"{entry.place}: "))
        return
    if difference:
        text = f"assemblyPath: {difference}; generate the package again, the dictionary has changed"
        yield Problem(WARNING, entry.place, text)


def _nothing_else() -> TypeSystemProvider:
    raise TypeRegistryError("the package was removed while it was checked")


def _listed(msg_types: Iterable[str]) -> str:
    names = sorted(msg_types)
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _shadowed(entries: list[Entry], match_order: str) -> Iterator[Problem]:
    """Entries that claim exactly what one that goes before them does. Several versions of one name are meant so."""
    places = {entry.registration.name: entry.place for entry in entries}
    first: dict[object, TypeRegistration] = {}
    for registration in build_table((entry.registration for entry in entries), match_order).registrations:
        if not registration.sender_comp_ids:
            continue
        claim = (
            frozenset(registration.sender_comp_ids),
            frozenset(registration.target_comp_ids or (ANY,)),
            short_name(registration.version),
        )
        winner = first.setdefault(claim, registration)
        if winner is registration or _base(winner) == _base(registration):
            continue
        text = f"can never be chosen for a session: {winner.name} has the same CompIDs and version, and goes before it"
        yield Problem(WARNING, places[registration.name], text)


def _base(registration: TypeRegistration) -> str:
    return split_name(registration.name.casefold())[0]


def _shared_stores(entries: list[Entry]) -> Iterator[Problem]:
    first: dict[Path, TypeRegistration] = {}
    for entry in entries:
        path = entry.registration.message_store_path
        if path is None:
            continue
        other = first.setdefault(path, entry.registration)
        if _base(other) != _base(entry.registration):
            yield Problem(WARNING, entry.place, f"messageStorePath: {path} is that of {other.name} as well")


def _defaults(entries: list[Entry], match_order: str, path: str, own: set[str]) -> Iterator[Problem]:
    """`own`: the places of the entries of the file itself, which go before those that it imports."""
    ordered = build_table((entry.registration for entry in entries), match_order).registrations
    defaults = [each.name for each in ordered if each.is_default]
    if not defaults:
        text = "no enabled entry has isDefault: sessions that nothing else matches get no dialect"
        yield Problem(WARNING, path, text)
    elif sum(entry.registration.is_default and entry.place in own for entry in entries) > 1:
        text = f"isDefault is set for {', '.join(defaults)}; {defaults[0]} is taken"
        yield Problem(WARNING, path, text)
