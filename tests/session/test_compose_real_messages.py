"""Messages that real engines wrote come out of a draft as they went in."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.session.compose.checking import problems_of
from purefix_core.session.compose.draft import ADDED_BY_SESSION, Draft
from purefix_core.session.compose.expressions import Moment
from purefix_core.wire.message import MALFORMED, FixMessage

MOMENT = Moment(1_700_000_000_000_000_000, 7, seed=b"seed")


def kinds_of(path: Path) -> list[tuple[FixMessage, Definitions]]:
    """One message for each sequence of tags in a log."""
    log = LogFile.open(path, Dialects.standard())
    log.index()
    found: dict[tuple[int, ...], tuple[FixMessage, Definitions]] = {}
    for row in range(len(log.rows)):
        message = log.message(row)
        kind = tuple(field.tag for field in message.fields)
        if kind not in found:
            found[kind] = message, log.definitions_for(message, log.rows.entry(row).session)
    log.close()
    return list(found.values())


def assert_same_again(message: FixMessage, definitions: Definitions) -> None:
    """The draft of a message has each of its fields; written again, in text and back, it has the same body."""
    values = [(field.tag, message.value(field)) for field in message.fields]
    envelope = definitions.header_tags | definitions.trailer_tags | ADDED_BY_SESSION | {35}
    draft = Draft.of_message(message.raw, definitions)
    flat = draft.to_flat(definitions, MOMENT, as_written=True)
    assert flat.msg_type == message.text(35)
    wanted = [pair for pair in values if pair[0] not in envelope]
    assert [pair for pair in flat.body if pair[0] not in envelope] == wanted
    kept = sorted(pair for pair in values if pair[0] not in ADDED_BY_SESSION | {35})
    assert sorted((*flat.header, *flat.body, *flat.trailer)) == kept
    again = Draft.of_text(draft.to_text(), definitions)
    assert again.to_flat(definitions, MOMENT, as_written=True) == flat
    assert Draft.of_json(draft.to_json()) == draft
    arranged = draft.to_flat(definitions, MOMENT)
    assert sorted(arranged.body) == sorted(flat.body)
    problems_of(draft, definitions)


@pytest.mark.parametrize("name", ["trading-day.log", "pipe.log"])
def test_messages_of_the_examples(name, example_log):
    kinds = kinds_of(example_log.with_name(name))
    assert len(kinds) > 10
    for message, definitions in kinds:
        assert_same_again(message, definitions)
        draft = Draft.of_message(message.raw, definitions)
        assert [each for each in problems_of(draft, definitions) if each.severity == "error"] == []


def test_messages_of_real_logs(shared):
    kinds = [kind for path in logs_of(shared) for kind in kinds_of(path)]
    whole = [(message, definitions) for message, definitions in kinds if MALFORMED not in message.first]
    for message, definitions in whole:
        assert_same_again(message, definitions)
    assert len(whole) > 700
    (message, definitions) = next(kind for kind in kinds if MALFORMED in kind[0].first)
    draft = Draft.of_message(message.raw, definitions)
    assert draft.body[-1].text.endswith("#{byte:01}!! Message truncated !!10=069")
    texts = [each.text for each in problems_of(draft, definitions)]
    assert "Text (58): the value holds SOH (byte 1), which ends a field" in texts


def logs_of(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "logs").rglob("*") if path.is_file() and path.name != "README.md")
