"""What brokers publish: every oddity is either repaired or left out, and always told."""

from __future__ import annotations

import pytest
from dictionary_samples import issue_texts, load_sample, write_dictionary
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.dictionary.definitions import DictionaryError, FieldMember, GroupMember
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import standard, standard_path

SIDE = "<field number='54' name='Side' type='CHAR'><value enum='1' description='BUY'/></field>"


def messages(*members: str) -> str:
    return f"<message name='M' msgtype='U1' msgcat='app'>{''.join(members)}</message>"


def test_field_types_are_normalised(tmp_path):
    fields = "".join(
        f"<field number='{number}' name='F{number}' {kind}/>"
        for number, kind in enumerate(
            ("type=' CHAR'", "type='QUANTITY'", "type='String'", "type='MONTH-YEAR'", "type='Blob'", ""), start=100
        )
    )
    definitions = load_sample(tmp_path, fields)
    kinds = [definitions.field(number).type for number in range(100, 106)]
    assert kinds == ["CHAR", "QTY", "STRING", "MONTHYEAR", "STRING", "STRING"]
    issues = issue_texts(definitions)
    assert 'field F100: type " CHAR" taken as CHAR' in issues
    assert 'field F104: type "Blob" is unknown, taken as STRING' in issues
    assert "field F105: no type, taken as STRING" in issues


def test_unusable_fields_are_left_out(tmp_path):
    definitions = load_sample(
        tmp_path, "<field name='A' type='INT'/><field number='x1' name='B' type='INT'/><field number='7' type='INT'/>"
    )
    assert definitions.field_named("A") is None
    assert definitions.field_named("B") is None
    assert definitions.field(7).name == "7"
    assert 'field B: number "x1" is not a tag, the field is left out' in issue_texts(definitions)


def test_duplicate_fields_keep_the_first_and_collect_the_values(tmp_path):
    again = "<field number='54' name='Side' type='CHAR'><value enum='2' description='SELL'/></field>"
    other = "<field number='54' name='Seite' type='INT'/><field number='5401' name='Side' type='INT'/>"
    definitions = load_sample(tmp_path, SIDE + again + other, messages("<field name='Side' required='Y'/>"))
    assert dict(definitions.field(54).values) == {"1": "BUY", "2": "SELL"}
    assert definitions.field(54).type == "CHAR"
    assert definitions.message("U1").members == (FieldMember(54, "Side", True),)
    assert definitions.field_named("side").tag == 54
    severities = {(issue.severity, issue.text) for issue in definitions.issues}
    assert ("warning", "tag 54 is already Side (CHAR)") in severities
    assert ("error", "tag 54 is already Side (CHAR)") in severities
    assert ("error", "the name is used for 54 and 5401; members mean the first") in severities


def test_values(tmp_path):
    field = (
        "<field number='54' name='Side' type='CHAR' allowOtherValues='Y'><value enum='1' description='BUY'/>"
        "<value enum='1' description='KAUF'/><value description='?'/><value enum='2'/></field>"
    )
    definitions = load_sample(tmp_path, field, messages())
    assert dict(definitions.field(54).values) == {"1": "BUY", "2": "2"}
    assert definitions.field(54).allows_other_values
    assert [issue.text for issue in definitions.issues] == [
        'value "1" of Side is defined twice, the first is used',
        "a value of Side without enum is left out",
        'value "2" of Side has no description',
    ]


def test_duplicate_messages_components_and_members_keep_the_first(tmp_path):
    definitions = load_sample(
        tmp_path,
        SIDE + "<field number='55' name='Symbol' type='STRING'/>",
        messages("<component name='C' required='N'/><field name='Side' required='Y'/><field name='Side' required='N'/>")
        + "<message name='Other' msgtype='U1' msgcat='app'/>",
        "<component name='C'><field name='Symbol' required='N'/></component><component name='C'/>",
    )
    assert definitions.message_names == {"U1": "M"}
    component, side = definitions.message("U1").members
    assert [member.name for member in component.members] == ["Symbol"]
    assert side == FieldMember(54, "Side", True)
    assert set(issue_texts(definitions)) == {
        "component C: a component of that name is already defined, the first is used",
        "field Side: stands twice here, the first is used",
        "message Other: MsgType U1 is already M, the first is used",
    }


