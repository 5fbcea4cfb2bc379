"""The registered dialects: found by name or by the CompIDs of a session, their dictionaries loaded when needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

from purefix_core.dictionary.definitions import Definitions
from purefix_core.registry.loading import LoadedDefinitions, load_definitions
from purefix_core.registry.matching import Match, match_sender, match_session
from purefix_core.registry.metadata import STANDARD_REGISTRY
from purefix_core.registry.names import GOOD_NAME, is_good_name
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.reload import concerned, file_layer, look_for_changes
from purefix_core.registry.signatures import file_signature
from purefix_core.registry.state import Entry, make_state
from purefix_core.registry.versions import SessionVersion

if TYPE_CHECKING:  # imports that reading logs does not need
    from purefix_core.registry.watch import Watch
    from purefix_core.types.factory import FixMessageFactory
    from purefix_core.types.provider import TypeSystemProvider
    from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory


class Dialect(NamedTuple):
    """A registration with what was loaded for it."""

    registration: TypeRegistration
    definitions: Definitions
    provider: TypeSystemProvider


class Dialects:
    """Registrations of dialects. Every method may be called from any thread.

    All that is registered is one State, which is never changed but replaced as a whole: who looks something up takes
    no lock, and sees everything as it was before a change or as it is after it.
    """

    def __init__(self) -> None:
        self._state = make_state()
        self._changing = Lock()
        """Held while a new state is made out of the present one."""
        self._reloading = Lock()
        self._is_reloaded = False
        """Whether hot reload is in use."""

    @classmethod
    def standard(cls) -> Self:
        """The nine standard dictionaries, FIX 4.4 the default."""
        dialects = cls()
        dialects.load_from_file(STANDARD_REGISTRY)
        return dialects

    # -- registering -------------------------------------------------------------------------------------------------

    def load_from_file(self, path: str | Path) -> None:
        """Add the registrations of a TypeRegistry.json and of those that it imports. Its matchOrder then holds for all.

        What the same file brought before is gone. Raises TypeRegistryError, and changes nothing, where a file is not
        as it should be. Dictionaries and packages are not looked at before they are needed.
        """
        layer, faults = file_layer(Path(path))
        if faults:
            raise TypeRegistryError(*map(str, faults))
        with self._changing:
            self._state = self._state.with_layer(layer)

    def register(self, registration: TypeRegistration) -> None:
        """Add a registration; one of the same name gives way to it. Raises TypeRegistryError for an empty name."""
        place = f"registration {registration.name}"
        if not is_good_name(registration.name):
            raise TypeRegistryError(f"{place}: name: expected {GOOD_NAME}, found {registration.name!r}")
        with self._changing:
            self._state = self._state.with_entry(Entry(registration, place))

    def discover(self, path: str | Path) -> tuple[TypeRegistration, ...]:
        """Add a registration for each dictionary (*.xml) in a folder, named after its file, and return them.

        They have no CompIDs, so they are found by name. Where a name is taken, the new one replaces only what was
        discovered as well. Files that are no dictionary and names that are taken are told to the log as warnings.
        Raises TypeRegistryError for a folder that cannot be read or holds no dictionary.
        """
        from purefix_core.registry.discovery import dictionaries_in, discovered_layer

        folder = Path(path).absolute()
        found = dictionaries_in(folder)
        with self._changing:
            layer = discovered_layer(folder, found, self._state)
            self._state = self._state.with_layer(layer)
        return tuple(entry.registration for entry in layer.entries.values())

    # -- finding -----------------------------------------------------------------------------------------------------

    def get_by_name(self, name: str) -> TypeRegistration | None:
        """The registration of that name in any case, a disabled one too.

        A name without a version means the entry of exactly that name, else the newest enabled version of it.
        """
        entry = self._state.by_name.get(name.casefold())
        return None if entry is None else entry.registration

    def find_by_sender_comp_id(self, sender_comp_id: str) -> TypeRegistration | None:
        """The enabled registration for a SenderCompID: listed in full, by a beginning, by `*`, else the default."""
        return match_sender(self._state.table, sender_comp_id)

    def find_by_comp_ids(self, sender_comp_id: str, target_comp_id: str) -> TypeRegistration | None:
        """The enabled registration for a session between two CompIDs, in whichever direction it is listed."""
        return self.find_for_session("", sender_comp_id, target_comp_id)

    def get_default(self) -> TypeRegistration | None:
        return self._state.table.default

    def get_all(self) -> tuple[TypeRegistration, ...]:
        """In the order of registration, disabled ones too."""
        return tuple(entry.registration for entry in self._state.entries.values())

    def get_all_enabled(self) -> tuple[TypeRegistration, ...]:
        """In the order of registration."""
        return tuple(each for each in self.get_all() if each.enabled)

    def match_session(
        self, begin_string: str, sender_comp_id: str, target_comp_id: str, default_appl_ver_id: str | None = None
    ) -> Match | None:
        """The registration that a session in a log speaks, with the reason. The CompIDs are those of any one of its
        messages, the DefaultApplVerID that of its Logon if one was seen."""
        version = SessionVersion(begin_string, default_appl_ver_id)
        return match_session(self._state.table, version, sender_comp_id, target_comp_id)

    def find_for_session(
        self, begin_string: str, sender_comp_id: str, target_comp_id: str, default_appl_ver_id: str | None = None
    ) -> TypeRegistration | None:
        """The registration that a session in a log speaks; see `match_session`."""
        match = self.match_session(begin_string, sender_comp_id, target_comp_id, default_appl_ver_id)
        return None if match is None else match.registration

    # -- dictionaries and typed messages -----------------------------------------------------------------------------

    def load_definitions(self, name: str) -> Definitions:
        """The dictionary of the registration of that name, read when it is first asked for.

        FIX 5.0 and its service packs come with FIXT 1.1's header and session messages. Raises TypeRegistryError for
        an unknown name or a missing file, and DictionaryError for a file that is no dictionary.
        """
        return _definitions_of(self._entry(name))

    def provider(self, name: str, complete: bool = False) -> TypeSystemProvider:
        """The typed messages of the registration of that name: those of its package, imported when first asked for,
        else run-time types made of its dictionary.

        `complete`: import every module of the package now instead of each when it is first used, so that what is
        given stays what it is whatever becomes of the files.

        Raises what `load_definitions` raises, and TypeRegistryError for a package that cannot be used.
        """
        return self._provider(self._entry(name), complete)

    def dialect(self, name: str) -> Dialect:
        """Everything about the registration of that name, as it is at this moment, for a session that goes on with it
        whatever is registered later. Raises what `provider` raises."""
        entry = self._entry(name)
        return Dialect(entry.registration, _definitions_of(entry), self._provider(entry, complete=True))

    def _provider(self, entry: Entry, complete: bool) -> TypeSystemProvider:
        loaded = entry.provider.value
        if loaded is None:
            from purefix_core.registry.packages import load_provider

            loaded = entry.provider.get(lambda: load_provider(entry, lambda: _run_time_types(entry)))
        if complete or self._is_reloaded:
            loaded.complete()
        return loaded.provider

    def create_message_factory(self, name: str) -> FixMessageFactory:
        """What parses messages into typed ones and creates them. Raises what `provider` raises."""
        return self.provider(name).create_message_factory()

    def create_session_message_factory(
        self, name: str, session_description: SessionDescription
    ) -> SessionMessageFactory:
        """What makes the session messages of the session described. Raises what `provider` raises."""
        return self.provider(name).create_session_message_factory(session_description)

    def _entry(self, name: str) -> Entry:
        state = self._state
        entry = state.by_name.get(name.casefold())
        if entry is None:
            known = ", ".join(each.registration.name for each in state.entries.values()) or "none"
            raise TypeRegistryError(f"no dialect is called {name}; known are: {known}")
        return entry

    # -- hot reload --------------------------------------------------------------------------------------------------

    def reload_changed(self) -> tuple[str, ...]:
        """Take over what changed on the disk: registry files, and the dictionaries and packages that were loaded.

        Returns the names of the registrations concerned. Definitions and providers that were handed out stay as they
        are; who asks again gets new ones. Raises TypeRegistryError, and changes nothing, for a registry file that is
        not as it should be; once, until the file changes again.

        A package that imports its modules when they are used is imported as a whole from the first call on, since its
        files may change: call this, or `watch`, before the program asks for typed messages.
        """
        self._is_reloaded = True
        with self._reloading:
            changes = look_for_changes(self._state)
            with self._changing:
                before = self._state
                self._state = after = before.with_replaced(changes.replacements)
        if changes.faults:
            raise TypeRegistryError(*map(str, changes.faults))
        return concerned(before, after)

    def watch(
        self,
        interval: float = 1.0,
        on_change: Callable[[tuple[str, ...]], None] | None = None,
        on_problem: Callable[[TypeRegistryError], None] | None = None,
    ) -> Watch:
        """Call `reload_changed` every `interval` seconds in a thread of its own, until `stop` of what is returned.

        `on_change` gets the names concerned, `on_problem` what `reload_changed` raises, which else goes to the log.
        Both are called in that thread.
        """
        from purefix_core.registry.watch import Watch

        self._is_reloaded = True
        return Watch(self.reload_changed, interval, on_change, on_problem)


def _definitions_of(entry: Entry) -> Definitions:
    loaded = entry.definitions.value
    if loaded is None:
        loaded = entry.definitions.get(lambda: _loaded(entry))
    return loaded.definitions


def _loaded(entry: Entry) -> LoadedDefinitions:
    signature = file_signature(entry.registration.dictionary_path)
    try:
        return load_definitions(entry.registration, entry.place)
    except Exception:
        entry.definitions.failed = (signature,)
        raise


def _run_time_types(entry: Entry) -> TypeSystemProvider:
    from purefix_core.types.runtime import RuntimeTypes

    return RuntimeTypes(_definitions_of(entry))
