"""The native module, where it was built; everything that it does the library can do without it, more slowly."""

from __future__ import annotations

import os
from types import ModuleType

module: ModuleType | None = None
why_absent = ""
"""Why there is none, in words for a person."""

if os.environ.get("PUREFIX_NATIVE") == "0":
    why_absent = "PUREFIX_NATIVE=0 is set"
else:
    try:
        import purefix_core._native

        module = purefix_core._native
    except ModuleNotFoundError:
        why_absent = "it was not built; run make with cargo on the PATH"
    except ImportError as error:
        why_absent = str(error)
