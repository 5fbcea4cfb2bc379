"""The layouts that a conversion writes, made in an unfinished folder and then given their names."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.folder_names import session_folder
from purefix_core.store.lock import FILE_NAME as LOCK_NAME
from purefix_core.store.message_files import nanos_of
from purefix_core.store.quickfix.files import CPP, SUFFIXES, QuickFixFiles, new_files
from purefix_core.store.quickfix.numbers import pair_text, session_text
from purefix_core.store.quickfix.recognising import recognise_one
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_NAME
from purefix_core.store.resend_ranges import GapFillRange, GapFillRanges
from purefix_core.store.session_identity import Identity
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import new_session_meta
from purefix_core.store.stored_messages import Stored
from purefix_core.wire.timestamps import is_nanos

_NOT_RESENT = "had no entry in the header of QuickFIX"


class Target(Protocol):
    """A store that is about to be made below a folder. Everything raises StoreError, and OSError."""

    name: str
    """What its folder, or its files, are called."""

    def refuse_if_there(self) -> None:
        """Raises StoreError where anything has its name."""

    def write(self, unfinished: Path, state: FixSessionState, messages: Iterable[Stored]) -> None:
        """Make it in that folder. No message is damaged."""

    def found_in(self, folder: Path) -> StoreLocation:
        """The store, once it is there."""

    def publish(self, unfinished: Path) -> None:
        """Give what was made in that folder its name."""


class OursTarget:
    """A folder with session.meta, messages.dat and messages.idx."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self._identity = identity
        self._path = session_folder(folder, identity.sender_comp_id, identity.target_comp_id, **identity.parts)
        self.name = self._path.name

    def refuse_if_there(self) -> None:
        if os.path.lexists(self._path):
            raise _is_there(self._path)

    def write(self, unfinished: Path, state: FixSessionState, messages: Iterable[Stored]) -> None:
        comp_ids = self._identity.sender_comp_id, self._identity.target_comp_id
        ranges: list[GapFillRange] = []
        # Nothing of it counts before all is written, so it may be gathered.
        with FixMsgFileStore(unfinished, *comp_ids, durability=Durability.NONE, **self._identity.parts) as store:
            for seq_num, record, is_marked in messages:
                assert record is not None
                if not is_nanos(record.timestamp):
                    record = record._replace(timestamp=nanos_of(0))
                store.put(record)
                if is_marked and ranges and ranges[-1].last == seq_num - 1:
                    ranges[-1] = ranges[-1]._replace(last=seq_num)
                elif is_marked:
                    ranges.append(GapFillRange(seq_num, seq_num, _NOT_RESENT, {}))
        disk = Disk()
        if ranges:
            disk.replace(store.folder / RESEND_NAME, GapFillRanges(tuple(ranges)).to_json())
        meta = new_session_meta(*comp_ids, 0)
        disk.replace(store.folder / META_NAME, meta.template.render(state))
        disk.remove(store.folder / LOCK_NAME)

    def found_in(self, folder: Path) -> StoreLocation:
        return StoreLocation(folder / self.name, PUREFIX)

    def publish(self, unfinished: Path) -> None:
        self.refuse_if_there()  # an empty folder would be replaced
        try:
            (unfinished / self.name).rename(self._path)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise _is_there(self._path) from None
            raise
        Disk().sync_folder(self._path.parent)


class CppTarget:
    """The four files of QuickFIX C++."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        if not identity.begin_string:
            raise StoreError(f"{folder}: no message tells the BeginString, which QuickFIX's names begin with; give it")
        self._identity = identity
        self._files = self._made_in(folder)
        self.name = self._files.prefix

    def refuse_if_there(self) -> None:
        for suffix in SUFFIXES:
            path = self._files.folder / (self.name + suffix)
            if os.path.lexists(path):
                raise _is_there(path)

    def write(self, unfinished: Path, state: FixSessionState, messages: Iterable[Stored]) -> None:
        files = self._made_in(unfinished)
        offset = 0
        with files.body.open("xb") as body, files.header.open("xb") as header:
            for seq_num, record, is_marked in messages:
                assert record is not None
                body.write(record.encoded)
                if not is_marked:
                    header.write(b"%d,%d,%d " % (seq_num, offset, len(record.encoded)))
                offset += len(record.encoded)
        created = time.time_ns() if state.created_time is None else state.created_time
        files.session.write_bytes(session_text(created))
        files.seqnums.write_bytes(pair_text(state.last_sent_seq_num + 1, state.last_received_seq_num + 1))

    def found_in(self, folder: Path) -> StoreLocation:
        files = recognise_one(folder / self.name)
        return StoreLocation(files.path, CPP, files)

    def publish(self, unfinished: Path) -> None:
        made = self._made_in(unfinished)
        pairs = [
            (made.body, self._files.body),
            (made.session, self._files.session),
            # Without numbers the engine would begin with 1; without a header it fills gaps, and repair makes one.
            (made.seqnums, self._files.seqnums),
            (made.header, self._files.header),
        ]
        done: list[Path] = []
        try:
            for path, name in pairs:
                _give_name(path, name)
                done.append(name)
        except BaseException:
            for name in done:
                with suppress(OSError):
                    name.unlink()
            raise
        Disk().sync_folder(self._files.folder)

    def _made_in(self, folder: Path) -> QuickFixFiles:
        begin, sender, target, parts = self._identity
        return new_files(folder, begin, sender, target, parts.get("session_qualifier", ""))


def _give_name(path: Path, name: Path) -> None:
    """Raises StoreError where something has it: a link never replaces anything."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise _is_there(name) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(name):
            raise _is_there(name) from None
        path.rename(name)


def _is_there(path: Path) -> StoreError:
    return StoreError(f"{path}: is there already, and nothing is overwritten; name another folder")
