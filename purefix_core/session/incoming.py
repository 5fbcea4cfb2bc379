"""A received message taken apart, once, for everything that looks at it: natively where the module was built, at an
eighth of the cost, else in Python; both do the same."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from purefix_core.wire import native

if TYPE_CHECKING:
    from purefix_core.dictionary.definitions import Definitions

if TYPE_CHECKING or native.module is None:
    from purefix_core.session.incoming_reference import Incoming, IncomingReader
else:
    Incoming, IncomingReader = native.module.Incoming, native.module.IncomingReader

__all__ = ["Incoming", "IncomingReader", "reader"]


@lru_cache(maxsize=64)
def reader(definitions: Definitions) -> IncomingReader:
    """What takes the messages of a dialect apart; one for all of its sessions."""
    return IncomingReader(definitions.data_tags)