def test_undefined_members_come_from_the_standard_dictionary_or_are_left_out(tmp_path):
    definitions = load_sample(
        tmp_path,
        SIDE,
        messages(
            "<field name='Symbol' required='Y'/><field name='Ghost' required='Y'/><component name='Gone' required='N'/>"
        ),
    )
    assert definitions.message("U1").members == (FieldMember(55, "Symbol", True),)
    assert issue_texts(definitions) == [
        "field Symbol: is not defined in <fields>, taken from FIX44 as tag 55",
        "field Ghost: is not defined in <fields> and left out",
        "component Gone: is not defined in <components> and left out",
    ]
    assert {issue.severity for issue in definitions.issues} == {"error"}


def test_missing_attributes(tmp_path):
    definitions = load_sample(
        tmp_path,
        SIDE,
        "<message name='Logon' msgtype='A'><field name='Side'/></message>"
        "<message msgtype='U2' msgcat='app'><field name='Side' required='C'/></message><message name='X'/>",
        root='major="1" minor="1"',
    )
    assert definitions.version == "FIXT.1.1"
    assert definitions.message("A").category == "admin"
    assert definitions.message("A").members == (FieldMember(54, "Side", False),)
    assert definitions.message_name("U2") == "U2"
    assert set(issue_texts(definitions)) == {
        'fix: no attribute "type", taken as FIXT',
        "message Logon: no msgcat, taken as admin",
        'field Side: no attribute "required", taken as N',
        'field Side: required="C" taken as N',
        "message X: a message without msgtype is left out",
    }


def test_missing_header_and_trailer_are_those_of_the_version(tmp_path):
    path = tmp_path / "broker.xml"
    path.write_text(
        "<fix type='FIX' major='4' minor='2'><messages><message name='M' msgtype='U1' msgcat='app'>"
        "<field name='Side' required='Y'/></message></messages><fields>"
        "<field number='54' name='Side' type='CHAR'/></fields></fix>"
    )
    definitions = load_dictionary(path)
    fix42 = standard("FIX42")
    assert definitions.name == "broker"
    assert [member.tag for member in definitions.header] == [member.tag for member in fix42.header]
    assert [member.tag for member in definitions.trailer] == [93, 89, 10]
    assert definitions.field(49).name == "SenderCompID"
    assert "fix: <header> is empty, that of FIX42 is used" in issue_texts(definitions)
    assert "fix: no section <trailer>" in issue_texts(definitions)


def test_forward_references_and_groups_that_begin_with_a_group(tmp_path):
    fields = "".join(f"<field number='{number}' name='N{number}' type='STRING'/>" for number in (600, 601, 602))
    definitions = load_sample(
        tmp_path,
        fields,
        messages("<component name='Late' required='Y'/>"),
        "<component name='Late'><component name='Later' required='Y'/></component>"
        "<component name='Later'><group name='N600' required='N'><group name='N601' required='N'>"
        "<field name='N602' required='Y'/></group></group></component>",
    )
    late = definitions.message("U1").members[0]
    group = late.members[0].members[0]
    assert isinstance(group, GroupMember)
    assert group.level.first_tag == 601
    assert group.members[0].level.first_tag == 602
    assert "group N600: the counter of a group has type STRING" in issue_texts(definitions)


@pytest.mark.parametrize(
    "components",
    [
        "<component name='C'><field name='Side' required='Y'/><component name='C' required='N'/></component>",
        "<component name='C'><field name='Side' required='Y'/><component name='D' required='N'/></component>"
        "<component name='D'><component name='C' required='N'/></component>",
        "<component name='C'><field name='Side' required='Y'/><group name='G' required='N'>"
        "<component name='C' required='N'/></group></component>",
    ],
)
def test_components_that_contain_themselves(tmp_path, components):
    definitions = load_sample(
        tmp_path,
        SIDE + "<field number='70' name='G' type='NUMINGROUP'/>",
        messages("<component name='C' required='Y'/>"),
        components,
    )
    assert "component C: the component contains itself; left out here" in issue_texts(definitions)
    assert 54 in definitions.message("U1").level.slots


