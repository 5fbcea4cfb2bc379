"""Names in a filter: fields, enum meanings and messages, looked up in the dictionaries of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from purefix_core.dictionary.definitions import Definitions, FieldDef, plain_meaning
from purefix_core.logs.filter.language import FilterError, Word
from purefix_core.wire import tags
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

MAX_TAG = 999_999_999

INDEXED_NAMES: Mapping[str, int] = MappingProxyType(
    {
        "beginstring": tags.BEGIN_STRING,
        "msgseqnum": tags.MSG_SEQ_NUM,
        "msgtype": tags.MSG_TYPE,
        "sendercompid": tags.SENDER_COMP_ID,
        "sendingtime": tags.SENDING_TIME,
        "targetcompid": tags.TARGET_COMP_ID,
    }
)
"""The fields that an index holds; their names need no dictionary."""

_NUMERIC = frozenset("INT LENGTH SEQNUM NUMINGROUP TAGNUM FLOAT QTY QUANTITY PRICE PRICEOFFSET AMT PERCENTAGE".split())
_TIMESTAMP = frozenset(("UTCTIMESTAMP", "TIME"))
_LIKENESS = 0.75
_MIN_CORRECTED = 3
"""Words of fewer letters are not taken for misspelt meanings: they are too likely to be values."""


class Names:
    """What the names in a filter mean, by all dictionaries of a log together."""

    def __init__(self, definitions: Sequence[Definitions] = ()) -> None:
        self.definitions = tuple(definitions)

    def tags_of(self, name: Word) -> tuple[int, ...]:
        """The tags of a field: the number itself, or what any dictionary gives that name. Raises FilterError."""
        text = name.text
        if text.isascii() and text.isdigit():
            if len(text) > len(str(MAX_TAG)) or int(text) == 0:
                raise FilterError(f"{text} is no tag: tags go from 1 to {MAX_TAG:,}", name.column)
            return (int(text),)
        found = {field.tag for definitions in self.definitions if (field := definitions.field_named(text))}
        indexed = INDEXED_NAMES.get(text.lower())
        if indexed is not None:
            found.add(indexed)
        if not found:
            raise FilterError(self._unknown(text), name.column)
        return tuple(sorted(found))

    def values_of(self, field_tags: Sequence[int], operand: Word) -> set[str]:
        """The raw values that an operand means: itself, and every value that the dictionaries call so.

        Case, blanks, `_` and `-` do not count in a meaning. In a dictionary where the operand is a raw value it
        means that value alone. Raises FilterError for a bare word that is neither but looks much like a meaning.
        """
        found: set[str] = set()
        meanings: set[str] = set()
        for field in self._fields(field_tags):
            if operand.text in field.values:
                found.add(operand.text)
            else:
                found.update(field.values_named(operand.text))
                meanings.update(field.values.values())
        if not found and not operand.quoted:
            near = _nearly(operand.text, meanings)
            if near:
                raise FilterError(
                    f"no value is called {operand.text!r}; {_did_you_mean(near)} Quote it to look for it as it stands.",
                    operand.column,
                )
        return {operand.text} | found

    def is_value(self, field_tags: Sequence[int], text: str) -> bool:
        """Whether some dictionary has `text` among the values of one of the fields, raw or by its meaning."""
        return any(text in field.values or field.values_named(text) for field in self._fields(field_tags))

    def are_numeric(self, field_tags: Sequence[int]) -> bool:
        """Whether some dictionary says that one of the fields holds numbers."""
        return any(field.type in _NUMERIC for field in self._fields(field_tags))

    def are_timestamps(self, field_tags: Sequence[int]) -> bool:
        return any(field.type in _TIMESTAMP for field in self._fields(field_tags))

    @cached_property
    def data_tags(self) -> Mapping[int, int]:
        """LENGTH tags and the DATA tags that they announce, in any of the dictionaries."""
        pairs = dict(DATA_TAG_BY_LENGTH_TAG)
        for definitions in self.definitions:
            pairs.update(definitions.data_tags)
        return MappingProxyType(pairs)

    def _fields(self, field_tags: Sequence[int]) -> Iterator[FieldDef]:
        for definitions in self.definitions:
            for tag in field_tags:
                field = definitions.field(tag)
                if field is not None:
                    yield field
            if tags.MSG_TYPE in field_tags:  # its values are also called what the messages are
                yield FieldDef(tags.MSG_TYPE, "MsgType", "STRING", definitions.message_names)

    @cached_property
    def _field_names(self) -> dict[str, str]:
        """Every field's name by its lower case; slow over large dictionaries, and only mistakes need it."""
        names = {name: name for name in INDEXED_NAMES}
        for definitions in self.definitions:
            for tag in definitions.tags:
                field = definitions.field(tag)
                if field is not None:
                    names[field.name.lower()] = field.name
        return names

    def _unknown(self, text: str) -> str:
        names = self._field_names
        wanted = text.lower()
        near = sorted((name for name in names if name.startswith(wanted)), key=len)[:3]
        if not near:
            from difflib import get_close_matches  # only mistakes need it

            near = get_close_matches(wanted, names, n=3, cutoff=_LIKENESS)
        if near:
            return f"no field is called {text!r}; {_did_you_mean([names[name] for name in near])}"
        return f"no field is called {text!r}; quote it to search for the text"


def _did_you_mean(names: Sequence[str]) -> str:
    return f"did you mean {' or '.join(names)}?"


def _nearly(word: str, meanings: Iterable[str]) -> list[str]:
    """The meanings that `word` may be a slip for: those much like it, or its very letters in another order. A word
    of fewer letters than _MIN_CORRECTED is more likely a value that the dictionary lacks."""
    wanted = plain_meaning(word)
    if sum(map(str.isalpha, wanted)) < _MIN_CORRECTED:
        return []
    from difflib import get_close_matches  # only mistakes need it

    names = {plain_meaning(meaning): meaning for meaning in sorted(meanings)}
    swapped = [name for name in names if sorted(name) == sorted(wanted)]  # difflib finds `byu` little like `buy`
    near = dict.fromkeys((*swapped, *get_close_matches(wanted, names, n=3, cutoff=_LIKENESS)))
    return [names[name] for name in near][:3]
