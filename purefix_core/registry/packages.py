"""The provider of a registration's typed messages: its package, imported when it is first asked for, or run-time types.

A package that lies where Python finds it under its rootNamespace is imported as usual. Any other is imported under a
name of its own, so that the modules of two dialects may be called alike. It must use relative imports among itself.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import itertools
import logging
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING

from purefix_core.registry.names import split_name
from purefix_core.registry.providers import find_provider
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.registry.signatures import (
    PACKAGE_INIT,
    file_signature,
    is_file,
    is_folder,
    newest_change,
    package_signature,
)
from purefix_core.registry.state import Entry
from purefix_core.registry.versions import short_name
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.types.provider import TypeSystemProvider

_log = logging.getLogger(__name__)

_numbers = itertools.count(1)

_MAX_REASON = 300


@dataclass
class LoadedProvider:
    provider: TypeSystemProvider
    package: ModuleType | None
    """None for run-time types."""
    signature: int | None = None
    """What lay at assemblyPath, a package or not, when it was loaded."""
    is_complete: bool = False
    _completing: RLock = field(default_factory=RLock, repr=False)

    def complete(self) -> None:
        """Import all modules of the package that were not yet, once.

        A package may import each message when it is first used. That must not happen after its files have changed. It
        costs 0.2 s and 9 MB for FIX 4.4, so only those who reload do it.
        """
        with self._completing:
            if self.package is None or self.is_complete:
                return
            for path in getattr(self.package, "__path__", ()):
                with _safe_bytecode(Path(path)):
                    _import_all([path], f"{self.package.__name__}.")
            self.is_complete = True


def package_problem(path: Path) -> str:
    """Why a path is neither a package nor a module of Python; empty if it is one."""
    if is_folder(path):
        return "" if is_file(path / PACKAGE_INIT) else f"is not a Python package, for it holds no {PACKAGE_INIT}"
    if path.name == PACKAGE_INIT:
        return "is not a Python package, but a part of one: name its folder"
    if not is_file(path):
        return "does not exist" if file_signature(path) is None else "is not a Python package"
    return "" if path.suffix == ".py" else "is not a Python package"


def load_provider(entry: Entry, run_time_types: Callable[[], TypeSystemProvider]) -> LoadedProvider:
    """The provider in the package at assemblyPath, or where none is named in the installed one that the rootNamespace
    names; else what `run_time_types` gives.

    Raises TypeRegistryError for a package that cannot be imported, has no provider, or is for another version.
    """
    path, root_namespace = entry.registration.assembly_path, entry.registration.root_namespace
    if path is None:
        if not is_installed(root_namespace):
            return LoadedProvider(run_time_types(), None)
        return LoadedProvider(*_installed_provider(entry, root_namespace))
    signature = package_signature(path)
    problem = package_problem(path)
    if problem:
        text = f"{entry.place}: assemblyPath: {path} {problem}; run-time types are used"
        if text not in entry.warned:
            entry.warned.add(text)
            _log.warning("%s", printable(text))
        return LoadedProvider(run_time_types(), None, signature)
    return LoadedProvider(*_provider_at(entry, path), signature)


def is_installed(name: str) -> bool:
    """Whether Python finds a package of that name. Imports nothing to find that out."""
    try:
        spec = _spec_of(name) if name else None
        return spec is not None and spec.origin is not None  # a folder without __init__.py has no origin
    except Exception:  # a finder that fails finds nothing
        return False


def _installed_provider(entry: Entry, name: str) -> tuple[TypeSystemProvider, ModuleType]:
    """The provider in an installed package."""
    where = f"{entry.place}: rootNamespace"
    with _removed_on_error(name):
        with reported(f"{where}: expected a package that can be imported at {name}"):
            package = importlib.import_module(name)
        return _provider_in(package, entry, where, name), package


def _provider_at(entry: Entry, path: Path) -> tuple[TypeSystemProvider, ModuleType]:
    """The provider in the package at assemblyPath."""
    where = f"{entry.place}: assemblyPath"
    name = _module_name(entry, path)
    with _removed_on_error(name):
        with reported(f"{where}: expected a package that can be imported at {path}"), _safe_bytecode(path):
            is_found = name == entry.registration.root_namespace
            package = importlib.import_module(name) if is_found else _import_from(path, name)
        return _provider_in(package, entry, where, str(path)), package


def _provider_in(package: ModuleType, entry: Entry, where: str, what: str) -> TypeSystemProvider:
    with reported(f"{where}: expected a provider of typed messages in {what}"):
        provider = find_provider(package, f"{where}: {what}")
        version = provider.get_version()
        _check_version(version, entry.registration.version, f"{where}: {what}")
    return provider


def _check_version(version: object, wanted: str, where: str) -> None:
    """Raises TypeRegistryError if what a provider says of its version contradicts the registration's."""
    if not isinstance(version, str):
        raise TypeRegistryError(f"{where}: get_version: expected a text, found {type(version).__name__}")
    if wanted and short_name(version) != short_name(wanted):
        raise TypeRegistryError(f"{where}: expected types for {wanted}, the registration's version, found {version!r}")


