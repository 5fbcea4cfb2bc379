"""Whether received messages are what their dictionary says (acceptance scripts 14, 15, 21, 2q, ReverseRoute)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validated_messages import ALL_ON, FIX44, FIX50SP2, HEADER, ORDER, PARTIES, incoming, problem, without

from purefix_core.dictionary.datatypes import TYPES
from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import standard
from purefix_core.session.plain_rules import check_of
from purefix_core.session.settings import Validation
from purefix_core.session.validation import Problem, Validator
from purefix_core.session.validation_rules import has_form_of, quick_of, rule_book
from purefix_core.wire.message import as_text


class TestAcceptanceScripts:
    """What the scripts expect of each message that they send."""

    _REASONS = frozenset("0 1 2 4 5 6 11 13 14 15 16".split())
    _TOLD_BY_THE_SESSION = ("11c_", "2g_")
    """Scripts with rejects that have these reasons, but come from the session, not from the dictionary."""
    _CLOSED_AT = ("1d_InvalidLogonNoDefaultApplVerID",)
    """A bad Logon is not rejected: the connection is closed."""

    @pytest.mark.parametrize(("folder", "definitions"), [("fix44", FIX44), ("fix50sp2", FIX50SP2)])
    def test_rejects(self, shared: Path, folder: str, definitions: Definitions) -> None:
        validator = Validator(definitions, ALL_ON)
        scripts = sorted((shared / "conformance" / "definitions" / folder).glob("*.def"))
        rejected = 0
        for script in scripts:
            expected, found = set(), set()
            for line in script.read_text().splitlines():
                if line.startswith("E8=") and "\x0135=3\x01" in line:
                    reject = dict(field.split("=", 1) for field in line[1:].rstrip("\x01").split("\x01"))
                    if reject["373"] in self._REASONS and not script.name.startswith(self._TOLD_BY_THE_SESSION):
                        tag = int(reject["371"]) if "371" in reject else None
                        expected.add((int(reject["45"]), Problem(int(reject["373"]), reject["58"], tag)))
                match = re.fullmatch(r"I8=([^\x01]*)\x0135=([^\x01]*)\x01(.*\x01)", line)
                if match is not None and "\x019=" not in line and "\x0110=" not in line:
                    text = re.sub("<TIME[^>]*>", "20260105-09:30:00", match[3])
                    message = incoming(text, match[2], match[1])
                    result = validator.check(message)
                    if result is not None and script.stem not in self._CLOSED_AT:
                        found.add((message.seq_num, result))
            assert found == expected, script.name
            rejected += len(found)
        assert rejected > 25

    @pytest.mark.parametrize("name", ["FIX40", "FIX41", "FIX42", "FIX43", "FIX44", "FIX50", "FIX50SP1", "FIX50SP2"])
    def test_invalid_tags_of_every_version(self, name: str) -> None:
        """Script 14a."""
        definitions = standard(name)
        if name.startswith("FIX50"):
            definitions = combine_fixt(standard("FIXT11"), definitions)
        header = "49=A|34=2|56=B|52=20260105-09:30:00|"
        assert problem(header, "0", definitions) is None
        for tag in (999, 0, -1, 5000):
            assert problem(f"{header}{tag}=HI|", "0", definitions) == (0, tag)


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "msg_type", "expected"),
        [
            (HEADER + "999=HI|", "0", (0, "Invalid tag number", 999)),
            (without(HEADER, 56), "0", (1, "Required tag missing", 56)),
            (HEADER + "55=X|", "0", (2, "Tag not defined for this message type", 55)),
            (HEADER + "112=|", "1", (4, "Tag specified without a value", 112)),
            (HEADER + ORDER + "21=4|", "D", (5, "Value is incorrect (out of range) for this tag", 21)),
            (HEADER + without(ORDER, 38) + "38=+200.00|", "D", (6, "Incorrect data format for value", 38)),
            (HEADER, "*", (11, "Invalid MsgType", None)),
            (HEADER + ORDER + "40=1|", "D", (13, "Tag appears more than once", 40)),
            ("11=x|" + HEADER, "D", (14, "Tag specified out of required order", 49)),
            (HEADER + ORDER + "453=1|447=D|448=A|", "D", (15, "Repeating group fields out of order", 448)),
            (
                HEADER + ORDER + "386=3|336=1|336=2|",
                "D",
                (16, "Incorrect NumInGroup count for repeating group", 386),
            ),
        ],
    )
    def test_each(self, text: str, msg_type: str, expected: tuple[int, str, int | None]) -> None:
        assert Validator(FIX44, ALL_ON).check(incoming(text, msg_type)) == Problem(*expected)


class TestGoodMessages:
    @pytest.mark.parametrize(
        ("text", "msg_type"),
        [
            (HEADER + ORDER, "D"),
            (HEADER + ORDER + PARTIES, "D"),
            (HEADER + PARTIES + ORDER, "D"),
            (HEADER + ORDER + "453=0|386=0|", "D"),
            (HEADER + ORDER + "354=5|355=a\x01b=c|", "D"),
            (HEADER + ORDER + "15=USDT|", "D"),
            (HEADER + without(ORDER, 54) + "54=B|93=3|89=\x01\x01\x01|", "D"),
            ("49=A|56=B|34=2|52=20260105-09:30:00|627=2|628=X|630=5|628=Y|" + ORDER, "D"),
            (HEADER + ORDER + "18=1 A W|", "D"),
        ],
    )
    def test_nothing_is_wrong(self, text: str, msg_type: str) -> None:
        assert problem(text, msg_type) is None

    def test_nested_groups(self) -> None:
        parties = "453=1|448=A|447=D|452=1|802=2|523=x|803=1|523=y|803=2|"
        assert problem(HEADER + ORDER + parties) is None
        assert problem(HEADER + ORDER + parties.replace("802=2", "802=3")) == (16, 802)
        assert problem(HEADER + ORDER + parties.replace("803=2", "803=x")) == (6, 803)

    def test_an_integer_may_have_leading_zeros_and_io_i_qty_may_be_a_number(self) -> None:
        body = "23=X|28=N|55=A|54=1|27=5000|"
        assert problem(HEADER + body, "6") is None
        assert problem(HEADER + body.replace("27=5000", "27=Q"), "6") == (5, 27)
        assert problem(HEADER + "112=a|" + "", "0") is None
        assert problem(HEADER + "98=00|108=030|", "A") is None


class TestOrderOfChecks:
    def test_structure_before_msg_type_before_required_before_fields(self) -> None:
        assert problem("49=A|58=x|34=2|", "*") == (14, 34)
        assert problem("49=A|34=x|", "*") == (11, None)
        assert problem("49=A|34=x|9999=1|", "0") == (1, 52)
        assert problem(HEADER + "9999=1|112=|", "0") == (4, 112)

    def test_missing_fields_are_told_by_tag_those_of_the_header_first(self) -> None:
        assert problem("34=2|56=ISLD|" + without(ORDER, 11)) == (1, 49)
        assert problem(HEADER + without(without(ORDER, 54), 11)) == (1, 11)

    def test_header_and_trailer_before_body(self) -> None:
        assert problem(HEADER.replace("34=2", "34=x") + ORDER.replace("40=2", "40=w")) == (6, 34)
        assert problem(HEADER + "43=x|" + ORDER.replace("40=2", "40=w")) == (6, 43)
        assert problem(HEADER + ORDER.replace("40=2", "40=w") + "93=x|89=a|") == (6, 93)

    def test_value_before_place(self) -> None:
        assert problem(HEADER + "54=Z|", "0") == (5, 54)
        assert problem(HEADER + "38=x|", "0") == (6, 38)
        assert problem(HEADER + "9999=|", "0") == (4, 9999)


class TestRepeatedAndMisplaced:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (HEADER + "35=D|" + ORDER, (13, 35)),
            (HEADER + "8=FIX.4.4|" + ORDER, (13, 8)),
            (HEADER + "34=2|" + ORDER, (13, 34)),
            (HEADER + ORDER + "35=D|", (14, 35)),
            (HEADER + ORDER + "34=2|", (14, 34)),
            (HEADER + ORDER + "10=000|", (13, 10)),
            (HEADER + ORDER + "93=1|89=a|58=x|", (14, 58)),
            (HEADER + "93=1|89=a|" + ORDER, (14, 11)),
            (HEADER + "9999=1|43=N|" + ORDER, (14, 43)),
            (HEADER + "628=A|" + ORDER, (2, 628)),
            (HEADER + ORDER + "448=A|", (2, 448)),
        ],
    )
    def test_each(self, text: str, expected: tuple[int, int]) -> None:
        assert problem(text) == expected


class TestSettings:
    def test_all_off(self) -> None:
        for off in (replace(ALL_ON, use_data_dictionary=False), replace(ALL_ON, incoming_message=False)):
            assert problem("58=|49=A|0=x|0=x|", "*", checks=off) is None

    def test_order(self) -> None:
        anyhow = replace(ALL_ON, fields_out_of_order=False)
        assert problem(ORDER + HEADER, checks=anyhow) is None
        assert problem(ORDER + "93=1|89=a|" + HEADER + "58=x|", checks=anyhow) is None
        assert problem(HEADER + ORDER + "34=2|", checks=anyhow) == (13, 34)

    def test_empty_values(self) -> None:
        """The session NO_CHECK_FIELDS_HAVE_VALUES of the scripts in validate/."""
        anyhow = replace(ALL_ON, fields_have_values=False)
        assert problem(HEADER + "112=|", "1") == (4, 112)
        assert problem(HEADER + "112=|", "1", checks=anyhow) is None
        assert problem(HEADER + ORDER.replace("40=2", "40=") + "126=|58=|", checks=anyhow) is None
        assert problem(HEADER + "112=a|55=|", "1", checks=anyhow) == (2, 55)

    def test_user_defined_fields(self) -> None:
        anyhow = replace(ALL_ON, user_defined_fields=False)
        assert problem(HEADER + ORDER + "5000=x|9999=y|", checks=anyhow) is None
        assert problem(HEADER + ORDER + "4999=x|", checks=anyhow) == (0, 4999)
        assert problem(HEADER + ORDER + "9999=|", checks=anyhow) == (4, 9999)
        assert problem(HEADER + ORDER + "9999=a|9999=b|", checks=anyhow) == (13, 9999)

    def test_unknown_fields(self) -> None:
        anyhow = replace(ALL_ON, allow_unknown_msg_fields=True)
        assert problem(HEADER + ORDER + "999=x|108=30|-1=x|", checks=anyhow) is None
        assert problem(HEADER + ORDER + "108=x|", checks=anyhow) == (6, 108)
        assert problem(HEADER + ORDER + "5000=x|", checks=anyhow) == (0, 5000)

    def test_tags_that_are_let_pass_do_not_end_an_entry(self) -> None:
        anyhow = replace(ALL_ON, user_defined_fields=False)
        group = "453=2|448=A|9999=x|447=D|9999=y|448=B|9999=z|"
        assert problem(HEADER + group + ORDER, checks=anyhow) is None
        assert problem(HEADER + group.replace("9999=y", "9999=") + ORDER, checks=anyhow) == (4, 9999)


class TestOverFixt:
    def test_session_messages_know_nothing_of_the_application(self) -> None:
        """Script 14a: FIX.5.0SP2 defines tag 999, the transport does not."""
        assert FIX50SP2.field(999) is not None
        assert problem(HEADER + "999=HI|", "0", FIX50SP2) == (0, 999)
        assert problem(HEADER + ORDER + "999=HI|", "D", FIX50SP2) == (2, 999)
        assert problem(HEADER + "58=x|", "0", FIX50SP2) == (2, 58)

    def test_header_of_the_transport(self) -> None:
        assert problem(HEADER + "1128=9|" + ORDER, "D", FIX50SP2) is None
        assert problem(HEADER + ORDER + "1128=9|", "D", FIX50SP2) == (14, 1128)
        assert problem(HEADER + ORDER + "1128=9|") == (14, 1128)
        assert problem(HEADER + "1128=9|" + ORDER) == (0, 1128)

    def test_sessions_share_their_rules(self) -> None:
        assert rule_book(FIX50SP2) is rule_book(combine_fixt(standard("FIXT11"), standard("FIX50SP2")))


TAGS = [8, 9, 10, 35, 34, 49, 52, 56, 43, 627, 628, 629, 93, 89, 11, 38, 40, 44, 54, 55, 58, 60, 95, 96, 99]
TAGS += [386, 336, 453, 448, 447, 452, 802, 523, 803, 78, 79, 661, 80, 539, 524, 0, -1, 999, 5000, 9999, 108, 146]
VALUES = [b"1", b"2", b"3", b"0", b"D", b"A", b"x", b"", b"10.5", b"20260105-09:30:00", b"20260231-09:30:00", b"N"]
FIELDS = st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(VALUES)), max_size=20)
SETTINGS = st.builds(Validation, **dict.fromkeys(Validation.__dataclass_fields__, st.booleans()))


@given(FIELDS, st.sampled_from(["D", "0", "AE", "*", ""]), st.sampled_from([FIX44, FIX50SP2]), SETTINGS)
def test_any_message_can_be_checked(
    fields: list[tuple[int, bytes]], msg_type: str, definitions: Definitions, checks: Validation
) -> None:
    text = "".join(f"{tag}={value.decode()}|" for tag, value in fields)
    message = incoming(text, msg_type)
    found = Validator(definitions, checks).check(message)
    assert (
        found is None
        or found.tag is None
        or found.reason == 1
        or message.get(found.tag) is not None
        or found.reason == 15
    )


@given(st.permutations([(HEADER + ORDER).split("|")[i] for i in range(11)]), st.data())
def test_the_quick_answer_agrees_with_the_thorough_one(order: list[str], data: st.DataObject) -> None:
    """A good order, or one with a field overwritten."""
    good = sorted(order, key=lambda field: field.split("=")[0] not in ("34", "49", "52", "56"))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(good) - 1))
        tag = data.draw(st.sampled_from([11, 38, 40, 44, 54, 55, 58, 60, 99, 999, 108, 43]))
        good[at] = f"{tag}={data.draw(st.sampled_from(VALUES)).decode()}"
    text = "|".join(good) + "|"
    message = incoming(text)
    validator = Validator(FIX44, ALL_ON)
    rules = rule_book(FIX44).message("D")
    assert rules is not None
    thorough = validator._find_problem(message, rules)
    assert validator.check(message) == thorough
    assert validator._is_plainly_good(message, rules) == (thorough is None)


@given(
    st.sampled_from(sorted(TYPES)),
    st.one_of(
        st.sampled_from([v for v in VALUES if v]),
        st.from_regex(rb"\A[0-9.:-]{1,24}\Z"),
        st.from_regex(rb"\A[0-3][0-9]{3}[01][0-9][0-3][0-9](-[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]+)?)?\Z"),
        st.binary(min_size=1, max_size=6),
    ),
)
def test_what_the_quick_check_takes_has_the_form_of_its_type(kind: str, value: bytes) -> None:
    if check_of(quick_of(FieldDef(1, "Some", kind)))(value):
        assert has_form_of(kind, as_text(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", None),
        ("2 A", None),
        ("A 2 1", None),
        ("", (4, 18)),
        (" ", (6, 18)),
        ("1 ", (6, 18)),
        ("1  2", (6, 18)),
        ("?", (5, 18)),
        ("1 ?", (5, 18)),
    ],
)
def test_each_item_of_a_list_is_one_of_its_values(value: str, expected: tuple[int, int] | None) -> None:
    assert problem(f"{HEADER}{ORDER}18={value}|") == expected
