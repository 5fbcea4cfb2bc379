"""Scenario files: what they mean, and what is said of those that cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session.config import FixConfig
from purefix_core.session.scenario import Scenario, ScenarioError, read_scenario
from purefix_core.session.scenario.asserting import ASKED
from purefix_core.session.scenario.checking import problems_with
from purefix_core.session.scenario.model import Automatic, Drop, Expect, Hold, LogOn, Remember, Send, SetNumbers
from purefix_core.session.scenario.step_words import STEPS
from purefix_core.session.settings import SessionId, SessionSettings
from tests.conftest import REPOSITORY
from tests.examples.markdown_blocks import blocks

Read = Callable[..., Scenario]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str | bytes, name: str = "a.yaml") -> Scenario:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_scenario(path)

    return read


def problems(read: Read, text: str | bytes, name: str = "a.yaml") -> list[str]:
    """What is wrong, without the folder."""
    with pytest.raises(ScenarioError) as caught:
        read(text, name)
    return [problem.rsplit(f"/{name}", 1)[1] for problem in caught.value.problems]


TEXT = """
name: Morning
about: for new counterparties
session: sub/client.json
settings: { HeartBtInt: 2, ResetOnLogon: yes }
within: 3
steps:
  - logon: { reset: yes }
  - expect: type = Logon
  - { expect: Symbol = NO, within: 0.5, skip: none, remember: { id: ClOrdID } }
  - remember: { again: "{id}-{uuid}" }
  - drop: { in: 2 }
  - hold: [heartbeats, resends]
  - set: { nextIn: "{seq+1}" }
  - send: >-
      35=D|11={again}|
      55=NO
