"""The dialect that a session speaks: a registration, a dictionary of its own, or a standard one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import STANDARD_NAMES, standard, standard_path
from purefix_core.dictionary.versions import VERSION_BY_NAME, appl_ver_id_for, name_for_appl_ver_id
from purefix_core.registry.dialects import Dialect, Dialects
from purefix_core.registry.loading import is_standard
from purefix_core.registry.names import is_good_name
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.signatures import is_file
from purefix_core.registry.versions import FIXT, SessionVersion, rides_on_fixt, short_name
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.runtime import RuntimeTypes, begin_string_of
from purefix_core.wire import tags

FIXT_BEGIN_STRING = VERSION_BY_NAME[FIXT]
NEWEST_APPL_VER_ID = "9"
"""For a session over FIXT whose dialect is nothing but the transport."""


class DialectError(Exception):
    """`key` is the setting that is wrong, "" where it is a file; `text` says what was expected."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key, text)
        self.key = key
        self.text = text


@dataclass(frozen=True)
class Spoken:
    """A dialect, ready for any number of sessions."""

    dialect: Dialect
    messages: FixMessageFactory

    @property
    def version(self) -> str:
        """FIX.4.4, FIX.5.0SP2: as the registration says, else the dictionary; however it is written there."""
        said = self.dialect.registration.version or self.dialect.definitions.version
        return VERSION_BY_NAME.get(short_name(said), said)

    @property
    def begin_string(self) -> str:
        """BeginString(8) of its sessions; FIX 5.0 and its service packs are spoken over FIXT."""
        if rides_on_fixt(self.version) or self.dialect.definitions.is_combined:
            return FIXT_BEGIN_STRING
        return VERSION_BY_NAME.get(short_name(self.version), begin_string_of(self.dialect.definitions))

    @property
    def appl_ver_id(self) -> str:
        """DefaultApplVerID(1137); "" for a dialect that has none."""
        return appl_ver_id_for(self.version)


@dataclass(frozen=True)
class Wanted:
    """What the settings say of the dialect; "" for what they do not say."""

    folder: Path = field(default_factory=Path)
    """What paths in the settings count from."""
    name: str = ""
    dictionary: str = ""
    version: str = ""
    begin_string: str = ""
    appl_ver_id: str = ""
    comp_ids: tuple[str, str] = ("", "")
    """Ours and the peer's: where nothing names a dialect, the registry has one for the peer."""
    data_dictionary: str = ""
    transport: str = ""
    application: str = ""
    application_key: str = "AppDataDictionary"
    needed: bool = True
    """UseDataDictionary: without it QuickFIX does not look at the files that its settings name."""

    @property
    def over_fixt(self) -> bool:
        """Where nothing else is said, a dictionary that is for FIXT says it."""
        return self.begin_string == FIXT_BEGIN_STRING or bool(
            not self.begin_string and (self.transport or self.application)
        )


def registered_for(registry: Dialects, version: SessionVersion, peer: str, us: str) -> str | None:
    """The name of the registration for a session with that peer; None where there is none of that version."""
    match = registry.match_session(version.begin_string, peer, us, version.default_appl_ver_id)
    if match is None or not version.agrees_with(match.registration.version):
        return None
    return match.registration.name


@cache
def _standard_dialects() -> Dialects:
    """One for all: the classes of a dialect's messages take some ten kilobytes."""
    return Dialects.standard()


