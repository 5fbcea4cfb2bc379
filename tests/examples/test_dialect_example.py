"""The dialect example and its tutorial: what docs/tutorial.md shows is what happens."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from purefix_core import TypeRegistry
from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.logs.log_file import LogFile
from purefix_core.types.generator.package import generate_package
from purefix_core.wire.message import FixMessage
from tests.conftest import REPOSITORY
from tests.examples.markdown_blocks import blocks, follow

EXAMPLE = REPOSITORY / "examples" / "dialect"
DOCS = REPOSITORY / "docs"
TUTORIAL = DOCS / "tutorial.md"
COMMITTED = ("LARKSPUR44.xml", "LARKSPUR44-2.xml", "TypeRegistry.json", "larkspur.log", "session.json", "orders.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like the root of the repository, with a copy of the example as it was committed."""
    copy = tmp_path / "examples" / "dialect"
    copy.mkdir(parents=True)
    for name in COMMITTED:
        shutil.copy(EXAMPLE / name, copy)
    (tmp_path / "purefix_core").symlink_to(REPOSITORY / "purefix_core")
    return tmp_path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The programs of the venv on the PATH, and caches that are thrown away."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    caches = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "MYPY_CACHE_DIR": str(tmp_path / "mypy")}
    return {**os.environ, **caches, "PATH": path, "PYTHONUTF8": "1"}


@pytest.fixture
def folders(checkout: Path) -> dict[str, Path]:
    """Where the pages say that things are typed."""
    return {"sh": checkout, "python": checkout / "examples" / "dialect"}


def test_the_tutorial_does_what_it_says(folders: dict[str, Path], environment: dict[str, str]) -> None:
    follow(TUTORIAL, folders, environment)


@pytest.mark.parametrize("page", ["types.md", "sessions.md", "stores.md", "engine.md"])
def test_the_examples_of_other_pages_do_what_they_say(
    page: str, folders: dict[str, Path], environment: dict[str, str]
) -> None:
    definitions = load_dictionary(EXAMPLE / "LARKSPUR44.xml")
    generate_package(definitions, folders["python"], "larkspur_types")
    follow(DOCS / page, folders, environment)


def test_what_the_tutorial_shows_of_files_stands_in_them() -> None:
    quoted = {block.marked("from "): block.code for block in blocks(TUTORIAL) if block.marked("from ")}
    assert len(quoted) == 3
    for path, code in quoted.items():
        assert code in (REPOSITORY / path).read_text(encoding="utf-8"), path


def test_the_tutorial_leaves_only_two_blocks_unrun() -> None:
    """Setting PATH, and opening the screen."""
    assert sum(bool(block.marked("not run: ")) for block in blocks(TUTORIAL)) == 2


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> TypeRegistry:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    registry = TypeRegistry()
    registry.load_from_file(EXAMPLE / "TypeRegistry.json")
    return registry


def test_the_log_is_sound_in_its_dialect(registry: TypeRegistry) -> None:
    """BodyLength, CheckSum, required fields, values, groups; and no byte between the messages but the times."""
    log = LogFile.open(EXAMPLE / "larkspur.log", registry)
    log.index()
    assert len(log.rows) == 21
    definitions = registry.load_definitions("larkspur")
    for entry in log.rows:
        decoded = decode(
            FixMessage.parse(
                log.source.read(entry.offset, entry.length), entry.separator, data_tags=definitions.data_tags
            ),
            definitions,
        )
        assert [str(finding) for finding in decoded.findings] == []
    assert not log.rows.skipped


def test_the_dictionaries_are_sound_and_the_second_edition_adds_to_the_first(registry: TypeRegistry) -> None:
    first, second = (registry.load_definitions(name) for name in ("larkspur", "larkspur@2"))
    assert first.issues == second.issues == ()
    assert first.message_names == second.message_names
    assert first.field(5013) is None
    assert second.field(5013) is not None
    assert set(second.field(5002).values) - set(first.field(5002).values) == {"W"}


@pytest.mark.parametrize(("sender", "name"), [("LARKSPUR", "larkspur"), ("LARKSPUR-UAT", "larkspur@2"), ("X", "fix44")])
def test_each_session_finds_its_dialect(registry: TypeRegistry, sender: str, name: str) -> None:
    found = registry.find_for_session("FIX.4.4", sender, "WREN")
    assert found is not None
    assert found.name == name


def test_every_message_of_the_log_is_parsed_and_written_alike(registry: TypeRegistry) -> None:
    """With run-time types or generated ones, whatever lies in the folder."""
    lines = (EXAMPLE / "larkspur.log").read_bytes().splitlines(keepends=True)
    messages = list(registry.create_parser("larkspur").parse_file(EXAMPLE / "larkspur.log"))
    assert [b"%b%b\n" % (line[:22], each.to_bytes()) for line, each in zip(lines, messages, strict=True)] == lines
    rebuilt = [type(message).parse(message.to_bytes()) for message in messages]
    assert rebuilt == messages
    assert all(not message.unknown_fields for message in messages)
    (notice,) = [message for message in messages if message.msg_type == "U1"]
    assert notice.LksNote.count(b"\x01") == 2
