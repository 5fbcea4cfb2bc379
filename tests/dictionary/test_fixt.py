"""FIXT: transport and application dictionaries together, and which one a message wants."""

from __future__ import annotations

import pytest
from dictionary_samples import HEADER, load_sample, message, outline

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.fixt import combine_fixt, definitions_for_message
from purefix_core.dictionary.standard import standard

FIXT11, FIX50SP2, FIX44 = standard("FIXT11"), standard("FIX50SP2"), standard("FIX44")


def fixt(appl_ver_id="", msg_type="D"):
    return message("58=x|", msg_type, "FIXT.1.1", HEADER + (f"1128={appl_ver_id}|" if appl_ver_id else ""))


def test_combination():
    both = combine_fixt(FIXT11, FIX50SP2)
    assert (both.name, both.version, both.is_combined) == ("FIX50SP2", "FIX.5.0SP2", True)
    assert both.header == FIXT11.header
    assert both.trailer == FIXT11.trailer
    assert both.message("A").members == FIXT11.message("A").members
    assert both.message("D").members == FIX50SP2.message("D").members
    assert both.message_names == {**FIX50SP2.message_names, **FIXT11.message_names}
    assert set(both.tags) == {*FIXT11.tags, *FIX50SP2.tags}
    assert both.field_named("applverid").tag == 1128
    assert both.field_named("ClOrdID").tag == 11
    assert combine_fixt(FIXT11, FIX50SP2) is both


def test_fields_of_both_have_the_values_of_both():
    both = combine_fixt(FIXT11, standard("FIX50"))
    assert set(standard("FIX50").field(1128).values) < set(both.field(1128).values)
    assert (
        both.field(1128).values.keys() == {**standard("FIX50").field(1128).values, **FIXT11.field(1128).values}.keys()
    )
    assert both.field(1402).name == "EncryptedPassword"
    assert standard("FIX50").field(1402) is None


def test_before_fixt_the_base_decides():
    assert definitions_for_message(message("58=x|"), FIX44, "9") is FIX44
    assert definitions_for_message(message("58=x|", version="FIX.4.2"), FIX44, None) is FIX44


@pytest.mark.parametrize(
    ("in_message", "default", "base", "expected"),
    [
        ("9", None, FIX44, "FIX50SP2"),
        ("7", "9", FIX50SP2, "FIX50"),
        ("", "8", FIX50SP2, "FIX50SP1"),
        ("", None, FIX50SP2, "FIX50SP2"),
        ("", None, FIX44, "FIX44"),
        ("4", None, FIX50SP2, "FIX42"),
        ("77", None, FIX50SP2, "FIX50SP2"),
        ("", "", FIX50SP2, "FIX50SP2"),
        ("", None, FIXT11, "FIX50SP2"),
        ("6", None, FIXT11, "FIX44"),
    ],
)
def test_choice_of_the_application_dictionary(in_message, default, base, expected):
    found = definitions_for_message(fixt(in_message), base, default)
    assert found.name == expected
    assert found.application is standard(expected).application
    assert found.transport is FIXT11.application


def test_a_dialect_of_the_version_that_is_named_stays(tmp_path):
    dialect = load_sample(
        tmp_path,
        "<field number='58' name='Text' type='STRING'/>",
        "<message name='Own' msgtype='D' msgcat='app'><field name='Text' required='N'/></message>",
        root="type='FIX' major='5' minor='0' servicepack='2'",
    )
    for asked in ("", "9"):
        found = definitions_for_message(fixt(asked), dialect, None)
        assert found.message("D").name == "Own"
        assert found.header == FIXT11.header
    assert definitions_for_message(fixt("8"), dialect, None).message("D").name == "NewOrderSingle"


def test_a_dialect_with_a_fixt_header_is_whole(tmp_path):
    path = tmp_path / "whole.xml"
    path.write_text(
        "<fix type='FIX' major='5' minor='0' servicepack='2'><header><field name='ApplVerID' required='N'/></header>"
        "<trailer/><messages><message name='Own' msgtype='D' msgcat='app'/></messages>"
        "<fields><field number='1128' name='ApplVerID' type='STRING'/></fields></fix>"
    )
    from purefix_core.dictionary.loader import load_dictionary

    whole = load_dictionary(path)
    assert definitions_for_message(fixt(), whole, "9") is whole


def test_messages_decode_with_both():
    order = message("11=1|55=A|54=1|60=20260105-09:30:00|38=1|40=1|", "D", "FIXT.1.1", HEADER + "1128=9|")
    result = decode(order, definitions_for_message(order, FIXT11, None))
    assert result.findings == ()
    assert outline(result.header)[-1] == 1128
    logon = message("98=0|108=30|1137=9|", "A", "FIXT.1.1")
    result = decode(logon, definitions_for_message(logon, FIX50SP2, None))
    assert (result.name, result.findings) == ("Logon", ())
