"""The nine standard dictionaries: complete, equal to their XML, and reached by the names that messages use."""

from __future__ import annotations

import pytest
from lxml import etree

from purefix_core.dictionary.definitions import ComponentMember, FieldDef, FieldMember, GroupMember
from purefix_core.dictionary.standard import (
    STANDARD_NAMES,
    name_for_appl_ver_id,
    name_for_begin_string,
    standard,
    standard_path,
)
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

VERSIONS = "FIX.4.0 FIX.4.1 FIX.4.2 FIX.4.3 FIX.4.4 FIX.5.0 FIX.5.0SP1 FIX.5.0SP2 FIXT.1.1".split()
FREE_TEXT_CHAR = ("FIX40", "FIX41")


def in_xml(element, definitions):
    """Members as (name, required, members of a group), in the order of the file."""
    found = []
    for child in element:
        row = (child.tag, child.get("name"), child.get("required") == "Y", in_xml(child, definitions))
        if row[:2] not in [known[:2] for known in found]:
            found.append(row)
    return found


def in_definitions(members):
    kinds = {FieldMember: "field", ComponentMember: "component", GroupMember: "group"}
    return [
        (
            kinds[type(member)],
            member.name,
            member.required,
            in_definitions(member.members) if isinstance(member, GroupMember) else [],
        )
        for member in members
    ]


def test_versions():
    assert [standard(name).version for name in STANDARD_NAMES] == VERSIONS


@pytest.mark.parametrize("name", STANDARD_NAMES)
def test_every_fact_of_the_xml_is_in_the_definitions(name):
    definitions = standard(name)
    root = etree.parse(standard_path(name)).getroot()
    assert [issue.severity for issue in definitions.issues] == (["warning"] if name == "FIX43" else [])
    assert sorted(definitions.tags) == sorted(int(field.get("number")) for field in root.find("fields"))
    for element in root.find("fields"):
        field = definitions.field(int(element.get("number")))
        assert field.name == element.get("name")
        assert dict(field.values) == {value.get("enum"): value.get("description") for value in element}
        if element.get("type") == "CHAR" and name in FREE_TEXT_CHAR:
            assert field.type == ("MULTIPLEVALUESTRING" if field.tag == 18 else "STRING")
        else:
            assert field.type == element.get("type")
        assert definitions.field_named(field.name.upper()) is field
    for element in root.find("messages"):
        message = definitions.message(element.get("msgtype"))
        assert (message.name, message.category) == (element.get("name"), element.get("msgcat"))
        assert definitions.message_name(message.msg_type) == message.name
        assert in_definitions(message.members) == in_xml(element, definitions)
        assert all(
            in_definitions(member.members) == in_xml(root.find(f"components/component[@name='{member.name}']"), 0)
            for member in message.members
            if isinstance(member, ComponentMember)
        )
    assert len(definitions.message_names) == len(root.find("messages"))
    assert in_definitions(definitions.header) == in_xml(root.find("header"), definitions)
    assert in_definitions(definitions.trailer) == in_xml(root.find("trailer"), definitions)


def test_what_is_not_defined_is_none():
    fix44 = standard("FIX44")
    assert fix44.field(9999) is None
    assert fix44.field(0) is None
    assert fix44.field_named("Nonsense") is None
    assert fix44.message("ZZ") is None
    assert fix44.message_name("ZZ") is None


def test_a_standard_dictionary_is_loaded_once():
    assert standard("FIX42") is standard("FIX42")
    with pytest.raises(KeyError):
        standard("FIX45")


def test_standard_data_fields_need_no_pairs_of_their_own():
    for name in STANDARD_NAMES:
        assert standard(name).data_tags == DATA_TAG_BY_LENGTH_TAG


def test_field_values_by_meaning():
    side = standard("FIX44").field_named("side")
    assert side.values_named("Buy") == ("1",)
    assert side.values_named("sell-short exempt") == ("6",)
    assert side.values_named("SellShort") == ("5",)
    assert side.values_named("nothing") == ()
    assert next(iter(side.values.items())) == ("1", "BUY")


def test_meanings_are_found_by_the_names_of_enum_members_too() -> None:
    field = FieldDef(5002, "Plan", "CHAR", {"D": "Dark first (then lit)", "+": "+", "-": "-"})
    assert field.values_named("DARK_FIRST_THEN_LIT") == ("D",)
    assert (field.values_named("+"), field.values_named("-")) == (("+",), ("-",))


def test_first_tag_and_flattened_level():
    level = standard("FIX44").message("D").level
    assert level.first_tag == 11
    assert level.components[level.slots[55].component].name == "Instrument"
    parties = level.slots[453].member
    assert parties.level.first_tag == 448
    assert 802 in parties.level.slots
    assert 448 not in level.slots


def test_names_for_begin_string_and_appl_ver_id():
    assert [name_for_begin_string(version) for version in VERSIONS] == list(STANDARD_NAMES)
    assert name_for_begin_string("FIX.9.9") is None
    names = [name_for_appl_ver_id(value) for value in "2 3 4 5 6 7 8 9 10".split()]
    assert names == [*STANDARD_NAMES[:8], "FIX50SP2"]
    assert name_for_appl_ver_id("0") is None
    assert name_for_appl_ver_id("") is None
