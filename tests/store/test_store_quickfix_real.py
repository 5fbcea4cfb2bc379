"""Edited stores in the hands of a real QuickFIX C++, acceptor and initiator."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from purefix_core.cli.group import commands
from purefix_core.store.in_use import edit_warnings, who_has_open
from purefix_core.store.quickfix import QuickFixFileStore, gap_fill, reset, set_numbers, verify
from purefix_core.wire import tags
from tests.store.quickfix_runs import (
    Stores,
    copied_stores,
    filled_to,
    implied,
    run_both,
    running,
    sent_again,
    sent_by,
)
from tests.store.quickfix_stores import message

pytest.importorskip("quickfix")


@pytest.fixture
def stores(shared: Path, tmp_path: Path) -> Stores:
    """Copies of the stores of a real session: SRV has sent 13 messages, CLI 16, of which 2 to 9 are orders."""
    return copied_stores(shared, tmp_path)


def _told(*arguments: object) -> dict[str, Any]:
    """What a command of `purefix store` says."""
    result = CliRunner().invoke(commands, ["store", *map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_a_lower_next_target_is_asked_for_and_sent_again(stores: Stores, tmp_path: Path) -> None:
    """And the command that shows the peer's store foretells how much of it."""
    assert _told("set", stores.acceptor.path, "--next-in", 3)["nextIn"] == 3
    foretold = _told("show", stores.initiator.path, "--peer-expects", 3)["forecast"]["resend"]
    assert foretold["msgTypes"] == {"D": 7}
    expected = implied(QuickFixFileStore(stores.initiator), 3, 18)
    assert [kind for kind, _, _ in expected] == ["D"] * 7 + ["4"]
    talk = run_both(stores, tmp_path, filled_to(18))
    (request,) = sent_by("SRV", talk, "2")
    assert (request.text(tags.BEGIN_SEQ_NO), request.text(tags.END_SEQ_NO)) == ("3", "0")
    assert sent_again(talk) == expected
    # What the engines wrote then is read in full: 17 is the Logon, and each said goodbye.
    for files in stores:
        store = QuickFixFileStore(files)
        assert (store.notices, verify(files)) == ([], ([], []))
        logout = store.get(store.get_last_sent_seq_num())
        assert logout is not None
        assert logout.msg_type == "5"


def test_a_range_without_entries_is_gap_filled(stores: Stores, tmp_path: Path) -> None:
    set_numbers(stores.acceptor, 14, 3)
    assert gap_fill(stores.initiator, 5, 7)[0] == 3
    expected = implied(QuickFixFileStore(stores.initiator), 3, 18)
    assert expected[2] == ("4", 5, "8")
    talk = run_both(stores, tmp_path, filled_to(18))
    assert sent_again(talk) == expected


def test_a_message_that_we_put_is_sent_again(stores: Stores, tmp_path: Path) -> None:
    store = QuickFixFileStore(stores.initiator, read_only=False)
    for number, order in ((9, "superseded"), (17, "put")):
        fields = f"11={order}|38=1|40=1|54=1|55=IBM|60=20261122-04:30:55|"
        record = store.get(2)
        assert record is not None
        store.put(record._replace(seq_num=number, encoded=message(number, more=fields)))
    store.set_last_sent_seq_num(17)
    store.close()
    set_numbers(stores.acceptor, 14, 9)
    talk = run_both(stores, tmp_path, lambda talk: len(sent_again(talk)) >= 4)
    assert sent_again(talk) == [
        ("D", 9, "superseded"),
        ("4", 10, "17"),
        ("D", 17, "put"),
        ("4", 18, "19"),
    ]


def test_both_begin_again_after_a_reset(stores: Stores, tmp_path: Path) -> None:
    for files in stores:
        reset(files)
    talk = run_both(stores, tmp_path, lambda talk: bool(sent_by("SRV", talk, "A")))
    assert [item.text(tags.MSG_SEQ_NUM) for item in talk[:2]] == ["1", "1"]
    assert sent_by("SRV", talk, "2") == []


def test_a_running_engine_is_seen(stores: Stores, tmp_path: Path) -> None:
    with running("initiator", stores.initiator, 1, tmp_path) as pid:
        assert [process.pid for process in who_has_open(stores.initiator.paths)] == [pid]
        assert who_has_open(stores.acceptor.paths) == []
        lines = edit_warnings(stores.initiator.paths, time.time_ns())
        assert f"is open in process {pid} " in lines[0]
