"""Reads a draft's fields from the bytes of a message, or from text that a person wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from purefix_core.dictionary.datatypes import DATA_TYPES
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import all_tags
from purefix_core.dictionary.nodes import ComponentNode, FieldNode, GroupNode, Node
from purefix_core.session.compose.expressions import MAX_TEXT, ComposeError, literal, literal_text, shown_bytes
from purefix_core.session.compose.items import NEVER_SHOWN, DraftField, DraftGroup, DraftItem
from purefix_core.session.outgoing import ADDED
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text, printable, tokenise
from purefix_core.wire.separators import PIPE, SEPARATORS, SOH, Separator, separator_for

Pair = tuple[int, str]
"""A tag and the text of its value, which may have expressions."""

_POSS_RESEND = 97
ADDED_BY_SESSION = ADDED | {tags.BEGIN_STRING, tags.BODY_LENGTH, tags.CHECK_SUM, _POSS_RESEND}
"""What belongs to one sending of a message, and not to the message: BeginString, BodyLength, CheckSum, MsgSeqNum,
times, CompIDs, and that it was sent before. It is in header or trailer, whatever a dictionary says."""
_BEGINNING = re.compile(rb"8=[^=\x01]{1,20}?(%b)9=" % b"|".join(re.escape(each.text) for each in SEPARATORS), re.DOTALL)
_MSG_TYPE = re.compile(r"[!-:<>-\[\]-z~]{1,32}")  # printable ASCII without blank ; = \ { | }
_FIELD = r"[ \t]*[0-9]{1,9}="
_SEPARATED = re.compile(rf"(\x01|\^A|\||;)(?={_FIELD})")
_LAST = re.compile(r"(\x01|\^A|\||;)\s*\Z")
_BLANKS = " \t\r\n"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BEGINS_FIELD = re.compile(_FIELD)
_ESCAPED_PIPE = re.compile(r"\{\{|\}\}|\{byte:7[Cc]\}")
_LONGEST_TAG = 40
"""Characters that tell whether a field begins there; blanks may stand before it."""
_SHOWN = 30


def pairs_of_message(raw: bytes, definitions: Definitions) -> list[Pair]:
    """The fields of a message as it stood on the wire or in a log, whatever separates them.

    What is no `tag=value` is the rest of the value before it, which holds the separator. Raises ComposeError for what
    is no message.
    """
    if len(raw) > MAX_TEXT:
        raise ComposeError(f"more than {MAX_TEXT:,} bytes are too many for a message")
    begin = _BEGINNING.match(raw)
    separator = SOH if begin is None else separator_for(begin[1])
    values: list[tuple[int, list[bytes]]] = []
    for tag, start, end in tokenise(raw, separator, definitions.data_tags):
        value = raw[start:end]
        if tag != MALFORMED:
            values.append((tag, [value]))
        elif value and not values:
            raise ComposeError(f"'{_shown(as_text(value))}' is no field: tag=value is expected")
        elif value:
            values[-1][1].append(value)
    return [(tag, literal(separator.text.join(pieces))) for tag, pieces in values]


def pairs_of_text(text: str, definitions: Definitions) -> list[Pair]:
    """The fields in what a person wrote or pasted; what stands before `8=FIX` of a log line is left out. Raises
    ComposeError for what is no `tag=value`."""
    if len(text) > MAX_TEXT:
        raise ComposeError(f"more than {MAX_TEXT:,} characters are too many for a message")
    text = _without_prefix(text).strip(_BLANKS)
    found = _SEPARATED.search(text) or _LAST.search(text)
    separator = SOH if found is None else separator_for(found[1].encode())
    try:
        raw = _on_one_line(text, separator.text.decode()).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ComposeError(f"character {error.start + 1} of the text is none that UTF-8 has") from None
    # Only in a pasted message does a length say how much of the text is data.
    data_tags = definitions.data_tags if raw.startswith(b"8=") else {}
    pairs: list[Pair] = []
    for tag, start, end in tokenise(raw, separator, data_tags):
        value = raw[start:end].decode("utf-8", "surrogateescape")
        if tag != MALFORMED:
            pairs.append((tag, shown_bytes(_ESCAPED_PIPE.sub(_unescaped, value))))
        elif value.strip(_BLANKS):
            raise ComposeError(_no_field(value, separator, pairs))
    return pairs


def escaped(text: str) -> str:
    """A value for a text whose fields `|` separates."""
    return text.replace("|", "{byte:7C}")


def _unescaped(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) == 2 else "|"


def _without_prefix(text: str) -> str:
    start = text.find("8=FIX")
    return text[start:] if start > 0 and _BEGINS_FIELD.match(text.lstrip(_BLANKS)) is None else text


def _on_one_line(text: str, separator: str) -> str:
    """A line's end is nothing, since long lines are wrapped, unless both what stands before and behind it are fields
    that nothing else separates. Blanks before a tag are nothing either."""
    lines: list[str] = []
    begun = ""  # how the field that goes on at a line's end began
    for line in _LINE_END.split(text):
        if _BEGINS_FIELD.match(line) and _BEGINS_FIELD.match(begun):
            line = separator + line
        _, found, behind = line.rpartition(separator)
        begun = behind if found else (begun + line)[:_LONGEST_TAG]
        lines.append(line)
    return separator.join(_without_blanks("".join(lines).split(separator)))


def _without_blanks(pieces: list[str]) -> Iterator[str]:
    """The fields without the blanks in front of a tag; where there are such, also without those at the end of the field
    before: ` | ` is a separator, but a value may end with a blank."""
    is_set_off = False
    for piece, behind in pairwise((*pieces, "")):
        if behind:
            is_set_off = behind[0] in " \t" and _BEGINS_FIELD.match(behind) is not None
        piece = piece.lstrip(" \t") if _BEGINS_FIELD.match(piece) else piece
        yield piece.rstrip(" \t") if is_set_off else piece


def _no_field(piece: str, separator: Separator, before: Sequence[Pair]) -> str:
    if before and before[-1][0] in NEVER_SHOWN:
        return f"what stands behind {before[-1][0]}= holds the separator: write {{byte:7C}} for a | in a value"
    hint = ", or {byte:7C} for a | in a value" if separator == PIPE else ""
    return f"'{_shown(piece.strip(_BLANKS))}' is no field: write tag=value{hint}"


def _shown(text: str) -> str:
    return printable(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def msg_type_among(pairs: Sequence[Pair]) -> str:
    """The MsgType among the fields. Raises ComposeError where there is none or more than one, or what none can be."""
    found = [text for tag, text in pairs if tag == tags.MSG_TYPE]
    if len(found) != 1:
        raise ComposeError("MsgType(35) stands twice" if found else "MsgType(35) is missing: write 35=... somewhere")
    return check_msg_type(found[0])


def check_msg_type(text: str) -> str:
    """Raises ComposeError for what no MsgType can be."""
    if _MSG_TYPE.fullmatch(text) is None:
        raise ComposeError(f"MsgType(35): expected some letters and digits, found '{_shown(text)}'")
    return text


@dataclass(frozen=True, slots=True)
class Sections:
    """The fields of a message by the part of it they belong to, groups put together."""

    header: tuple[DraftItem, ...]
    body: tuple[DraftItem, ...]
    trailer: tuple[DraftItem, ...]


def sections(pairs: Iterable[Pair], definitions: Definitions, msg_type: str) -> Sections:
    """Each field in its part: a tag of header or trailer belongs there wherever it stands, unless the message has it
    in its body and the body has begun. A group is what its counter and the dictionary say."""
    header: list[Pair] = []
    body: list[Pair] = []
    trailer: list[Pair] = []
    header_tags, trailer_tags, body_tags = _tags_by_part(definitions, msg_type)
    for tag, text in pairs:
        if tag == tags.MSG_TYPE:
            continue
        if tag in header_tags and not (body and tag in body_tags):
            header.append((tag, text))
        elif tag in trailer_tags and tag not in body_tags:
            trailer.append((tag, text))
        else:
            body.append((tag, text))
    return Sections(*(_items(part, definitions, msg_type) for part in (header, body, trailer)))


@lru_cache(maxsize=256)
def _tags_by_part(definitions: Definitions, msg_type: str) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    message = definitions.message(msg_type)
    body = frozenset[int]() if message is None else all_tags(message.level) - ADDED_BY_SESSION
    header = (definitions.header_tags | ADDED_BY_SESSION) - {tags.CHECK_SUM}
    return header, definitions.trailer_tags | {tags.CHECK_SUM}, body


def _items(pairs: list[Pair], definitions: Definitions, msg_type: str) -> tuple[DraftItem, ...]:
    """The fields of one part as the decoder puts them together."""
    if not pairs:
        return ()
    written = [f"{tag}={text}\x01" for tag, text in [(tags.MSG_TYPE, msg_type), *_without_lengths(pairs, definitions)]]
    message = FixMessage.parse("".join(written).encode(), data_tags={})
    decoded = decode(message, definitions)
    return _in_order((*decoded.header, *decoded.body, *decoded.trailer))[1:]


def _in_order(nodes: Iterable[Node]) -> tuple[DraftItem, ...]:
    """The fields and groups of one level in the order in which they stood in the message."""
    return tuple(_item(node) for node in sorted(_flattened(nodes), key=_place))


def _flattened(nodes: Iterable[Node]) -> Iterable[FieldNode | GroupNode]:
    for node in nodes:
        if isinstance(node, ComponentNode):
            yield from _flattened(node.children)
        else:
            yield node


def _place(node: FieldNode | GroupNode) -> int:
    return node.field.start if isinstance(node, GroupNode) else node.start


def _item(node: FieldNode | GroupNode) -> DraftItem:
    if isinstance(node, FieldNode):
        return DraftField(node.tag, node.raw.decode())
    count = node.field.raw.decode()
    entries = tuple(_in_order(entry.children) for entry in node.entries)
    return DraftGroup(node.field.tag, entries, None if count == str(len(entries)) else count)


def _without_lengths(pairs: list[Pair], definitions: Definitions) -> Iterable[Pair]:
    """The fields without the lengths of data that will be counted; a length that is wrong stays, as it was meant."""
    for at, (tag, text) in enumerate(pairs):
        next_tag, data = pairs[at + 1] if at + 1 < len(pairs) else (0, "")
        is_length = next_tag and data_tag_of(tag, definitions) == next_tag
        if not (is_length and text == str(byte_length(data))):
            yield tag, text


def length_tag_of(tag: int, definitions: Definitions) -> int:
    """The tag of the length in front of this field, which is counted when a draft is sent; 0 where it is no data."""
    field = definitions.field(tag)
    is_data = field is not None and field.type in DATA_TYPES
    return definitions.length_tags.get(tag, 0) if is_data else 0


def data_tag_of(tag: int, definitions: Definitions) -> int:
    """The tag of the data whose length this field is, which is counted when a draft is sent; 0 where there is none."""
    data_tag = definitions.data_tags.get(tag, 0)
    return data_tag if data_tag and length_tag_of(data_tag, definitions) == tag else 0


def byte_length(text: str, names: Collection[str] = ()) -> int | None:
    """The bytes that a value will have; None where that is not known yet. `names` as for `literal_text`."""
    try:
        value = literal_text(text, names)
        return None if value is None else len(value.encode("utf-8", "surrogateescape"))
    except ValueError:  # told where the value itself is looked at
        return None
