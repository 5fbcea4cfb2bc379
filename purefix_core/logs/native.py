"""The native module, where it was built; everything that it does the library can do without it, more slowly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    module: ModuleType | None

why_absent = ""
"""Why there is none, in words for a person."""

if os.environ.get("PUREFIX_NATIVE") == "0":
    module = None
    why_absent = "PUREFIX_NATIVE=0 is set"
else:
    try:
        from purefix_core import _native as module
    except ImportError as error:
        module = None
        why_absent = "it was not built" if isinstance(error, ModuleNotFoundError) else str(error)
