"""Forms of every message that the dictionaries define, and what comes of filling them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.definitions import Definitions, DictionaryError
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.members import all_tags
from purefix_core.dictionary.standard import STANDARD_NAMES, standard
from purefix_core.session.compose.checking import field_problem, problems_of
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import ComposeError, Moment
from purefix_core.session.compose.form import FormField, FormGroup, FormMember, form_of
from purefix_core.session.outgoing import encoded
from purefix_core.wire.message import FixMessage

MOMENT = Moment(1_700_000_000_000_000_000, 7, seed=b"seed")
HEADER = {34: b"7", 49: b"US", 52: b"20231114-22:13:20", 56: b"THEM"}
SAMPLES = {
    **dict.fromkeys(("INT", "LENGTH", "SEQNUM", "TAGNUM", "NUMINGROUP", "DAYOFMONTH"), "1"),
    **dict.fromkeys(("FLOAT", "QTY", "PRICE", "PRICEOFFSET", "AMT", "PERCENTAGE"), "1.5"),
    **dict.fromkeys(("DATE", "UTCDATE", "UTCDATEONLY", "LOCALMKTDATE"), "{now:date}"),
    **dict.fromkeys(("UTCTIMESTAMP", "TIME", "TZTIMESTAMP"), "{now}"),
    **dict.fromkeys(("UTCTIMEONLY", "LOCALMKTTIME", "TZTIMEONLY"), "{now:time}"),
    "BOOLEAN": "Y",
    "CURRENCY": "EUR",
    "COUNTRY": "DE",
    "LANGUAGE": "de",
    "MONTHYEAR": "202311",
    "TENOR": "D5",
}


def sample(member: FormField) -> str:
    return next(iter(member.choices), None) or SAMPLES.get(member.type, "x")


def filled(members: Iterable[FormMember], all_of_it: bool, depth: int = 0) -> tuple[DraftItem, ...]:
    """Items for what is required, or for everything, groups with one entry."""
    items: list[DraftItem] = []
    for at, member in enumerate(members):
        begins_entry = bool(depth) and at == 0
        if not (all_of_it or member.required or begins_entry):
            continue
        if isinstance(member, FormField):
            items.append(DraftField(member.tag, sample(member)))
        elif depth < 8 and member.members:
            items.append(DraftGroup(member.tag, (filled(member.members, all_of_it, depth + 1),)))
    return tuple(items)


def tags_of(members: Iterable[FormMember], depth: int = 0) -> Iterator[int]:
    assert depth < 10
    for member in members:
        yield member.tag
        if isinstance(member, FormGroup):
            yield from tags_of(member.members, depth + 1)


def whole(name: str) -> Definitions:
    found = standard(name)
    return combine_fixt(standard("FIXT11"), found) if name.startswith("FIX50") else found


def findings_of(draft: Draft, definitions: Definitions) -> list[str]:
    """What the decoder says of the message that is sent."""
    raw = encoded(b"FIX.4.4", draft.to_flat(definitions, MOMENT), HEADER)
    found = decode(FixMessage.parse(raw, data_tags=definitions.data_tags), definitions).findings
    return [each.text for each in found if each.severity == "error"]


@pytest.mark.parametrize("name", STANDARD_NAMES)
def test_every_message_of_the_standard_dictionaries(name):
    definitions = whole(name)
    lengths = set(definitions.data_tags)
    for msg_type, called in definitions.message_names.items():
        form = form_of(definitions, msg_type)
        assert form.name == called
        is_required = [member.required for member in form.members]
        assert is_required == sorted(is_required, reverse=True)
        assert set(tags_of(form.members)) - lengths == all_tags(definitions.message(msg_type).level) - lengths
        assert not any(member.required for member in (*form.header, *form.trailer))
        least = Draft(msg_type, body=filled(form.members, all_of_it=False))
        assert problems_of(least, definitions) == []
        assert findings_of(least, definitions) == []


@pytest.mark.parametrize(
    ("name", "of_them"),
    [*((name, None) for name in ("FIX40", "FIX42", "FIX44")), ("FIX50SP2", ["D", "8", "W", "AE", "A"])],
)
def test_a_message_with_every_field_that_it_may_have(name, of_them):
    definitions = whole(name)
    for msg_type in of_them or definitions.message_names:  # those of FIX50SP2 have up to 5,000 fields
        everything = Draft(msg_type, body=filled(form_of(definitions, msg_type).members, all_of_it=True))
        assert [each for each in problems_of(everything, definitions) if each.severity == "error"] == []
        again = Draft.of_text(everything.to_text(), definitions)
        assert again.to_flat(definitions, MOMENT) == everything.to_flat(definitions, MOMENT)


def dialects(shared: Path) -> list[Definitions]:
    found = []
    for path in sorted((shared / "dialects").glob("*.xml")):
        try:
            found.append(load_dictionary(path))
        except DictionaryError:
            continue
    return found


def test_every_message_of_real_dialects(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forms = 0
    for definitions in dialects(shared):
        for msg_type in definitions.message_names:
            form = form_of(definitions, msg_type)
            forms += 1
            list(tags_of(form.members))
            for all_of_it in (False, True):
                draft = Draft(msg_type, body=filled(form.members, all_of_it))
                again = Draft.of_text(draft.to_text(), definitions)
                assert again.to_flat(definitions, MOMENT) == draft.to_flat(definitions, MOMENT)
            least = Draft(msg_type, body=filled(form.members, all_of_it=False))
            assert [each for each in problems_of(least, definitions) if "missing" in each.text] == []
    assert forms > 600


def test_the_form_of_an_order():
    form = form_of(standard("FIX44"), "D")
    assert [member.name for member in form.members if member.required] == ["ClOrdID", "Side", "TransactTime", "OrdType"]
    by_tag = {member.tag: member for member in form.members}
    assert by_tag[54].choices["1"] == "BUY"
    assert by_tag[38].type == "QTY"
    assert (by_tag[55].part, by_tag[11].part) == ("Instrument", "")
    assert 354 not in by_tag
    assert 355 in by_tag
    parties = by_tag[453]
    assert isinstance(parties, FormGroup)
    assert parties.part == "Parties"
    assert [member.name for member in parties.members] == ["PartyID", "PartyIDSource", "PartyRole", "NoPartySubIDs"]
    assert {8, 9, 34, 49, 52, 56} <= {member.tag for member in form.header}
    assert 35 not in {member.tag for member in form.header}
    assert 10 in {member.tag for member in form.trailer}


def test_an_entry_begins_with_its_first_field_even_where_others_are_required():
    definitions = standard("FIX42")
    groups = [
        member
        for msg_type in definitions.message_names
        for member in form_of(definitions, msg_type).members
        if isinstance(member, FormGroup)
    ]
    assert any(not member.members[0].required and any(each.required for each in member.members) for member in groups)
    assert all(member.members[0].tag == member.member.level.first_tag for member in groups)


def test_an_entry_that_begins_with_a_length_begins_with_its_data():
    definitions = whole("FIX50SP2")
    formulas = form_of(definitions, "d")
    group = next(member for member in groups_in(formulas.members) if member.tag == 42683)
    assert group.member.level.first_tag == 43109
    assert group.members[0].tag == 42684
    draft = Draft("d", body=(DraftGroup(group.tag, ((DraftField(42684, "a=b"),),)),))
    assert draft.to_flat(definitions, MOMENT).body == [(42683, b"1"), (43109, b"3"), (42684, b"a=b")]


def groups_in(members: Iterable[FormMember]) -> Iterator[FormGroup]:
    for member in members:
        if isinstance(member, FormGroup):
            yield member
            yield from groups_in(member.members)


def test_a_message_type_that_is_not_defined_is_told():
    with pytest.raises(ComposeError, match=r"^MsgType 'U\\x1bZ' is not defined in FIX44$"):
        form_of(standard("FIX44"), "U\x1bZ")


def test_a_choice_of_a_form_is_right_and_another_one_is_told():
    definitions = standard("FIX44")
    side = definitions.field(54)
    assert field_problem(side, "1") == ""
    assert field_problem(side, "Z") == "Side (54): 'Z' is not one of its 16 values"
