"""Packages of typed messages: when they are imported, under which name, and how a bad one is reported."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from tests.registry.registry_helpers import acme, dictionary, package, provider_text, registry


def private_modules() -> set[str]:
    return {name for name in sys.modules if name.startswith(("_purefix_types_acme_", "_purefix_types_a_"))}


def dialects_of(folder: Path, *entries: object) -> Dialects:
    dictionary(folder)
    dialects = Dialects()
    dialects.load_from_file(registry(folder, *entries))
    return dialects


def error(folder: Path, **changes: object) -> str:
    """What is said of the provider of an entry; the same again, and no module is left behind."""
    dialects = dialects_of(folder, acme(assemblyPath="types", **changes))
    with pytest.raises(TypeRegistryError) as caught:
        dialects.provider("acme")
    (problem,) = caught.value.problems
    with pytest.raises(TypeRegistryError):
        dialects.provider("acme")
    assert private_modules() == set()
    place = f"{folder / 'TypeRegistry.json'}: registrations[0] (acme): assemblyPath: "
    assert problem.startswith(place)
    assert problem.isprintable()
    return problem.removeprefix(place).replace(str(folder), "FOLDER")


def write_init(folder: Path, text: str) -> Path:
    path = package(folder) / "__init__.py"
    path.write_text(text, encoding="utf-8")
    return path


# -- run-time types --------------------------------------------------------------------------------------------------


def test_without_a_package_there_are_run_time_types(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    dialects = dialects_of(tmp_path, acme())
    provider = dialects.provider("ACME")
    assert provider.get_version() == "FIX.4.4"
    assert [each.message_name for each in provider.get_message_types()] == ["Ping"]
    assert dialects.provider("acme") is provider
    assert caplog.records == []


@pytest.mark.parametrize(
    ("assembly", "problem"),
    [
        ("Types.ACME.dll", "is not a Python package"),
        ("none", "does not exist"),
        ("empty", "is not a Python package, for it holds no __init__.py"),
        ("types/__init__.py", "is not a Python package, but a part of one: name its folder"),
    ],
)
def test_what_is_no_package_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, assembly: str, problem: str
) -> None:
    (tmp_path / "Types.ACME.dll").write_bytes(b"MZ")
    (tmp_path / "empty").mkdir()
    package(tmp_path)
    dialects = dialects_of(tmp_path, acme(assemblyPath=assembly))
    (tmp_path / "acme.xml").rename(tmp_path / "away.xml")
    for _ in range(2):  # a dictionary that is missing does not make it told again
        with pytest.raises(TypeRegistryError, match="dictionaryPath"):
            dialects.provider("acme")
    (tmp_path / "away.xml").rename(tmp_path / "acme.xml")
    assert dialects.provider("acme").get_message_type_by_msg_type("UP") is not None
    dialects.provider("acme")
    place = f"{tmp_path / 'TypeRegistry.json'}: registrations[0] (acme): assemblyPath: "
    assert caplog.messages == [f"{place}{tmp_path / assembly} {problem}; run-time types are used"]
    assert caplog.records[0].levelno == logging.WARNING


def test_factories_of_run_time_types_parse_and_make_messages() -> None:
    from purefix_core.types.session_messages import SessionDescription

    dialects = Dialects.standard()
    factory = dialects.create_message_factory("fix44")
    assert type(factory.create("0")).__name__ == "Heartbeat"
    description = SessionDescription("US", "THEM")
    session_factory = dialects.create_session_message_factory("fix44", description)
    assert type(session_factory.heartbeat()).__name__ == "Heartbeat"


def test_an_unknown_name_is_reported() -> None:
    with pytest.raises(TypeRegistryError, match="no dialect is called fix99; known are: fix40"):
        Dialects.standard().create_message_factory("fix99")


# -- importing -------------------------------------------------------------------------------------------------------


def test_a_package_is_imported_from_its_path_when_it_is_asked_for(tmp_path: Path) -> None:
    package(tmp_path)
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    dialects.load_definitions("acme")
    assert private_modules() == set()
    provider: Any = dialects.provider("acme")
    assert dialects.provider("acme") is provider
    assert type(provider).__module__.startswith("_purefix_types_acme_")
    assert type(provider).__module__ in sys.modules
    assert "types.provider" not in sys.modules
    factory: object = dialects.create_message_factory("acme")
    assert factory == "factory of acme"
    description: Any = object()
    session_factory: object = dialects.create_session_message_factory("acme", description)
    assert session_factory == ("session factory of acme", description)


def test_a_single_module_is_imported_as_well(tmp_path: Path) -> None:
    (tmp_path / "acme_types.py").write_text(provider_text("module"))
    dialects = dialects_of(tmp_path, acme(assemblyPath="acme_types.py"))
    factory: object = dialects.create_message_factory("acme")
    assert factory == "factory of module"


def test_modules_of_two_dialects_that_are_called_alike_do_not_meet(tmp_path: Path) -> None:
    package(tmp_path / "one", text="one")
    package(tmp_path / "two", text="two")
    dialects = dialects_of(
        tmp_path,
        acme(name="a@1", assemblyPath="one/types", rootNamespace="types"),
        acme(name="a@2", assemblyPath="two/types", rootNamespace="types"),
    )
    one: object = dialects.create_message_factory("a@1")
    two: object = dialects.create_message_factory("a@2")
    assert (one, two) == ("factory of one", "factory of two")
    assert len({name.split(".")[0] for name in private_modules()}) == 2


def test_a_package_that_python_finds_is_imported_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "acme_types")
    monkeypatch.syspath_prepend(str(tmp_path))
    dialects = dialects_of(tmp_path, acme(assemblyPath="acme_types", rootNamespace="acme_types"))
    assert type(dialects.provider("acme")).__module__ == "acme_types.provider"
    assert private_modules() == set()


def test_a_package_below_another_is_imported_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = package(tmp_path, "parent_of_types").parent / "parent_of_types"
    package(parent, "acme")
    monkeypatch.syspath_prepend(str(tmp_path))
    dialects = dialects_of(tmp_path, acme(assemblyPath="parent_of_types/acme", rootNamespace="parent_of_types.acme"))
    assert "parent_of_types" not in sys.modules
    assert type(dialects.provider("acme")).__module__ == "parent_of_types.acme.provider"


@pytest.mark.parametrize("name", ["acme_types", "json", "sys", "no.such.package", "not a name", "..", "json.decoder.x"])
def test_another_package_of_that_name_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    package(tmp_path / "elsewhere", "acme_types", text="another")
    package(tmp_path / "own", "acme_types", text="own")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    dialects = dialects_of(tmp_path, acme(assemblyPath="own/acme_types", rootNamespace=name))
    factory: object = dialects.create_message_factory("acme")
    assert factory == "factory of own"
    assert "acme_types" not in sys.modules


def test_finding_a_package_imports_none_of_its_parents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parent_of_types").mkdir()
    (tmp_path / "parent_of_types" / "__init__.py").write_text("raise SystemExit('imported')")
    package(tmp_path / "own", "acme", text="own")
    monkeypatch.syspath_prepend(str(tmp_path))
    dialects = dialects_of(tmp_path, acme(assemblyPath="own/acme", rootNamespace="parent_of_types.acme"))
    factory: object = dialects.create_message_factory("acme")
    assert factory == "factory of own"


def test_finders_that_fail_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, *_: object) -> None:
            raise RuntimeError("broken")

    package(tmp_path)
    dialects = dialects_of(tmp_path, acme(assemblyPath="types", rootNamespace="acme_types"))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Broken()])
    assert dialects.provider("acme").get_version() == "FIX.4.4"


def test_reading_logs_imports_no_types() -> None:
    code = (
        "import sys; from purefix_core.registry.dialects import Dialects;"
        "Dialects.standard().match_session('FIX.4.4', 'A', 'B');"
        "print([name for name in sys.modules if name.startswith(('purefix_core.types', 'logging', 'lxml'))])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# -- bad packages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from .provider import Types\n1 / 0", "ZeroDivisionError: division by zero"),
        ("from .provider import Types\nraise SystemExit('I am\\n\\x1b[2Jdone')", "SystemExit: I am \\x1b[2Jdone"),
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("class :", "SyntaxError: invalid syntax (__init__.py, line 1)"),
        ("class E(Exception):\n def __str__(self): raise RuntimeError\nraise E", "E: no text"),
        ("raise BaseException('x' * 1000)", "BaseException: " + "x" * 297 + "..."),
    ],
)
def test_what_a_package_raises_is_reported(tmp_path: Path, text: str, found: str) -> None:
    write_init(tmp_path, text)
    assert error(tmp_path) == f"expected a package that can be imported at FOLDER/types, found {found}"


def test_a_failed_import_by_name_leaves_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (package(tmp_path, "acme_types") / "__init__.py").write_text("from . import provider\n1 / 0")
    monkeypatch.syspath_prepend(str(tmp_path))
    dialects = dialects_of(tmp_path, acme(assemblyPath="acme_types", rootNamespace="acme_types"))
    with pytest.raises(TypeRegistryError, match="ZeroDivisionError"):
        dialects.provider("acme")
    assert not [name for name in sys.modules if name.split(".")[0] == "acme_types"]


def test_ctrl_c_during_an_import_stays_what_it_is(tmp_path: Path) -> None:
    write_init(tmp_path, "raise KeyboardInterrupt")
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    with pytest.raises(KeyboardInterrupt):
        dialects.provider("acme")
    assert private_modules() == set()


METHODS = (
    "get_version, create_message_factory, create_session_message_factory, get_message_types, "
    "get_message_type_by_msg_type"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "none, and no class with any of its methods"),
        ("class Other: pass", "none, and no class with any of its methods"),
        (
            "class Other:\n def get_version(self): return 'x'\n"
            "class Near:\n get_version = get_message_types = create_message_factory = lambda self: None\n"
            " get_message_type_by_msg_type = 7\n",
            "none; the nearest is Near, which lacks create_session_message_factory, get_message_type_by_msg_type",
        ),
        (
            "from .provider import Types as _Base\nclass Made(_Base):\n def __init__(self, path): pass\ndel _Base\n",
            "none; the nearest is Made, which cannot be called without arguments: Made.__init__() missing 1 required "
            "positional argument: 'path'",
        ),
        ("from .provider import Types\nclass More(Types): pass\nAlias = More", "Types, More"),
        (
            "from purefix_core.types.provider import TypeSystemProvider\n"
            "from purefix_core.types.runtime import RuntimeTypes",
            "none, and no class with any of its methods",
        ),
    ],
)
def test_a_package_has_exactly_one_provider(tmp_path: Path, text: str, found: str) -> None:
    write_init(tmp_path, text)
    assert error(tmp_path) == f"FOLDER/types: expected one class with the methods {METHODS}, found {found}"


def test_an_imported_protocol_and_a_second_name_do_not_count(tmp_path: Path) -> None:
    text = "from purefix_core.types.provider import TypeSystemProvider\nfrom .provider import Types\nAlias = Types"
    write_init(tmp_path, text)
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    assert type(dialects.provider("acme")).__name__ == "Types"


def test_a_provider_may_implement_the_protocol_by_name(tmp_path: Path) -> None:
    source = provider_text().replace("class Types:", "class Types(TypeSystemProvider):")
    write_init(tmp_path, f"from purefix_core.types.provider import TypeSystemProvider\n{source}")
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    assert type(dialects.provider("acme")).__name__ == "Types"


def test_types_for_another_version_are_refused(tmp_path: Path) -> None:
    package(tmp_path, version="FIX.4.2")
    expected = "FOLDER/types: expected types for FIX.4.4, the registration's version, found 'FIX.4.2'"
    assert error(tmp_path) == expected


@pytest.mark.parametrize(("version", "provided"), [("FIX.5.0SP2", "fix50sp2"), ("", "FIX.4.0")])
def test_versions_are_compared_as_elsewhere(tmp_path: Path, version: str, provided: str) -> None:
    package(tmp_path, version=provided)
    dialects = dialects_of(tmp_path, acme(assemblyPath="types", version=version))
    assert dialects.provider("acme").get_version() == provided


def test_a_version_that_is_no_text_is_reported(tmp_path: Path) -> None:
    write_init(tmp_path, provider_text().replace('return "FIX.4.4"', "return 4.4"))
    assert error(tmp_path) == "FOLDER/types: get_version: expected a text, found float"


def test_a_version_that_fails_is_reported(tmp_path: Path) -> None:
    write_init(tmp_path, provider_text().replace('return "FIX.4.4"', "raise SystemExit(3)"))
    assert error(tmp_path) == "expected a provider of typed messages in FOLDER/types, found SystemExit: 3"


def test_a_package_may_be_repaired(tmp_path: Path) -> None:
    path = write_init(tmp_path, "1 / 0")
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    with pytest.raises(TypeRegistryError):
        dialects.provider("acme")
    path.write_text("from .provider import Types")
    assert dialects.provider("acme").get_version() == "FIX.4.4"


def test_a_registration_of_the_program_is_named_in_errors(tmp_path: Path) -> None:
    write_init(tmp_path, "1 / 0")
    dialects = Dialects()
    dialects.register(TypeRegistration("mine", "mine", tmp_path / "none.xml", tmp_path / "types"))
    with pytest.raises(TypeRegistryError, match=r"^registration mine: assemblyPath: expected a package"):
        dialects.provider("mine")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [("create_message_factory", "self, a"), ("create_session_message_factory", "self"), ("get_version", "self, *, x")],
)
def test_a_provider_takes_the_arguments_of_the_protocol(tmp_path: Path, method: str, arguments: str) -> None:
    text = (
        f"from .provider import Types as _Base\nclass Own(_Base):\n def {method}({arguments}): return None\ndel _Base"
    )
    write_init(tmp_path, text)
    assert f"which takes other arguments in {method}" in error(tmp_path)


def test_paths_that_no_file_can_have_are_reported(tmp_path: Path) -> None:
    dialects = dialects_of(tmp_path, acme(dictionaryPath="x" * 5_000), acme(name="b", assemblyPath="y" * 5_000))
    with pytest.raises(TypeRegistryError, match="dictionaryPath: expected a dictionary file, found none at"):
        dialects.load_definitions("acme")
    assert type(dialects.create_message_factory("b")).__name__ == "FixMessageFactory"


def test_too_many_imports_and_problems_are_bounded(tmp_path: Path) -> None:
    path = registry(tmp_path, imports=[0] * 100_000)
    with pytest.raises(TypeRegistryError) as caught:
        Dialects().load_from_file(path)
    assert len(caught.value.problems) == 1
    path = registry(tmp_path, *({"name": f"n{number}"} for number in range(3_000)))
    with pytest.raises(TypeRegistryError) as caught:
        Dialects().load_from_file(path)
    assert caught.value.problems[-1].endswith(": 2,000 more problems")


def test_a_session_takes_one_state_of_the_registry(tmp_path: Path) -> None:
    package(tmp_path)
    dialects = dialects_of(tmp_path, acme(assemblyPath="types"))
    found = dialects.dialect("acme")
    assert found.registration is dialects.get_by_name("acme")
    assert found.definitions is dialects.load_definitions("acme")
    assert found.provider is dialects.provider("acme")
