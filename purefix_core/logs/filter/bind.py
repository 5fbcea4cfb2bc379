"""Expressions to nodes: names become tags and raw values, operands become texts, numbers, times and patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from purefix_core.logs.filter import values
from purefix_core.logs.filter.flags import DIRECTIONS, flag
from purefix_core.logs.filter.language import (
    And,
    Comparison,
    Expression,
    FilterError,
    Flag,
    Not,
    Or,
    Presence,
    Range,
    Search,
    Word,
)
from purefix_core.logs.filter.moments import Moment, between, parse_moment
from purefix_core.logs.filter.names import Names
from purefix_core.logs.filter.nodes import (
    All,
    Either,
    FieldTest,
    FlagTest,
    HeaderTest,
    Negated,
    Node,
    SeqTest,
    TextSearch,
    TimeSpan,
    TimeTest,
)
from purefix_core.logs.index import INCOMING, OUTGOING
from purefix_core.wire import tags

_SPECIAL_NAMES = {
    "begin": (tags.BEGIN_STRING,),
    "type": (tags.MSG_TYPE,),
    "seq": (tags.MSG_SEQ_NUM,),
    "sender": (tags.SENDER_COMP_ID,),
    "target": (tags.TARGET_COMP_ID,),
    "session": (tags.SENDER_COMP_ID, tags.TARGET_COMP_ID),
    "time": (tags.SENDING_TIME,),
}
_DIRECTION = "dir"

_HEADER_TAGS = frozenset((tags.BEGIN_STRING, tags.MSG_TYPE, tags.SENDER_COMP_ID, tags.TARGET_COMP_ID))

_HIGHEST = 10**41
"""Above every number that a filter knows."""

_MAX_NEEDLES = 8
"""More values than that are looked for by their tag alone."""


def bind(expression: Expression, names: Names) -> Node:
    """The node that an expression means. Raises FilterError, with the column of the word that is wrong."""
    if isinstance(expression, And):
        return All(tuple(bind(term, names) for term in expression.terms))
    if isinstance(expression, Or):
        return Either(tuple(bind(term, names) for term in expression.terms))
    if isinstance(expression, Not):
        return Negated(bind(expression.term, names))
    if isinstance(expression, Search):
        return _search(expression.text)
    if isinstance(expression, Flag):
        return flag(expression.name)
    if expression.subject.text.lower() == _DIRECTION:
        return _direction(expression)
    subject = _subject(expression.subject, names)
    return _presence(subject) if isinstance(expression, Presence) else _comparison(expression, subject)


@dataclass(frozen=True)
class _Subject:
    """What a comparison is about: the fields with these tags, and how a dictionary would read their values."""

    tags: tuple[int, ...]
    names: Names

    @property
    def is_header(self) -> bool:
        """Whether a HeaderTest can tell; a dictionary may call anything MsgType, and then it cannot."""
        return _HEADER_TAGS.issuperset(self.tags) and (len(self.tags) == 1 or tags.MSG_TYPE not in self.tags)


def _subject(name: Word, names: Names) -> _Subject:
    return _Subject(_SPECIAL_NAMES.get(name.text.lower()) or names.tags_of(name), names)


def _presence(subject: _Subject) -> Node:
    there = _text_test(subject, values.always)
    if subject.tags == (tags.MSG_SEQ_NUM,):  # only where the index has no number is the message to be read
        return Either((SeqTest(((-_HIGHEST, _HIGHEST),)), there))
    return there


def _comparison(comparison: Comparison, subject: _Subject) -> Node:
    operator, operands = comparison.operator, comparison.operands
    if operator in ("~", "!~"):
        pattern = _word(operands[0])
        start = values.literal_start(pattern.text)
        return _text_test(subject, values.matches_regex(pattern), operator == "~", (start,))
    if subject.tags == (tags.SENDING_TIME,):
        return _times(operator, operands)
    if subject.tags == (tags.MSG_SEQ_NUM,):
        return _seq_nums(operator, operands)
    if operator in ("=", "!="):
        _refuse_list(comparison, subject)
        return _equality(subject, operands, wanted=operator == "=")
    operand = _word(operands[0])
    moment = parse_moment(operand.text) if subject.names.are_timestamps(subject.tags) else None
    if moment is not None:
        return _text_test(subject, values.is_at(TimeTest((moment.ordered(operator),))))
    if subject.names.are_numeric(subject.tags) and values.number_of(operand.text) is None:
        raise FilterError(f"{operand.text!r} is no number, as this field holds", operand.column)
    return _text_test(subject, values.is_ordered(operator, operand.text))


def _word(operand: Word | Range) -> Word:
    """The operand of an operator that takes no ranges; the parser has seen to that."""
    assert isinstance(operand, Word)
    return operand


def _text_test(
    subject: _Subject, test: Callable[[str], bool], wanted: bool = True, starts: Sequence[str] = ()
) -> HeaderTest | FieldTest:
    """A test on the text of the subject's fields. `starts`: with one of them begins every value that passes."""
    if subject.is_header:
        return HeaderTest(subject.tags, test, wanted)
    if not wanted or not starts or len(starts) > _MAX_NEEDLES or not all(start.isascii() for start in starts):
        starts = ("",)
    needles = tuple(f"{tag}={start}".encode() for tag in subject.tags for start in starts)
    return FieldTest(subject.tags, test, wanted, needles)


