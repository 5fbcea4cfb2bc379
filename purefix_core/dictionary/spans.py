"""Where the sections, components and groups of a decoded message lie in its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from purefix_core.dictionary.nodes import ComponentNode, DecodedMessage, FieldNode, Node


@dataclass(frozen=True, slots=True)
class Span:
    """From the first byte of the first tag to behind the last byte of the last value. Spans overlap where a sender
    scatters the fields of a component."""

    name: str
    start: int
    end: int
    children: tuple[Span, ...] = ()

    def __str__(self) -> str:
        """One line a span, indented: `Parties 120..168`."""
        return "\n".join(self._lines(""))

    def _lines(self, indent: str) -> Iterator[str]:
        yield f"{indent}{self.name} {self.start}..{self.end}"
        for child in self.children:
            yield from child._lines(indent + "  ")


def section_spans(decoded: DecodedMessage) -> Span:
    """The span of the message with those of header, body and trailer, and in them of components, groups and their
    entries (`NoPartyIDs[1]`). A section without fields is left out."""
    sections = (("header", decoded.header), ("body", decoded.body), ("trailer", decoded.trailer))
    return _around(decoded.name or decoded.msg_type, tuple(_span(name, nodes) for name, nodes in sections if nodes))


def _span(name: str, nodes: tuple[Node, ...]) -> Span:
    children: list[Span] = []
    edges: list[tuple[int, int]] = []
    for node in nodes:
        if isinstance(node, FieldNode):
            edges.append((node.tag_start, node.end))
            continue
        if isinstance(node, ComponentNode):
            child = _span(node.name, node.children)
        else:
            entries = (_span(f"{node.name}[{n}]", entry.children) for n, entry in enumerate(node.entries, start=1))
            child = _around(node.name, tuple(entries), (node.field.tag_start, node.field.end))
        children.append(child)
        edges.append((child.start, child.end))
    return Span(name, min(start for start, _ in edges), max(end for _, end in edges), tuple(children))


def _around(name: str, children: tuple[Span, ...], own: tuple[int, int] | None = None) -> Span:
    edges = [(child.start, child.end) for child in children] + ([] if own is None else [own])
    return Span(
        name, min((start for start, _ in edges), default=0), max((end for _, end in edges), default=0), children
    )