class DialectFinder:
    """Finds the dialects of a file's sessions, each once however many speak it."""

    def __init__(self, registry: Dialects | None, dict_root: Path | None) -> None:
        self._registry = registry
        self._dict_root = dict_root
        self._standard = _standard_dialects()
        self._found: dict[tuple[object, ...], Spoken | DialectError] = {}

    def find(self, wanted: Wanted) -> Spoken:
        """Raises DialectError for one that cannot be had."""
        if wanted.name:
            return self._named(wanted)
        version = _standard_name(wanted.version)
        if wanted.version and not version and not wanted.dictionary:
            raise DialectError("Application.FixVersion", "a FIX version such as FIX.4.4")
        path, transport = self._files(wanted)
        if path is not None:
            said = wanted.version if wanted.dictionary else ""
            return self._of_file(path, transport, said, wanted.over_fixt)
        name = version or _standard_name_of_session(wanted)
        registered = None if transport is not None else self._registered(wanted, name)
        if registered is not None:
            return registered
        if transport is None and not (wanted.over_fixt and name != FIXT and not rides_on_fixt(name)):
            return self._once(("standard", name), lambda: self._standard.dialect(name))
        return self._of_file(standard_path(name), transport, "", wanted.over_fixt)

    def _registered(self, wanted: Wanted, name: str) -> Spoken | None:
        """What the registry has for a session of these CompIDs and the version of that standard dictionary (spec: Use
        Case 3); None where it has nothing, or only for another version."""
        registry, (ours, theirs) = self._registry, wanted.comp_ids
        if registry is None or not theirs:
            return None
        over_fixt = wanted.over_fixt or rides_on_fixt(name) or name == FIXT
        begin_string = FIXT_BEGIN_STRING if over_fixt else VERSION_BY_NAME[name]
        appl_ver_id = (wanted.appl_ver_id or appl_ver_id_for(VERSION_BY_NAME[name]) or None) if over_fixt else None
        found = registered_for(registry, SessionVersion(begin_string, appl_ver_id), theirs, ours)
        if found is None:
            return None
        return self._once(("named", found.casefold()), lambda: registry.dialect(found))

    def _named(self, wanted: Wanted) -> Spoken:
        dialects = self._standard if self._registry is None else self._registry
        registration = dialects.get_by_name(wanted.name)
        if registration is None:
            known = ", ".join(each.name for each in dialects.get_all_enabled()) or "none"
            raise DialectError("Application.DictionaryName", f"a registered dialect ({known})")
        if wanted.version and short_name(registration.version) not in ("", short_name(wanted.version)):
            text = f"{registration.version}, as the dialect {registration.name} has it"
            raise DialectError("Application.FixVersion", text)
        return self._once(("named", wanted.name.casefold()), lambda: dialects.dialect(wanted.name))

    def _files(self, wanted: Wanted) -> tuple[Path | None, Path | None]:
        """The dictionary that is named, and that of the transport."""
        own = (wanted.folder, Path(), *([] if self._dict_root is None else [self._dict_root]))
        if wanted.dictionary:
            root = own if self._dict_root is None else (self._dict_root,)
            return _file("Application.Dictionary", wanted.dictionary, root), None
        if not wanted.needed:
            return None, None
        if not wanted.over_fixt:
            return _file("DataDictionary", wanted.data_dictionary, own), None
        return (
            _file(wanted.application_key, wanted.application, own),
            _file("TransportDataDictionary", wanted.transport, own),
        )

    def _of_file(self, path: Path, transport: Path | None, version: str, over_fixt: bool) -> Spoken:
        key = ("file", path, transport, version, over_fixt)
        return self._once(key, lambda: _load(path, transport, version, over_fixt))

    def _once(self, key: tuple[object, ...], load: Callable[[], Dialect]) -> Spoken:
        """A dictionary that is of no use is not read again for each session either."""
        found = self._found.get(key)
        if found is None:
            try:
                found = _checked(load())
            except (TypeRegistryError, DictionaryError, OSError) as error:
                found = DialectError("", str(error))
            except DialectError as error:
                found = error
            self._found[key] = found
        if isinstance(found, DialectError):
            raise found
        return found


def _checked(dialect: Dialect) -> Spoken:
    registered, actual = dialect.registration.version, dialect.definitions.version
    if short_name(registered) not in ("", short_name(actual)):
        text = f"the dialect {dialect.registration.name} is for {registered}, but its dictionary is for {actual}"
        raise DialectError("", text)
    return Spoken(dialect, dialect.provider.create_message_factory())


def _load(path: Path, transport: Path | None, version: str, over_fixt: bool) -> Dialect:
    """The dictionary at `path`, over FIXT with that of the transport before it, where it does not have it."""
    name = path.stem if is_good_name(path.stem) else "dictionary"
    own = Dialects()
    own.register(TypeRegistration(name, path.stem, path, version=version))
    dialect = own.dialect(name)
    if transport is None and (not over_fixt or tags.APPL_VER_ID in dialect.definitions.header_tags):
        return dialect
    carrier = _definitions(transport or standard_path(FIXT))
    if short_name(carrier.version) != FIXT:
        raise DialectError("TransportDataDictionary", f"a dictionary of FIXT.1.1, which {transport} is not")
    definitions = combine_fixt(carrier, dialect.definitions)
    return Dialect(dialect.registration, definitions, RuntimeTypes(definitions))


def _definitions(path: Path) -> Definitions:
    return standard(path.stem) if is_standard(path) else load_dictionary(path)


def _file(key: str, text: str, folders: tuple[Path, ...]) -> Path | None:
    """The first that is there. Where none is, the plain name of a standard dictionary means that, as in QuickFIX/J."""
    if not text:
        return None
    paths = [(folder / text).absolute() for folder in folders]
    for path in paths:
        if is_file(path):
            return path
    if Path(text).name == text and (name := _standard_name(Path(text).stem)):
        return standard_path(name)
    raise DialectError(key, f"a dictionary file, which is not at {paths[0]}")


def _standard_name(version: str) -> str:
    name = short_name(version) if len(version) < 20 else ""
    return name if name in STANDARD_NAMES else ""


def _standard_name_of_session(wanted: Wanted) -> str:
    if wanted.over_fixt:
        name = name_for_appl_ver_id(wanted.appl_ver_id)
        if name is None:
            raise DialectError("DefaultApplVerID", "one over FIXT.1.1, such as 9 or FIX.5.0SP2")
        return name
    if not wanted.begin_string:
        raise DialectError("Application.FixVersion", "one of DictionaryName, Dictionary and FixVersion")
    return short_name(wanted.begin_string)
