"""`purefix types generate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from purefix_core.cli import commands
from purefix_core.dictionary.standard import standard_path

FIX44 = str(standard_path("FIX44"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["types", "generate", *arguments])


def test_package_is_written_and_the_registration_for_it_told(tmp_path: Path) -> None:
    result = run("-i", FIX44, "-o", "Generated", "--namespace", "acme.fix44", "--messages", "D, ExecutionReport")
    assert result.exit_code == 0, result.output
    first, _, told = result.output.partition("\n")
    assert first == "Generated/acme/fix44: 10 messages, 30 components and 73 enums of FIX.4.4"
    entry = json.loads(told[told.index("{") :])
    assert entry["assemblyPath"] == "Generated/acme/fix44"
    assert entry["rootNamespace"] == "acme.fix44"
    assert (tmp_path / entry["dictionaryPath"]).resolve() == Path(FIX44)

    from purefix_core import TypeRegistry

    (tmp_path / "TypeRegistry.json").write_text(json.dumps({"registrations": [entry]}))
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    order = registry.create_message_factory("fix44").create("D", ClOrdID="1")
    assert type(order).__module__.endswith(".messages.new_order_single")


def test_fix50_package_has_the_header_of_fixt(tmp_path: Path) -> None:
    result = run("-i", str(standard_path("FIX50SP2")), "-o", ".", "--namespace", "sp2", "--messages", "D")
    assert result.exit_code == 0, result.output
    assert 'begin_string = "FIXT.1.1"' in (tmp_path / "sp2" / "base.py").read_text()
    assert "ApplVerID(1128)" in (tmp_path / "sp2" / "components" / "standard_header.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("-i", "none.xml", "-o", ".", "--namespace", "x"), "none.xml: no such dictionary file"),
        (("-i", FIX44, "-o", ".", "--namespace", "x-y"), "namespace 'x-y': expected names of letters, digits and _"),
        (("-i", FIX44, "-o", ".", "--namespace", "x", "--messages", "ZZ"), "ZZ: not defined in FIX44"),
        (("-i", "broken.xml", "-o", ".", "--namespace", "x"), "broken.xml:1: "),
        (("-i", FIX44, "-o", "broken.xml", "--namespace", "x"), "broken.xml: cannot be written: "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(tmp_path: Path, arguments: tuple[str, ...], text: str) -> None:
    (tmp_path / "broken.xml").write_text("no XML")
    result = run(*arguments)
    assert result.exit_code == 2
    assert text in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_oddities_of_the_dictionary_are_told(tmp_path: Path) -> None:
    text = Path(FIX44).read_text("utf-8").replace("required='N'", "").replace('required="N"', "")
    (tmp_path / "odd.xml").write_text(text, encoding="utf-8")
    result = run("-i", "odd.xml", "-o", ".", "--namespace", "odd", "--messages", "D")
    assert result.exit_code == 0
    assert 'no attribute "required", taken as N' in result.stderr
    assert "more oddities" in result.stderr.splitlines()[-1]