def _equality(subject: _Subject, operands: Sequence[Word | Range], wanted: bool) -> Node:
    """One of the operands: as text or an enum's meaning; bare numbers as numbers, and times, where the type fits."""
    numeric = subject.names.are_numeric(subject.tags)
    timestamps = subject.names.are_timestamps(subject.tags)
    texts: set[str] = set()
    numbers: set[Decimal] = set()
    spans: list[tuple[Decimal, Decimal]] = []
    times: list[TimeSpan] = []
    for operand in operands:
        if isinstance(operand, Range):
            span = None if timestamps else _number_range(operand)
            if span is None:
                times += _time_range(operand)
            else:
                spans.append(span)
            continue
        number = values.number_of(operand.text) if numeric and not operand.quoted else None
        moment = parse_moment(operand.text) if timestamps and not operand.quoted else None
        if moment is not None:
            times.append(moment.equal())
        else:
            texts |= subject.names.values_of(subject.tags, operand)
        if number is not None:
            numbers.add(number)
    one_of = values.is_one_of(texts, numbers, spans)
    if times:
        at = values.is_at(TimeTest(tuple(times)))
        return _text_test(subject, lambda value: one_of(value) or at(value), wanted)
    return _text_test(subject, one_of, wanted, () if numbers or spans else sorted(texts))


def _refuse_list(comparison: Comparison, subject: _Subject) -> None:
    """Raise FilterError for a bare value that is a list of values, which `in` takes."""
    operand = comparison.operands[0]
    if len(comparison.operands) > 1 or isinstance(operand, Range) or operand.quoted or "," not in operand.text:
        return
    pieces = [piece for piece in operand.text.split(",") if piece]
    is_value = partial(subject.names.is_value, subject.tags)
    if pieces and all(map(is_value, pieces)) and not is_value(operand.text):
        listed = ", ".join(pieces) if len(pieces) > 1 else f"{pieces[0]}, …"
        member = "in" if comparison.operator == "=" else "not in"
        hint = f"did you mean {comparison.subject.text} {member} ({listed})?"
        raise FilterError(
            f"no value is called {operand.text!r}; {hint} Quote it to look for it as it stands.", operand.column
        )


def _times(operator: str, operands: Sequence[Word | Range]) -> TimeTest:
    spans: list[TimeSpan] = []
    for operand in operands:
        if isinstance(operand, Range):
            spans += _time_range(operand)
        else:
            moment = _moment(operand)
            spans.append(moment.equal() if operator in ("=", "!=") else moment.ordered(operator))
    return TimeTest(tuple(spans), wanted=operator != "!=")


def _moment(word: Word) -> Moment:
    moment = parse_moment(word.text)
    if moment is None:
        raise FilterError(
            f"{word.text!r} is no time; write 09:30, 09:30:00.5, 2024-01-02 or 2024-01-02T09:30", word.column
        )
    return moment


def _number_range(operand: Range) -> tuple[Decimal, Decimal] | None:
    """None if the ends are not numbers but may be times."""
    for end in (operand.low, operand.high):
        if values.number_of(end.text) is None and parse_moment(end.text) is None:
            raise FilterError(
                f"{end.text!r} is neither a number nor a time, as the ends of a range are; quote text that holds '..'",
                end.column,
            )
    low, high = values.number_of(operand.low.text), values.number_of(operand.high.text)
    if low is None or high is None:
        return None
    if low > high:
        raise FilterError("this range ends before it begins", operand.low.column)
    return low, high


def _time_range(operand: Range) -> tuple[TimeSpan, ...]:
    spans = between(_moment(operand.low), _moment(operand.high))
    if spans is None:
        raise FilterError("a range of times has two dates or two times of day, the earlier first", operand.low.column)
    return spans


def _seq_nums(operator: str, operands: Sequence[Word | Range]) -> SeqTest:
    spans: list[tuple[int, int]] = []
    for operand in operands:
        if isinstance(operand, Range):
            low, high = _seq_num(operand.low), _seq_num(operand.high)
            if low > high:
                raise FilterError("this range ends before it begins", operand.low.column)
        else:
            number = _seq_num(operand)
            low = {"<": -_HIGHEST, "<=": -_HIGHEST, ">": number + 1}.get(operator, number)
            high = {">": _HIGHEST, ">=": _HIGHEST, "<": number - 1}.get(operator, number)
        spans.append((low, high))
    return SeqTest(tuple(spans), wanted=operator != "!=")


def _seq_num(word: Word) -> int:
    if not (word.text.isascii() and word.text.isdigit() and len(word.text) <= 18):
        raise FilterError(f"{word.text!r} is no sequence number", word.column)
    return int(word.text)


def _search(text: Word) -> TextSearch:
    if not text.text:
        raise FilterError("there is nothing to search for between these quotes", text.column)
    lower = text.text.encode("utf-8", "surrogateescape").lower()
    try:
        return TextSearch(tuple({lower: None, text.text.encode("latin-1").lower(): None}))
    except UnicodeEncodeError:
        return TextSearch((lower,))


def _direction(expression: Comparison | Presence) -> Node:
    """`dir`: which way a message went, where the log says so."""
    both = INCOMING | OUTGOING
    if isinstance(expression, Presence):
        return FlagTest(both)
    if expression.operator not in ("=", "!="):
        raise FilterError("write dir = in or dir = out", expression.subject.column)
    mask = 0
    for operand in expression.operands:
        word = operand.low if isinstance(operand, Range) else operand
        bit = None if isinstance(operand, Range) else DIRECTIONS.get(word.text.lower())
        if bit is None:
            raise FilterError("a direction is in or out", word.column)
        mask |= bit
    return FlagTest(mask if expression.operator == "=" else both & ~mask)
