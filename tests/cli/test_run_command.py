"""`purefix run`, against `purefix acceptor --simulate` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from purefix_core.cli.group import commands
from tests.cli.test_session_commands import PATIENCE, Running, port_of
from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
Write = Callable[..., Path]


@pytest.fixture
def venue() -> Iterator[Running]:
    running = Running("acceptor", EXAMPLES / "sessions" / "venue.json", "--simulate", "--port", 0)
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.fixture
def client(venue: Running, tmp_path: Path) -> Path:
    """client.json with the venue's port."""
    return client_for(port_of(venue), tmp_path)


def client_for(port: int, folder: Path, **settings: object) -> Path:
    text = (EXAMPLES / "sessions" / "client.json").read_text()
    more = "".join(f"{json.dumps(key)}: {json.dumps(value)}, " for key, value in settings.items())
    path = folder / "client.json"
    path.write_text(text.replace("9878", str(port)).replace('"ConnectionType"', f'{more}"ConnectionType"'))
    return path


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *steps: str, top: str = "session: client.json") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([top, "steps:", *(f"  - {step}" for step in steps), ""]))
        return path

    return write


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["run", *map(str, arguments)])


PASSING = ("logon: { reset: yes }", "expect: type = Logon", "assert: { state: active }")
FAILING = (*PASSING, "{ expect: type = Heartbeat, within: 0.1 }", "logout")


def test_a_ready_one_passes(client: Path) -> None:
    scenario = EXAMPLES / "scenarios" / "logout-handshake.yaml"
    result = run("--session", client, scenario)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == f"{scenario}: Logout handshake, FIX.4.4:CLIENT->VENUE"
    assert lines[1] == "  ok     1  logon with ResetSeqNumFlag"
    assert lines[-1] == "1 of 1 passed"


def test_a_step_that_fails_is_shown_with_what_happened(client: Path, write: Write) -> None:
    scenario = write("failing.yaml", *FAILING)
    result = run(scenario, write("passing.yaml", *PASSING))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    failed = next(number for number, line in enumerate(lines) if line.startswith("  FAIL   4  expect type = Heartbeat"))
    assert lines[failed + 1].strip() == f"{scenario}:6: expected type = Heartbeat; none came within 0.1 s"
    assert lines[failed + 2] == "  -      5  logout"
    assert lines[-1] == "1 of 2 passed"
    assert not any("8=FIX" in line for line in lines)
    verbose = run("-v", scenario).stdout
    assert "> 8=FIX.4.4|" in verbose
    assert "< 8=FIX.4.4|" in verbose
    assert "- logged on" in verbose


def test_json(client: Path, write: Write) -> None:
    paths = write("failing.yaml", *FAILING), write("passing.yaml", *PASSING)
    result = run("--json", *paths)
    assert result.exit_code == 1
    failing, passing = [json.loads(line) for line in result.stdout.splitlines()]
    assert [failing["path"], failing["name"], failing["session"]] == [
        str(paths[0]),
        "failing",
        "FIX.4.4:CLIENT->VENUE",
    ]
    assert [failing["passed"], passing["passed"]] == [False, True]
    outcomes = [step["outcome"] for step in failing["steps"]]
    assert outcomes == ["passed", "passed", "passed", "failed", "not run"]
    step: dict[str, Any] = failing["steps"][3]
    assert list(step) == ["number", "place", "step", "outcome", "seconds", "text", "lines"]
    assert [step["number"], step["place"], step["step"]] == [4, f"{paths[0]}:6", "expect type = Heartbeat"]
    assert any(line.startswith("> 8=FIX.4.4|") for line in failing["steps"][0]["lines"])


def test_secrets_stay_secret(venue: Running, tmp_path: Path, write: Write) -> None:
    client_for(port_of(venue), tmp_path, Username="me", Password="hidden-1")
    scenario = write(
        "a.yaml", *PASSING, "send: 35=BE|923=1|924=1|553=me|554=hidden-2|58=hidden-2, hidden-1", "expect: 35=0"
    )
    for options in ((), ("--json",), ("-v",)):
        result = run(*options, scenario)
        assert result.exit_code == 1
        assert "hidden" not in result.output
    assert "554=***" in run("-v", scenario).output


