"""Checking a registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.registry.checking import ERROR, WARNING, check
from purefix_core.registry.dialects import STANDARD_REGISTRY, Dialects
from purefix_core.registry.registration import TypeRegistryError
from tests.registry.registry_helpers import DICTIONARY, acme, dictionary, package, provider_text, registry

GOOD = acme(isDefault=True)


def found(path: Path, load: bool = False) -> list[str]:
    """The problems, without the folder of the registry."""
    return [str(problem).replace(f"{path.parent}/", "") for problem in check(path, load)]


def at(index: int, name: str) -> str:
    return f"TypeRegistry.json: registrations[{index}] ({name}): "


def test_a_good_registry_has_no_problems(tmp_path: Path) -> None:
    dictionary(tmp_path)
    package(tmp_path)
    path = registry(tmp_path, GOOD, acme(name="b", senderCompIds=["B"], rootNamespace="b.types"))
    assert check(path) == check(path, load=True) == []


def test_the_standard_registry_has_no_errors() -> None:
    assert {problem.severity for problem in check(STANDARD_REGISTRY, load=True)} <= {WARNING}


def test_problems_of_the_files_are_errors(tmp_path: Path) -> None:
    other = registry(tmp_path, {"name": "bad"}, file="other.json")
    path = registry(tmp_path, acme(enabled=1), imports=["other.json"])
    first, second = check(path)
    assert (first.severity, first.place) == (ERROR, f"{other}: registrations[0] (bad)")
    assert first.text == "dictionaryPath: expected a text that is not empty, found nothing"
    assert str(second) == f"{path}: registrations[0] (acme): error: enabled: expected true or false, found 1"


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir])
def test_a_file_that_cannot_be_read_is_no_list_of_problems(tmp_path: Path, make: object) -> None:
    path = tmp_path / "TypeRegistry.json"
    if callable(make):
        make(path)
    with pytest.raises(TypeRegistryError, match="cannot be read"):
        check(path)


def test_an_import_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    path = registry(tmp_path, GOOD, imports=["none.json"])
    assert found(path) == ["TypeRegistry.json: error: imports[0]: expected a registry file, found none at none.json"]


def test_dictionaries(tmp_path: Path) -> None:
    dictionary(tmp_path)
    (tmp_path / "bad.xml").write_text("no XML")
    odd = "<field number='10' name='CheckSum' type='STRING'/>"
    (tmp_path / "odd.xml").write_text(DICTIONARY.replace(odd, odd + odd.replace("CheckSum", "Other")))
    path = registry(
        tmp_path,
        GOOD,
        acme(name="none", dictionaryPath="none.xml", senderCompIds=["A"]),
        acme(name="bad", dictionaryPath="bad.xml", senderCompIds=["B"]),
        acme(name="odd", dictionaryPath="odd.xml", senderCompIds=["C"]),
        acme(name="version", version="FIX.4.2"),
    )
    none, bad, odd, version = found(path)
    assert none == f"{at(1, 'none')}error: dictionaryPath: expected a dictionary file, found none at none.xml"
    assert bad.startswith(f"{at(2, 'bad')}error: dictionaryPath: bad.xml:1: ")
    assert odd.startswith(f"{at(3, 'odd')}warning: dictionaryPath: odd.xml has an oddity: line ")
    assert version == f"{at(4, 'version')}warning: version: is FIX.4.2, but the dictionary is for FIX.4.4"


def test_paths_and_names_of_packages(tmp_path: Path) -> None:
    dictionary(tmp_path)
    (tmp_path / "Types.dll").write_bytes(b"")
    path = registry(
        tmp_path,
        acme(assemblyPath="none", isDefault=True),
        acme(name="b", senderCompIds=["B"], assemblyPath="Types.dll", rootNamespace="Types.B"),
        acme(name="c", senderCompIds=["C"], rootNamespace="Types-C"),
        acme(name="d", senderCompIds=["D"], rootNamespace="types.class"),
    )
    expected = "rootNamespace: expected a dotted name of a Python package, found"
    assert found(path) == [
        f"{at(0, 'acme')}warning: assemblyPath: none does not exist; run-time types are used",
        f"{at(1, 'b')}warning: assemblyPath: Types.dll is not a Python package; run-time types are used",
        f"{at(2, 'c')}warning: {expected} Types-C",
        f"{at(3, 'd')}warning: {expected} types.class",
    ]
    assert found(path, load=True) == found(path)


def test_entries_that_can_never_be_chosen(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = registry(
        tmp_path,
        acme(name="first", senderCompIds=["A", "B"]),
        acme(name="other", senderCompIds=["A", "B"], targetCompIds=["FUND"]),
        acme(name="second", senderCompIds=["B", "A"], targetCompIds=["*"], version="fix44"),
        acme(name="default", senderCompIds=["A", "B"], isDefault=True),
        acme(name="off", senderCompIds=["A", "B"], enabled=False),
        acme(name="by-name", senderCompIds=[]),
        acme(name="by-name-2", senderCompIds=[]),
        acme(name="v@1", senderCompIds=["V"]),
        acme(name="v@2", senderCompIds=["V"]),
    )
    text = "can never be chosen for a session: default has the same CompIDs and version, and goes before it"
    assert found(path) == [f"{at(0, 'first')}warning: {text}", f"{at(2, 'second')}warning: {text}"]


def test_defaults(tmp_path: Path) -> None:
    dictionary(tmp_path)
    nothing = "warning: no enabled entry has isDefault: sessions that nothing else matches get no dialect"
    off = acme(name="off", enabled=False, isDefault=True)
    assert found(registry(tmp_path, acme(), off)) == [f"TypeRegistry.json: {nothing}"]
    path = registry(tmp_path, GOOD, {**GOOD, "name": "b", "senderCompIds": ["B"]}, off)
    assert found(path) == ["TypeRegistry.json: warning: isDefault is set for acme, b; acme is taken"]


def test_of_two_versions_that_are_default_the_newest_is_taken(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = registry(tmp_path, {**GOOD, "name": "a@1"}, {**GOOD, "name": "a@2"})
    assert found(path) == ["TypeRegistry.json: warning: isDefault is set for a@2, a@1; a@2 is taken"]


def test_stores_that_are_shared(tmp_path: Path) -> None:
    dictionary(tmp_path)
    entries = [{"name": name, "extends": "acme", "senderCompIds": [name]} for name in ("b", "c")]
    path = registry(tmp_path, acme(messageStorePath="store", isDefault=True), *entries)
    text = "warning: messageStorePath: store is that of acme as well"
    assert found(path) == [at(1, "b") + text, at(2, "c") + text]


def test_packages_are_imported_only_when_asked(tmp_path: Path) -> None:
    dictionary(tmp_path)
    (package(tmp_path) / "__init__.py").write_text("raise SystemExit('imported')")
    path = registry(tmp_path, acme(assemblyPath="types", isDefault=True))
    assert found(path) == []
    expected = "error: assemblyPath: expected a package that can be imported at types, found SystemExit: imported"
    assert found(path, load=True) == [at(0, "acme") + expected]


def messages_of(folder: Path, classes: str) -> Path:
    """A registry whose package has these message classes."""
    source = provider_text().replace("return []", f"return [{classes}]")
    made = "".join(f"class M{n}: msg_type = 'U{n}'\n" for n in range(9)) + "class Ping: msg_type = 'UP'\n"
    (package(folder) / "__init__.py").write_text(made + source)
    dictionary(folder)
    return registry(folder, acme(assemblyPath="types", isDefault=True))


def test_messages_that_the_package_or_the_dictionary_lacks(tmp_path: Path) -> None:
    assert found(messages_of(tmp_path, "Ping"), load=True) == []
    assert found(messages_of(tmp_path, ", ".join(f"M{n}" for n in range(9))), load=True) == [
        f"{at(0, 'acme')}warning: assemblyPath: no class for MsgType UP",
        f"{at(0, 'acme')}warning: assemblyPath: the dictionary has no MsgType U0, U1, U2, U3, U4 and 4 more, "
        "of which there are classes",
    ]


def test_message_classes_of_no_use(tmp_path: Path) -> None:
    (problem,) = found(messages_of(tmp_path, "int"), load=True)
    expected = "error: assemblyPath: expected get_message_types to give classes with a msg_type, found AttributeError: "
    assert problem.startswith(at(0, "acme") + expected)


def test_a_package_is_checked_though_the_dictionary_is_missing(tmp_path: Path) -> None:
    path = messages_of(tmp_path, "Ping")
    (tmp_path / "acme.xml").unlink()
    (tmp_path / "types" / "__init__.py").write_text("")
    missing, bad = found(path, load=True)
    assert "dictionaryPath: expected a dictionary file" in missing
    assert "assemblyPath: types: expected one class with the methods" in bad


def test_misspelt_keys_are_told_with_what_was_meant(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = registry(tmp_path, acme(senderCompIDs=["X"], isdefault=True, isDefault=True), matchOrdr="x")
    problems = found(path)
    assert {each for each in problems if "is no key" in each} == {
        "TypeRegistry.json: warning: matchOrdr: is no key of a registry; did you mean matchOrder?",
        f"{at(0, 'acme')}warning: senderCompIDs: is no key of a registry; did you mean senderCompIds?",
        f"{at(0, 'acme')}warning: isdefault: is no key of a registry; did you mean isDefault?",
    }


def test_namespace_of_another_name_than_the_package(tmp_path: Path) -> None:
    package(tmp_path)
    dictionary(tmp_path)
    path = registry(tmp_path, acme(assemblyPath="types", rootNamespace="acme.tpyes", isDefault=True))
    (problem,) = found(path)
    assert problem.startswith(f"{at(0, 'acme')}warning: rootNamespace: acme.tpyes does not end with types, the name of")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("name='Note'", "name='Remark'", "calls tag 6001 Note, which is Remark now"),
        ("type='STRING'/>\n </fields>", "type='INT'/>\n </fields>", "has Note(6001) as STRING, which is INT now"),
        (
            "type='STRING'/>\n </fields>",
            "type='STRING'><value enum='1' description='ONE'/></field>\n </fields>",
            "has other values of Note(6001)",
        ),
    ],
)
def test_package_that_its_dictionary_has_left_behind(tmp_path: Path, old: str, new: str, text: str) -> None:
    from purefix_core.dictionary.loader import load_dictionary
    from purefix_core.types.generator.package import generate_package

    source = dictionary(tmp_path)
    generate_package(load_dictionary(source), tmp_path, "acme_types")
    path = registry(tmp_path, acme(assemblyPath="acme_types", rootNamespace="acme_types", isDefault=True))
    assert found(path, load=True) == []
    changed = source.read_text()
    assert old in changed
    source.write_text(changed.replace(old, new))
    (problem,) = found(path, load=True)
    assert problem == (
        f"{at(0, 'acme')}warning: assemblyPath: Ping {text}; generate the package again, the dictionary has changed"
    )


def test_broken_module_of_a_package_is_a_problem(tmp_path: Path) -> None:
    from purefix_core.dictionary.standard import standard, standard_path
    from purefix_core.types.generator.package import generate_package

    made = generate_package(standard("FIX44"), tmp_path, "acme_types", ["D"])
    entry = acme(dictionaryPath=str(standard_path("FIX44")), assemblyPath="acme_types", isDefault=True)
    path = registry(tmp_path, entry)
    for text in ("raise SystemExit(9)", "import nothing_there"):
        (made.folder / "components" / "instrument.py").write_text(text)
        problems = found(path, load=True)
        assert "error: assemblyPath: expected every module of the package to be imported, found" in problems[-1]


def test_importing_the_standard_versions_warns_of_nothing(tmp_path: Path) -> None:
    dictionary(tmp_path)
    path = registry(tmp_path, acme(senderCompIds=["*"], isDefault=True), imports=["standard"])
    assert found(path) == []
    registry_of = Dialects()
    registry_of.load_from_file(path)
    default, session = registry_of.get_default(), registry_of.find_for_session("FIX.4.4", "x", "y")
    assert [default and default.name, session and session.name] == ["acme", "acme"]


def test_schema_may_be_named_and_unknown_keys_keep_their_order(tmp_path: Path) -> None:
    dictionary(tmp_path)
    many = {f"own{number:02}": 1 for number in range(30)}
    path = registry(tmp_path, acme(isDefault=True, **many), **{"$schema": "x.json"})
    problems = found(path)
    assert len(problems) == 20
    assert [each.split(": ")[3] for each in problems] == sorted(many)[:20]
