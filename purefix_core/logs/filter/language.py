"""The language of filter expressions: text in, a tree of frozen dataclasses out. Knows no tag and no dictionary.

expression  = conjunction { ("or" | "||") conjunction }
conjunction = negation { ["and" | "&&"] negation }
negation    = { "not" | "!" } term
term        = "(" expression ")" | quoted | "flag" ":" name | name [ test ]
test        = operator value | ["not"] "in" "(" value { "," value } ")" | low ".." high
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_LENGTH = 10_000
"""Longer expressions are refused; in characters."""

MAX_DEPTH = 50
"""So many parentheses may be open at once."""


class FilterError(ValueError):
    """What is wrong with an expression, and where: `column` counts its characters from 0."""

    def __init__(self, text: str, column: int) -> None:
        super().__init__(text, column)
        self.text = text
        self.column = column

    def __str__(self) -> str:
        return f"{self.text} (column {self.column + 1})"


@dataclass(frozen=True, slots=True)
class Word:
    """A name or a value as it was written, without its quotes; `column` is where its first character stands."""

    text: str
    column: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both ends included."""

    low: Word
    high: Word


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is one of = != < <= > >= ~ !~. Only = and != have ranges, or more than one operand (`in`)."""

    subject: Word
    operator: str
    operands: tuple[Word | Range, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """A name alone: the field is there."""

    subject: Word


@dataclass(frozen=True, slots=True)
class Flag:
    """`flag:name`."""

    name: Word


@dataclass(frozen=True, slots=True)
class Search:
    """Quoted text alone."""

    text: Word


@dataclass(frozen=True, slots=True)
class And:
    """No term at all is true: the empty expression."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    term: Expression


Expression: TypeAlias = Comparison | Presence | Flag | Search | And | Or | Not

_BLANK = re.compile(r"\s*")
_NAME = re.compile(r"\w+")
_OPERATOR = re.compile(r"==|!=|!~|<=|>=|[=~<>]")
_NOT_IN = re.compile(r"not\s+in\b", re.IGNORECASE)
_IN = re.compile(r"in\b", re.IGNORECASE)
_AND = re.compile(r"and\b|&&", re.IGNORECASE)
_OR = re.compile(r"or\b|\|\|", re.IGNORECASE)
_NOT = re.compile(r"not\b|!", re.IGNORECASE)
_FLAG = re.compile(r"flag\s*:\s*", re.IGNORECASE)
_VALUE = re.compile(r"(?:(?!&&|\|\|)[^\s()])+")
_LIST_VALUE = re.compile(r"(?:(?!&&|\|\|)[^\s(),])+")
_NEXT_FIELD = re.compile(r"\|(?=[0-9]+=)")
_FIELDS_SAID = 4
_BARE_RANGE = re.compile(r"""[^\s()=<>~!"',&|]+\.\.[^\s()=<>~!"',&|]*""")


def parse(text: str) -> Expression:
    """The tree of an expression; blank text gives `And(())`. Raises FilterError, and nothing else."""
    if len(text) > MAX_LENGTH:
        raise FilterError(f"the expression has {len(text):,} characters; {MAX_LENGTH:,} are allowed", MAX_LENGTH)
    reader = _Reader(text)
    if reader.at_end():
        return And(())
    expression = reader.expression()
    if not reader.at_end():
        raise FilterError("there is no parenthesis open here", reader.position)
    return expression


