"""A message's values as sentences need them: text, words, figures, and the phrases that many messages share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from purefix_core.analysis.summary.words import WORDS, humanise
from purefix_core.wire.message import Field, FixMessage, as_text
from purefix_core.wire.secrets import MASK, secret_fields

if TYPE_CHECKING:
    from purefix_core.dictionary.definitions import Definitions

ORIG_CL_ORD_ID = 41
SYMBOL = 55
TEXT = 58

_NO_SYMBOL = frozenset({"", "[N/A]", "N/A", "NA"})
"""What engines put into the required Symbol(55) when the instrument is named by SecurityID alone."""


class Values:
    """Reads one message. Every method gives the empty string for what the message does not hold, and `***` for what
    must not be shown; none raises."""

    __slots__ = ("_first", "_raw", "definitions", "hidden", "message", "sent")

    def __init__(self, message: FixMessage, definitions: Definitions | None, sent: bool | None) -> None:
        self.message = message
        self.definitions = definitions
        self.sent = sent
        self._first = message.first
        self._raw = message.raw
        self.hidden = frozenset(message.fields[position] for position in secret_fields(message))
        """The fields that hold credentials."""

    def said(self, field: Field) -> str:
        """The value of one field."""
        return MASK.decode() if field in self.hidden else as_text(self._raw[field.start : field.end])

    def text(self, tag: int) -> str:
        """The first value of `tag` as it stands."""
        field = self._first.get(tag)
        return "" if field is None else self.said(field)

    def has(self, tag: int) -> bool:
        return tag in self._first

    def word(self, tag: int) -> str:
        """What the first value of an enumerated field means, in words; `code 25` for a code that nothing knows."""
        value = self.text(tag)
        if not value:
            return ""
        meaning = self.meaning(tag, value)
        return f"code {value}" if meaning == value and len(value) < 4 else meaning

    def meaning(self, tag: int, value: str) -> str:
        """What `value` means in field `tag`: our own words, else the dictionary's, else the value itself."""
        table = WORDS.get(tag)
        if table is not None and value in table:
            return table[value]
        if self.definitions is not None:
            definition = self.definitions.field(tag)
            meaning = None if definition is None else definition.values.get(value)
            if meaning:
                return humanise(meaning)
        return value

    def quantity(self, tag: int) -> str:
        return grouped(self.text(tag))

    def seq(self, tag: int) -> str:
        """A sequence number with thousands separators; what is none stays as it is."""
        text = self.text(tag)
        return f"{int(text):,}" if is_number(text) else text

    def field_label(self, tag: str) -> str:
        """`Side (54)` for "54" where the dictionary defines the field, else `tag 54`."""
        definition = self.definitions.field(int(tag)) if self.definitions is not None and is_number(tag) else None
        return f"tag {tag}" if definition is None else f"{definition.name} ({tag})"

    def message_label(self, msg_type: str) -> str:
        """`NewOrderSingle` for "D" where the dictionary defines the message, else `message type D`."""
        name = self.definitions.message_name(msg_type) if self.definitions is not None and msg_type else None
        return name or f"message type {msg_type}"

    def all(self, tag: int) -> list[str]:
        """Every value of `tag`, in the order of the message."""
        return [self.said(field) for field in self.message.fields if field.tag == tag]

    def walk(self, tags: frozenset[int]) -> Iterator[tuple[int, str]]:
        """Tag and value of every field whose tag is one of `tags`, in the order of the message."""
        for field in self.message.fields:
            if field.tag in tags:
                yield field.tag, self.said(field)

    def instrument(self) -> str:
        """`AAPL`; `ESZ4 202412`, `AAPL 202412 150 call` for derivatives; `EUR/USD M3` where a tenor is given."""
        symbol = self.text(SYMBOL)
        if symbol in _NO_SYMBOL:
            symbol = self.text(48) or symbol
        first = self._first
        if 200 in first:  # MaturityMonthYear, PutOrCall and StrikePrice
            put_or_call = {"0": "put", "1": "call"}.get(self.text(201), "")
            symbol = words(symbol, self.text(200), self.text(202) if put_or_call else "", put_or_call)
        if 63 in first:
            settlement = self.text(63)
            # SettlType holds either a one-character code or a tenor: a letter and a count (W1, M3).
            if len(settlement) > 1 and settlement[0] in "DWMY" and is_number(settlement[1:]):
                symbol = words(symbol, settlement)
        return symbol

    def order(self) -> str:
        """`buy 1,000 AAPL @ 150.25 limit, day`, as much of it as the message holds; starts in lower case."""
        return words(self.side_and_quantity(38), self.terms())

    def side_and_quantity(self, quantity_tag: int) -> str:
        """`buy 1,000 AAPL`; `buy 1,000 EUR of EUR/USD` where Currency(15) is one of a currency pair."""
        instrument = self.instrument()
        figure = self.quantity(quantity_tag)
        if figure in ("", "0") and quantity_tag == 38:  # a zero, where the field is required, may mean another one
            figure = self._other_quantity() or figure
        currency = self.text(15)
        if figure and len(currency) == 3 and len(instrument) > 5 and _is_pair_of(currency, self.text(SYMBOL)):
            return words(self.word(54), f"{figure} {currency} of {instrument}")
        return words(self.word(54), figure, instrument)

    def _other_quantity(self) -> str:
        cash, percent = self.quantity(152), self.text(516)  # CashOrderQty, OrderPercent
        if cash:
            return words(cash, self.text(15), "worth of" if self.instrument() else "in cash")
        return f"{percent} % of" if percent else ""

    def terms(self) -> str:
        """`@ 150.25 limit, day`: price, order type, trigger price and time in force."""
        return comma(words(self.at(44), self.word(40)), prefixed("trigger ", self.text(99)), self._time_in_force())

    def _time_in_force(self) -> str:
        if self.text(59) == "6":  # good till date: ExpireDate or ExpireTime
            return words("GTD", self.text(432) or self.text(126))
        return self.word(59)

    def at(self, price_tag: int) -> str:
        """`@ 150.25`, the digits as they stand."""
        price = self.text(price_tag)
        return f"@ {price}" if price else ""

    def because(self, reason_tag: int) -> str:
        """The coded reason and Text(58) of a reject, without saying one thing twice; "no reason given" without."""
        reason, text = self.word(reason_tag), self.text(TEXT)
        if text and (reason in ("other", "") or text.casefold().startswith(reason.casefold())):
            return text
        return comma(reason, text) or "no reason given"

    def two_ids(self, old_tag: int, new_tag: int) -> str:
        """`OLD → NEW`, or the one that is there."""
        return arrow(self.text(old_tag), self.text(new_tag))

    def any_of(self, *tags: int) -> str:
        """The first non-empty value among `tags`."""
        for tag in tags:
            value = self.text(tag)
            if value:
                return value
        return ""

    def rejected_seq(self) -> str:
        """`, in our seq 3 (NewOrderSingle)`: the message that RefSeqNum(45) and RefMsgType(372) speak of.

        It is one that the receiver of this message sent. Without knowing which side is ours, it is named by
        TargetCompID: `, in CLI's seq 3`.
        """
        number, msg_type = self.seq(45), self.text(372)
        if not number:
            return ""
        name = f" ({self.message_label(msg_type)})" if msg_type else ""
        if self.sent is None:
            receiver = self.text(56)
            whose = f"{receiver}'s " if receiver else ""
            return f", in {whose}seq {number}{name}"
        return f", in {'their' if self.sent else 'our'} seq {number}{name}"


