"""Values of a scenario as its keys want them. What is wrong is noted, so that one reading tells everything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from purefix_core.logs.filter import FilterError, parse
from purefix_core.session.compose.expressions import ComposeError, literal_text
from purefix_core.session.scenario.names import filled_expression, names_in
from purefix_core.session.scenario.tree import Mapped, Node

FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_MOST_SECONDS = 86_400
_COUNT = re.compile("[0-9]{1,9}")
_MOST_PROBLEMS = 50
_SHOWN = 60


class Fields:
    """Reads values, and knows which names steps before have remembered."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.names: set[str] = set()

    def wrong(self, node: Node, text: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(node.problem(text))

    # -- what a value may be -----------------------------------------------------------------------------------------

    def mapping(self, node: Node, what: str, keys: Sequence[str]) -> Mapped:
        """The keys of a mapping; upper and lower case make a difference, as in the list of steps."""
        if not isinstance(node.value, Mapping):
            self.wrong(node, f"expected {what} with {', '.join(keys)}; found {shown(node)}")
            return {}
        for key, value in node.value.items():
            if key not in keys:
                self.wrong(value, f"{key[:_SHOWN]}: expected one of {', '.join(keys)} in {what}")
        return {key: value for key, value in node.value.items() if key in keys}

    def text(self, found: Mapped, key: str) -> str:
        """As it stands; empty where it is not given."""
        node = found.get(key)
        if node is None:
            return ""
        if isinstance(node.value, str):
            return node.value
        self.wrong(node, f"{key}: expected a text, found {shown(node)}")
        return ""

    def texts(self, found: Mapped, key: str) -> Mapping[str, str]:
        """Texts by their names."""
        node = found.get(key)
        if node is None:
            return {}
        if not isinstance(node.value, Mapping):
            self.wrong(node, f"{key}: expected names and values, found {shown(node)}")
            return {}
        return {name: self.text(node.value, name) for name in node.value}

    def filled(self, found: Mapped, key: str, needed: bool = False) -> str:
        """A text with expressions in braces, of which all names must be known."""
        text = self.text(found, key)
        node = found.get(key)
        if needed and not text and (node is None or isinstance(node.value, str)):
            self.wrong(node or next(iter(found.values())), f"{key}: expected a value, found nothing")
        if node is not None:
            try:
                literal_text(text, self.names)
            except ComposeError as error:
                self.wrong(node, f"{key}: {error}")
        return text

    def number(self, found: Mapped, key: str, needed: bool = False) -> str:
        """A whole number, or an expression that will be one: `{seq-1}`."""
        text = self.filled(found, key, needed)
        if text and "{" not in text and not _COUNT.fullmatch(text):
            self.wrong(found[key], f"{key}: expected a whole number, found {text[:_SHOWN]}")
        return text

    def count(self, found: Mapped, key: str) -> int | None:
        """A whole number that stands there; None where none does."""
        text = self.text(found, key)
        if not text:
            return None
        if _COUNT.fullmatch(text):
            return int(text)
        self.wrong(found[key], f"{key}: expected a whole number, found {text[:_SHOWN]}")
        return None

    def flag(self, found: Mapped, key: str) -> bool:
        text = self.text(found, key)
        flag = FLAGS.get(text.casefold())
        if flag is None and text:
            self.wrong(found[key], f"{key}: expected yes or no, found {text[:_SHOWN]}")
        return bool(flag)

    def seconds(self, found: Mapped, key: str, default: float) -> float:
        text = self.text(found, key)
        if not text:
            return default
        if _SECONDS.fullmatch(text) and float(text) <= _MOST_SECONDS:
            return float(text)
        self.wrong(found[key], f"{key}: expected seconds, up to {_MOST_SECONDS:,}; found {text[:_SHOWN]}")
        return default

    def condition(self, found: Mapped, key: str) -> str:
        """A filter expression, of which all names in braces must be known. What its words mean the dialect says."""
        text = self.text(found, key)
        node = found[key]
        unknown = [name for name in names_in(text) if name not in self.names]
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in sorted(self.names)) or "none"
            self.wrong(node, f"{key}: expected a name that was remembered before ({known}), found {{{unknown[0]}}}")
        elif text:
            try:
                parse(filled_expression(text, dict.fromkeys(self.names, "0")))
            except FilterError as error:
                self.wrong(node, f"{key}: {error.text}, in column {error.column + 1} of '{text[:_SHOWN]}'")
        return text


def shown(node: Node) -> str:
    if isinstance(node.value, str):
        return node.value[:_SHOWN] or "nothing"
    return "names and values" if isinstance(node.value, Mapping) else "a list"
