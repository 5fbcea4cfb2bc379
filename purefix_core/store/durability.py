"""The levels of safety that a store can have."""

from __future__ import annotations

from enum import StrEnum


class Durability(StrEnum):
    """What survives once a method of the store has returned."""

    NONE = "none"
    """Nothing is promised: writes are gathered. For tests, and for sessions that reset at each Logon."""
    PROCESS = "process"
    """The end of the process, however it comes: the kernel has what was written."""
    POWER = "power"
    """The end of the machine: the medium has what was written."""
