"""A draft as plain values of JSON, as a template has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from purefix_core.dictionary.json_text import JsonValue
from purefix_core.registry.json_file import shown
from purefix_core.session.compose.expressions import MAX_TEXT, ComposeError
from purefix_core.session.compose.items import MOST_TAG, DraftField, DraftGroup, DraftItem

_MOST_DEEP = 16
"""Groups in groups; the dictionaries have five."""


def items_to_json(items: Sequence[DraftItem]) -> list[JsonValue]:
    return [_item_to_json(item) for item in items]


def _item_to_json(item: DraftItem) -> JsonValue:
    if isinstance(item, DraftField):
        return {"tag": item.tag, "text": item.text}
    found: dict[str, JsonValue] = {"tag": item.tag, "entries": [items_to_json(entry) for entry in item.entries]}
    if item.count is not None:
        found["count"] = item.count
    return found


def items_of_json(value: object, where: str, depth: int = 0) -> tuple[DraftItem, ...]:
    """Raises ComposeError that says where what is wrong."""
    if depth > _MOST_DEEP:
        raise ComposeError(f"{where}: groups are nested more than {_MOST_DEEP} deep")
    found = _list(value, where)
    return tuple(_item_of_json(each, f"{where}[{at}]", depth) for at, each in enumerate(found))


def _item_of_json(value: object, where: str, depth: int) -> DraftItem:
    if not isinstance(value, Mapping):
        raise ComposeError(f"{where}: expected an object with tag and text, or tag and entries")
    tag = value.get("tag")
    if type(tag) is not int or not 0 < tag <= MOST_TAG:
        raise ComposeError(f"{where}.tag: expected a tag number, found {shown(tag)}")
    if "entries" not in value:
        return DraftField(tag, text_of_json(value.get("text"), f"{where}.text"))
    count = value.get("count")
    if count is not None:
        count = text_of_json(count, f"{where}.count")
    entries = _list(value["entries"], f"{where}.entries")
    return DraftGroup(
        tag,
        tuple(items_of_json(each, f"{where}.entries[{at}]", depth + 1) for at, each in enumerate(entries)),
        count,
    )


def _list(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise ComposeError(f"{where}: expected a list")
    return value


def text_of_json(value: object, where: str) -> str:
    """Raises ComposeError. The value itself may be a secret, and is not shown."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ComposeError(f"{where}: expected text of at most {MAX_TEXT:,} characters")
    return value
