"""Messages that real engines wrote: healthy ones have no findings but true ones."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import definitions_for_message
from purefix_core.dictionary.nodes import fields_of
from purefix_core.dictionary.standard import name_for_begin_string, standard
from purefix_core.wire.message import FixMessage

MESSAGE = re.compile(rb"8=FIXT?\.\d\.\d\x019=\d+\x01.*?\x0110=\d{3}\x01", re.DOTALL)


def findings_in(path):
    """How often each finding occurs over the messages of a log with SOH separators."""
    found = Counter()
    default = None
    for match in MESSAGE.finditer(path.read_bytes()):
        version = match[0][2 : match[0].index(b"\x01")].decode()
        base = standard(name_for_begin_string(version))
        message = FixMessage.parse(match[0], data_tags=base.data_tags)
        default = message.text(1137) or default
        decoded = decode(message, definitions_for_message(message, base, default))
        nodes = [node for part in (decoded.header, decoded.body, decoded.trailer) for node in fields_of(part)]
        assert len(nodes) == len(message.fields)
        found.update((finding.severity, finding.text) for finding in decoded.findings)
        found["messages"] += 1
    return found


@pytest.mark.parametrize(
    ("name", "messages"),
    [("ftc_FIX.4.2-KOD-BON.messages.current.log", 2486), ("dhaval_qfj_messages.log", 16)],
)
def test_healthy_traffic_has_no_findings(shared, name, messages):
    assert findings_in(shared / "logs" / name) == {"messages": messages}


def test_custom_tags_of_inord(shared):
    assert findings_in(shared / "logs" / "inord_Y48_fix42_crlf.txt") == {
        "messages": 2676,
        ("warning", "Tag 5815 is not defined for ExecutionReport"): 1600,
        ("warning", "Tag 9140 is not defined for ExecutionReport"): 1600,
        ("warning", "Tag 9882 is not defined for ExecutionReport"): 976,
        ("error", "Tag 528 is not defined for ExecutionReport"): 1600,
        ("error", "Tag 529 is not defined for ExecutionReport"): 2,
        ("error", "Tag 1003 is not defined for ExecutionReport"): 976,
        ("error", "ExecRestatementReason (378): '8' is not one of its 6 values"): 624,
    }


@pytest.mark.parametrize("session", ["FIX.4.4-SRV-CLI", "FIXT.1.1-SRV-CLI"])
def test_what_the_engine_rejected_is_found(shared, session):
    found = findings_in(shared / "logs" / "quickfix_cpp_live" / "log_acceptor" / f"{session}.messages.current.log")
    assert {text.split(" is")[0] for key in found if key != "messages" for _, text in [key]} == {
        "Side (54): 'Z'",
        "Tag 9999",
    }


def test_ten_thousand_messages_of_every_type(shared):
    """The message types of FIX 4.4; what is found was checked against the dictionary."""
    found = findings_in(shared / "logs" / "epam_10000_msg.fix")
    assert found.pop("messages") == 10_000
    assert {text for _, text in found} == {
        "Required field missing: RegistRefID (508)",
        "NoStrikes (428) says 2, 1 entry follows",
        "Symbol (55) is out of place: it belongs to the group NoStrikes (428)",
        "Required field missing: Price (44) in entry 1 of NoUnderlyings",
        "Price (44) appears twice in entry 2 of NoUnderlyings",
        "Tag 41 (OrigClOrdID) is not defined for CrossOrderCancelReplaceRequest",
    }


def test_data_types_that_are_valid_are_not_reported(shared):
    found = findings_in(shared / "logs" / "epam_valid_datatypes_fix44.fix")
    del found["messages"]
    assert [text for _, text in found if "not a valid" in text] == ["Currency (15): '999' is not a valid CURRENCY"]


def test_every_wrong_enum_value_is_reported(shared):
    """The log holds one message and more for each enum field of FIX 4.4, with a value that it does not have."""
    found = findings_in(shared / "logs" / "epam_inv_enum_44_all.fix")
    del found["messages"]
    fields = {text.split(":")[0] for _, text in found if "is not one of" in text or "is not a valid" in text}
    assert len(fields) > 150
