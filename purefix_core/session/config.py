"""The configuration of a session: who talks to whom, and in which dialect (spec: Session Configuration Integration)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.dictionary.versions import STANDARD_NAMES
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.json_file import read_json_object
from purefix_core.registry.names import is_good_name
from purefix_core.registry.registration import ProblemsError, TypeRegistration, TypeRegistryError
from purefix_core.registry.signatures import is_file
from purefix_core.registry.versions import short_name
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory

_SECRET = frozenset({"Password"})


class FixConfigError(ProblemsError):
    """A session's file cannot be used. Each problem names the file, the key and what was expected there."""


@dataclass(frozen=True)
class FixConfig:
    """A session and the dialect that it speaks. Stays as it is when the registry is loaded anew."""

    name: str
    """Application.Name, else both CompIDs."""
    session: SessionDescription
    registration: TypeRegistration
    definitions: Definitions
    message_factory: FixMessageFactory
    session_message_factory: SessionMessageFactory

    @classmethod
    def make_config_from_paths(
        cls, dict_root: str | Path, session_path: str | Path, registry: Dialects | None = None
    ) -> FixConfig:
        """Read a session's JSON file. Upper and lower case make no difference in its keys.

        The dialect is the registration that Application.DictionaryName names, in `registry` or, without one, among the
        standard FIX versions; else the dictionary at Application.Dictionary, whose path counts from `dict_root`; else
        the standard dictionary of Application.FixVersion. Raises FixConfigError with all problems of the file.
        """
        reader = _Reader(Path(session_path))
        application = _Reader(reader.path, reader.object("Application"), reader.problems, "Application.")
        session = SessionDescription(
            sender_comp_id=reader.text("SenderCompID", required=True),
            target_comp_id=reader.text("TargetCompID", required=True),
            sender_sub_id=reader.text("SenderSubID"),
            target_sub_id=reader.text("TargetSubID"),
            heart_bt_int=reader.number("HeartBtInt", 30),
            reset_seq_num_flag=reader.flag("ResetSeqNumFlag"),
            encrypt_method=reader.number("EncryptMethod", 0),
            default_appl_ver_id=reader.text("DefaultApplVerID"),
            username=reader.text("Username"),
            password=reader.text("Password"),
        )
        name = application.text("Name") or f"{session.sender_comp_id}-{session.target_comp_id}"
        dialects, dialect = _dialect(application, Path(dict_root), registry)
        if reader.problems:
            raise FixConfigError(*reader.problems)
        try:
            found = dialects.dialect(dialect)
        except (TypeRegistryError, DictionaryError, OSError) as error:
            raise FixConfigError(f"{reader.path}: {error}") from error
        registered, actual = found.registration.version, found.definitions.version
        if short_name(registered) not in ("", short_name(actual)):
            text = f"the dialect {found.registration.name} is for {registered}, but its dictionary is for {actual}"
            raise FixConfigError(f"{reader.path}: {text}")
        return cls(
            name=name,
            session=session,
            registration=found.registration,
            definitions=found.definitions,
            message_factory=found.provider.create_message_factory(),
            session_message_factory=found.provider.create_session_message_factory(session),
        )


def _dialect(application: _Reader, dict_root: Path, registry: Dialects | None) -> tuple[Dialects, str]:
    """The registry that has the session's dialect, and its name there."""
    named = application.text("DictionaryName")
    dictionary, version = application.text("Dictionary"), application.text("FixVersion")
    dialects = Dialects.standard() if registry is None else registry
    if named:
        registration = dialects.get_by_name(named)
        if registration is None:
            known = ", ".join(each.name for each in dialects.get_all_enabled()) or "none"
            application.wrong("DictionaryName", f"a registered dialect ({known})")
        elif version and short_name(registration.version) not in ("", short_name(version)):
            application.wrong("FixVersion", f"{registration.version}, as the dialect {registration.name} has it")
        return dialects, named
    if dictionary:
        path = (dict_root / dictionary).absolute()
        if not is_file(path):
            application.wrong("Dictionary", f"a dictionary file, which is not at {path}")
        name = path.stem if is_good_name(path.stem) else "dictionary"
        own = Dialects()
        own.register(TypeRegistration(name, path.stem, path, version=version))
        return own, name
    if short_name(version) in STANDARD_NAMES:
        return Dialects.standard(), short_name(version)
    expected = "one of DictionaryName, Dictionary and FixVersion" if not version else "a FIX version such as FIX.4.4"
    application.wrong("FixVersion", expected)
    return dialects, ""


class _Reader:
    """Reads the keys of one JSON object, and notes what is wrong with them in `problems`."""

    def __init__(
        self,
        path: Path,
        content: Mapping[str, object] | None = None,
        problems: list[str] | None = None,
        prefix: str = "",
    ) -> None:
        self.path = path
        self.problems: list[str] = [] if problems is None else problems
        self._prefix = prefix
        found = _read_object(path) if content is None else content
        self._content: dict[str, object] = {}
        for key, value in found.items():
            if self._content.setdefault(key.casefold(), value) is not value:
                self.problems.append(f"{path}: {prefix}{key}: expected once, found twice in different cases")

    def wrong(self, key: str, expected: str) -> None:
        value = self._content.get(key.casefold())
        found = "nothing" if value is None else json.dumps(value, ensure_ascii=False)[:60]
        if key in _SECRET and value is not None:
            found = "another value"
        self.problems.append(f"{self.path}: {self._prefix}{key}: expected {expected}, found {found}")

    def object(self, key: str) -> Mapping[str, object]:
        value = self._content.get(key.casefold())
        if isinstance(value, dict):
            return value
        if value is not None:
            self.wrong(key, "an object")
        return {}

    def text(self, key: str, required: bool = False) -> str:
        value = self._content.get(key.casefold())
        if isinstance(value, str) and (value or not required) and value.isprintable():
            return value
        if value is not None or required:
            self.wrong(key, "a printable text that is not empty" if required else "a printable text")
        return ""

    def number(self, key: str, missing: int) -> int:
        value = self._content.get(key.casefold())
        if value is None:
            return missing
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
            return value
        self.wrong(key, "a number from 0 on")
        return missing

    def flag(self, key: str) -> bool:
        value = self._content.get(key.casefold())
        if value is not None and not isinstance(value, bool):
            self.wrong(key, "true or false")
        return value is True


def _read_object(path: Path) -> Mapping[str, object]:
    content = read_json_object(path)
    if content.document is None:
        raise FixConfigError(f"{path}: {content.problem}")
    return content.document
