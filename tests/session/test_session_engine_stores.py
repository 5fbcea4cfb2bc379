"""Which store a session of the engine has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from purefix_core.session.config import FixConfig
from purefix_core.session.engine.stores import store_opener
from purefix_core.session.settings import SessionId, SessionSettings, StoreLayout
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.quickfix import recognise
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from tests.session.engine_peers import (
    Recorder,
    acceptor_settings,
    engine_of,
    initiator_settings,
    logged_on,
    message,
    order,
)

CLIENT = SessionId("FIX.4.4", "CLIENT", "VENUE")


def config(**settings: object) -> FixConfig:
    return FixConfig.of(SessionSettings(CLIENT, **settings))  # type: ignore[arg-type]


def test_without_a_folder_it_is_one_store_in_memory() -> None:
    open_store = store_opener(config(), print)
    open_store().set_last_sent_seq_num(7)
    open_store().close()
    assert open_store().get_last_sent_seq_num() == 7


def test_memory_is_taken_though_there_is_a_folder(tmp_path: Path) -> None:
    open_store = store_opener(config(store_path=tmp_path, store_layout=StoreLayout.MEMORY), print)
    open_store().set_last_sent_seq_num(7)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_the_settings_comes_before_that_of_the_registration(tmp_path: Path) -> None:
    found = config()
    found = replace(found, registration=replace(found.registration, message_store_path=tmp_path / "registered"))
    store_opener(found, print)().close()
    assert (tmp_path / "registered" / "CLIENT.VENUE" / "session.meta").exists()
    own = replace(found, settings=replace(found.settings, store_path=tmp_path / "own", store_durability="power"))
    store = store_opener(own, print)()
    assert isinstance(store, FixMsgFileStore)
    assert (store.folder, store.durability.value) == (tmp_path / "own" / "CLIENT.VENUE", "power")
    store.close()


def test_sub_ids_have_folders_of_their_own_and_no_comp_id_leads_out(tmp_path: Path) -> None:
    session_id = SessionId("FIX.4.4", "../../CLIENT", "/etc", sender_sub_id="..")
    store = store_opener(FixConfig.of(SessionSettings(session_id, store_path=tmp_path)), print)()
    assert isinstance(store, FixMsgFileStore)
    assert store.folder.parent == tmp_path
    store.close()


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path, "CLIENT", "VENUE") as store:
        raw = message("D", 1, sender="CLIENT", target="VENUE", begin_string=b"FIX.4.2")
        store.put(FixMsgStoreRecord("D", 10**18, 1, raw))
    with pytest.raises(StoreError, match=r"FIX\.4\.2"):
        store_opener(config(store_path=tmp_path), print)()


# -- QuickFIX's files --------------------------------------------------------------------------------------------------


async def test_a_session_keeps_its_messages_in_the_files_of_quickfix(tmp_path: Path) -> None:
    at_venue = Recorder()
    quickfix = {"store_path": tmp_path, "store_layout": StoreLayout.QUICKFIX}
    async with engine_of(acceptor_settings(), application=at_venue) as venue:
        for number in range(2):
            async with engine_of(initiator_settings(venue.ports[0], **quickfix)) as client:
                await logged_on(client.events())
                client.send(CLIENT, order(str(number)))
                await at_venue.until(number + 1)
    (found,) = recognise(tmp_path)
    assert (found.prefix, found.engine) == ("FIX.4.4-CLIENT-VENUE", "quickfix-cpp")
    store = store_opener(config(**quickfix), print)()
    assert store.get_last_sent_seq_num() == 6
    assert {2, 5} <= set(store.kept_numbers(1, 10))
    store.close()


def test_a_store_of_another_engine_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "FIX.4.4-CLIENT-VENUE.header").write_bytes(b"1,0,70\n2,70,70\n")
    (tmp_path / "FIX.4.4-CLIENT-VENUE.body").write_bytes(b"")
    (tmp_path / "FIX.4.4-CLIENT-VENUE.seqnums").write_bytes(b"0000000003 : 0000000003  ")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StoreError, match="QuickFIX/n"):
        store_opener(config(store_path=tmp_path, store_layout=StoreLayout.QUICKFIX), print)()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_sessions_that_the_names_of_quickfix_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    found = config(store_path=tmp_path, store_layout=StoreLayout.QUICKFIX)
    session_id = replace(CLIENT, target_sub_id="DESK")
    found = replace(found, settings=replace(found.settings, session_id=session_id))
    with pytest.raises(StoreError, match=r"cannot tell SubIDs .* apart; use StoreLayout purefix"):
        store_opener(found, print)()


@pytest.mark.parametrize("target", ["../VENUE", "A/B", "A\0B"])
def test_no_comp_id_leads_out_of_the_folder_of_quickfix(tmp_path: Path, target: str) -> None:
    found = config(store_path=tmp_path / "store", store_layout=StoreLayout.QUICKFIX)
    found = replace(found, settings=replace(found.settings, session_id=replace(CLIENT, target_comp_id=target)))
    with pytest.raises(StoreError, match="expected what can stand in a file name"):
        store_opener(found, print)()
    assert list(tmp_path.iterdir()) == []
