"""Which engine wrote a store, and whose session it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from purefix_core.store.quickfix import QuickFixFiles, recognise, recognise_one
from purefix_core.store.records import StoreError
from tests.store.quickfix_stores import message, write_cpp, write_dotnet, write_go, write_java


def _ids(files: QuickFixFiles) -> tuple[str, ...]:
    return (
        files.begin_string,
        files.sender_comp_id,
        files.sender_sub_id,
        files.sender_location_id,
        files.target_comp_id,
        files.target_sub_id,
        files.target_location_id,
        files.session_qualifier,
    )


def test_the_four_engines_are_told_apart(tmp_path: Path) -> None:
    messages = [message(number) for number in (1, 2, 3)]
    write_cpp(tmp_path, "FIX.4.4-CLI-SRV", messages)
    write_java(tmp_path, "FIX.4.4-CLI-SRV-j", messages)
    write_dotnet(tmp_path, "FIX.4.4-CLI-SRV-n", messages)
    write_dotnet(tmp_path, "FIX.4.4-CLI-SRV-old", messages, digits=10, line_end="\n")
    write_go(tmp_path, "FIX.4.4-CLI-SRV-go", messages)
    (tmp_path / "notes.session").write_text("not a store")
    assert [(files.prefix, files.engine, files.guess) for files in recognise(tmp_path)] == [
        ("FIX.4.4-CLI-SRV", "quickfix-cpp", ""),
        ("FIX.4.4-CLI-SRV-go", "quickfix-go", ""),
        ("FIX.4.4-CLI-SRV-j", "quickfix-j", ""),
        ("FIX.4.4-CLI-SRV-n", "quickfix-n", ""),
        ("FIX.4.4-CLI-SRV-old", "quickfix-n", ""),
    ]


@pytest.mark.parametrize(
    ("write", "engine"),
    [(write_cpp, "quickfix-cpp"), (write_java, "quickfix-j"), (write_dotnet, "quickfix-n"), (write_go, "quickfix-go")],
)
def test_a_store_without_messages(tmp_path: Path, write, engine: str) -> None:
    path = write(tmp_path, "FIX.4.2-A-B", [])
    files = recognise_one(path)
    assert (files.engine, _ids(files), files.guess) == (engine, ("FIX.4.2", "A", "", "", "B", "", "", ""), "")


def test_a_dash_in_a_comp_id_is_settled_by_the_messages(tmp_path: Path) -> None:
    write_cpp(tmp_path, "FIX.4.4-DESK-1-BANK-EU-x", [message(1, sender="DESK-1", target="BANK-EU")])
    files = recognise_one(tmp_path)
    assert _ids(files) == ("FIX.4.4", "DESK-1", "", "", "BANK-EU", "", "", "x")
    assert files.guess == ""


def test_without_messages_a_third_dash_is_a_guess(tmp_path: Path) -> None:
    write_cpp(tmp_path, "FIX.4.4-DESK-1-BANK")
    files = recognise_one(tmp_path)
    assert _ids(files) == ("FIX.4.4", "DESK", "", "", "1", "", "", "BANK")
    assert "guess" in files.guess


def test_messages_of_another_session_are_a_guess(tmp_path: Path) -> None:
    write_cpp(tmp_path, "FIX.4.4-A-B", [message(1, sender="X", target="Y")])
    assert "no message at the start of the body belongs to this name" in recognise_one(tmp_path).guess


def test_sub_ids_and_location_ids(tmp_path: Path) -> None:
    encoded = message(1, more="50=S_1|142=NY|57=T|143=LN|")
    write_dotnet(tmp_path, "FIX.4.4-CLI_S_1_NY-SRV_T_LN-q", [encoded])
    assert _ids(recognise_one(tmp_path)) == ("FIX.4.4", "CLI", "S_1", "NY", "SRV", "T", "LN", "q")


def test_a_sub_id_of_messages_need_not_be_that_of_the_session(tmp_path: Path) -> None:
    write_go(tmp_path, "FIX.4.4-CLI-SRV", [message(1, more="50=TRADER7|")])
    assert _ids(recognise_one(tmp_path)) == ("FIX.4.4", "CLI", "", "", "SRV", "", "", "")


def test_quickfix_cpp_has_no_sub_ids_in_its_names(tmp_path: Path) -> None:
    write_cpp(tmp_path, "FIX.4.4-CLI-SRV", [message(1, more="50=TRADER7|")])
    assert recognise_one(tmp_path).sender_sub_id == ""


def test_quickfix_j_writes_other_characters_as_underscores(tmp_path: Path) -> None:
    write_java(tmp_path, "FIX.4.4-A_B-SRV_1", [message(1, sender="A#B", target="SRV 1")])
    files = recognise_one(tmp_path)
    assert (files.sender_comp_id, files.target_comp_id, files.guess) == ("A#B", "SRV 1", "")


def test_files_of_two_engines_mixed(tmp_path: Path) -> None:
    path = write_cpp(tmp_path, "FIX.4.4-CLI-SRV", [message(1)])
    write_java(tmp_path, "FIX.4.4-CLI-SRV", [message(1)])
    os.utime(f"{path}.seqnums", (1, 1))
    files = recognise_one(path)
    assert files.engine == "quickfix-j"
    assert "two engines" in files.guess


@pytest.mark.parametrize("name", ["", ".body", ".header", ".seqnums", ".session"])
def test_one_store_by_its_prefix_or_a_file(tmp_path: Path, name: str) -> None:
    write_cpp(tmp_path, "FIX.4.4-CLI-SRV")
    write_cpp(tmp_path, "FIX.4.4-CLI-SRV2")
    assert recognise_one(tmp_path / f"FIX.4.4-CLI-SRV{name}").prefix == "FIX.4.4-CLI-SRV"


def test_what_is_no_store_says_what_is_there(tmp_path: Path) -> None:
    write_cpp(tmp_path, "FIX.4.4-A-B")
    write_cpp(tmp_path, "FIX.4.4-C-D")
    with pytest.raises(StoreError, match=r"expected one QuickFIX store, there are 2: FIX\.4\.4-A-B, FIX\.4\.4-C-D"):
        recognise_one(tmp_path)
    with pytest.raises(StoreError, match=r"E-F: is no QuickFIX store; in its folder there are 2: FIX\.4\.4-A-B"):
        recognise_one(tmp_path / "FIX.4.4-E-F")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="there is none"):
        recognise_one(tmp_path / "empty")
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        recognise(tmp_path / "absent")
