"""Which files make one QuickFIX store, and whose session it is. Looks at names only."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from purefix_core.store.records import StoreError
from purefix_core.wire.message import printable

CPP = "quickfix-cpp"
JAVA = "quickfix-j"
DOTNET = "quickfix-n"
GO = "quickfix-go"

TITLES = {CPP: "QuickFIX C++", JAVA: "QuickFIX/J", DOTNET: "QuickFIX/n", GO: "QuickFIX/Go"}

BODY = ".body"
HEADER = ".header"
SESSION = ".session"
SEQNUMS = ".seqnums"
SENDER_SEQNUMS = ".senderseqnums"
TARGET_SEQNUMS = ".targetseqnums"

SUFFIXES = (BODY, HEADER, SESSION, SEQNUMS, SENDER_SEQNUMS, TARGET_SEQNUMS)

BEGIN = "FIX"
"""Every BeginString, and so the name of every store, starts with this."""
_BEGIN_STRING = re.compile(r"FIXT?\.[0-9]\.[0-9]")


@dataclass(frozen=True, slots=True)
class QuickFixFiles:
    """The files of one session: `folder/prefix.body`, `.header`, `.session` and those of the numbers.

    What a name does not tell is "". SubIDs and LocationIDs stand in the names of all engines but QuickFIX C++.
    """

    folder: Path
    prefix: str
    engine: str
    """One of CPP, JAVA, DOTNET and GO."""
    begin_string: str
    sender_comp_id: str
    """Our own CompID: 49 of what the engine sends."""
    target_comp_id: str
    sender_sub_id: str = ""
    sender_location_id: str = ""
    target_sub_id: str = ""
    target_location_id: str = ""
    session_qualifier: str = ""
    guess: str = ""
    """Why the identifiers, or the engine, may be others than these; "" where they are known."""

    @property
    def path(self) -> Path:
        """The path that the names of all the files start with."""
        return self.folder / self.prefix

    @property
    def title(self) -> str:
        """The engine as its makers call it."""
        return TITLES[self.engine]

    @property
    def body(self) -> Path:
        """The messages, one behind the other."""
        return self._file(BODY)

    @property
    def header(self) -> Path:
        """MsgSeqNum, offset in the body and size of each message."""
        return self._file(HEADER)

    @property
    def session(self) -> Path:
        """When the session began."""
        return self._file(SESSION)

    @property
    def seqnums(self) -> Path:
        """Both next numbers, of QuickFIX C++ and QuickFIX/n."""
        return self._file(SEQNUMS)

    @property
    def sender_seqnums(self) -> Path:
        """The next number out, of QuickFIX/J and QuickFIX/Go."""
        return self._file(SENDER_SEQNUMS)

    @property
    def target_seqnums(self) -> Path:
        """The next number in, of QuickFIX/J and QuickFIX/Go."""
        return self._file(TARGET_SEQNUMS)

    @property
    def number_files(self) -> tuple[Path, ...]:
        if self.engine in (CPP, DOTNET):
            return (self.seqnums,)
        return (self.sender_seqnums, self.target_seqnums)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that the engine keeps, whether they are there or not."""
        return (self.body, self.header, self.session, *self.number_files)

    def _file(self, suffix: str) -> Path:
        return self.folder / (self.prefix + suffix)


def new_files(
    folder: Path, begin_string: str, sender_comp_id: str, target_comp_id: str, session_qualifier: str = ""
) -> QuickFixFiles:
    """What QuickFIX C++ calls the files of a session, which need not be there. Raises StoreError where the identifiers
    cannot stand in a file name: it writes them as they are."""
    parts = {"BeginString": begin_string, "SenderCompID": sender_comp_id, "TargetCompID": target_comp_id}
    if session_qualifier:
        parts["SessionQualifier"] = session_qualifier
    for key, part in parts.items():
        if not part or "/" in part or "\0" in part or not _is_encodable(part):
            raise StoreError(f'{key} "{printable(part)}": expected what can stand in a file name')
    if not _BEGIN_STRING.fullmatch(begin_string):  # anything else would be read as a part of the names behind it
        raise StoreError(f'"{printable(begin_string)}": expected a BeginString, as FIX.4.4 or FIXT.1.1')
    return QuickFixFiles(
        folder,
        "-".join(parts.values()),
        CPP,
        begin_string,
        sender_comp_id,
        target_comp_id,
        session_qualifier=session_qualifier,
    )


def _is_encodable(name: str) -> bool:
    try:
        os.fsencode(name)
    except UnicodeEncodeError:  # a lone surrogate, as JSON can have it
        return False
    return True