_imported: dict[str, int | None] = {}
"""The packages that were imported under their rootNamespace, and what their files were like then."""


def _module_name(entry: Entry, path: Path) -> str:
    """Its rootNamespace if Python finds the package under it, else a name that nothing else has.

    What was imported under the rootNamespace cannot be imported anew, since sessions may still use it: once its files
    have changed, the package is imported under another name.
    """
    name, signature = entry.registration.root_namespace, package_signature(path)
    known = _imported.get(name, signature) if name in sys.modules else signature
    if known == signature and _is_found_under(name, path.resolve()):
        _imported[name] = signature
        return name
    base = re.sub("[^a-z0-9]", "_", split_name(entry.key)[0])
    return f"_purefix_types_{base}_{next(_numbers)}"


def _import_from(path: Path, name: str) -> ModuleType:
    """Import the package or module at `path` as `name`."""
    is_package = is_folder(path)
    spec = importlib.util.spec_from_file_location(
        name,
        path / PACKAGE_INIT if is_package else path,
        submodule_search_locations=[str(path)] if is_package else None,
    )
    if spec is None or spec.loader is None:
        raise ImportError("Python knows no way to import it")
    importlib.invalidate_caches()  # a file that was written a moment ago is found as well
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _import_all(folders: list[str], prefix: str) -> None:
    """Import every module in the folders and below. One that cannot be imported now could not be later either."""
    for found in pkgutil.iter_modules(folders, prefix):
        if found.name.endswith(".__main__"):  # a program
            continue
        with suppress(TypeRegistryError), reported(found.name):
            module = importlib.import_module(found.name)
            if found.ispkg:
                _import_all(list(module.__path__), f"{found.name}.")


def _is_found_under(name: str, path: Path) -> bool:
    """Whether `import name` would give the package or module at `path`. Imports nothing to find that out."""
    if not name:
        return False
    try:
        known = sys.modules.get(name)
        spec = _spec_of(name) if known is None else known.__spec__
        if spec is None or spec.origin is None:
            return False
        origin = Path(spec.origin).resolve()
        return origin == path or origin == path / PACKAGE_INIT
    except Exception:  # finders and odd entries of sys.modules are not ours: then it is imported from its path
        return False


def _spec_of(name: str) -> importlib.machinery.ModuleSpec | None:
    """As importlib.util.find_spec, which would import the parents of `name`."""
    search: list[str] | None = None
    spec = None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        full_name = ".".join(parts[:count])
        found = (finder.find_spec(full_name, search) for finder in sys.meta_path)
        spec = next((each for each in found if each is not None), None)
        if spec is None:
            return None
        search = None if spec.submodule_search_locations is None else list(spec.submodule_search_locations)
        if search is None and count < len(parts):
            return None
    return spec


@contextmanager
def reported(expected: str) -> Iterator[None]:
    """Turns whatever a package raises, an attempt to end the program included, into a TypeRegistryError."""
    try:
        yield
    except (TypeRegistryError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise TypeRegistryError(f"{expected}, found {type(error).__name__}: {_text_of(error)}") from error


@contextmanager
def _removed_on_error(name: str) -> Iterator[None]:
    """Takes what came into sys.modules under `name` out again if the import fails."""
    before = set(sys.modules)
    try:
        yield
    except BaseException:
        for each in set(sys.modules) - before:
            if each == name or each.startswith(f"{name}."):
                sys.modules.pop(each, None)
        raise


_bytecode_lock = RLock()


@contextmanager
def _safe_bytecode(path: Path) -> Iterator[None]:
    """Keeps Python from writing bytecode of files that were changed within the last two seconds.

    It takes bytecode for current while size and time of the source agree, and the time in whole seconds. A second
    change within one second might never be seen.
    """
    if newest_change(path) < time.time() - 2:
        yield
        return
    with _bytecode_lock:
        before = sys.dont_write_bytecode
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            sys.dont_write_bytecode = before


def _text_of(error: BaseException) -> str:
    try:
        text = printable(" ".join(str(error).split()))
    except BaseException:  # the error's class is the package's own
        return "no text"
    return text if len(text) <= _MAX_REASON else text[: _MAX_REASON - 3] + "..."
