"""Dictionaries: time to load, memory they hold, time to decode a message. Every figure comes from a fresh process.

    python benchmarks/bench_dictionary.py

Beside each figure stands that of a plain peer in the same run: parsing the same XML files with lxml alone, and
splitting the same message into a dict of bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

ROUNDS = 5

_MEMORY = """
import os
def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
"""

_LOAD_ONE = """
import json, time
begun = time.perf_counter()
from purefix_core.dictionary.standard import standard
imported = time.perf_counter()
standard("FIX50SP2").message_names
print(json.dumps({"import": imported - begun, "load": time.perf_counter() - imported}))
"""

_LXML_ONE = """
import json, time
begun = time.perf_counter()
from lxml import etree
from purefix_core.dictionary.standard import standard_path
imported = time.perf_counter()
etree.parse(standard_path("FIX50SP2"))
print(json.dumps({"import": imported - begun, "load": time.perf_counter() - imported}))
"""

_LOAD_ALL = (
    _MEMORY
    + """
import json, time
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.standard import STANDARD_NAMES, standard
from purefix_core.wire.message import FixMessage
before = memory()
begun = time.perf_counter()
loaded = [standard(name) for name in STANDARD_NAMES]
took = time.perf_counter() - begun
held = memory() - before
for definitions in loaded:
    begin = definitions.version if definitions.version.startswith("FIX.4") else "FIXT.1.1"
    text = f"8={begin}|9=5|35=8|49=A|56=B|34=1|52=20260105-09:00:00|37=1|55=ABC|54=1|453=1|448=X|447=D|452=1|10=000|"
    message = FixMessage.parse(text.replace("|", chr(1)).encode())
    decode(message, definitions_for_message(message, definitions, None))
print(json.dumps({"load": took, "held": held, "used": memory() - before}))
"""
)

_LXML_ALL = (
    _MEMORY
    + """
import json, time
from lxml import etree
from purefix_core.dictionary.standard import STANDARD_NAMES, standard_path
before = memory()
begun = time.perf_counter()
trees = [etree.parse(standard_path(name)) for name in STANDARD_NAMES]
took = time.perf_counter() - begun
print(json.dumps({"load": took, "held": memory() - before}))
"""
)

_DECODE = """
import json, time
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.message_json import message_to_json
from purefix_core.dictionary.standard import standard
from purefix_core.wire.message import FixMessage
version, begin, extra = VERSION
text = (
    f"8={begin}|9=500|35=8|{extra}34=12|49=BROKER|52=20260105-14:30:00.123|56=BUYSIDE|6=150.24|11=ORD1|14=400|17=E7|"
    "31=150.24|32=400|37=BR77|38=1000|39=1|40=2|44=150.25|54=1|55=AAPL|48=US0378331005|22=4|58=partial fill|59=0|"
    "60=20260105-14:30:00.120|64=20260107|75=20260105|150=F|151=600|15=USD|30=XNAS|1=ACC-9|21=1|18=G|"
    "453=3|448=ABC|447=D|452=1|448=DEF|447=D|452=3|802=1|523=desk|803=4|448=GHI|447=D|452=12|"
    "382=2|375=CP1|437=200|337=T1|375=CP2|437=200|337=T2|10=000|"
)
message = FixMessage.parse(text.replace("|", chr(1)).encode())
def once():
    return decode(message, definitions_for_message(message, base, "9"))
begun = time.perf_counter()
base = standard(version)
loaded = time.perf_counter()
decoded = once()
first = time.perf_counter() - loaded
def each(work, rounds=300):
    begun = time.perf_counter()
    for _ in range(rounds):
        work()
    return (time.perf_counter() - begun) / rounds
print(json.dumps({
    "fields": len(message.fields), "load": loaded - begun, "first": first, "decode": each(once),
    "json": each(lambda: message_to_json(decoded, offset=0, length=1, dialect="x")),
    "split": each(lambda: dict(piece.split(b"=", 1) for piece in message.raw.split(bytes([1]))[:-1])),
}))
"""


def run(script: str, environment: dict[str, str]) -> dict[str, float]:
    """What the script prints, from a process of its own; of each figure the least of several runs."""
    results = []
    for _ in range(ROUNDS):
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
        results.append(json.loads(done.stdout))
    return {key: min(result[key] for result in results) for key in results[0]}


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        subprocess.run([sys.executable, "-c", _LOAD_ALL], env=environment, check=True, capture_output=True)  # warm it
        ours, peer = run(_LOAD_ONE, environment), run(_LXML_ONE, environment)
        print(f"FIX50SP2 from the compiled cache  {ours['load'] * 1e3:6.1f} ms (aim: under 30), ", end="")
        print(f"import {ours['import'] * 1e3:.0f} ms")
        print(f"  lxml alone, parsing the file    {peer['load'] * 1e3:6.1f} ms, import {peer['import'] * 1e3:.0f} ms")
        ours, peer = run(_LOAD_ALL, environment), run(_LXML_ALL, environment)
        print(f"all nine from the cache           {ours['load'] * 1e3:6.1f} ms, ", end="")
        print(
            f"holding {ours['held'] / 1e6:.1f} MB (aim: under 25), {ours['used'] / 1e6:.1f} MB after one message each"
        )
        print(f"  lxml alone, nine trees          {peer['load'] * 1e3:6.1f} ms, holding {peer['held'] / 1e6:.1f} MB")
        for version in (("FIX44", "FIX.4.4", ""), ("FIX50SP2", "FIXT.1.1", "1128=9|")):
            figures = run(_DECODE.replace("VERSION", repr(version), 1), environment)
            print(
                f"decode, {version[0]}, {figures['fields']} fields  first of its type {figures['first'] * 1e3:.1f} ms "
                f"(after {figures['load'] * 1e3:.1f} ms to load), then {figures['decode'] * 1e3:.3f} ms, "
                f"to JSON {figures['json'] * 1e3:.3f} ms"
            )
            print(f"  splitting it into a dict        {figures['split'] * 1e3:6.3f} ms")


if __name__ == "__main__":
    main()
