"""What of a scenario somebody is asked about first, since it resets sequences or sets a number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from purefix_core.session.scenario import ScenarioError, read_scenario
from purefix_core.session.scenario.number_changes import number_changes
from tests.session.scenario_venue import config_for


def changes(folder: Path, *steps: str, top: str = "", **settings: Any) -> list[str]:
    path = folder / "a.yaml"
    path.write_text("\n".join([top, "steps:", *(f"  - {step}" for step in steps), ""]))
    return list(number_changes(read_scenario(path), config_for(1, **settings)))


@pytest.mark.parametrize("key", ["ResetSeqNumFlag", "ResetOnLogon", "ResetOnLogout", "ResetOnDisconnect"])
def test_settings_that_reset(tmp_path: Path, key: str) -> None:
    assert changes(tmp_path, "logon", top=f"settings: {{ {key}: yes }}") == [key]
    assert changes(tmp_path, "logon", top=f"settings: {{ {key.upper()}: Y }}") == [key]
    assert changes(tmp_path, "logon", top=f"settings: {{ {key}: no }}") == []


def test_settings_of_the_sessions_own_file_count(tmp_path: Path) -> None:
    assert changes(tmp_path, "logon", reset_on_logout=True) == ["ResetOnLogout"]
    assert changes(tmp_path, "logon", top="settings: { ResetOnLogout: no }", reset_on_logout=True) == []


@pytest.mark.parametrize("setting", ["FileStorePath: other", "StoreLayout: memory"])
def test_another_store(tmp_path: Path, setting: str) -> None:
    assert changes(tmp_path, "logon", top=f"settings: {{ {setting} }}") == [
        setting.split(":", maxsplit=1)[0] + " (another store)"
    ]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("logon: { reset: yes }", "logon with ResetSeqNumFlag"),
        ("reset", "reset"),
        ("set: { nextIn: 3 }", "set nextIn 3"),
        ("set: { nextOut: '{seq+1}' }", "set nextOut {seq+1}"),
        ("sequenceReset: { newSeqNo: 5000 }", "sequenceReset to 5000"),
        ("sequenceReset: { newSeqNo: 5, gapFill: yes }", "sequenceReset to 5, as a gap fill"),
        ("send: 35=A|98=0|108=30|141=Y", "send 35=A|98=0|108=30|141=Y"),
        ("send: 141=Y|98=0|35=A|108=30", "send 141=Y|98=0|35=A|108=30"),
        ("send: 35=A|98=0|108=30|141={now}", "send 35=A|98=0|108=30|141={now}"),
        ("send: 35=4|36=9", "send 35=4|36=9"),
        ("send: { type: Logon, EncryptMethod: 0, HeartBtInt: 30, ResetSeqNumFlag: Y }", "send Logon"),
        ("send: { type: SequenceReset, NewSeqNo: 9 }", "send SequenceReset"),
    ],
)
def test_steps(tmp_path: Path, step: str, words: str) -> None:
    assert changes(tmp_path, "logon", step, "logout") == [words]


@pytest.mark.parametrize(
    "step",
    [
        "logon: { reset: no }",
        "reconnect",
        "drop: { out: 1 }",
        "resendRequest: { begin: 1 }",
        "send: 35=A|98=0|108=30",
        "send: 35=A|98=0|108=30|141=N",
        "send: 35=D|11=A|141=Y",
        "send: { type: Logon, ResetSeqNumFlag: N }",
        "send: 11=A",
    ],
)
def test_steps_that_change_nothing_but_what_messages_do(tmp_path: Path, step: str) -> None:
    assert changes(tmp_path, step) == []


def test_settings_come_first_and_secrets_are_masked(tmp_path: Path) -> None:
    found = changes(
        tmp_path,
        "send: 35=A|98=0|108=30|141=Y|58=of-ours-1",
        top="settings: { ResetOnLogon: yes }",
        username="me",
        password="of-ours-1",
    )
    assert found == ["ResetOnLogon", "send 35=A|98=0|108=30|141=Y|58=***"]


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="HeartBtInt"):
        changes(tmp_path, "logon", top="settings: { HeartBtInt: often }")
