"""Generated packages: what is written, that it can be imported, and what it refuses."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wire_text import EXECUTION, wire

from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import standard
from purefix_core.types.generator.package import generate_package
from purefix_core.types.generator.plan import PlanError
from purefix_core.types.runtime import RuntimeTypes


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path of Python; what was imported from it is forgotten."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_package_has_a_module_for_each_class(parent: Path) -> None:
    package = generate_package(standard("FIX44"), parent, "acme.fix44")
    assert package.folder == parent / "acme" / "fix44"
    assert (package.messages, package.components, package.enums) == (93, 104, 220)
    assert len(list((package.folder / "messages").iterdir())) == 94
    assert (package.folder / "messages" / "new_order_single.py").is_file()
    assert (package.folder / "enums" / "side.py").is_file()
    assert (package.folder / "py.typed").is_file()
    fix44: Any = importlib.import_module("acme.fix44")
    order = fix44.NewOrderSingle(ClOrdID="1", Side=fix44.enums.Side.BUY)
    assert order.to_bytes() == wire("35=D|11=1|54=1|")
    assert "ClOrdID(11), STRING, required." in (package.folder / "messages" / "new_order_single.py").read_text()


def test_classes_are_those_made_at_run_time(parent: Path, fix44: RuntimeTypes) -> None:
    """Same members, tags, types and enums, message by message."""
    generate_package(standard("FIX44"), parent, "same44")
    provider = importlib.import_module("same44").TypeSystemProvider()
    assert provider.get_version() == fix44.get_version()
    for kind in provider.get_message_types():
        other = fix44.get_message_type_by_msg_type(kind.msg_type)
        assert other is not None
        assert outline(kind) == outline(other), kind
        assert (kind.__name__, kind.begin_string, kind.data_tags) == (
            other.__name__,
            other.begin_string,
            other.data_tags,
        )
        assert kind.layout().ranks == other.layout().ranks


def outline(kind: Any) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, member in kind.members.items():
        if hasattr(member, "entry"):
            found[name] = (member.tag, member.name, member.entry.__qualname__, outline(member.entry))
        elif hasattr(member, "component"):
            found[name] = (member.name, outline(member.component))
        else:
            enum = member.enum and {each.name: each.value for each in member.enum}
            found[name] = (member.tag, member.name, member.kind, member.length_tag, enum)
    return found


def test_odd_names_are_the_same_as_at_run_time(parent: Path, odd: RuntimeTypes, odd_dictionary: Path) -> None:
    package = generate_package(load_dictionary(odd_dictionary), parent, "odd44")
    generated = importlib.import_module("odd44").TypeSystemProvider().get_message_type_by_msg_type("U1")
    assert outline(generated) == outline(odd.get_message_type_by_msg_type("U1"))
    assert sorted(each.name for each in (package.folder / "enums").glob("g*.py")) == ["grad.py"]


def test_hostile_names_stay_text(parent: Path, odd_dictionary: Path) -> None:
    attack = "x'''&quot;&quot;&quot;\\&#10;import os; boom = 1 #"
    text = odd_dictionary.read_text("utf-8")
    for old in ("odd message", "1st-Leg", "a part", "30/360", "NoThings"):
        text = text.replace(f"'{old}'", f'"{old} {attack}"')
    odd_dictionary.write_text(text.replace("enum='6'", f'enum="{attack}"'), encoding="utf-8")
    definitions = load_dictionary(odd_dictionary)
    package = generate_package(definitions, parent, "hostile")
    provider = importlib.import_module("hostile").TypeSystemProvider()
    kind = provider.get_message_type_by_msg_type("U1")
    assert kind.message_name == definitions.message_name("U1")
    assert outline(kind) == outline(RuntimeTypes(definitions).get_message_type_by_msg_type("U1"))
    for path in package.folder.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")
        assert not path.read_text("utf-8").startswith("import os")
        assert path.resolve().is_relative_to(package.folder.resolve())


def test_only_the_messages_asked_for_and_those_of_the_session(parent: Path) -> None:
    package = generate_package(standard("FIX44"), parent, "few", ["D", "ExecutionReport"])
    kinds = importlib.import_module("few").TypeSystemProvider().get_message_types()
    assert {each.msg_type for each in kinds} == {"D", "8", *"0 1 2 3 4 5 A n".split()}
    assert not (package.folder / "components" / "quot_qual_grp.py").exists()
    with pytest.raises(PlanError, match="Quotes, ZZ: not defined in FIX44; expected MsgTypes or names"):
        generate_package(standard("FIX44"), parent, "few", ["D", "Quotes", "ZZ"])


@pytest.mark.parametrize("namespace", ["", ".", "a.", "a..b", "1a", "a-b", "a/b", "../a", "class", "_a", "ä"])
def test_namespace_must_be_that_of_a_package(tmp_path: Path, namespace: str) -> None:
    with pytest.raises(PlanError, match="namespace"):
        generate_package(standard("FIX44"), tmp_path, namespace, ["0"])
    assert not list(tmp_path.iterdir())


def test_only_what_was_generated_gives_way(tmp_path: Path) -> None:
    first = generate_package(standard("FIX44"), tmp_path, "fix", ["D"])
    assert not first.was_replaced
    own = first.folder / "messages" / "own.py"
    own.touch()
    with pytest.raises(PlanError, match=r"messages/own\.py: is there and was not generated"):
        generate_package(standard("FIX42"), tmp_path, "fix", ["D"])
    own.unlink()
    assert generate_package(standard("FIX42"), tmp_path, "fix", ["D"]).was_replaced
    assert not (first.folder / "components" / "instrument.py").exists()
    assert "FIX.4.2" in (first.folder / "__init__.py").read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["fix"]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").write_text('"""My own."""')
    with pytest.raises(PlanError, match=r"own/__init__\.py: is there and was not generated"):
        generate_package(standard("FIX44"), tmp_path, "own", ["D"])
    assert (tmp_path / "own" / "__init__.py").read_text() == '"""My own."""'


def test_modules_are_imported_when_first_used(parent: Path) -> None:
    generate_package(standard("FIX44"), parent, "lazy44")
    code = (
        "import sys, lazy44\n"
        "loaded = lambda: {each.split('.', 1)[1] for each in sys.modules if each.startswith('lazy44.')}\n"
        "print(sorted(loaded()))\n"
        "message = lazy44.TypeSystemProvider().create_message_factory().parse(RAW)\n"
        "print('messages.new_order_single' in loaded(), 'messages.execution_report' in loaded())\n"
        "print('enums.side' in loaded(), message.Side.name, 'enums.side' in loaded(), 'enums.ord_status' in loaded())\n"
        "print(sorted({'lxml', 'click', 'asyncio', 'numpy', 'textual'} & sys.modules.keys()))\n"
    ).replace("RAW", repr(wire(EXECUTION)))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=parent)
    assert run.stdout.splitlines() == [
        "['base', 'components', 'enums', 'messages', 'provider']",
        "False True",
        "False BUY True False",
        "[]",
    ]


def test_names_that_are_not_there(parent: Path) -> None:
    generate_package(standard("FIX44"), parent, "names44", ["D"])
    package: Any = importlib.import_module("names44")
    assert {"NewOrderSingle", "enums", "TypeSystemProvider"} <= set(dir(package))
    assert "Side" in dir(package.enums)
    with pytest.raises(AttributeError, match=r"names44\.messages' has no attribute 'NewOrder'"):
        _ = package.NewOrder
    assert package.TypeSystemProvider().get_message_type_by_msg_type("8") is None
    assert package.TypeSystemProvider().create_message_factory().parse(wire(EXECUTION)).get(55) == b"AAPL"


def test_classes_and_modules_of_one_name_do_not_meet(parent: Path, odd_dictionary: Path) -> None:
    """Python puts the module `side` where a package has a class `side`."""
    text = odd_dictionary.read_text("utf-8")
    twins = "<message name='Foo' msgtype='U2' msgcat='app'/><message name='foo' msgtype='U3' msgcat='app'/>"
    text = text.replace("</messages>", f"{twins}</messages>").replace("a part", "Grad")
    text = text.replace("<component name='Grad'>", "<component name='grad'/><component name='Grad'>", 0)
    text = text.replace("number='5005' name='grad' type='CHAR'/>", "number='5005' name='grad' type='CHAR'>"
                        "<value enum='x' description='X'/></field>")  # fmt: skip
    odd_dictionary.write_text(text, encoding="utf-8")
    definitions = load_dictionary(odd_dictionary)
    generate_package(definitions, parent, "twins")
    provider = importlib.import_module("twins").TypeSystemProvider()
    kinds = {each.msg_type: each for each in provider.get_message_types()}
    assert {key: each.__name__ for key, each in kinds.items()} == {"U1": "odd_message", "U2": "Foo", "U3": "foo"}
    message = kinds["U1"].parse(wire("35=U1|5004=2|5005=x|"))
    assert (message.Grad.name, message.grad.name) == ("PARTIALLY_FILLED_2", "X")
    assert outline(kinds["U1"]) == outline(RuntimeTypes(definitions).get_message_type_by_msg_type("U1"))


def test_dictionary_without_messages_gives_a_package(parent: Path, odd_dictionary: Path) -> None:
    text = odd_dictionary.read_text("utf-8")
    start, end = text.index("<message name"), text.index("</messages>")
    odd_dictionary.write_text(text[:start] + text[end:], encoding="utf-8")
    generate_package(load_dictionary(odd_dictionary), parent, "bare")
    provider = importlib.import_module("bare").TypeSystemProvider()
    assert provider.get_message_types() == []
    assert provider.create_message_factory().parse(wire("35=D|49=A|")).header.SenderCompID == "A"


@pytest.mark.parametrize("name", ["json", "purefix_core.x", "xml.etree"])
def test_names_that_python_needs_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PlanError, match="expected another name than that of a package that Python needs"):
        generate_package(standard("FIX44"), tmp_path, name, ["0"])


def test_package_inside_another_is_not_lost(tmp_path: Path) -> None:
    generate_package(standard("FIX44"), tmp_path, "outer", ["0"])
    generate_package(standard("FIX44"), tmp_path, "outer.inner", ["0"])
    with pytest.raises(PlanError, match=r"outer/inner/.*: is there and was not generated"):
        generate_package(standard("FIX44"), tmp_path, "outer", ["0"])
    assert (tmp_path / "outer" / "inner" / "messages" / "heartbeat.py").is_file()


def test_old_package_comes_back_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = generate_package(standard("FIX44"), tmp_path, "fix", ["0"])
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        generate_package(standard("FIX42"), tmp_path, "fix", ["0"])
    assert "FIX.4.4" in (first.folder / "__init__.py").read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["fix"]


def test_all_messages_are_imported_with_a_star(parent: Path) -> None:
    generate_package(standard("FIX44"), parent, "star44", ["D"])
    namespace: dict[str, Any] = {}
    exec("from star44 import *", namespace)
    assert {"NewOrderSingle", "Heartbeat"} <= namespace.keys()
    assert "MODULES" not in namespace