"""


def test_what_a_file_means(read: Read, tmp_path: Path) -> None:
    scenario = read(TEXT)
    assert (scenario.name, scenario.about, scenario.session) == (
        "Morning",
        "for new counterparties",
        tmp_path / "sub" / "client.json",
    )
    assert scenario.settings == {"HeartBtInt": "2", "ResetOnLogon": "yes"}
    assert [step.action for step in scenario.steps] == [
        LogOn(reset=True),
        Expect("type = Logon"),
        Expect("Symbol = NO"),
        Remember(),
        Drop(outgoing=None, incoming=2),
        Hold((Automatic.HEARTBEATS, Automatic.RESENDS), True),
        SetNumbers(next_out="", next_in="{seq+1}"),
        Send(text="35=D|11={again}| 55=NO"),
    ]
    third = scenario.steps[2]
    assert (third.within, third.skip, third.remember) == (0.5, "none", {"id": "ClOrdID"})
    assert (scenario.steps[1].within, scenario.steps[1].skip) == (3, "type in (0, 1)")
    assert [step.place.rsplit(":", 1)[1] for step in scenario.steps] == [*map(str, range(8, 16))]


def test_json_is_read_alike(read: Read) -> None:
    steps = [
        {"logon": {"reset": True}},
        {"expect": "type = Logon", "within": 0.5},
        {"send": {"type": "D", "54": 1, "453": [{"448": "A"}, {"448": "B"}]}},
        "logout",
    ]
    scenario = read(json.dumps({"steps": steps}), "b.json")
    as_yaml = read(
        "steps:\n- logon: {reset: yes}\n- {expect: type = Logon, within: 0.5}\n"
        "- send: {type: D, 54: 1, 453: [{448: A}, {448: B}]}\n- logout\n"
    )
    assert [step.action for step in scenario.steps] == [step.action for step in as_yaml.steps]
    assert scenario.name == "b"
    assert scenario.steps[1].place.endswith("b.json: steps[2]")


@pytest.mark.parametrize(
    ("steps", "where", "words"),
    [
        ("logonn", 2, ["logon", "found logonn"]),
        ("{ logon: , logout: }", 2, ["expected one step, found logon and logout"]),
        ("{}", 2, ["found nothing"]),
        ("[logon]", 2, ["expected a step"]),
        ("logon: { rest: yes }", 2, ["rest: expected one of reset"]),
        ("logon: { reset: perhaps }", 2, ["reset: expected yes or no, found perhaps"]),
        ("connect: now", 2, ["expected nothing behind the word, found now"]),
        ("wait", 2, ["expected seconds, found nothing"]),
        ("wait: -1", 2, ["expected seconds", "found -1"]),
        ("{ wait: 1, within: 1 }", 2, ["within: the step wait has no such option"]),
        ("{ logout: , skip: all }", 2, ["skip: the step logout has no such option"]),
        ("{ expect: 35, within: never }", 2, ["within: expected seconds", "found never"]),
        ("expect: ''", 2, ["expected a filter expression"]),
        ("expect: type = (", 2, ["expect: ", "column"]),
        ("{ expect: 35, skip: type = ( }", 2, ["skip: "]),
        ("expect: ClOrdID = {id}", 2, ["remembered before (none), found {id}"]),
        ("send: ''", 2, ["expected a message"]),
        ("send: { ClOrdID: 1 }", 2, ["35=D"]),
        ("send: { type: D, 453: { 448: A } }", 2, ["453: expected a value, or a list"]),
        ("send: { type: D, 11: '{nobody}' }", 2, ["11: ", "{nobody}"]),
        ("testRequest: '{'", 2, ["testRequest: ", "{{"]),
        ("resendRequest: { end: 3 }", 2, ["begin: expected a value, found nothing"]),
        ("resendRequest: { begin: x }", 2, ["begin: expected a whole number, found x"]),
        ("sequenceReset", 2, ["newSeqNo, gapFill"]),
        ("set: { nextOut: 1.5 }", 2, ["nextOut: expected a whole number, found 1.5"]),
        ("drop: { out: many }", 2, ["out: expected a whole number, found many"]),
        ("hold: everything", 2, ["heartbeats or resends", "found everything"]),
        ("assert: { state: up }", 2, ["state: expected one of disconnected", "found up"]),
        ("assert: { nextOut: '~ 3' }", 2, ["nextOut: expected a whole number", "found ~ 3"]),
        ("assert: { connected: maybe }", 2, ["connected: expected yes or no; found maybe"]),
        ("assert: { mood: good }", 2, ["mood: expected one of state"]),
        ("remember: { uuid: 1 }", 2, ["found uuid"]),
        ("remember: { 1a: 1 }", 2, ["found 1a"]),
        ("remember", 2, ["remember: expected"]),
        ("remember: { a: '{b}' }", 2, ["a: ", "{b}"]),
    ],
)
def test_what_is_wrong_with_a_step(read: Read, steps: str, where: int, words: list[str]) -> None:
    (problem,) = problems(read, f"steps:\n  - {steps}\n")
    assert problem.startswith(f":{where}: ")
    assert "\n" not in problem
    for word in words:
        assert word in problem


def test_all_problems_are_told_at_once(read: Read) -> None:
    found = problems(read, "nam: x\nwithin: soon\nsettings: none\nsteps:\n- logonn\n- wait: x\n")
    assert [problem.split(": ")[0] for problem in found] == [":1", ":2", ":5", ":6", ":3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found nothing"),
        ("steps:", "expected a list of steps"),
        ("steps: {}", "expected a list of steps"),
        ("[]", "expected a scenario"),
        ("a: b: c", ":1: expected YAML"),
        ("steps:\n\t- logon", ":2: expected YAML"),
        ("steps: [&a logon, *a]", ":1: expected no aliases"),
        ("name: a\nname: b\nsteps: [logon]", ":2: name: expected once, found twice"),
        ("? [a]\n: b", ":1: expected a word"),
        ("steps: " + "[" * 1000, "values within each other"),
        ("steps: [" + "logon, " * 1001 + "]", "expected 1,000 at most, found 1,001"),
        ("a\n\x07", ":2: expected printable text"),
        (r'steps: ["\UFFFFFFFF"]', "expected YAML"),
        (r'steps: ["\U00110000"]', "expected YAML"),
        (f"%YAML {'9' * 5000}.1\n--- a", "expected YAML"),
        (b"\xff\xfe", "expected UTF-8 text"),
        ("# " + "x" * 300_000, "bytes are too many"),
        ("--- {}\n--- {}", "expected"),
        ("{ steps", "expected JSON"),
        ('{"steps": 1, "steps": 2}', "expected once, found twice"),
        ("{" + '"a":{' * 100 + "}" * 101, "values within each other"),
        ("steps: !!python/object/apply:os.system [ls]", "expected one of"),
    ],
)
def test_files_that_are_no_scenario(read: Read, text: str | bytes, words: str) -> None:
    assert words in problems(read, text)[0]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_scenario(path)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_a_file_is_a_scenario_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile.yaml"
    content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    path.write_bytes(b"steps:\n- " + content)
    with suppress(ScenarioError):
        assert read_scenario(path).steps


# -- what a list shows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "listed"),
    [
        ("logon", "logon"),
        ("logon: { reset: yes }", "logon with ResetSeqNumFlag"),
        ("send: 35=D|11=A", "send 35=D|11=A"),
        ("send: { type: NewOrderSingle, ClOrdID: A }", "send NewOrderSingle"),
        ("set: { nextOut: 3 }", "set nextOut 3"),
        ("drop: { out: 1, in: 2 }", "drop out 1, in 2"),
        ("resendRequest: { begin: 1 }", "resendRequest from 1 on"),
        ("resendRequest: { begin: 1, end: 3 }", "resendRequest from 1 to 3"),
        ("sequenceReset: { newSeqNo: 5, gapFill: yes }", "sequenceReset to 5, as a gap fill"),
        ("release: heartbeats", "release heartbeats"),
        ("wait: 1.50", "wait 1.5 s"),
        ("assert: { nextOut: '> 3', connected: no }", "assert nextOut > 3, connected no"),
        ('logout: "\\e[31m"', "logout \\x1b[31m"),
    ],
)
def test_a_step_in_one_line(read: Read, step: str, listed: str) -> None:
    assert read(f"steps:\n  - {step}\n").steps[0].words == listed


@pytest.mark.parametrize("separator", ["|", ";", "^A", " | "])
@pytest.mark.parametrize("tag", ["554", "925", "1402", "1404", "96"])
def test_secrets_are_masked_in_it(read: Read, separator: str, tag: str) -> None:
    fields = ["35=BE", "553=me", f"{tag}=my;hidden", "58=x"]
    scenario = read(f"steps:\n  - send: '{separator.join(fields)}'\n")
    words = scenario.steps[0].words
    assert "hidden" not in words
    assert f"{tag}=***" in words
    assert "553=me" in words
    assert "58=x" in words
    assert "hidden" not in repr(scenario)


@pytest.mark.parametrize("field", ["554=my|hidden", "554=my|hidden|", "0554=hidden", "554 = hidden", "554=my^Ahidden"])
def test_odd_spellings_of_secrets_are_masked_too(read: Read, field: str) -> None:
    words = read(f"steps:\n  - send: '35=BE|553=me|{field}|58=x|'\n").steps[0].words
    assert "hidden" not in words
    assert words.startswith("send 35=BE|553=me|")
    assert words.endswith("554=***|58=x|")


def test_the_ready_ones_read_and_name_the_example_session() -> None:
    folder = REPOSITORY / "examples" / "scenarios"
    for path in folder.glob("*.yaml"):
        session = read_scenario(path).session
        assert session is not None
        assert session.samefile(REPOSITORY / "examples" / "sessions" / "client.json")


# -- docs/scenarios.md ---------------------------------------------------------------------------------------------

PAGE = REPOSITORY / "docs" / "scenarios.md"


def test_the_page_names_every_step_and_ready_scenario() -> None:
    page = PAGE.read_text()
    for word, kind in STEPS.items():
        assert re.search(rf"^\| .*`{word}[`:]", page, re.MULTILINE), word
        for option in kind.options:
            assert re.search(rf"^\| `{option}: .*\| .*`{word}`", page, re.MULTILINE), (word, option)
    for name in ASKED:
        assert re.search(rf"^\| .*`{name}`", page, re.MULTILINE), name
    for path in (REPOSITORY / "examples" / "scenarios").iterdir():
        assert f"`{path.name}`" in page


def test_the_example_of_the_page_reads(read: Read) -> None:
    (example,) = [block for block in blocks(PAGE) if block.language == "yaml"]
    scenario = read(example.code)
    assert [step.words.split()[0] for step in scenario.steps][:3] == ["logon", "expect", "remember"]
    config = FixConfig.of(SessionSettings(SessionId("FIX.4.4", "CLIENT", "VENUE")))
    assert list(problems_with(scenario, config)) == []
