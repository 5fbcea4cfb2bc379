"""What a peer did and saw, a line each in a file that survives its process: the application's record of a session.

started
logon | logout
sent D ID | sent 8 CL_ORD_ID EXEC_ID            behind the call that sent it
got D ID Y|N | got 8 CL_ORD_ID EXEC_ID Y|N      with PossDupFlag(43)
"""

from __future__ import annotations

import os
from pathlib import Path


class Journal:
    """Each line is one write, so that it is whole, and in the kernel when the method returns."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, *words: str) -> None:
        os.write(self._file, (" ".join(words) + "\n").encode())


def order_fields(cl_ord_id: str, now: str) -> dict[int, str]:
    """The body of a NewOrderSingle in any version from FIX.4.2 on."""
    return {11: cl_ord_id, 21: "1", 55: "IBM", 54: "1", 60: now, 38: "100", 40: "2", 44: "10.5"}


def execution_fields(begin_string: str, cl_ord_id: str, exec_id: str) -> dict[int, str]:
    """The body of an ExecutionReport that fills that order."""
    fields = {37: f"O{cl_ord_id}", 11: cl_ord_id, 17: exec_id, 39: "2", 55: "IBM", 54: "1", 38: "100"}
    fields |= {32: "100", 31: "10.5", 151: "0", 14: "100", 6: "10.5"}
    return fields | ({20: "0", 150: "2"} if begin_string == "FIX.4.2" else {150: "F"})
