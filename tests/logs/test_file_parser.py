"""The design document's parser and analyzer, used as its examples use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.logs.analyzer import FixFileAnalyzer
from purefix_core.logs.file_parser import FixFileParser
from purefix_core.logs.log_file import LogError


def test_tag_level_messages(example_log: Path) -> None:
    first = next(FixFileParser().parse_file(example_log))
    assert (first.msg_type, first.msg_seq_num, first.sender_comp_id) == ("A", 1, "BUYSIDE")
    assert first.sending_time == 1_741_680_000_000_000_000
    assert example_log.read_bytes()[first.offset : first.offset + 5] == b"8=FIX"
    assert first.tags[35] == "A"
    tag, start, end = first.fields[3]
    assert (tag, example_log.read_bytes()[first.offset + start : first.offset + end]) == (34, b"1")


def test_a_path_and_its_contents_give_the_same(example_log: Path) -> None:
    parser = FixFileParser()
    from_path = [(m.offset, m.length, m.tags) for m in parser.parse_file(example_log)]
    from_bytes = [(m.offset, m.length, m.tags) for m in parser.parse_file(example_log.read_bytes())]
    assert from_path == from_bytes
    assert len(from_path) == 2425


def test_msg_type_filter_is_a_regular_expression(example_log: Path) -> None:
    parser = FixFileParser()
    assert {m.msg_type for m in parser.parse_file(example_log, "^8$")} == {"8"}
    assert {m.msg_type for m in parser.parse_file(example_log, "^A")} == {"A", "AF", "AG"}
    with pytest.raises(LogError, match=r"MsgType filter '\('"):
        next(parser.parse_file(example_log, "("))


def test_messages_come_lazily(tmp_path: Path) -> None:
    one = b"8=FIX.4.4|9=10|35=0|34=1|10=165|\n"
    data = one * 500_000
    messages = FixFileParser().parse_file(data)
    assert next(messages).offset == 0
    messages.close()


def test_structure_is_readable(example_log: Path) -> None:
    request = next(FixFileParser().parse_file(example_log, "^V$"))
    lines = str(request.structure).splitlines()
    assert lines[0].startswith("MarketDataRequest 0..")
    assert any(line.strip().startswith("NoRelatedSym[1] ") for line in lines)


def test_one_message_as_json(example_log: Path) -> None:
    parser = FixFileParser()
    order = next(parser.parse_file(example_log, "^D$"))
    message = json.loads(parser.parse_message_to_json(example_log, order.offset))
    assert message["offset"] == order.offset
    assert message["body"]["ClOrdID"] == order.tags[11]
    with pytest.raises(LogError, match="no message at offset"):
        parser.parse_message_to_json(example_log.read_bytes(), 3)


def test_a_dictionary_chosen_by_name(example_log: Path) -> None:
    parser = FixFileParser()
    message = json.loads(parser.parse_message_to_json(example_log, 163, "fix42"))
    assert message["dialect"] == "fix42"
    with pytest.raises(LogError, match="not registered"):
        next(parser.parse_file(example_log, registration_name="nope"))


def test_extract_sender_comp_id(example_log: Path, tmp_path: Path) -> None:
    assert FixFileAnalyzer.extract_sender_comp_id(example_log) == "BUYSIDE"
    assert FixFileAnalyzer.extract_sender_comp_id(example_log.read_bytes()) == "BUYSIDE"
    assert FixFileAnalyzer.extract_sender_comp_id(b"no message") is None