def test_components_that_multiply_cost_nothing(tmp_path):
    """Forty components, each holding the next one twice: 2^40 fields when written out."""
    pairs = "".join(
        f"<component name='C{n}'><component name='C{n + 1}' required='N'/><group name='G' required='N'>"
        f"<component name='C{n + 1}' required='N'/></group></component>"
        for n in range(40)
    )
    definitions = load_sample(
        tmp_path,
        SIDE + "<field number='70' name='G' type='NUMINGROUP'/>",
        messages("<component name='C0' required='N'/>"),
        pairs + "<component name='C40'><field name='Side' required='N'/></component>",
    )
    assert 70 in definitions.message("U1").level.slots
    assert any("nested too deeply" in text for text in issue_texts(definitions))


def test_a_component_counts_once_at_a_level(tmp_path):
    """C0 holds A0 and B0, both hold C1, and so on: a tree of 2^10 branches when written out."""
    components = "".join(
        f"<component name='C{n}'><component name='A{n}' required='N'/><component name='B{n}' required='N'/></component>"
        + "".join(f"<component name='{side}{n}'><component name='C{n + 1}' required='N'/></component>" for side in "AB")
        for n in range(10)
    )
    definitions = load_sample(
        tmp_path,
        SIDE,
        messages("<component name='C0' required='N'/><field name='Side' required='Y'/>"),
        components + "<component name='C10'><field name='Side' required='N'/></component>",
    )
    level = definitions.message("U1").level
    assert definitions.issues == ()
    assert len(level.components) == 31
    assert level.components[level.slots[54].component].name == "C10"


def test_groups_nested_too_deeply_become_plain_fields(tmp_path):
    inner = "<field name='Side' required='N'/>"
    fields = SIDE
    for number in range(60):
        fields += f"<field number='{7000 + number}' name='G{number}' type='NUMINGROUP'/>"
        inner = f"<group name='G{number}' required='N'>{inner}</group>"
    definitions = load_sample(tmp_path, fields, messages(inner))
    members, depth = definitions.message("U1").members, 0
    while isinstance(members[0], GroupMember):
        members, depth = members[0].members, depth + 1
    assert depth == 24
    assert any("nested too deeply" in text for text in issue_texts(definitions))


def test_an_empty_group_is_a_plain_field(tmp_path):
    definitions = load_sample(
        tmp_path, "<field number='70' name='G' type='NUMINGROUP'/>", messages("<group name='G' required='Y'/>")
    )
    assert definitions.message("U1").members == (FieldMember(70, "G", True),)
    assert issue_texts(definitions) == ["group G: a group without members; taken as a plain field"]


def test_data_fields_of_a_dialect_are_paired(tmp_path):
    definitions = load_sample(
        tmp_path,
        "<field number='9001' name='BlobLen' type='LENGTH'/><field number='9002' name='Blob' type='DATA'/>"
        "<field number='9003' name='Size' type='LENGTH'/><field number='9004' name='Picture' type='DATA'/>"
        "<field number='9005' name='Lonely' type='DATA'/>",
        messages("<field name='Size' required='N'/><field name='Picture' required='N'/>"),
    )
    assert definitions.data_tags[9001] == 9002
    assert definitions.data_tags[9003] == 9004
    assert definitions.data_tags[95] == 96
    assert issue_texts(definitions) == [
        "field Lonely: a data field without its length field ends at the next separator"
    ]


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_byte_order_mark_and_crlf(tmp_path, change):
    path = tmp_path / "FIX42.xml"
    path.write_bytes(change(standard_path("FIX42").read_text(encoding="utf-8")).encode())
    definitions = load_dictionary(path)
    assert definitions.issues == ()
    assert definitions.message_names == standard("FIX42").message_names


