"""What holds for every draft: text, JSON and messages give it again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from compose_drafts import messages
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import combine_fixt
from purefix_core.dictionary.standard import STANDARD_NAMES, standard
from purefix_core.session.compose.checking import problems_of
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import ComposeError, Filler, Moment, literal
from purefix_core.session.outgoing import encoded_as_given
from purefix_core.wire.message import FixMessage
from purefix_core.wire.secrets import is_secret

MOMENT = Moment(1_700_000_000_123_456_789, 7, count=2, values={"name": "N|=\x01"}, seed=b"seed")
NAMES = frozenset(MOMENT.values)


def whole(name: str) -> Definitions:
    """A standard dictionary with the header of its transport."""
    found = standard(name)
    return combine_fixt(standard("FIXT11"), found) if name.startswith("FIX50") else found


drafts = st.sampled_from(STANDARD_NAMES).flatmap(
    lambda name: messages(whole(name)).map(lambda draft: (whole(name), draft))
)


@given(drafts)
def test_text_gives_the_draft_again(made):
    definitions, draft = made
    text = draft.to_text()
    assert "\n" not in text
    assert "\x01" not in text
    assert Draft.of_text(text, definitions) == draft


@given(drafts)
def test_json_gives_the_draft_again(made):
    _, draft = made
    assert Draft.of_json(draft.to_json()) == draft


@given(drafts)
def test_what_is_sent_gives_the_message_again(made):
    definitions, draft = made
    sent = draft.as_new().to_flat(definitions, MOMENT)
    assert sent == draft.as_new().to_flat(definitions, MOMENT, as_written=True)
    assume(all(b"\x01" not in value for _, value in (*sent.header, *sent.body)))
    raw = encoded_as_given(b"FIX.4.4", sent, {34: b"7", 49: b"US", 56: b"THEM"})
    again = Draft.of_message(raw, definitions)
    assert again == filled(draft.as_new())
    assert again.to_flat(definitions, MOMENT) == sent


def filled(draft: Draft) -> Draft:
    """The draft with its expressions filled in, its header in the order of the wire."""
    filler = Filler(MOMENT)
    body = filled_items(draft.body, filler)
    return Draft(draft.msg_type, filled_items(draft.header, filler), body, filled_items(draft.trailer, filler))


def filled_items(items: Sequence[DraftItem], filler: Filler) -> tuple[DraftItem, ...]:
    return tuple(
        DraftField(item.tag, literal(filler.fill(item.text).encode("utf-8", "surrogateescape")))
        if isinstance(item, DraftField)
        else DraftGroup(item.tag, tuple(filled_items(entry, filler) for entry in item.entries), item.count)
        for item in items
    )


@given(drafts, st.randoms())
def test_the_order_of_a_draft_makes_no_difference_to_what_is_sent(made, random):
    definitions, draft = made
    shuffled = Draft(draft.msg_type, draft.header, tuple(random.sample(draft.body, len(draft.body))), draft.trailer)
    message = Moment(MOMENT.now, 7, values=MOMENT.values | {"uuid": ""}, seed=b"seed")
    if "{uuid}" not in draft.to_text():
        assert shuffled.to_flat(definitions, message) == draft.to_flat(definitions, message)


@given(drafts)
def test_a_message_of_the_dictionary_has_no_foreign_fields(made):
    definitions, draft = made
    told = [each.text for each in problems_of(draft, definitions, NAMES)]
    assert [text for text in told if "not defined" in text or "out of place" in text or "twice" in text] == []


@given(drafts)
def test_what_is_missing_is_what_the_decoder_misses(made):
    definitions, draft = made
    sent = draft.as_new().to_flat(definitions, MOMENT)
    assume(all(b"\x01" not in value for _, value in (*sent.header, *sent.body)))
    raw = encoded_as_given(b"FIX.4.4", sent, {34: b"7", 49: b"US", 52: b"20231114-22:13:20", 56: b"THEM"})
    message = FixMessage.parse(raw, data_tags=definitions.data_tags)
    missed = {each.tag for each in decode(message, definitions).findings if each.code == "required"}
    told = {each.tag for each in problems_of(draft, definitions, NAMES) if "missing" in each.text}
    lengths = {length for length, data in definitions.data_tags.items() if data in missed | told}
    assert told - lengths == missed - lengths


@given(st.text(alphabet="0123456789=|;^A \n\x01{}nowseq35=", max_size=80))
def test_no_text_fails_otherwise_than_with_one_line(text):
    definitions = standard("FIX44")
    said = ""
    try:
        draft = Draft.of_text(text, definitions)
        assert Draft.of_text(draft.to_text(), definitions) == draft
        problems_of(draft, definitions)
        draft.to_flat(definitions, MOMENT)
    except ComposeError as error:
        said = str(error)
    assert said.isprintable()


@given(st.binary(max_size=120), st.sampled_from([b"", b"8=FIX.4.4\x019=5\x0135=D\x01", b"8=FIX.4.4|9=5|35=AE|"]))
def test_no_bytes_fail_otherwise_than_with_one_line(raw, begin):
    definitions = standard("FIX44")
    said = ""
    try:
        draft = Draft.of_message(begin + raw, definitions)
        assert Draft.of_text(draft.to_text(), definitions) == draft
        problems_of(draft, definitions)
    except ComposeError as error:
        said = str(error)
    assert said.isprintable()


@settings(max_examples=30)
@given(st.text(min_size=4, max_size=20).filter(lambda text: "'" not in text and "\\" not in text))
@pytest.mark.parametrize("tag", [554, 925, 1402, 1404, 96])
def test_no_secret_is_told(tag, secret):
    secret = f"s3cret-{secret}"
    definitions = standard("FIX50SP2")
    assert is_secret(tag, "BE")
    said = []
    for text in (f"35=BE|{tag}={secret}|", f"35=BE|{tag}=a|{secret}", f"35=BE|{tag}={{{secret}}}|"):
        try:
            draft = Draft.of_text(text, definitions)
            said += [repr(draft), *(each.text for each in problems_of(draft, definitions))]
            draft.to_flat(definitions, MOMENT)
        except ComposeError as error:
            said.append(str(error))
    assert [text for text in said if "s3cret" in text] == []
