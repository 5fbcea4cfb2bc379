"""The example logs come out of their generator to the byte, and tell of a day of trading that adds up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.standard import standard
from purefix_core.wire.message import FixMessage
from purefix_core.wire.separators import PIPE, SOH, Separator

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LOGS = REPOSITORY / "examples" / "logs"
LINE = re.compile(rb"20250311-(\d\d:\d\d:\d\d\.\d{3}) : (8=FIX\.4\.4\x01.*)")
TRAILER = re.compile(rb"\x0110=(\d{3})\x01\Z")

Fields = list[tuple[int, bytes]]


def split(message: bytes) -> Fields:
    """Tags and values; a value behind RawDataLength(95) is as long as that says."""
    fields: Fields = []
    rest = message
    while rest:
        tag, _, rest = rest.partition(b"=")
        end = int(fields[-1][1]) if tag == b"96" else rest.find(b"\x01")
        end = len(rest) if end < 0 else end
        fields.append((int(tag), rest[:end]))
        rest = rest[end + 1 :]
    return fields


def faults(message: bytes) -> list[str]:
    trailer = TRAILER.search(message)
    if trailer is None:
        return ["truncated"]
    start = message.index(b"\x0135=") + 1
    declared = int(message[message.index(b"\x019=") + 3 : start - 1])
    found = ["BodyLength"] if declared != trailer.start() + 1 - start else []
    return found + (["CheckSum"] if sum(message[: trailer.start() + 1]) % 256 != int(trailer[1]) else [])


@cache
def day() -> tuple[tuple[str, bytes], ...]:
    """Log time and bytes of every message of trading-day.log."""
    lines = (LOGS / "trading-day.log").read_bytes().split(b"\n")
    return tuple((match[1].decode(), match[2]) for match in map(LINE.fullmatch, lines) if match)


@cache
def good_messages() -> tuple[dict[int, bytes], ...]:
    """The first value of each tag of every message that is not broken on purpose."""
    return tuple(dict(reversed(split(message))) for _, message in day() if not faults(message))


def test_generator_gives_the_same_bytes_again(tmp_path: Path) -> None:
    script = REPOSITORY / "tools" / "make_example_log.py"
    subprocess.run([sys.executable, str(script), "--output", str(tmp_path)], check=True, cwd=REPOSITORY)
    for name in ("trading-day.log", "pipe.log"):
        assert (tmp_path / name).read_bytes() == (LOGS / name).read_bytes(), f"{name} is not what the generator writes"


def test_size_is_a_few_hundred_kilobytes() -> None:
    assert 300_000 <= (LOGS / "trading-day.log").stat().st_size <= 600_000


def test_exactly_three_messages_are_broken_and_late_in_the_day() -> None:
    broken = [(time, faults(message)) for time, message in day() if faults(message)]
    assert [kinds for _, kinds in broken] == [["CheckSum"], ["BodyLength"], ["truncated"]]
    assert broken[0][0] > "15:30"


def test_readme_gives_counts_and_the_broken_messages() -> None:
    readme = (LOGS / "README.md").read_text(encoding="utf-8")
    assert f"{len(day()):,} messages" in readme
    for time, message in day():
        if faults(message):
            fields = dict(re.findall(rb"(\d+)=([^\x01]*)", message))
            row = f"| {time} | {fields[b'49'].decode()} | {fields[b'34'].decode()} |"
            assert row in readme
    for msg_type, count in Counter(re.search(rb"\x0135=(\w+)", message)[1].decode() for _, message in day()).items():
        assert re.search(rf"\| {msg_type} \| \w+ \| {count:,} \|", readme), (msg_type, count)


def test_log_times_never_go_back() -> None:
    lines = (LOGS / "trading-day.log").read_bytes().splitlines()
    times = [line[:21] for line in lines]
    assert times == sorted(times)
    assert all(line[8:9] == b"-" and line[21:24] == b" : " for line in lines)


def test_prose_lines_stand_between_messages() -> None:
    lines = (LOGS / "trading-day.log").read_bytes().splitlines()
    assert 10 < sum(b"8=FIX" not in line for line in lines) < 40


def test_raw_data_holds_separators_and_is_as_long_as_announced() -> None:
    (news,) = [split(message) for _, message in day() if b"\x0135=B\x01" in message]
    fields = dict(news)
    assert fields[96].count(b"\x01") == 11
    assert int(fields[95]) == len(fields[96])
    assert news[-1][0] == 10


def test_only_logons_carry_a_password() -> None:
    assert {fields[35] for fields in good_messages() if 554 in fields} == {b"A"}


def test_each_direction_numbers_its_messages_without_a_hole() -> None:
    """New messages count upwards, and what was missed comes again or is passed over by a gap fill."""
    seen: dict[bytes, set[int]] = defaultdict(set)
    highest: dict[bytes, int] = defaultdict(int)
    for fields in good_messages():
        stream, number = fields[49] + b">" + fields[56], int(fields[34])
        if fields.get(43) != b"Y":
            assert number > highest[stream]
            highest[stream] = number
        seen[stream].update(range(number, int(fields[36])) if fields[35] == b"4" else [number])
    assert len(seen) == 4
    for stream, numbers in seen.items():
        assert numbers == set(range(1, highest[stream] + 1)), stream


def test_each_gap_is_answered_with_possdup_messages() -> None:
    requests = [fields for fields in good_messages() if fields[35] == b"2"]
    assert {fields[49] for fields in requests} == {b"BUYSIDE", b"BROKER"}
    again = [fields for fields in good_messages() if fields.get(43) == b"Y"]
    assert {fields[35] for fields in again} == {b"4", b"8", b"D"}
    assert all(fields[122] <= fields[52] for fields in again)


def test_quantities_and_average_prices_add_up_exactly() -> None:
    """In the order of the broker's sequence numbers: a resent report may come behind a later one."""
    trades: dict[bytes, dict[bytes, tuple[int, Decimal]]] = defaultdict(dict)
    for fields in sorted(good_messages(), key=lambda fields: int(fields[34])):
        if fields[35] != b"8":
            continue
        fills = trades[fields[37]]
        if fields[150] == b"F":
            fills[fields[17]] = (int(fields[32]), Decimal(fields[31].decode()))
        filled = sum(quantity for quantity, _ in fills.values())
        assert int(fields[14]) == filled
        assert Decimal(fields[6].decode()) * filled == sum(quantity * price for quantity, price in fills.values())
        working = fields[39] in (b"0", b"1", b"2", b"6", b"E")
        assert int(fields[151]) == (int(fields[38]) - filled if working else 0)
    assert len(trades) > 200


