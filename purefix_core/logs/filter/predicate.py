"""Whether one message passes: the plain meaning of every node, with the index's row and the message at hand."""

from __future__ import annotations

from purefix_core.logs.filter.nodes import (
    All,
    Either,
    FieldTest,
    FlagTest,
    HeaderTest,
    Message,
    Negated,
    Node,
    Row,
    SeqTest,
    TextSearch,
    TimeTest,
)
from purefix_core.logs.filter.values import number_of
from purefix_core.logs.index import MAX_INTERNED_LENGTH
from purefix_core.wire import tags
from purefix_core.wire.message import as_text

_NOT_INTERNED = "?"
_PART_OF_SESSION = {tags.BEGIN_STRING: 0, tags.SENDER_COMP_ID: 1, tags.TARGET_COMP_ID: 2}


def holds(node: Node, row: Row, message: Message) -> bool:
    """Whether the node is true of a message; never raises for what the message holds."""
    match node:
        case All(terms):
            return all(holds(term, row, message) for term in terms)
        case Either(terms):
            return any(holds(term, row, message) for term in terms)
        case Negated(term):
            return not holds(term, row, message)
        case HeaderTest(header_tags):
            return passes(node, [_header_text(row, message, tag) for tag in header_tags])
        case SeqTest():
            return _seq_num_passes(node, row, message)
        case TimeTest():
            return node.holds(row.sending_time)
        case FlagTest(mask):
            return bool(row.flags & mask)
        case FieldTest(field_tags, test, wanted):
            there = False
            for tag in field_tags:
                for value in message.get_all(tag):
                    there = True
                    if test(as_text(value)):
                        return wanted
            return there and not wanted
        case TextSearch(texts):
            raw = message.raw.lower()
            separator = message.separator.text.lower()
            return any(text in raw or text.replace(b"|", separator) in raw for text in texts)


def passes(node: HeaderTest, texts: list[str]) -> bool:
    """What a header test says of the texts of its tags."""
    present = [text for text in texts if text]
    return bool(present) and any(map(node.test, present)) == node.wanted


def is_whole(text: str) -> bool:
    """Whether a MsgType or CompID of the index is the message's own: neither cut nor left out for want of room."""
    return text != _NOT_INTERNED and len(text.encode()) < MAX_INTERNED_LENGTH


def _header_text(row: Row, message: Message, tag: int) -> str:
    text = row.msg_type if tag == tags.MSG_TYPE else row.session[_PART_OF_SESSION[tag]]
    if is_whole(text):
        return text
    found = message.get_all(tag)
    return as_text(found[0]) if found else ""


def _seq_num_passes(node: SeqTest, row: Row, message: Message) -> bool:
    if row.msg_seq_num is not None:
        return node.holds(row.msg_seq_num)
    found = message.get_all(tags.MSG_SEQ_NUM)
    number = number_of(as_text(found[0])) if found else None
    return number is not None and node.holds(number)
