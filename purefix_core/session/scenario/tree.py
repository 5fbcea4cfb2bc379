"""The text of a scenario as a tree of texts, lists and mappings, each with the place where it stands.

No value has a type of its own: what a value must be is known by its key. So `54: 1` and `55: NO` are the texts that
they look like, where YAML alone would take them for a number and a flag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.events import AliasEvent

from purefix_core.registry.json_file import parse_json_object
from purefix_core.registry.small_file import UnreadableFile, read_small_file
from purefix_core.session.scenario.model import ScenarioError
from purefix_core.wire.message import printable

MAX_FILE_SIZE = 256 * 1024
"""PyYAML reads about 100 KB a second on a slow machine; a scenario has a few KB."""
_MOST_NESTED = 20

Mapped = Mapping[str, "Node"]


@dataclass(frozen=True)
class Node:
    place: str
    value: str | Sequence[Node] | Mapped

    def problem(self, text: str) -> str:
        return f"{self.place}: {printable(text)}"


def read_tree(path: Path, problems: list[str]) -> Node:
    """The mapping that a file holds: JSON where the first thing in it is `{`, else YAML. Keys that cannot be used are
    left out and told in `problems`. Raises ScenarioError for what cannot be read at all."""
    try:
        content = read_small_file(path, MAX_FILE_SIZE)
    except UnreadableFile as error:
        raise ScenarioError(f"{path}: {error}") from None
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        document, problem = parse_json_object(content, twice=False)
        if document is None:
            raise ScenarioError(f"{path}: {problem}")
        return _of_json(document, str(path), str(path), 0)
    return _of_yaml(path, content, problems)


# -- JSON ----------------------------------------------------------------------------------------------------------


def _of_json(value: object, place: str, prefix: str, depth: int) -> Node:
    """`place`: where the value stands; `prefix`: what the places of its members begin with."""
    if depth > _MOST_NESTED:
        raise ScenarioError(f"{place}: expected at most {_MOST_NESTED} values within each other")
    if isinstance(value, dict):
        inner = {
            key: _of_json(each, f"{prefix}: {printable(key[:64])}", f"{prefix}: {printable(key[:64])}", depth + 1)
            for key, each in value.items()
        }
        return Node(place, inner)
    if isinstance(value, list):
        items = [_of_json(each, f"{prefix}[{n}]", f"{prefix}[{n}]", depth + 1) for n, each in enumerate(value, 1)]
        return Node(place, items)
    if isinstance(value, bool):
        return Node(place, "yes" if value else "no")
    return Node(place, "" if value is None else str(value))


# -- YAML ----------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """Composes nodes, no objects. No aliases: a few bytes of them can stand for gigabytes."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(AliasEvent):
            raise ComposerError(None, None, "expected no aliases (*name)", self._mark())
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise ComposerError(None, None, f"expected at most {_MOST_NESTED} values within each other", self._mark())
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _mark(self) -> Any:
        return self.peek_event().start_mark  # type: ignore[no-untyped-call]


def _of_yaml(path: Path, content: bytes, problems: list[str]) -> Node:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: expected UTF-8 text, but byte {error.start} is not") from None
    try:
        loader = _Loader(text)
        try:
            document = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f":{error.problem_mark.line + 1}"
        said = error.problem or "is no YAML"
        said = said if said.startswith("expected") else f"expected YAML: {said}"
        raise ScenarioError(f"{path}{line}: {printable(said)}") from None
    except yaml.reader.ReaderError as error:
        line = f":{text.count(chr(10), 0, error.position) + 1}"
        raise ScenarioError(f"{path}{line}: expected printable text, found the character {error.character!r}") from None
    except (yaml.YAMLError, ValueError, OverflowError):  # of int() and chr(), which PyYAML leaves to its callers
        raise ScenarioError(f"{path}: expected YAML: a number in an escape (\\U...) or in %YAML is too great") from None
    if document is None:
        raise ScenarioError(f"{path}: expected a scenario, found nothing")
    return _node(document, path, _line(document), problems)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _node(node: yaml.Node, path: Path, line: int, problems: list[str]) -> Node:
    place = f"{path}:{line}"
    if isinstance(node, yaml.SequenceNode):
        return Node(place, [_node(each, path, _line(each), problems) for each in node.value])
    if not isinstance(node, yaml.MappingNode):
        is_null = node.tag == "tag:yaml.org,2002:null"
        return Node(place, "" if is_null else node.value)
    found: dict[str, Node] = {}
    for key, value in node.value:
        at = f"{path}:{_line(key)}"
        if not isinstance(key, yaml.ScalarNode):
            problems.append(f"{at}: expected a word before the colon")
        elif key.value in found:
            problems.append(f"{at}: {printable(key.value[:64])}: expected once, found twice")
        else:
            found[key.value] = _node(value, path, _line(key), problems)
    return Node(place, found)
