"""The compiled form of a dictionary file: from the user's cache folder, or compiled and put there."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from purefix_core.dictionary.compiled import FORMAT, CompiledDictionary
from purefix_core.dictionary.definitions import Definitions, DictionaryError

MAX_FILE_SIZE = 64 * 1024 * 1024
"""Bytes; the largest dictionary seen, FIX50SP2, has 1.5 MB."""


def cache_folder() -> Path | None:
    """$XDG_CACHE_HOME/purefix or ~/.cache/purefix; None where there is no home folder."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "purefix"
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "purefix"
    return None


def load_compiled(path: Path, standard: Callable[[str], Definitions | None]) -> CompiledDictionary:
    """The compiled form of the dictionary file at `path`.

    A cached one is used if it was made from the very same bytes and is whole. A cache folder that cannot be read or
    written is no error: the dictionary is then compiled every time. `standard` gives standard dictionaries by name,
    to fill gaps from. Raises DictionaryError.
    """
    content = _read(path)
    digest = hashlib.sha256(content).digest()
    folder = cache_folder()
    cached = None if folder is None else folder / "dictionaries" / f"{digest.hex()[:32]}-{FORMAT}.bin"
    if cached is not None:
        with suppress(OSError, ValueError):
            return CompiledDictionary(cached.read_bytes(), digest)
    # Only a dictionary seen for the first time needs the XML reader and lxml (about 25 ms and 6 MB).
    from purefix_core.dictionary.compiler import compile_draft
    from purefix_core.dictionary.xml_source import read_xml

    compiled = compile_draft(read_xml(content, path, standard), digest)
    if cached is not None:
        with suppress(OSError):
            _replace(cached, compiled)
    return CompiledDictionary(compiled, digest)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file() and path.exists():
            raise DictionaryError(path, 0, "is not a file")
        size = path.stat().st_size
        if size > MAX_FILE_SIZE:
            raise DictionaryError(path, 0, f"{size:,} bytes are too many for a dictionary")
        return path.read_bytes()
    except OSError as error:
        raise DictionaryError(path, 0, error.strerror or str(error)) from error


def _replace(path: Path, content: bytes) -> None:
    """Write the file so that others see the old content, the new one or none, never a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
