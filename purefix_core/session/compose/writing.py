"""Writes a draft: as text for people, and as the fields of a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import GroupMember, Level
from purefix_core.dictionary.validate import label
from purefix_core.session.compose.expressions import ComposeError, Filler
from purefix_core.session.compose.items import MOST_TAG, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.reading import escaped, length_tag_of
from purefix_core.wire.secrets import is_secret


def text_of(items: Iterable[DraftItem]) -> Iterator[str]:
    """Each field as `tag=value`; `|` in a value as an expression."""
    for item in items:
        if isinstance(item, DraftField):
            yield f"{item.tag}={escaped(item.text)}"
        else:
            yield f"{item.tag}={escaped(count_text(item))}"
            for entry in item.entries:
                yield from text_of(entry)


def count_text(group: DraftGroup) -> str:
    """What the counter of a group will say."""
    return str(len(group.entries)) if group.count is None else group.count


class FieldWriter:
    """Writes the parts of one message, its expressions filled in, its lengths and groups counted."""

    def __init__(self, definitions: Definitions, msg_type: str, filler: Filler) -> None:
        self._definitions = definitions
        self._msg_type = msg_type
        self._filler = filler

    def fields(self, items: Sequence[DraftItem], level: Level | None) -> list[tuple[int, bytes]]:
        """The fields of a part: in the order of `level`, that of the dictionary, or as they stand where it is None.
        Raises ComposeError."""
        written: list[tuple[int, bytes]] = []
        self._write(items, level, written)
        return written

    def _write(self, items: Sequence[DraftItem], level: Level | None, written: list[tuple[int, bytes]]) -> None:
        own = {item.tag for item in items}
        for item in items if level is None else arranged(items, level, self._definitions):
            if isinstance(item, DraftGroup):
                written.append((item.tag, self._value(item.tag, count_text(item))))
                slot = None if level is None else level.slots.get(item.tag)
                inner = slot.member.level if slot is not None and isinstance(slot.member, GroupMember) else None
                for entry in item.entries:
                    self._write(entry, inner, written)
                continue
            value = self._value(item.tag, item.text)
            length_tag = length_tag_of(item.tag, self._definitions)
            if length_tag and length_tag not in own:
                written.append((length_tag, b"%d" % len(value)))
            written.append((item.tag, value))

    def _value(self, tag: int, text: str) -> bytes:
        if not 0 < tag <= MOST_TAG:
            raise ComposeError(f"{tag} is no tag: expected 1 to {MOST_TAG}")
        try:
            return self._filler.fill(text).encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise ComposeError(f"{self._label(tag)}: the value holds a character that UTF-8 does not have") from None
        except ComposeError as error:
            told = "an expression is wrong" if is_secret(tag, self._msg_type) else str(error)
            raise ComposeError(f"{self._label(tag)}: {told}") from None

    def _label(self, tag: int) -> str:
        field = self._definitions.field(tag)
        return label(tag, "" if field is None else field.name)


def arranged(items: Sequence[DraftItem], level: Level, definitions: Definitions) -> Sequence[DraftItem]:
    """The items of one level in the order of the dictionary.

    What it does not have at this level stays behind what it stands behind, and data behind its length. Where a tag
    stands twice all stays as it is: it may be a group that the dictionary does not know.
    """
    if len({item.tag for item in items}) < len(items):
        return items
    runs: list[tuple[int, list[DraftItem]]] = []
    for item in items:
        slot = level.slots.get(item.tag)
        is_data = bool(runs) and definitions.data_tags.get(runs[-1][1][-1].tag) == item.tag
        if slot is not None and not is_data:
            runs.append((slot.rank, [item]))
        elif runs:
            runs[-1][1].append(item)
        else:
            runs.append((-1, [item]))
    runs.sort(key=_rank)
    return [item for _, run in runs for item in run]


def _rank(run: tuple[int, list[DraftItem]]) -> int:
    return run[0]
