"""The dictionary of a registration."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import STANDARD_NAMES, standard, standard_path
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.signatures import Signature, file_signature, is_file
from purefix_core.registry.versions import rides_on_fixt
from purefix_core.wire import tags


class LoadedDefinitions(NamedTuple):
    definitions: Definitions
    signature: Signature | None
    """What the file was like; None for a standard dictionary, which is part of the program and not watched."""


def is_standard(path: Path) -> bool:
    """Whether it is a dictionary that comes with the package."""
    return path.stem in STANDARD_NAMES and path.resolve() == standard_path(path.stem)


def load_definitions(registration: TypeRegistration, place: str) -> LoadedDefinitions:
    """The dictionary, with the header of FIXT 1.1 where it needs one. `place` is named where there is no such file.

    Raises TypeRegistryError for a missing file, and DictionaryError for a file that is no dictionary.
    """
    path = registration.dictionary_path
    signature = file_signature(path)
    if not is_file(path):
        raise TypeRegistryError(f"{place}: dictionaryPath: expected a dictionary file, found none at {path}")
    is_packaged = is_standard(path)
    definitions = standard(path.stem) if is_packaged else load_dictionary(path)
    # A dialect of FIX 5.0 that brings a FIXT header of its own is complete.
    if rides_on_fixt(registration.version or definitions.version) and tags.APPL_VER_ID not in definitions.header_tags:
        definitions = combine_fixt(standard("FIXT11"), definitions)
    return LoadedDefinitions(definitions, None if is_packaged else signature)
