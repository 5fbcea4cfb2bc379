"""Passwords that are repeated where no field is for them: in a Text, in a step, in a line of the event log."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session import by_hand
from purefix_core.session.scenario import ScenarioError, StepResult, read_scenario, run_scenario
from purefix_core.session.scenario.hiding import KnownSecrets, without_secrets
from purefix_core.session.scenario.model import Scenario
from purefix_core.session.scenario.reading import read_with_problems
from purefix_core.session.settings import SessionId, SessionSettings
from purefix_core.session.venue.simulator import Simulator
from purefix_core.wire.message import printable
from tests.session.engine_peers import acceptor_settings, engine_of
from tests.session.scenario_venue import config_for, told

SECRET = "secret-of-ours"


def scenario_of(folder: Path, *steps: str) -> Scenario:
    path = folder / "a.yaml"
    path.write_text("\n".join(["steps:", *(f"  - {step}" for step in steps), ""]))
    return read_scenario(path)


def known(**settings: object) -> KnownSecrets:
    return KnownSecrets(SessionSettings(SessionId("FIX.4.4", "CLIENT", "VENUE"), **settings))  # type: ignore[arg-type]


async def test_what_the_peer_says_of_a_password(tmp_path: Path) -> None:
    """In the message, in the line of the event log about it, and in why the step failed."""
    scenario = scenario_of(tmp_path, "logon", "expect: type = Logon", "expect: type = Heartbeat and Text", "logout")

    async with engine_of(acceptor_settings(), application=Simulator()) as venue:

        def refuse(step: StepResult) -> None:
            if step.number == 2:
                venue.by_hand(
                    "VENUE-CLIENT",
                    lambda session, now: by_hand.logout(session, now, f"password {SECRET}! is wrong").perform(
                        session, now, "tester"
                    ),
                )

        result = await run_scenario(scenario, config_for(venue.ports[0], username="me", password=SECRET), refuse)
    failed = result.failed_step
    assert failed is not None
    assert failed.number == 3
    assert "|58=***|" in failed.text, told(result)
    assert any(line.startswith("< ") and "|58=***|" in line for line in failed.lines), told(result)
    assert any(line.startswith("- ") and "password ***! is wrong" in line for line in failed.lines), told(result)
    assert any("|553=me|" in line for line in result.steps[0].lines)
    assert SECRET not in told(result)


async def test_what_steps_say_themselves(tmp_path: Path) -> None:
    steps = (f"logout: {SECRET}", f"expect: Text ~ '{SECRET}'", f"send: 35=B|148={SECRET}|58={SECRET}", "wait: 1")
    result = await run_scenario(scenario_of(tmp_path, *steps), config_for(1, password=SECRET))
    assert [step.words for step in result.steps] == [
        "logout ***",
        "expect Text ~ '***'",
        "send 35=B|148=***|58=***",
        "wait 1 s",
    ]


async def test_a_password_that_a_scenario_sends_is_known_from_then_on(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path,
        "logon: { reset: yes }",
        "expect: type = Logon",
        "send: 35=BE|923=1|924=3|553=me|554=old-one|925=new-one|58=is new-one good",
        "{ expect: 35, skip: none }",
        "testRequest: new-one",
        "expect: TestReqID = ***",
    )
    async with engine_of(acceptor_settings(), application=Simulator()) as venue:
        result = await run_scenario(scenario, config_for(venue.ports[0]))
    assert result.steps[2].words == "send 35=BE|923=1|924=3|553=me|554=***|925=***|58=is *** good"
    assert [step.words for step in result.steps[4:]] == ["testRequest ***", "expect TestReqID = ***"]
    assert "new-one" not in told(result)
    assert "old-one" not in told(result)


async def test_what_is_wrong_with_a_scenario_is_told_without_secrets(tmp_path: Path) -> None:
    path = tmp_path / "test.yaml"
    path.write_text("steps:\n  - test\n  - expect: test = 1\n  - wait: test\n")
    with pytest.raises(ScenarioError) as caught:
        await run_scenario(read_with_problems(path), config_for(1, password="test"))
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [f"{path}:{line}" for line in (2, 4, 3)]
    assert not any("test" in problem.removeprefix(str(path)) for problem in caught.value.problems)


@pytest.mark.parametrize("setting", ["password", "new_password", "raw_data"])
def test_each_secret_of_a_session(setting: str) -> None:
    assert known(**{setting: "abcd"}).hidden("1 abcd 2") == "1 *** 2"
    assert known(username="abcd").hidden("1 abcd 2") == "1 abcd 2"
    assert known(logon_tags=((554, "abcd"), (9001, "fine"))).hidden("abcd fine") == "*** fine"


def test_what_cannot_be_told_from_words_stays() -> None:
    assert known(password="N").hidden("No") == "No"
    assert known(password="2026").hidden("52=20260131-12, 2026") == "52=20260131-12, ***"
    assert known(password="test").hidden_words("testRequest test") == "testRequest ***"
    assert known().hidden("logon") == "logon"


def test_who_sent_a_message_is_shown_even_where_a_password_is_the_same() -> None:
    raw = b"8=FIX.4.4\x0135=5\x0149=VENUE\x0158=not VENUE\x0110=000\x01"
    assert known(password="VENUE").hidden_in(raw, {}) == raw.replace(b"not VENUE", b"***")
    assert known(password="OTHER").hidden_in(raw, {}) is raw


@given(st.text(min_size=4), st.text(), st.text())
def test_no_form_of_a_secret_is_left(secret: str, before: str, behind: str) -> None:
    doubled = (secret.replace("'", "''"), secret.replace('"', '""'), secret.replace("{", "{{").replace("}", "}}"))
    for form in (secret, *doubled, printable(secret), secret.encode().decode("latin-1")):
        shown = without_secrets(f"<{form}>", [secret])
        assert shown == "<***>"
    if not secret.isdecimal() and "*" not in secret:
        assert secret not in without_secrets(before + secret + behind, [secret]).replace("***", "\0" * 3)
