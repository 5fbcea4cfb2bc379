"""`purefix store compare`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from purefix_core.cli.store import compare as compare_module
from purefix_core.store.file_store import FixMsgFileStore
from tests.cli.store_samples import damage, run


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """The counterparty's store: it has received 3 of our 5, and sent 42 of which we have 41."""
    with FixMsgFileStore(tmp_path / "theirs", "SRV", "CLI") as store:
        store.set_last_sent_seq_num(42)
        store.set_last_received_seq_num(3)
    return tmp_path / "theirs" / "SRV.CLI"


def test_a_copy(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(store if store.is_dir() else store.parent, copy)
    result = run("compare", store, copy)
    assert (result.exit_code, result.stderr.count("above the last number sent")) == (0, 2 * store.is_dir())
    first, second, blank, *rest = result.stdout.splitlines()
    assert first.startswith(f"first   {store}   ")
    assert first.endswith("   next out 6, next in 42")
    assert second.startswith(f"second  {copy}")
    assert blank == ""
    assert rest == [
        "The second store is the same side's.",
        "  out: both next 6.",
        "  in: both next 42.",
        "",
        "every number agrees",
    ]


def test_all_numbers(ours: Path, quickfix: Path) -> None:
    result = run("compare", ours, quickfix, "--all")
    assert result.exit_code == 0
    rows = [line.split(maxsplit=2) for line in result.stdout.splitlines() if line.startswith(("  out  ", "  in   "))]
    assert [row[:2] for row in rows] == [["out", "1-5"], ["out", "6"], ["in", "1-41"]]
    assert rows[1][2].split("  ")[0] == "kept, above last sent"


def test_a_damaged_one(ours: Path, quickfix: Path) -> None:
    damage(quickfix, 2)
    result = run("compare", ours, quickfix)
    assert result.exit_code == 1
    assert "  out  2                      kept                    damaged                 damaged\n" in result.stdout
    assert result.stdout.endswith("\n46 same; 1 damaged\n")


def test_the_counterparty(ours: Path, theirs: Path) -> None:
    result = run("compare", ours, theirs)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "The second store is the counterparty's." in lines
    assert "  out: The peer expects 4, you would send 6." in lines
    assert [line.split(maxsplit=2)[:2] for line in lines if line.startswith(("  out  ", "  in   "))] == [
        ["out", "4-5"],
        ["in", "42"],
    ]
    assert lines[-1] == "44 received; 2 missed, can be resent; 1 missed, will be gap-filled"


def test_as_json(ours: Path, theirs: Path) -> None:
    result = run("compare", ours, theirs, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["side"], found["numbersAgree"]) == ("counterparty", False)
    assert (found["first"]["path"], found["first"]["nextOut"]) == (str(ours), 6)
    assert (found["second"]["lastReceived"], found["rangesLeftOut"]) == (3, 0)
    assert found["counts"]["received"] == 3 + 41
    assert sum(found["counts"].values()) == 5 + 42
    assert not any(each["agrees"] for each in found["ranges"])
    assert found["ranges"][-1] == {
        "direction": "in",
        "from": 42,
        "to": 42,
        "first": "not received",
        "second": "not kept",
        "verdict": "missed, will be gap-filled",
        "agrees": False,
    }
    every = json.loads(run("compare", ours, theirs, "--json", "--all").stdout)
    assert sum(each["to"] - each["from"] + 1 for each in every["ranges"]) == 5 + 42


def test_json_is_bounded(ours: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_module, "_MOST_IN_JSON", 1)
    found = json.loads(run("compare", ours, theirs, "--json", "--all").stdout)
    assert len(found["ranges"]) == 1
    assert found["rangesLeftOut"] > 0
    assert sum(found["counts"].values()) == 5 + 42


def test_strangers_need_to_be_told(ours: Path, tmp_path: Path) -> None:
    with FixMsgFileStore(tmp_path / "others", "X", "Y") as store:
        store.set_last_sent_seq_num(5)
    result = run("compare", ours, store.folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "neither the same session nor its counterparty" in result.stderr
    result = run("compare", ours, store.folder, "--side", "counterparty")
    assert "The second store is the counterparty's." in result.stdout


def test_numbers_that_are_not_known_do_not_agree(quickfix: Path) -> None:
    Path(f"{quickfix}.seqnums").write_text("garbage")
    result = run("compare", quickfix, quickfix)
    assert result.exit_code == 1
    assert "every number agrees" not in result.stdout
    assert result.stderr.count("garbage") == 1
    assert json.loads(run("compare", quickfix, quickfix, "--json").stdout)["numbersAgree"] is False


def test_what_cannot_be_read(ours: Path, tmp_path: Path) -> None:
    result = run("compare", ours, tmp_path / "none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"purefix: {tmp_path / 'none'}: no such file or folder")
