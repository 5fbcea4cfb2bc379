"""Loads a dictionary file of any origin."""

from __future__ import annotations

from pathlib import Path

from purefix_core.dictionary.cache import load_compiled
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.standard import standard


def load_dictionary(path: str | Path) -> Definitions:
    """The definitions in a QuickFIX XML file, named after the file's stem.

    What is odd in the file is listed in `Definitions.issues`. Raises DictionaryError for a file that is of no use:
    unreadable, not XML, or without a single field.
    """
    path = Path(path)
    return Definitions(path.stem, load_compiled(path, standard))
