"""What is checked in the entries of repeating groups (acceptance script 14i, and what QuickFIX C++ leaves out)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from validated_messages import ALL_ON, FIX44, HEADER, ORDER, incoming, problem

from purefix_core.dictionary.loader import load_dictionary
from purefix_core.session.incoming_reference import Incoming
from purefix_core.session.validation import Validator
from purefix_core.session.validation_rules import rule_book


class TestGroups:
    @pytest.mark.parametrize(
        ("group", "expected"),
        [
            ("453=1|", (16, 453)),
            ("453=3|448=A|448=B|", (16, 453)),
            ("453=1|448=A|448=B|", (16, 453)),
            ("453=0|448=A|", (16, 453)),
            ("453=1234567890123|448=A|", (16, 453)),
            ("453=x|448=A|", (6, 453)),
            ("453=|448=A|", (4, 453)),
            ("453=1|447=D|448=A|", (15, 448)),
            ("453=1|448=A|452=1|447=D|", (15, 447)),
            ("453=1|448=A|447=D|447=D|", (13, 447)),
            ("453=1|448=|", (4, 448)),
            ("453=1|448=A|452=x|", (6, 452)),
            ("453=1|448=A|447=?|", (5, 447)),
            ("453=2|448=A|448=|", (4, 448)),
            ("453=1|448=A|9999=x|447=D|", (2, 447)),
            ("453=1|448=A|453=1|448=A|", (13, 453)),
            ("453=2|448=A|447=?|452=x|448=B|", (5, 447)),
        ],
    )
    def test_what_is_wrong_with_one(self, group: str, expected: tuple[int, int]) -> None:
        # With 9999 in the entry the group ends there, with one entry as announced.
        assert problem(HEADER + ORDER + group) == expected

    def test_a_required_member_is_missing(self) -> None:
        """Of MassQuote in FIX 4.4 each set names its number of quotes."""
        body = "117=Q|296=2|302=S|304=1|295=1|299=E|302=T|304=1|295=1|299=F|"
        assert problem(HEADER + body, "i") is None
        assert problem(HEADER + body.replace("302=S|304=1|", "302=S|"), "i") == (1, 304)
        assert problem(HEADER + body.replace("302=T|304=1|295=1|299=F|", "302=T|304=1|299=F|"), "i") == (1, 295)

    def test_members_in_any_order(self) -> None:
        anyhow = replace(ALL_ON, unordered_group_fields=False)
        group = "453=2|448=A|452=1|447=D|448=B|452=1|447=D|"
        assert problem(HEADER + ORDER + group) == (15, 447)
        assert problem(HEADER + ORDER + group, checks=anyhow) is None
        assert problem(HEADER + ORDER + "453=1|447=D|448=A|", checks=anyhow) == (15, 448)

    def test_a_tag_of_the_entry_and_of_the_body(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It belongs to the entry as long as it continues one, or another is to come."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        path = tmp_path / "both.xml"
        fields = {8: "A", 9: "B", 35: "C", 10: "D", 58: "Text", 100: "Head", 101: "Tail"}
        defined = "".join(f"<field number='{tag}' name='{name}' type='STRING'/>" for tag, name in fields.items())
        path.write_text(
            "<fix type='FIX' major='4' minor='4'><header><field name='A' required='Y'/></header>"
            "<trailer><field name='D' required='Y'/></trailer><components/><messages>"
            "<message name='M' msgtype='U1' msgcat='app'><group name='No' required='N'>"
            "<field name='Head' required='Y'/><field name='Text' required='N'/><field name='Tail' required='N'/>"
            "</group><field name='Text' required='Y'/></message></messages>"
            f"<fields>{defined}<field number='99' name='No' type='NUMINGROUP'/></fields></fix>"
        )
        definitions = load_dictionary(path)
        assert problem("99=1|100=a|58=b|101=c|58=d|", "U1", definitions) is None
        assert problem("99=1|100=a|101=c|58=d|", "U1", definitions) is None
        assert problem("99=2|100=a|101=c|58=d|100=a|58=e|58=f|", "U1", definitions) == (15, 58)
        assert problem("99=0|58=d|", "U1", definitions) is None
        assert problem("99=1|100=a|58=b|", "U1", definitions) == (1, 58)
        assert problem("99=1|58=d|58=e|", "U1", definitions) == (15, 100)


def test_a_message_of_a_mebibyte_is_checked_in_linear_work() -> None:
    """Each field is looked at a fixed number of times: what is counted are the fields that were taken."""

    class CountingList(list):  # type: ignore[type-arg]
        taken = 0

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            CountingList.taken += 1
            return super().__getitem__(index)

    message = incoming(HEADER + ORDER + "453=100000|" + "448=A|447=D|" * 100_000)
    counting = Incoming(message.raw, CountingList(message.fields))
    assert Validator(FIX44, ALL_ON)._find_problem(counting, rule_book(FIX44).message("D")) is None
    assert CountingList.taken < 2 * len(counting.fields)
