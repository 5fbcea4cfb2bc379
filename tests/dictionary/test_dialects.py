"""Dictionaries of brokers, exchanges and other engines' test suites: each loads, or fails with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.wire.message import FixMessage

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "dialects"
FILES = sorted(FOLDER.glob("*.xml"))

USELESS = {
    "hostile_ferrum_missing_fields.xml": "defines no fields",
    "hostile_ferrum_missing_header.xml": "defines no fields",
    "hostile_ferrum_no_content.xml": "defines no fields",
    "hostile_ferrum_root_has_no_type_attr.xml": "defines no fields",
    "tsx_FIX43.xml": "not well-formed XML",
}


@pytest.fixture
def dialect(shared):
    def load(name: str) -> Definitions:
        return load_dictionary(shared / "dialects" / name)

    return load


def texts(definitions: Definitions) -> list[str]:
    return [f"{issue.element}: {issue.text}" for issue in definitions.issues]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_loads_or_fails_with_its_reason(path, shared):
    if path.name in USELESS:
        with pytest.raises(DictionaryError, match=USELESS[path.name]) as caught:
            load_dictionary(path)
        assert caught.value.line > 0
        return
    definitions = load_dictionary(path)
    assert definitions.version
    for msg_type in definitions.message_names:
        message = definitions.message(msg_type)
        for tag in message.level.slots:
            assert definitions.field(tag) is not None
        raw = f"8=FIX.4.4\x019=5\x0135={msg_type}\x01" + "".join(f"{tag}=1\x01" for tag in message.level.slots)
        assert decode(FixMessage.parse(raw.encode()), definitions).name == message.name


def test_bloomberg(dialect):
    definitions = dialect("bloomberg_FIX42-step.xml")
    assert (definitions.version, len(definitions.message_names)) == ("FIX.4.2", 46)
    assert 'field CxlType: type " CHAR" taken as CHAR' in texts(definitions)
    assert 'field RatioQty: type "QUANTITY" taken as QTY' in texts(definitions)
    assert "field VenueAgncyExec: is not defined in <fields> and left out" in texts(definitions)
    assert definitions.field_named("OrigClOrdID").tag == 41
    assert definitions.field(8038).name == "OrigClOrdID"


def test_mbtrading_fields_come_from_fix42(dialect):
    definitions = dialect("mbtrading_FIX.xml")
    assert definitions.field_named("DeliverToCompID").tag == 128
    undefined = [text for text in texts(definitions) if "is not defined in <fields>" in text]
    assert len([text for text in undefined if "taken from FIX42" in text]) == 29
    assert len(undefined) == 32


def test_duplicates_in_the_fix5_mixture(dialect):
    definitions = dialect("purefix_fix5-mod.xml")
    assert definitions.version == "FIX.5.0SP2"
    assert len([text for text in texts(definitions) if text.startswith("field") and "is already" in text]) == 62
    assert definitions.field_named("MaturityMonthYear").type == "MONTHYEAR"
    assert 1128 in definitions.header_tags


def test_a_dialect_may_move_a_data_pair(dialect):
    definitions = dialect("hostile_artio_example_invalid_dictionary_data_field_without_length.xml")
    assert definitions.data_tags[11] == 12


def test_eurex_types_are_recognised_whatever_their_case(dialect):
    definitions = dialect("omi_Eurex.T7.OrderEntry.v14.1.xml")
    assert definitions.version == "Order Entry.14.1"
    assert not [text for text in texts(definitions) if "unknown" in text]
