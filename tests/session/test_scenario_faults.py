"""All that is wrong with a scenario is named at once, and what it may send all the same is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.session.config import FixConfig
from purefix_core.session.scenario import ScenarioError
from purefix_core.session.scenario.checking import made_ready, warnings_about
from purefix_core.session.scenario.model import Scenario
from purefix_core.session.scenario.reading import read_with_problems
from tests.session.scenario_venue import config_for


def scenario_of(folder: Path, *steps: str, top: str = "name: a") -> Scenario:
    path = folder / "a.yaml"
    path.write_text("\n".join([top, "steps:", *(f"  - {step}" for step in steps), ""]))
    return read_with_problems(path)


def problems(scenario: Scenario, config: FixConfig) -> list[tuple[int, str]]:
    """Line and text of each."""
    with pytest.raises(ScenarioError) as caught:
        made_ready(scenario, config)
    return located(scenario, *caught.value.problems)


def located(scenario: Scenario, *said: str) -> list[tuple[int, str]]:
    found = (each.removeprefix(f"{scenario.path}:").partition(": ") for each in said)
    return [(int(line), text) for line, _, text in found]


def test_one_fault_hides_no_other(tmp_path: Path) -> None:
    """Those of the file, of its settings and of what the dialect knows, in steps before and behind a faulty one."""
    scenario = scenario_of(
        tmp_path,
        "logonn",
        "{ logout: , logout: }",
        "assert: { nextOut: many }",
        "{ expect: Foo = 1, skip: Bar = 1, remember: { a: Baz, b: Qux } }",
        "send: { type: NewOrderSingle, ClOrdIT: 1, Sied: 1 }",
        "send: 35=D|11={nobody}",
        top="settings: { HeartBtInt: often, Nonsense: 1 }",
    )
    found = problems(scenario, config_for(1))
    assert sorted(line for line, _ in found) == [1, 1, 3, 4, 5, 6, 6, 6, 6, 7, 7, 8]
    said = [text for _, text in sorted(found)]
    words = ("Nonsense", "often", "logonn", "found twice", "many", "Bar", "Baz", "Foo", "Qux", "ClOrdIT", "Sied")
    for word in (*words, "{nobody}"):
        assert sum(word in text for text in said) == 1, word


def test_what_a_faulty_step_remembers_is_no_further_fault(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path, "{ expect: type = (, remember: { id: ClOrdID } }", "send: 35=D|11={id}", "expect: ClOrdID = {id}"
    )
    assert [line for line, _ in problems(scenario, config_for(1))] == [3]


def test_a_scenario_without_faults_has_none(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, "logon", "expect: type = Logon")
    assert scenario.problems == ()
    made_ready(scenario, config_for(1))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("send: 35=H|11=A|55=X|54=Buy", "54"),
        ("send: 35=H|11=A|55=X|54=1|38=abc", "38"),
        ("send: 35=H|11=A|55=X|54=1|4999=3", "4999"),
        ("send: 35=H|11=A|55=X|54=1|9999=3", "9999"),
        ("send: 35=H|11=A|55=X", "54"),
        ("send: 35=zz|11=A", "zz"),
        ("send: { type: OrderStatusRequest, ClOrdID: A, Symbol: X, Side: Byu }", "Byu"),
    ],
)
def test_messages_that_the_dialect_finds_wrong_are_sent_and_told(tmp_path: Path, step: str, words: str) -> None:
    scenario = scenario_of(tmp_path, "logon", step)
    config = made_ready(scenario, config_for(1))
    ((line, text), *_) = located(scenario, *warnings_about(scenario, config))
    assert line == 4
    assert words in text


def test_of_messages_that_are_right_nothing_is_told(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path,
        "remember: { id: '{uuid}' }",
        "send: 35=H|11={id}|55=X|54=1",
        "send: { type: OrderStatusRequest, ClOrdID: '{id}', Symbol: X, Side: Buy }",
        "send: 35=A|98=0|108=30|141=Y",
    )
    assert list(warnings_about(scenario, made_ready(scenario, config_for(1)))) == []


def test_no_secret_is_told(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, "send: 35=H|11=A|55=X|54=hidden-word")
    config = made_ready(scenario, config_for(1, password="hidden-word"))
    (said,) = warnings_about(scenario, config)
    assert "hidden-word" not in said
    assert "***" in said
