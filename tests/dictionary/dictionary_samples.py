"""Messages and dictionaries for the tests, written the short way."""

from __future__ import annotations

from pathlib import Path

from purefix_core.dictionary.decode import DecodedMessage, decode
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.nodes import ComponentNode, FieldNode, GroupNode, Node
from purefix_core.dictionary.standard import standard
from purefix_core.wire.message import FixMessage

HEADER = "49=BUY|56=SELL|34=2|52=20260105-09:30:00.000|"
ORDER = "11=ORD1|55=AAPL|54=1|60=20260105-09:30:00.000|38=100|40=2|44=150.25|"


def message(body: str, msg_type: str = "D", version: str = "FIX.4.4", header: str = HEADER) -> FixMessage:
    """A message with `|` for SOH in `body`, and with the BodyLength and CheckSum that it should have."""
    rest = f"35={msg_type}|{header}{body}".replace("|", "\x01").encode()
    text = f"8={version}|9={len(rest)}|".replace("|", "\x01").encode() + rest
    return FixMessage.parse(text + b"10=%03d\x01" % (sum(text) % 256))


def raw_message(text: str) -> FixMessage:
    return FixMessage.parse(text.replace("|", "\x01").encode())


def decoded(body: str, msg_type: str = "D", name: str = "FIX44") -> DecodedMessage:
    definitions = standard(name)
    return decode(message(body, msg_type, definitions.version), definitions)


def texts(result: DecodedMessage) -> list[str]:
    return [finding.text for finding in result.findings]


def outline(nodes: tuple[Node, ...]) -> list[object]:
    """The tree in short: 55 for a field, ("Instrument", [...]) for a component, (453, [[...], [...]]) for a group."""
    short: list[object] = []
    for node in nodes:
        if isinstance(node, FieldNode):
            short.append(node.tag)
        elif isinstance(node, ComponentNode):
            short.append((node.name, outline(node.children)))
        elif isinstance(node, GroupNode):
            short.append((node.field.tag, [outline(entry.children) for entry in node.entries]))
    return short


def write_dictionary(
    folder: Path, fields: str, messages: str = "", components: str = "", root: str = 'type="FIX" major="4" minor="4"'
) -> Path:
    path = folder / "sample.xml"
    path.write_text(
        f"<fix {root}><header><field name='BeginString' required='Y'/></header>"
        f"<trailer><field name='CheckSum' required='Y'/></trailer>"
        f"<messages>{messages}</messages><components>{components}</components>"
        f"<fields><field number='8' name='BeginString' type='STRING'/>"
        f"<field number='10' name='CheckSum' type='STRING'/>{fields}</fields></fix>",
        encoding="utf-8",
    )
    return path


def load_sample(folder: Path, *parts: str, **more: str) -> Definitions:
    return load_dictionary(write_dictionary(folder, *parts, **more))


def issue_texts(definitions: Definitions) -> list[str]:
    return [f"{issue.element}: {issue.text}" for issue in definitions.issues]