def point_at(expression: str, column: int, width: int = 76) -> str:
    """Two lines: the expression, cut to `width` characters around `column`, and a caret under that column."""
    start = max(0, min(column - width // 2, len(expression) - width))
    shown = "".join(c if c.isprintable() else " " for c in expression[start : start + width])
    return f"{shown}\n{' ' * (column - start)}^"


class _Reader:
    """Recursive descent straight over the text: what a value may hold depends on where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def at_end(self) -> bool:
        """Pass over blanks; True if nothing follows."""
        blank = _BLANK.match(self.text, self.position)
        self.position = blank.end() if blank else self.position
        return self.position == len(self.text)

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Pass over what matches here, blanks before it too, and return it."""
        self.at_end()
        match = pattern.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match.group()

    def expression(self) -> Expression:
        terms = [self.conjunction()]
        while self.take(_OR):
            terms.append(self.conjunction())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def conjunction(self) -> Expression:
        terms = [self.negation()]
        while True:
            if self.take(_AND) is None and self.conjunction_ends():
                break
            terms.append(self.negation())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def conjunction_ends(self) -> bool:
        return self.at_end() or self.text[self.position] == ")" or _OR.match(self.text, self.position) is not None

    def negation(self) -> Expression:
        negated = False
        while self.take(_NOT):
            negated = not negated
        term = self.term()
        return Not(term) if negated else term

    def term(self) -> Expression:
        if self.at_end():
            raise FilterError("something is missing at the end", self.position)
        column = self.position
        character = self.text[column]
        if character == "(":
            return self.parenthesis()
        if character in "\"'":
            return Search(self.quoted())
        if self.take(_FLAG):
            flag_column = self.position
            return Flag(Word(self.take(_NAME) or "", flag_column))
        if _AND.match(self.text, column) or _OR.match(self.text, column) or _IN.match(self.text, column):
            raise FilterError("a name or a tag is missing before this", column)
        name = self.take(_NAME)
        if name is None:
            raise FilterError(
                f"a name, a tag or text in quotes belongs here, not {character!r};"
                " to search for text as it stands in the log put all of it in quotes",
                column,
            )
        return self.test(Word(name, column))

    def parenthesis(self) -> Expression:
        column = self.position
        if self.depth == MAX_DEPTH:
            raise FilterError(f"more than {MAX_DEPTH} parentheses are open", column)
        self.depth += 1
        self.position += 1
        inner = self.expression()
        if self.at_end():
            raise FilterError("this parenthesis is never closed", column)
        self.position += 1  # conjunction() stops at nothing but the end, an `or` and a closing parenthesis
        self.depth -= 1
        return inner

    def test(self, subject: Word) -> Expression:
        """What is said of `subject`, whose name has just been read."""
        operator = self.take(_OPERATOR)
        if operator in ("~", "!~"):
            return Comparison(subject, operator, (self.pattern(),))
        if operator is not None:
            value = self.value(_VALUE)
            _refuse_fields(subject, operator, value)
            if operator in ("=", "==", "!="):
                return Comparison(subject, "!=" if operator == "!=" else "=", (_with_range(value),))
            return Comparison(subject, operator, (value,))
        if self.take(_NOT_IN):
            return Comparison(subject, "!=", self.value_list())
        if self.take(_IN):
            return Comparison(subject, "=", self.value_list())
        column = self.position
        bare_range = self.take(_BARE_RANGE)
        if bare_range is not None:
            return Comparison(subject, "=", (_with_range(Word(bare_range, column)),))
        return Presence(subject)

    def value_list(self) -> tuple[Word | Range, ...]:
        if self.at_end() or self.text[self.position] != "(":
            raise FilterError("a list in parentheses belongs behind 'in'", self.position)
        opened = self.position
        self.position += 1
        operands = [_with_range(self.value(_LIST_VALUE))]
        while True:
            if self.at_end():
                raise FilterError("this list is never closed", opened)
            character = self.text[self.position]
            if character not in ",)":
                raise FilterError("a comma or a closing parenthesis belongs here", self.position)
            self.position += 1
            if character == ")":
                return tuple(operands)
            operands.append(_with_range(self.value(_LIST_VALUE)))

    def value(self, pattern: re.Pattern[str]) -> Word:
        """A quoted or a bare value."""
        if not self.at_end() and self.text[self.position] in "\"'":
            return self.quoted()
        column = self.position
        if _OPERATOR.match(self.text, column):
            raise FilterError("a value belongs here, not an operator; quote it if it is meant", column)
        bare = self.take(pattern)
        if bare is None or bare.lower() in ("and", "or"):
            raise FilterError("a value is missing here", column)
        return Word(bare, column)

    def pattern(self) -> Word:
        """A regular expression: quoted, or bare up to a blank or a parenthesis that it did not open itself."""
        if self.at_end():
            raise FilterError("a regular expression is missing here", self.position)
        if self.text[self.position] in "\"'":
            return self.quoted()
        start, depth = self.position, 0
        while self.position < len(self.text):
            character = self.text[self.position]
            if character.isspace() or (
                depth == 0 and (character == ")" or self.text[self.position :][:2] in ("&&", "||"))
            ):
                break
            depth += (character == "(") - (character == ")")
            self.position += 2 if character == "\\" else 1
        self.position = min(self.position, len(self.text))
        if self.position == start:
            raise FilterError("a regular expression is missing here", start)
        return Word(self.text[start : self.position], start)

    def quoted(self) -> Word:
        """Text in quotes; within it a doubled quote stands for one."""
        opened = self.position
        quote = self.text[opened]
        pieces: list[str] = []
        while True:
            start = self.position + 1
            end = self.text.find(quote, start)
            if end < 0:
                raise FilterError("this quote is never closed", opened)
            pieces.append(self.text[start:end])
            self.position = end + 1
            if not self.text.startswith(quote, self.position):
                return Word(quote.join(pieces), opened + 1, True)


def _refuse_fields(subject: Word, operator: str, value: Word) -> None:
    """Raise FilterError for a bare value that goes on with further fields, as in a message that was copied."""
    fields = [] if value.quoted else _NEXT_FIELD.split(value.text.rstrip("|"))
    if len(fields) > 1:
        meant = " and ".join([f"{subject.text}{operator}{fields[0]}", *fields[1:_FIELDS_SAID]])
        more = " …" if len(fields) > _FIELDS_SAID else ""
        raise FilterError(f"did you mean {meant}{more}? Quote a value that holds '|'.", value.column + len(fields[0]))


def _with_range(word: Word) -> Word | Range:
    """The word itself, or the range that it writes unless it is quoted."""
    if word.quoted or ".." not in word.text:
        return word
    low, _, high = word.text.partition("..")
    if not low or not high:
        raise FilterError("a range has two ends, as in 100..200; quote text that holds '..'", word.column)
    return Range(Word(low, word.column), Word(high, word.column + len(low) + 2))
