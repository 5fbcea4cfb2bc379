"""`purefix store gap-fill`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.store_samples import figures, run


def resent(store: Path) -> tuple[object, object]:
    """How many messages from 1 on would be resent, and how many gap-filled."""
    resend = figures("show", store, "--peer-expects", 1)["forecast"]["resend"]
    return resend["business"], resend["gapFilled"]


def test_gap_fill(store: Path) -> None:
    assert resent(store) == (3, 2)
    result = run("gap-fill", store, "4-5", "--reason", "stale orders")
    assert result.exit_code == 0
    assert resent(store) == (1, 4)


def test_gap_fill_writes_resend_json(ours: Path) -> None:
    assert figures("gap-fill", ours, "4-5", "--reason", "stale orders")["done"] == ["resend.json: 4-5 (stale orders)"]
    assert json.loads((ours / "resend.json").read_text()) == {
        "gapFill": [{"from": 4, "to": 5, "reason": "stale orders"}]
    }
    assert run("messages", ours).stdout.splitlines()[3].endswith("(not to be resent)")
    result = run("gap-fill", ours, 4, "--remove")
    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, "  resend.json: 5 (stale orders)")
    assert resent(ours) == (2, 3)
    (backup,) = ours.glob("resend.json.*.bak")
    assert f"backup: {backup}" in result.stdout


def test_gap_fill_removes_entries_of_quickfix(quickfix: Path) -> None:
    header = Path(f"{quickfix}.header")
    before = header.read_bytes()
    document = figures("gap-fill", quickfix, "4-5")
    assert document["done"] == ["FIX.4.4-CLI-SRV.header: 2 entries were removed"]
    (backup,) = document["backups"]
    assert Path(backup).read_bytes() == before
    assert [line.split()[0] for line in run("messages", quickfix).stdout.splitlines()] == ["1", "2", "3", "6"]
    document = figures("gap-fill", quickfix, "4-9", "--remove")
    assert document["done"] == ["FIX.4.4-CLI-SRV.header: 2 entries were put back"]
    assert (document["messages"], document["ranges"]) == (3, None)
    assert [line.split()[0] for line in run("messages", quickfix).stdout.splitlines()] == ["1", "2", "3", "4", "5", "6"]


def test_quickfix_keeps_no_reason(quickfix: Path) -> None:
    assert "the reason is not kept" in run("gap-fill", quickfix, "4-5", "--reason", "stale").stdout


def test_how_many_messages_it_is_about(store: Path) -> None:
    result = run("gap-fill", store, "2-4", "--dry-run")
    assert result.exit_code == 0
    assert "dry run" in result.stdout
    assert "  2-4: 3 messages, 2 of them business (D: 1, 8: 1); instead of them a gap will be filled" in result.stdout
    assert resent(store) == (3, 2)
    document = figures("gap-fill", store, "2-4")
    assert (document["messages"], document["business"], document["msgTypes"]) == (3, 2, {"D": 1, "8": 1})
    assert resent(store) == (1, 4)
    assert run("gap-fill", store, "2-4", "--remove", "--dry-run").exit_code == 0
    assert resent(store) == (1, 4)
    assert "can be resent again" in run("gap-fill", store, "2-4", "--remove").stdout
    assert resent(store) == (3, 2)


def test_numbers_that_the_store_does_not_know(store: Path) -> None:
    result = run("gap-fill", store, "4-7")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"purefix: {store}: 7 is above 6, the greatest number that the store knows\n"
    assert run("gap-fill", store, "4-6").exit_code == 0


def test_nothing_to_remove(store: Path) -> None:
    result = run("gap-fill", store, "4-5", "--remove")
    assert result.exit_code == 0
    assert "  nothing to remove: no message of 4-5 was kept from being resent" in result.stdout.splitlines()
    assert list(store.parent.rglob("*.bak")) == []


def test_what_is_resent_needs_no_reason(store: Path) -> None:
    result = run("gap-fill", store, "4-5", "--remove", "--reason", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--reason and --remove exclude each other" in result.stderr


def test_ranges_as_json(ours: Path) -> None:
    run("gap-fill", ours, "2", "--reason", "test")
    assert figures("gap-fill", ours, "4-5")["ranges"] == [
        {"from": 2, "to": 2, "reason": "test"},
        {"from": 4, "to": 5, "reason": ""},
    ]


@pytest.mark.parametrize("numbers", ["0", "5-4", "x", "1-", "-3", "1-99999999999", "2147483648"])
def test_gap_fill_of_no_range(store: Path, numbers: str) -> None:
    result = run("gap-fill", store, "--", numbers)
    assert (result.exit_code, result.stdout) == (2, "")


def test_gap_fill_beside_a_bad_file(ours: Path) -> None:
    (ours / "resend.json").write_text("[]")
    result = run("gap-fill", ours, "4-5")
    assert (result.exit_code, (ours / "resend.json").read_text()) == (2, "[]")
    assert str(ours / "resend.json") in result.stderr