def test_comments_instructions_namespaces_and_doctype(tmp_path):
    path = write_dictionary(tmp_path, SIDE, messages("<!-- first --><?go on?><field name='Side' required='Y'/>"))
    text = path.read_text().replace("<fix ", "<!DOCTYPE fix SYSTEM 'http://127.0.0.1:9/fix.dtd'>\n<fix xmlns='urn:x' ")
    path.write_text(text)
    definitions = load_dictionary(path)
    assert definitions.issues == ()
    assert definitions.message("U1").members == (FieldMember(54, "Side", True),)


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("<field number='99' name='Leak' type='INT'/>")
    path = write_dictionary(tmp_path, SIDE + "&leak;")
    doctype = f"<!DOCTYPE fix [<!ENTITY leak SYSTEM '{secret.as_uri()}'>]>"
    path.write_text(doctype + path.read_text())
    assert load_dictionary(path).field(99) is None


def test_an_entity_bomb_is_refused_or_harmless(tmp_path):
    entities = "<!ENTITY a0 'aaaaaaaaaa'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    path = write_dictionary(tmp_path, "<field number='54' name='&a9;' type='CHAR'/>")
    path.write_text(f"<!DOCTYPE fix [{entities}]>{path.read_text()}")
    with pytest.raises(DictionaryError, match="not well-formed XML"):
        load_dictionary(path)


def test_issues_carry_their_line(tmp_path):
    path = write_dictionary(tmp_path, "\n\n<field number='54' name='Side'/>")
    issue = load_dictionary(path).issues[-1]
    assert (issue.line, issue.severity, issue.element) == (3, "error", "field Side")
    assert str(issue) == "line 3: error: field Side: no type, taken as STRING"


def test_issues_are_limited(tmp_path):
    fields = "".join(f"<field number='{number}' name='F{number}'/>" for number in range(100, 3000))
    issues = load_sample(tmp_path, fields).issues
    assert len(issues) == 1001
    assert any("the rest are not listed" in issue.text for issue in issues)


@pytest.mark.parametrize(
    ("content", "line", "text"),
    [
        (b"", 1, "not well-formed XML"),
        (b"hello", 1, "not well-formed XML"),
        (b"<fix>\n<fields>\n<oops></fields></fix>", 3, "not well-formed XML"),
        (b"\n<fix/>", 2, "defines no fields"),
        (b"<html><body/></html>", 1, "defines no fields"),
        (b"<fix><fields><field number='0' name='A'/></fields></fix>", 1, "defines no fields"),
    ],
)
def test_useless_files(tmp_path, content, line, text):
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    with pytest.raises(DictionaryError) as caught:
        load_dictionary(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert text in caught.value.text
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(DictionaryError, match="No such file"):
        load_dictionary(tmp_path / "absent.xml")
    with pytest.raises(DictionaryError, match="is not a file"):
        load_dictionary(tmp_path)


NAMES = st.sampled_from(["A", "B", "C", "D", ""])
TREES = st.recursive(
    st.builds("<field name='{}' required='Y'/>".format, NAMES)
    | st.builds("<component name='{}' required='N'/>".format, NAMES),
    lambda inner: st.builds(
        lambda name, parts: f"<group name='{name}' required='N'>{''.join(parts)}</group>", NAMES, st.lists(inner)
    ),
    max_leaves=8,
)


@given(
    fields=st.lists(st.tuples(st.integers(-1, 6), NAMES, st.sampled_from(["INT", "DATA", "?", ""])), min_size=1),
    components=st.lists(st.tuples(NAMES, st.lists(TREES, max_size=4)), max_size=5),
    members=st.lists(TREES, max_size=5),
)
def test_any_mixture_of_names_loads_and_expands(tmp_path_factory, fields, components, members):
    definitions = load_sample(
        tmp_path_factory.mktemp("any"),
        "".join(f"<field number='{number}' name='{name}' type='{kind}'/>" for number, name, kind in fields),
        messages(*members),
        "".join(f"<component name='{name}'>{''.join(parts)}</component>" for name, parts in components),
    )

    def tags(level):
        for slot in level.slots.values():
            assert definitions.field(slot.member.tag) is not None
            if isinstance(slot.member, GroupMember):
                tags(slot.member.level)

    tags(definitions.message("U1").level)
