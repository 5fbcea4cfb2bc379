"""What mypy and ruff say of the generated FIX 4.4 package, and of programs that use it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.types.generator.package import generate_package

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ERROR = re.compile(r"(?P<file>[^:\n]+):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]")

RIGHT = """\
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_type

from typed44 import ExecutionReport, Logon, NewOrderSingle, TypeSystemProvider, messages
from typed44.components import Instrument, Parties
from typed44.enums import ExecType, OrdType, PartyRole, Side

from purefix_core.types import (
    FixMessageFactory,
    Message,
    RawText,
    SessionDescription,
    UtcTimestamp,
)
from purefix_core.types import TypeSystemProvider as Provider


def order() -> NewOrderSingle:
    made = NewOrderSingle(
        ClOrdID="1",
        Side=Side.BUY,
        TransactTime=UtcTimestamp.now(),
        OrdType=OrdType.LIMIT,
        Price=Decimal("1.10"),
        TradeDate=date(2025, 5, 12),
        Instrument=Instrument(Symbol="EURUSD", SecurityIDSource="4"),
    )
    made.OrderQtyData.OrderQty = Decimal(100)
    made.Side = "Z"
    made.Price = RawText("1,10")
    made.Price = None
    made.ExecInst = ("G", "6")
    made.LocateReqd = True
    made.header.MsgSeqNum = 7
    made.trailer.Signature = b"x"
    entry = Parties.NoPartyIDsEntry(PartyID="A", PartyRole=PartyRole.EXECUTING_FIRM)
    made.Parties.NoPartyIDs.append(entry)
    made.set(9001, b"own")
    return made.copy()


def filled(factory: FixMessageFactory, raw: bytes) -> Decimal:
    message = factory.parse(raw)
    if isinstance(message, ExecutionReport) and message.ExecType is ExecType.TRADE:
        assert_type(message.LastQty, Decimal | RawText | None)
        assert_type(message.Side, Side | str | None)
        assert_type(message.header.SendingTime, UtcTimestamp | RawText | None)
        if isinstance(message.LastQty, Decimal):
            return message.LastQty
    elif isinstance(message, Logon):
        assert_type(message.HeartBtInt, int | RawText | None)
    return Decimal(0)


def parties(report: ExecutionReport) -> Iterator[str]:
    for party in report.Parties.NoPartyIDs:
        assert_type(party.PartyRole, PartyRole | int | RawText | None)
        if party.PartyID is not None:
            yield party.PartyID


def provider() -> Provider:
    made = TypeSystemProvider()
    made.create_session_message_factory(SessionDescription("A", "B")).logon()
    return made


kinds: list[type[Message]] = [messages.Heartbeat, messages.TestRequest, NewOrderSingle]
assert_type(NewOrderSingle.parse(b""), NewOrderSingle)
"""

WRONG = """\
from decimal import Decimal

from typed44 import NewOrderSingel  # attr-defined
from typed44 import ExecutionReport, NewOrderSingle, messages
from typed44.components import Parties, Partys  # attr-defined
from typed44.enums import Side

order = NewOrderSingle(ClOrdID="1", Side=Side.BUY)
order.ClOrdId = "1"  # attr-defined
order.Price = 1.1  # assignment
order.OrderQtyData.OrderQty = "100"  # assignment
order.Side = 1  # assignment
order.header.MsgSeqNum = "7"  # assignment
order.header.SenderCompId = "A"  # attr-defined
order.Parties.NoPartyIDs.append(order)  # arg-type
order.PreAllocGrp.NoAllocs = [Parties.NoPartyIDsEntry()]  # list-item
order.Parties = Parties.NoPartyIDsEntry()  # assignment
NewOrderSingle(ClOrdID="1", Sid=Side.BUY)  # call-arg
NewOrderSingle("1")  # call-arg
NewOrderSingle(Price="1.1")  # arg-type
messages.ExecutionReports  # attr-defined
Side.BUYS  # attr-defined


def notional(report: ExecutionReport) -> Decimal:
    return report.LastQty * report.LastPx  # operator


def symbol(report: ExecutionReport) -> str:
    return report.Instrument.Symbol  # return-value
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the whole package, as typed44."""
    parent = tmp_path_factory.mktemp("typing")
    generate_package(standard("FIX44"), parent, "typed44")
    return parent


@pytest.fixture(scope="module")
def mypy(folder: Path) -> Callable[..., str]:
    """Runs mypy over paths in that folder and gives what it prints."""
    environment = {**os.environ, "MYPYPATH": os.pathsep.join((str(REPOSITORY), str(folder)))}
    options = ["--strict", "--config-file=", "--no-error-summary", "--cache-dir", str(folder / "cache")]

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "mypy", *options, *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert not done.stderr
        return done.stdout

    return run


def test_a_right_program_and_the_whole_package_have_no_error(folder: Path, mypy: Callable[..., str]) -> None:
    (folder / "right.py").write_text(RIGHT, encoding="utf-8")
    assert mypy("-m", "right", "-p", "typed44") == ""


def test_each_mistake_is_reported_and_nothing_else(folder: Path, mypy: Callable[..., str]) -> None:
    (folder / "wrong.py").write_text(WRONG, encoding="utf-8")
    expected = {n: line.split("# ")[1] for n, line in enumerate(WRONG.splitlines(), start=1) if "# " in line}
    reported: dict[int, set[str]] = {}
    for found in ERROR.finditer(mypy("wrong.py")):
        assert found["file"] == "wrong.py"
        reported.setdefault(int(found["line"]), set()).add(found["code"])
    assert reported.keys() == expected.keys()
    assert {number: code for number, code in expected.items() if code not in reported[number]} == {}


@pytest.mark.parametrize("config", [["--isolated"], ["--config", str(REPOSITORY / "pyproject.toml")]])
@pytest.mark.parametrize("check", [["check"], ["format", "--check"]])
def test_ruff_has_nothing_to_say(folder: Path, check: list[str], config: list[str]) -> None:
    command = [sys.executable, "-m", "ruff", *check, "--no-cache", *config, str(folder / "typed44")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_right_program_runs(folder: Path) -> None:
    """So that what mypy accepts above is what Python accepts as well."""
    read_back = "assert filled(FixMessageFactory(lambda _: NewOrderSingle), order().to_bytes()) == 0"
    program = f"{RIGHT.rpartition('assert_type')[0]}\n{read_back}\nprovider()\n"
    (folder / "running.py").write_text(program, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "running.py"], cwd=folder, check=True, env=environment)
