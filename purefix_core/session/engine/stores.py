"""Which message store a session has, by its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.session.settings import SessionSettings, StoreLayout
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import CPP, QuickFixFiles
from purefix_core.store.quickfix.recognising import recognise_one
from purefix_core.store.records import StoreError
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig
    from purefix_core.store.protocol import FixMsgStore

Say = Callable[[str], None]


def store_opener(config: FixConfig, say: Say) -> Callable[[], FixMsgStore]:
    """What opens the store of a session, each time it is called. `say` gets a line for each thing that is found odd.

    It lies in the folder of FileStorePath, else in the messageStorePath of the registration. Where neither is given it
    is in memory, and so it is with StoreLayout memory: that store is one and the same at each call. What is returned
    raises StoreError for a store that cannot be used.
    """
    settings = config.settings
    folder = settings.store_path or config.registration.message_store_path
    if folder is None or settings.store_layout is StoreLayout.MEMORY:
        memory = FixMsgMemoryStore()
        return lambda: memory
    if settings.store_layout is StoreLayout.QUICKFIX:
        return lambda: _quickfix_store(settings, folder, say)
    return lambda: _file_store(settings, folder, say)


def _file_store(settings: SessionSettings, folder: Path, say: Say) -> FixMsgStore:
    session_id = settings.session_id
    return FixMsgFileStore(
        folder,
        session_id.sender_comp_id,
        session_id.target_comp_id,
        begin_string=session_id.begin_string,
        durability=Durability(settings.store_durability),
        say=say,
        **session_id.parts,
    )


def _quickfix_store(settings: SessionSettings, folder: Path, say: Say) -> FixMsgStore:
    """The store of QuickFIX C++ that is there, or a new one. Its names hold no SubIDs and LocationIDs, so that two
    sessions that differ by nothing else would write into one store: such sessions are refused."""
    session_id = settings.session_id
    begin, sender, target = session_id.begin_string, session_id.sender_comp_id, session_id.target_comp_id
    if any(value for key, value in session_id.parts.items() if key != "session_qualifier"):
        raise StoreError(
            f"{printable(str(session_id))}: a store of QuickFIX C++ cannot tell SubIDs and LocationIDs apart;"
            " use StoreLayout purefix"
        )
    qualifier = session_id.session_qualifier
    prefix = "-".join((begin, sender, target, *([qualifier] if qualifier else [])))
    expected = QuickFixFiles(folder, prefix, CPP, begin, sender, target, session_qualifier=qualifier)
    if "/" in prefix or "\0" in prefix or not any(path.exists() for path in expected.paths):
        return QuickFixFileStore.create(folder, begin, sender, target, qualifier, say=say)
    engine = recognise_one(expected.path).engine  # the names of QuickFIX/n are the same
    return QuickFixFileStore(replace(expected, engine=engine), read_only=False, say=say)
