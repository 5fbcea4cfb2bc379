"""The registered dialects: found by name or by the CompIDs of a session, their dictionaries loaded when needed."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import STANDARD_NAMES, standard, standard_path
from purefix_core.registry.matching import (
    MOST_SPECIFIC_FIRST,
    Match,
    MatchTable,
    build_table,
    match_sender,
    match_session,
)
from purefix_core.registry.metadata import read_metadata
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.versions import SessionVersion, rides_on_fixt
from purefix_core.wire import tags

STANDARD_REGISTRY = Path(__file__).resolve().parent / "TypeRegistry.json"
"""The registry of the nine standard dictionaries that comes with the package."""


class Dialects:
    """Registrations of dialects. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._registrations: dict[str, TypeRegistration] = {}
        self._places: dict[str, str] = {}
        self._match_order = MOST_SPECIFIC_FIRST
        self._table: MatchTable = build_table(())
        self._definitions: dict[str, Definitions] = {}
        self._lock = Lock()

    @classmethod
    def standard(cls) -> Dialects:
        """The nine standard dictionaries, FIX 4.4 the default."""
        dialects = cls()
        dialects.load_from_file(STANDARD_REGISTRY)
        return dialects

    def load_from_file(self, path: str | Path) -> None:
        """Add the registrations of a TypeRegistry.json, whose matchOrder then holds for all.

        Raises TypeRegistryError, and changes nothing, where the file is not as it should be. Dictionaries are not
        looked at before they are needed.
        """
        metadata = read_metadata(path)
        with self._lock:
            for registration, place in zip(metadata.registrations, metadata.places, strict=True):
                self._put(registration, place)
            self._match_order = metadata.match_order
            self._table = build_table(self._registrations.values(), self._match_order)

    def register(self, registration: TypeRegistration) -> None:
        """Add a registration; one of the same name gives way to it."""
        with self._lock:
            self._put(registration, f"registration {registration.name}")
            self._table = build_table(self._registrations.values(), self._match_order)

    def _put(self, registration: TypeRegistration, place: str) -> None:
        key = registration.name.casefold()
        self._registrations[key] = registration
        self._places[key] = place
        self._definitions.pop(key, None)

    def get_by_name(self, name: str) -> TypeRegistration | None:
        """The registration of that name in any case, a disabled one too."""
        return self._registrations.get(name.casefold())

    def find_by_sender_comp_id(self, sender_comp_id: str) -> TypeRegistration | None:
        """The enabled registration for a SenderCompID: listed in full, by a beginning, by `*`, else the default."""
        return match_sender(self._table, sender_comp_id)

    def find_by_comp_ids(self, sender_comp_id: str, target_comp_id: str) -> TypeRegistration | None:
        """The enabled registration for a session between two CompIDs, in whichever direction it is listed."""
        return self.find_for_session("", sender_comp_id, target_comp_id)

    def get_default(self) -> TypeRegistration | None:
        return self._table.default

    def get_all_enabled(self) -> tuple[TypeRegistration, ...]:
        """In the order of registration."""
        return tuple(each for each in self._registrations.values() if each.enabled)

    def match_session(
        self, begin_string: str, sender_comp_id: str, target_comp_id: str, default_appl_ver_id: str | None = None
    ) -> Match | None:
        """The registration that a session in a log speaks, with the reason. The CompIDs are those of any one of its
        messages, the DefaultApplVerID that of its Logon if one was seen."""
        version = SessionVersion(begin_string, default_appl_ver_id)
        return match_session(self._table, version, sender_comp_id, target_comp_id)

    def find_for_session(
        self, begin_string: str, sender_comp_id: str, target_comp_id: str, default_appl_ver_id: str | None = None
    ) -> TypeRegistration | None:
        """The registration that a session in a log speaks; see `match_session`."""
        match = self.match_session(begin_string, sender_comp_id, target_comp_id, default_appl_ver_id)
        return None if match is None else match.registration

    def load_definitions(self, name: str) -> Definitions:
        """The dictionary of the registration of that name, read when it is first asked for.

        FIX 5.0 and its service packs come with FIXT 1.1's header and session messages. Raises TypeRegistryError for
        an unknown name or a missing file, and DictionaryError for a file that is no dictionary.
        """
        key = name.casefold()
        with self._lock:
            found = self._definitions.get(key)
            if found is None:
                registration = self._registrations.get(key)
                if registration is None:
                    known = ", ".join(each.name for each in self._registrations.values()) or "none"
                    raise TypeRegistryError(f"no dialect is called {name}; known are: {known}")
                found = self._definitions[key] = _load(registration, self._places[key])
        return found


def _load(registration: TypeRegistration, place: str) -> Definitions:
    path = registration.dictionary_path
    if not path.is_file():
        raise TypeRegistryError(f"{place}: dictionaryPath: expected a dictionary file, found none at {path}")
    is_standard = path.stem in STANDARD_NAMES and path.resolve() == standard_path(path.stem)
    definitions = standard(path.stem) if is_standard else load_dictionary(path)
    # A dialect of FIX 5.0 that brings a FIXT header of its own is complete.
    if rides_on_fixt(registration.version or definitions.version) and tags.APPL_VER_ID not in definitions.header_tags:
        return combine_fixt(standard("FIXT11"), definitions)
    return definitions