def test_every_order_ends() -> None:
    last = {fields[37]: fields[39] for fields in good_messages() if fields[35] == b"8"}
    assert set(last.values()) == {b"2", b"3", b"4", b"8"}


def test_the_story_has_its_parts() -> None:
    counts = Counter(fields[35].decode() for fields in good_messages())
    assert set("0 1 2 3 4 5 8 9 A B D F G J P R S V W X Y j AF AG".split()) <= set(counts)
    reports = [fields for fields in good_messages() if fields[35] == b"8"]
    assert {fields[150] for fields in reports} == set(b"0 3 4 5 6 8 E F".split())
    assert {fields[434] for fields in good_messages() if fields[35] == b"9"} == {b"1", b"2"}


def test_rejects_refer_to_the_message_they_reject() -> None:
    sent = {(fields[49], fields[56], fields[34]): fields[35] for fields in good_messages() if fields.get(43) != b"Y"}
    rejects = [fields for fields in good_messages() if fields[35] in (b"3", b"j")]
    assert len(rejects) == 2
    for fields in rejects:
        assert sent[fields[56], fields[49], fields[45]] == fields[372]


@pytest.mark.parametrize(("name", "separator"), [("trading-day.log", SOH), ("pipe.log", PIPE)])
def test_nothing_but_the_broken_messages_has_findings(name: str, separator: Separator) -> None:
    """Against the standard dictionary: required fields, values, types, groups and their order."""
    definitions = standard("FIX44")
    codes: dict[bytes, list[str]] = {}
    for line in (LOGS / name).read_bytes().split(b"\n"):
        if (start := line.find(b"8=FIX")) >= 0:
            decoded = decode(FixMessage.parse(line[start:], separator), definitions)
            if decoded.findings:
                codes[line[9:21]] = [finding.code for finding in decoded.findings]
    broken = [time.encode() for time, message in day() if faults(message)]
    assert list(codes) == (broken if name == "trading-day.log" else [])
    if codes:
        assert codes[broken[0]] == ["checksum"]
        assert codes[broken[1]] == ["body-length"]
        assert "truncated" in codes[broken[2]]


def test_pipe_log_is_short_and_whole() -> None:
    messages = (LOGS / "pipe.log").read_bytes().replace(b"|", b"\x01").splitlines()
    assert 35 <= len(messages) <= 50
    assert not any(map(faults, messages))
