"""The configuration of a session: who talks to whom, and in which dialect (spec: Session Configuration Integration).

docs/sessions.md describes the files and all settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.versions import VERSION_BY_NAME, name_for_appl_ver_id
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.session.config.checks import problems_of, without_what_the_version_lacks
from purefix_core.session.config.dialect import (
    FIXT_BEGIN_STRING,
    NEWEST_APPL_VER_ID,
    DialectError,
    DialectFinder,
    Spoken,
    Wanted,
)
from purefix_core.session.config.error import FixConfigError
from purefix_core.session.config.files import read_sections
from purefix_core.session.config.section import Section
from purefix_core.session.config.stores import conflicts
from purefix_core.session.config.unknown import warnings_of
from purefix_core.session.config.values import Values, read_values, settings_of
from purefix_core.session.settings import SessionSettings, StoreLayout
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory
from purefix_core.wire.message import printable

_MOST_PROBLEMS = 200
_MOST_WARNINGS = 20
"""Of keys that are no settings, for each session."""


@dataclass(frozen=True)
class FixConfig:
    """A session and the dialect that it speaks. Stays as it is when the registry is loaded anew."""

    name: str
    """Application.Name, else both CompIDs."""
    settings: SessionSettings
    session: SessionDescription
    """The part of the settings that a SessionMessageFactory needs."""
    registration: TypeRegistration
    definitions: Definitions
    message_factory: FixMessageFactory
    session_message_factory: SessionMessageFactory
    warnings: tuple[str, ...] = ()
    """What somebody should know about the file, a line each: what may be misspelt, what has no effect."""
    path: Path | None = None
    """The file; None where a program made the settings."""

    @property
    def store_path(self) -> Path | None:
        """The folder of message stores: FileStorePath, else that of the registration; None for a store in memory."""
        return self.settings.store_path or self.registration.message_store_path

    @classmethod
    def make_config_from_paths(
        cls, dict_root: str | Path, session_path: str | Path, registry: Dialects | None = None
    ) -> FixConfig:
        """Read a file of one session, of either kind. Upper and lower case make no difference in its keys.

        The dialect is the registration that Application.DictionaryName names, in `registry` or, without one, among the
        standard FIX versions; else the dictionary at Application.Dictionary, whose path counts from `dict_root`; else
        the one that DataDictionary or AppDataDictionary name; else what the registry has for the peer's CompID and the
        version; else the standard dictionary of Application.FixVersion, or of BeginString. Raises FixConfigError with
        all problems of the file.
        """
        configs = load_configs(session_path, registry, dict_root)
        if len(configs) > 1:
            raise FixConfigError(f"{session_path}: expected one session, found {len(configs)}")
        return configs[0]

    @classmethod
    def of(cls, settings: SessionSettings, registry: Dialects | None = None, dictionary_name: str = "") -> FixConfig:
        """The configuration for settings that a program made, without a file.

        `dictionary_name` is a registration in `registry`, or without one the name of a standard version (fix44); left
        out, it is what `registry` has for the peer's CompID, else the standard dictionary of the settings' BeginString
        and DefaultApplVerID. Raises FixConfigError
        where the settings do not go together.
        """
        session_id = settings.session_id
        wanted = Wanted(
            name=dictionary_name,
            begin_string=session_id.begin_string,
            appl_ver_id=settings.default_appl_ver_id,
            comp_ids=(session_id.sender_comp_id, session_id.target_comp_id),
        )
        place = printable(str(session_id))
        problems = [f"{place}: {finding.key}: {finding.text}" for finding in problems_of(settings)]
        if problems:
            raise FixConfigError(*problems)
        try:
            spoken = DialectFinder(registry, None).find(wanted)
            appl_ver_id, warnings = _agreed(spoken, session_id.begin_string, settings.default_appl_ver_id)
        except DialectError as error:
            raise FixConfigError(f"{place}: {error.key}: expected {error.text}") from error
        settings, findings = without_what_the_version_lacks(replace(settings, default_appl_ver_id=appl_ver_id))
        said = (*warnings, *(f"{place}: {finding.key}: {finding.text}" for finding in findings))
        return _config("", settings, spoken, said)


def load_configs(
    path: str | Path,
    registry: Dialects | None = None,
    dict_root: str | Path | None = None,
    content: bytes | None = None,
) -> list[FixConfig]:
    """The sessions of a file: JSON where it begins with `{`, else QuickFIX's kind.

    `registry` and `dict_root` as in `FixConfig.make_config_from_paths`; without `dict_root` the path of a dictionary
    counts from the file's folder, then from the current one. `content`: what the file would hold, where it is not to be
    read. Raises FixConfigError with all problems of the file, also where two sessions are the same or have the same
    message store.
    """
    finder = DialectFinder(registry, None if dict_root is None else Path(dict_root))
    problems: dict[str, None] = {}
    configs: list[tuple[str, FixConfig]] = []
    for section in read_sections(Path(path), content):
        values = read_values(section)
        config = _configured(values, finder)
        if config is None:
            problems.update(dict.fromkeys(values.problems))
        else:
            configs.append((section.name, config))
    problems.update(dict.fromkeys(f"{path}: {conflict}" for conflict in conflicts(configs)))
    if problems:
        shown = list(problems)[:_MOST_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"{path}: and {len(problems) - len(shown):,} more problems")
        raise FixConfigError(*shown)
    return [config for _, config in configs]


def _configured(values: Values, finder: DialectFinder) -> FixConfig | None:
    """The session of a section; None where `values` then has a problem."""
    section, warnings = values.section, list[str]()
    begin_string = values.text("BeginString")
    appl_ver_id = ""
    spoken = None
    try:
        spoken = finder.find(_wanted(values))
        begin_string = begin_string or spoken.begin_string
        appl_ver_id, warnings = _agreed(spoken, begin_string, values.text("DefaultApplVerID"))
    except DialectError as error:
        if not error.key:
            values.problems.append(f"{section.path}: {error.text}")
        elif not ("BeginString" in values.wrong and error.key == "Application.FixVersion"):
            values.note_found(error.key, error.text)
    settings = settings_of(values, begin_string, appl_ver_id)
    for finding in problems_of(settings):
        if begin_string or finding.key != "BeginString":
            values.note(finding.key, finding.text)
    has_store = settings.store_path or (spoken is not None and spoken.dialect.registration.message_store_path)
    if settings.store_layout is StoreLayout.QUICKFIX and not has_store:
        values.note("FileStorePath", "expected a folder for StoreLayout=quickfix, found nothing")
    if values.problems or spoken is None:
        return None
    settings, findings = without_what_the_version_lacks(settings)
    said = (
        *islice(warnings_of(section), _MOST_WARNINGS),
        *section.warnings,
        *(f"{section.prefix}{warning}" for warning in warnings),
        *(f"{section.place(finding.key)}: {finding.text}" for finding in findings),
    )
    return replace(_config(values.text("Application.Name"), settings, spoken, said), path=section.path)


def _wanted(values: Values) -> Wanted:
    section: Section = values.section
    appl_ver_id = values.text("DefaultApplVerID")
    application, key = _application_dictionary(values, appl_ver_id)
    return Wanted(
        folder=section.folder,
        name=values.text("Application.DictionaryName"),
        dictionary=values.text("Application.Dictionary"),
        version=values.text("Application.FixVersion"),
        begin_string=values.text("BeginString"),
        appl_ver_id=appl_ver_id,
        comp_ids=(values.text("SenderCompID"), values.text("TargetCompID")),
        data_dictionary=values.text("DataDictionary"),
        transport=values.text("TransportDataDictionary"),
        application=application,
        application_key=key,
        needed=values.get("UseDataDictionary", bool) is not False,
    )


def _application_dictionary(values: Values, appl_ver_id: str) -> tuple[str, str]:
    """The dictionary of application messages over FIXT, and the key that names it: the one for DefaultApplVerID."""
    key = "AppDataDictionary"
    given: dict[str, str] = values.by_key.get(key, {})
    version = VERSION_BY_NAME.get(name_for_appl_ver_id(appl_ver_id) or "", "")
    used = f".{version.casefold()}" if "" not in given else ""
    for suffix, entry in values.section.suffixes(key).items():
        if suffix != used and suffix:
            text = "has no effect: messages of a version that is not the session's are those of its standard dictionary"
            values.section.warn(f"{entry.place}: {text}")
    return given.get(used, ""), f"{key}{used}" if used in given else key


def _agreed(spoken: Spoken, begin_string: str, appl_ver_id: str) -> tuple[str, list[str]]:
    """The DefaultApplVerID of a session that speaks the dialect, and warnings. Raises DialectError for another
    BeginString than the dialect's."""
    name = spoken.dialect.registration.name
    if begin_string != spoken.begin_string and spoken.begin_string in VERSION_BY_NAME.values():
        raise DialectError("BeginString", f"{spoken.begin_string}, as the dialect {name} has it")
    if begin_string != FIXT_BEGIN_STRING:
        return "", []
    own = spoken.appl_ver_id
    warnings: list[str] = []
    if own and appl_ver_id and name_for_appl_ver_id(appl_ver_id) != name_for_appl_ver_id(own):
        warnings.append(
            f"DefaultApplVerID: is {appl_ver_id}, but the dialect {name} is for {spoken.version}, which is {own}"
        )
    return appl_ver_id or own or NEWEST_APPL_VER_ID, warnings


def _config(name: str, settings: SessionSettings, spoken: Spoken, warnings: tuple[str, ...]) -> FixConfig:
    session_id = settings.session_id
    session = SessionDescription(
        sender_comp_id=session_id.sender_comp_id,
        target_comp_id=session_id.target_comp_id,
        sender_sub_id=session_id.sender_sub_id,
        target_sub_id=session_id.target_sub_id,
        heart_bt_int=settings.heart_bt_int,
        reset_seq_num_flag=settings.reset_seq_num_flag,
        encrypt_method=settings.encrypt_method,
        default_appl_ver_id=settings.default_appl_ver_id,
        username=settings.username,
        password=settings.password,
    )
    dialect = spoken.dialect
    return FixConfig(
        name=name or f"{session_id.sender_comp_id}-{session_id.target_comp_id}",
        settings=settings,
        session=session,
        registration=dialect.registration,
        definitions=dialect.definitions,
        message_factory=spoken.messages,
        session_message_factory=dialect.provider.create_session_message_factory(session),
        warnings=warnings,
    )
