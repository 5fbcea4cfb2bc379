"""Every message of real logs survives being parsed into its class, run-time or generated, and encoded again."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.message_json import message_to_dict
from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.generator.package import generate_package
from purefix_core.types.runtime import RuntimeTypes
from purefix_core.wire.message import FixMessage

_BROKEN = {"body-length", "checksum", "truncated", "first-fields"}


class Factories:
    """Factories by dictionary: of run-time classes or of generated packages, made when first asked for."""

    def __init__(self, parent: Path | None) -> None:
        self.parent = parent
        self._made: dict[int, tuple[FixMessageFactory, Definitions]] = {}

    def of(self, definitions: Definitions) -> FixMessageFactory:
        if id(definitions) not in self._made:
            if self.parent is None:
                factory = RuntimeTypes(definitions).create_message_factory()
            else:
                name = f"real_{definitions.name.lower()}"
                generate_package(definitions, self.parent, name)
                factory = importlib.import_module(name).TypeSystemProvider().create_message_factory()
            self._made[id(definitions)] = factory, definitions
        return self._made[id(definitions)][0]


@pytest.fixture(scope="module", params=["run-time", "generated"])
def factories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factories]:
    if request.param == "run-time":
        yield Factories(None)
        return
    parent = tmp_path_factory.mktemp("generated")
    sys.path.insert(0, str(parent))
    yield Factories(parent)
    sys.path.remove(str(parent))
    for name in [each for each in sys.modules if each.startswith("real_")]:
        del sys.modules[name]


def logs_of(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "logs").rglob("*") if path.is_file() and path.name != "README.md")


def test_messages_of_real_logs(shared: Path, factories: Factories) -> None:
    dialects = Dialects.standard()
    survived = same_json = encoded_anew = 0
    for path in logs_of(shared):
        log = LogFile.open(path, dialects)
        log.index()
        for row in range(len(log.rows)):
            message = log.message(row)
            definitions = log.definitions_for(message, log.rows.entry(row).session)
            typed = factories.of(definitions).parse(message.raw, message.separator)
            findings = decode(message, definitions).findings
            survived += typed.to_bytes() == message.raw
            if row % 7 == 0 and not findings:
                assert_same_json(typed, message, definitions)
                same_json += 1
            if row % 3 == 0 and not {each.code for each in findings} & _BROKEN and ends_whole(message):
                assert encoded(typed, message) == message.raw
                encoded_anew += 1
        assert survived, path
    assert survived == 22_012
    assert same_json > 1_000
    assert encoded_anew > 5_000


def ends_whole(message: FixMessage) -> bool:
    return message.raw.endswith(message.separator.text)


def assert_same_json(typed: Any, message: FixMessage, definitions: Definitions) -> None:
    """The typed message says the same as the decoder, and equals what is parsed again."""
    expected = message_to_dict(decode(message, definitions), offset=0, length=1, dialect=None)
    assert typed.to_dict().items() <= expected.items()
    assert repr(typed).startswith(f"{type(typed).__name__}(")
    assert typed == type(typed).parse(message.raw, message.separator)


def encoded(typed: Any, message: FixMessage) -> bytes:
    """The message after every way of encoding: a field changed and changed back, groups and header set anew."""
    number = typed.header.get(34)
    typed.header.MsgSeqNum = 987_654
    other = type(typed).parse(typed.to_bytes(), message.separator)
    assert other.header.MsgSeqNum == 987_654
    for name, member in other.members.items():
        if hasattr(member, "entry"):
            setattr(other, name, getattr(other, name))
    other.set(34, number)
    result: bytes = other.to_bytes()
    return result