def _is_pair_of(currency: str, symbol: str) -> bool:
    return len(symbol) in (6, 7) and (symbol.startswith(currency) or symbol.endswith(currency))


def is_number(text: str) -> bool:
    """Whether `text` is a short row of ASCII digits, safe for int()."""
    return len(text) < 19 and text.isascii() and text.isdigit()


def grouped(figure: str) -> str:
    """A quantity with thousands separators: `1000.00` is `1,000`, `1000.50` keeps its digits, other text stays."""
    if is_number(figure):
        return f"{int(figure):,}"
    sign = "-" if figure.startswith("-") else ""
    whole, point, fraction = figure[len(sign) :].partition(".")
    if not is_number(whole) or (point and fraction and not is_number(fraction)):
        return figure
    fraction = fraction if fraction.strip("0") else ""
    return f"{sign}{int(whole):,}" + (f".{fraction}" if fraction else "")


def words(*parts: str) -> str:
    """The parts that are not empty, with blanks between."""
    return " ".join([part for part in parts if part])


def comma(*parts: str) -> str:
    """The parts that are not empty, with commas between."""
    return ", ".join([part for part in parts if part])


def prefixed(prefix: str, text: str) -> str:
    """`text` behind `prefix`, or nothing if there is no text."""
    return prefix + text if text else ""


def arrow(old: str, new: str) -> str:
    """`OLD → NEW`; one of them if the other is empty or the same."""
    return f"{old} → {new}" if old and new and old != new else new or old


def capital(text: str) -> str:
    """`text` with its first letter in upper case, the rest as it stands."""
    return text[:1].upper() + text[1:]


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 order`, `1,200 orders`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(items: Iterable[str], limit: int = 3) -> str:
    """`A, B, C and 4 more`: different non-empty items in order, the first `limit` of them by name."""
    unique = [item for item in dict.fromkeys(items) if item]
    more = len(unique) - limit
    return ", ".join(unique[:limit]) + (f" and {more:,} more" if more > 0 else "")
