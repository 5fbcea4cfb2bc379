"""The registry and typed messages: lookup, factories, memory of twenty dialects, parsing and encoding, imports.

    python benchmarks/bench_types.py

The peers are quickfix-tls (QuickFIX's engine with its Python binding and the same dictionary) and simplefix, in the
same run; `pip install -e '.[bench]'` installs them. The dialects of twenty brokers and venues are looked for in
../shared/dialects beside the checkout.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from purefix_core.dictionary.standard import standard, standard_path
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.types import SessionDescription
from purefix_core.types.generator.package import generate_package
from purefix_core.types.runtime import RuntimeTypes
from purefix_core.wire import native

SHARED = Path(__file__).resolve().parents[2] / "shared" / "dialects"
SOH = "\x01"
BODY = (
    "35=8|34=12|49=BROKER|52=20260105-14:30:00.123|56=BUYSIDE|6=150.24|11=ORD1|14=400|17=E7|31=150.24|32=400|37=BR77|"
    "38=1000|39=1|40=2|44=150.25|54=1|55=AAPL|48=US0378331005|22=4|58=partial fill|59=0|60=20260105-14:30:00.120|"
    "64=20260107|75=20260105|150=F|151=600|15=USD|30=XNAS|1=ACC-9|18=G|453=3|448=ABC|447=D|452=1|448=DEF|447=D|452=3|"
    "802=1|523=desk|803=4|448=GHI|447=D|452=12|382=2|375=CP1|437=200|337=T1|375=CP2|437=200|337=T2|"
).replace("|", SOH)


def execution_report() -> str:
    text = f"8=FIX.4.4{SOH}9={len(BODY)}{SOH}{BODY}"
    return f"{text}10={sum(text.encode()) % 256:03d}{SOH}"


def microseconds(work: Callable[[], object], rounds: int = 4_000) -> float:
    """The best of seven runs."""
    best = float("inf")
    for _ in range(7):
        begun = time.perf_counter()
        for _ in range(rounds):
            work()
        best = min(best, (time.perf_counter() - begun) / rounds)
    return best * 1e6


def line(what: str, figure: float, unit: str, limit: float | None = None) -> None:
    told = "" if limit is None else f"   limit {limit:g}{'' if figure <= limit else '   MISSED'}"
    print(f"{what:<58} {figure:>9.2f} {unit}{told}")


def bench_lookup() -> None:
    dialects = Dialects.standard()
    for number in range(1_000):
        path = standard_path("FIX44")
        dialects.register(TypeRegistration(f"broker{number}", "", path, None, (f"BROKER{number}-",), ("*",), "FIX.4.4"))
    dialects.register(TypeRegistration("acme", "", standard_path("FIX44"), None, ("ACME",), ("*",), "FIX.4.4"))
    plain = {"acme": 1}
    print("1,010 registrations")
    line("  get_by_name", microseconds(lambda: dialects.get_by_name("acme")), "µs", 0.5)
    line("  find_by_sender_comp_id, listed", microseconds(lambda: dialects.find_by_sender_comp_id("ACME")), "µs", 0.5)
    line(
        "  find_by_sender_comp_id, by a beginning",
        microseconds(lambda: dialects.find_by_sender_comp_id("BROKER77-X")),
        "µs",
    )
    line("  a dict's get in a lambda", microseconds(lambda: plain.get("acme")), "µs")
    dialects.provider("fix44")
    session = SessionDescription("A", "B")
    line("  create_message_factory", microseconds(lambda: dialects.create_message_factory("fix44")), "µs", 50)
    create = lambda: dialects.create_session_message_factory("fix44", session)  # noqa: E731
    line("  create_session_message_factory", microseconds(create), "µs", 50)


_TWENTY = """
import json, os, sys
from pathlib import Path
def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.wire.message import FixMessage
before = memory()
dialects = Dialects.standard()
for path in sys.argv[1:]:
    dialects.register(TypeRegistration(Path(path).stem, "", Path(path)))
