"""A decoded message as indented text, findings first."""

from __future__ import annotations

from collections.abc import Iterator

from purefix_core.dictionary.nodes import ComponentNode, DecodedMessage, FieldNode, GroupNode, Node
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import MASK


def tree_text(decoded: DecodedMessage, *, show_secrets: bool = False) -> str:
    """One line a field: tag, name, value, meaning and marks; groups and components indented."""
    lines = [f"{decoded.name or 'Unknown message'} ({printable(decoded.msg_type)})"]
    lines += [
        f"  {'✗' if finding.severity == 'error' else '!'} {printable(finding.text)}" for finding in decoded.findings
    ]
    for title, nodes in (("Header", decoded.header), ("Body", decoded.body), ("Trailer", decoded.trailer)):
        if nodes:
            lines.append(title)
            lines += _lines(nodes, "  ", show_secrets)
    return "\n".join(lines)


def _lines(nodes: tuple[Node, ...], indent: str, show_secrets: bool) -> Iterator[str]:
    for node in nodes:
        match node:
            case FieldNode():
                yield indent + field_text(node, show_secrets)
            case ComponentNode(name, children):
                yield f"{indent}{name}"
                yield from _lines(children, indent + "  ", show_secrets)
            case GroupNode(field, _, entries):
                yield indent + field_text(field, show_secrets)
                for number, entry in enumerate(entries, start=1):
                    yield f"{indent}  {number} of {len(entries)}"
                    yield from _lines(entry.children, indent + "    ", show_secrets)


def field_text(node: FieldNode, show_secrets: bool = False) -> str:
    """A field as one line."""
    shown = MASK.decode() if node.is_secret and not show_secrets else printable(node.text)
    tag = str(node.tag) if node.tag else "?"
    meaning = f"   {node.meaning}" if node.meaning else ""
    marks = f"   ({', '.join(node.marks)})" if node.marks else ""
    return f"{tag:>5} {node.name or '-'} = {shown}{meaning}{marks}"