def test_numbers_that_are_there_are_not_changed_without_a_word(venue: Running, tmp_path: Path, write: Write) -> None:
    """Said before it begins, on stderr, so that --json stays as it is."""
    client_for(port_of(venue), tmp_path, FileStorePath="store")
    steps = ("logon", "expect: type = Logon", "logout", "expect: type = Logout")
    resets = write("resets.yaml", *steps, top="session: client.json\nsettings: { ResetSeqNumFlag: Y }")
    assert run("--json", resets).stderr == ""  # nothing is there yet
    result = run("--json", write("plain.yaml", "logon"), resets, write("jumps.yaml", *PASSING, "set: { nextOut: 9 }"))
    assert [line.partition(": changes ")[2] for line in result.stderr.splitlines()] == [
        "sequence numbers of FIX.4.4:CLIENT->VENUE, now 3 (next out) and 3 (next in): ResetSeqNumFlag",
        "sequence numbers of FIX.4.4:CLIENT->VENUE, now 3 (next out) and 3 (next in): logon with ResetSeqNumFlag,"
        " set nextOut 9",
    ]
    assert f"warning: {resets}: changes" in result.stderr
    assert len([json.loads(line) for line in result.stdout.splitlines()]) == 3


def test_messages_that_the_dialect_finds_wrong_are_told_and_sent(client: Path, write: Write) -> None:
    scenario = write("a.yaml", *PASSING, "send: 35=D|11=A|54=Buy|9999=3", "expect: type in (Reject, ExecutionReport)")
    result = run("--json", scenario)
    assert result.exit_code == 0, result.output
    assert f"warning: {scenario}:6: " in result.stderr
    assert "9999" in result.stderr
    json.loads(result.stdout)


def test_nobody_answers(write: Write, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        client_for(taken.getsockname()[1], tmp_path)
    result = run(write("a.yaml", "logon"))
    assert result.exit_code == 1
    assert "refused" in result.stdout


# -- what cannot be run --------------------------------------------------------------------------------------------


def told(*arguments: object) -> str:
    """What is said of scenarios that cannot be run."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.stdout == ""
    return result.stderr


def test_production_has_to_be_asked_for(venue: Running, tmp_path: Path, write: Write) -> None:
    client_for(port_of(venue), tmp_path, production=True)
    scenario = write("a.yaml", *PASSING)
    said = told(scenario)
    assert "FIX.4.4:CLIENT->VENUE is marked as production" in said
    assert "--production" in said
    unmarked = write("b.yaml", "logon", top="session: client.json\nsettings: { production: no }")
    assert "production: expected a setting" in told(unmarked)
    assert run("--production", scenario).exit_code == 0


def test_all_files_are_read_before_the_first_is_run(client: Path, write: Write, tmp_path: Path) -> None:
    good, bad = write("good.yaml", *PASSING), write("bad.yaml", "logonn", "wait", "expect: ClOrdIDd = 1")
    unknown = write("unknown.yaml", "expect: ClOrdIDs = 1")
    said = told(good, bad, unknown, tmp_path / "missing.yaml")
    assert f"{bad}:3: " in said
    assert f"{bad}:4: " in said
    assert f"{bad}:5: no field is called 'ClOrdIDd'" in said
    assert f"{unknown}:3: no field is called 'ClOrdIDs'" in said
    assert f"{tmp_path / 'missing.yaml'}: cannot be read" in said


def test_the_session_that_is_missing_or_wrong(write: Write, tmp_path: Path) -> None:
    assert "expected a session file here, or --session CONFIG" in told(write("a.yaml", "logon", top="name: a"))
    assert str(tmp_path / "client.json") in told(write("b.yaml", "logon"))
    both = told(write("e.yaml", "logonn", "loggoff", top="name: e"), tmp_path / "none.yaml")
    assert [word in both for word in ("e.yaml:3: ", "e.yaml:4: ", "e.yaml: session: ", "none.yaml: ")] == [True] * 4
    assert "expected one session, found 3" in told("-s", EXAMPLES / "sessions" / "venue.json", write("c.yaml", "logon"))
    assert "no such registry file" in told("-r", tmp_path / "no.json", write("d.yaml", "logon"))


def test_what_somebody_should_know_of_a_session_is_told_once(venue: Running, tmp_path: Path, write: Write) -> None:
    client_for(port_of(venue), tmp_path, SocketCAFile="ca.pem")
    result = run("--json", write("a.yaml", *PASSING), write("b.yaml", *PASSING))
    assert result.exit_code == 0, result.output
    assert result.stderr.count("warning: ") == result.stderr.count("\n") == 1
    assert "SocketUseSSL" in result.stderr


def test_an_interrupt_logs_out(venue: Running, client: Path, write: Write) -> None:
    scenario = write("a.yaml", *PASSING, "wait: 3600")
    running = Running("run", scenario)
    venue.wait_for("VENUE->CLIENT logged on")
    running.process.send_signal(signal.SIGINT)
    running.process.communicate(timeout=PATIENCE)
    assert running.process.returncode == 130
    venue.wait_for("logs out")


def test_yaml_is_loaded_by_this_command_alone() -> None:
    code = (
        "import sys, purefix_core; from click.testing import CliRunner; from purefix_core.cli.group import commands;"
        "result = CliRunner().invoke(commands, ['run', '--help']); assert 'SCENARIO' in result.output, result.output;"
        "assert not {'yaml', 'asyncio'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)