used = 0
for registration in dialects.get_all_enabled():
    definitions = dialects.load_definitions(registration.name)
    begin = definitions.version if not definitions.version.startswith("FIX.5") else "FIXT.1.1"
    msg_type = next(each for each in ("8", "D", *definitions.message_names) if each in definitions.message_names)
    text = f"8={begin}|9=5|35={msg_type}|49=A|56=B|34=1|52=20260105-09:00:00|37=1|55=ABC|54=1|453=1|448=X|447=D|10=000|"
    message = FixMessage.parse(text.replace("|", chr(1)).encode())
    decode(message, definitions_for_message(message, definitions, None))
    used += 1
print(json.dumps({"dialects": used, "memory": memory() - before}))
"""


def bench_memory() -> None:
    paths = [str(path) for path in sorted(SHARED.glob("*.xml")) if not path.name.startswith(("hostile", "tsx"))]
    if len(paths) < 11:
        print(f"memory of twenty dialects: not measured, no dialects in {SHARED}")
        return
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        for _ in range(2):  # the first run fills the cache
            command = [sys.executable, "-c", _TWENTY, *paths]
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            found = json.loads(run.stdout)
    line(f"{found['dialects']} dialects, a message decoded with each", found["memory"] / 1e6, "MB", 50)


def read_all(message: Any) -> object:
    """What a program that books executions reads: fifteen fields and both groups."""
    header, order, instrument = message.header, message.OrderQtyData, message.Instrument
    return (
        header.SenderCompID, header.MsgSeqNum, header.SendingTime, message.ClOrdID, message.OrderID, message.ExecType,
        message.OrdStatus, message.Side, instrument.Symbol, order.OrderQty, message.LastQty, message.LastPx,
        message.LeavesQty, message.CumQty, message.TransactTime,
        [(party.PartyID, party.PartyRole) for party in message.Parties.NoPartyIDs],
        [(contra.ContraBroker, contra.ContraTradeQty) for contra in message.ContraGrp.NoContraBrokers],
    )  # fmt: skip


def build(kind: Any, package: Any) -> bytes:
    """A new order with eight fields and a group of two."""
    order = kind(ClOrdID="ORD1", Side="1", OrdType="2", Price=Decimal("150.25"), TimeInForce="0")
    order.header.SenderCompID = "BUYSIDE"
    order.header.TargetCompID = "BROKER"
    order.Instrument.Symbol = "AAPL"
    entry = package.NoPartyIDsEntry
    order.Parties.NoPartyIDs = [entry(PartyID="ABC", PartyRole=1), entry(PartyID="DEF", PartyRole=3)]
    raw: bytes = order.to_bytes()
    return raw


def measure_typed(kind: Any, raw: bytes, order: Any, parties: Any) -> dict[str, float]:
    def changed() -> object:
        message = kind.parse(raw)
        message.header.MsgSeqNum = 99
        return message.to_bytes()

    assert kind.parse(raw).to_bytes() == raw
    return {
        "parse": microseconds(lambda: kind.parse(raw)),
        "parse and encode": microseconds(lambda: kind.parse(raw).to_bytes()),
        "parse, set MsgSeqNum, encode": microseconds(changed),
        "parse, read 15 fields and 2 groups": microseconds(lambda: read_all(kind.parse(raw)), 1_000),
        "build an order with a group, encode": microseconds(lambda: build(order, parties), 1_000),
    }


def measure_quickfix(text: str) -> dict[str, float]:
    import quickfix as fix

    dictionary = fix.DataDictionary(str(standard_path("FIX44")))

    def parse() -> Any:
        return fix.Message(text, dictionary, False)

    def changed() -> object:
        message = parse()
        message.getHeader().setField(34, "99")
        return message.toString()

    def read() -> object:
        message = parse()
        header = message.getHeader()
        found = [header.getField(tag) for tag in (49, 34, 52)]
        found += [message.getField(tag) for tag in (11, 37, 150, 39, 54, 55, 38, 32, 31, 151, 14, 60)]
        for counter, first, tags in ((453, 448, (448, 452)), (382, 375, (375, 437))):
            for number in range(1, int(message.getField(counter)) + 1):
                entry = fix.Group(counter, first)
                message.getGroup(number, entry)
                found += [entry.getField(tag) for tag in tags]
        return found

    def build_order() -> object:
        message = fix.Message()
        header = message.getHeader()
        for tag, value in ((8, "FIX.4.4"), (35, "D"), (49, "BUYSIDE"), (56, "BROKER")):
            header.setField(tag, value)
        for tag, value in ((11, "ORD1"), (54, "1"), (40, "2"), (44, "150.25"), (59, "0"), (55, "AAPL")):
            message.setField(tag, value)
        for name, role in (("ABC", "1"), ("DEF", "3")):
            entry = fix.Group(453, 448)
            entry.setField(448, name)
            entry.setField(452, role)
            message.addGroup(entry)
        return message.toString()

    return {
        "parse": microseconds(parse),
        "parse and encode": microseconds(lambda: parse().toString()),
        "parse, set MsgSeqNum, encode": microseconds(changed),
        "parse, read 15 fields and 2 groups": microseconds(read, 1_000),
        "build an order with a group, encode": microseconds(build_order, 1_000),
    }


def measure_simplefix(raw: bytes) -> dict[str, float]:
    import simplefix

    def parse() -> Any:
        parser = simplefix.FixParser()
        parser.append_buffer(raw)
        return parser.get_message()

    return {
        "parse": microseconds(parse, 300),
        "parse and encode": microseconds(lambda: parse().encode(), 300),
    }


def bench_messages(fix44: Any) -> None:
    text = execution_report()
    raw = text.encode()
    levels = "native" if native.module else "Python"
    print(f"ExecutionReport, {text.count(SOH)} fields, 3 groups, {len(raw)} bytes; {levels} levels")
    run_time = RuntimeTypes(standard("FIX44"))
    parties = run_time.create_message_factory().parse(raw).Parties
    results = {
        "run-time": measure_typed(
            run_time.get_message_type_by_msg_type("8"), raw, run_time.get_message_type_by_msg_type("D"), type(parties)
        ),
        "generated": measure_typed(fix44.ExecutionReport, raw, fix44.NewOrderSingle, fix44.components.Parties),
    }
    for name, measure in (("quickfix", lambda: measure_quickfix(text)), ("simplefix", lambda: measure_simplefix(raw))):
        try:
            results[name] = measure()
        except ImportError:
            print(f"  {name} is not installed: not measured")
    for what in results["generated"]:
        shown = [f"{name} {found[what]:6.1f} µs" for name, found in results.items() if what in found]
        ratio = ""
        if "quickfix" in results:
            ratio = f"{results['quickfix'][what] / results['generated'][what]:5.1f} times quickfix"
        print(f"  {what:<36} {'   '.join(shown)}   {ratio}")


def bench_imports(parent: str) -> None:
    environment = {**os.environ, "PYTHONPATH": parent}

    def milliseconds(code: str) -> float:
        best = float("inf")
        for _ in range(7):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], env=environment, check=True)
            best = min(best, time.perf_counter() - begun)
        return best * 1e3

    bare = milliseconds("pass")
    types = milliseconds("import purefix_core.types")
    package = milliseconds("import fix44")
    message = milliseconds("import fix44; fix44.ExecutionReport")
    used = milliseconds(f"import fix44; fix44.ExecutionReport.parse({execution_report().encode()!r})")
    line("import purefix_core.types, over a bare interpreter", types - bare, "ms")
    line("  and the generated FIX44 package", package - types, "ms")
    line("  and ExecutionReport of it", message - package, "ms")
    line("  and all that parsing one needs", used - message, "ms")


def main() -> None:
    bench_lookup()
    bench_memory()
    with tempfile.TemporaryDirectory() as parent:
        begun = time.perf_counter()
        generate_package(standard("FIX44"), Path(parent), "fix44")
        line("generating the FIX44 package", (time.perf_counter() - begun) * 1e3, "ms")
        sys.path.insert(0, parent)
        bench_messages(importlib.import_module("fix44"))
        bench_imports(parent)


if __name__ == "__main__":
    main()
