"""The text of each module of a generated package, laid out as `ruff format` lays it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from purefix_core.dictionary.datatypes import DATA_TYPES, DECIMAL_TYPES, INTEGER_TYPES, MULTIPLE_VALUE_TYPES
from purefix_core.types.generator.plan import (
    ClassPlan,
    ComponentPlan,
    EnumPlan,
    FieldPlan,
    GroupPlan,
    MemberPlan,
    PackagePlan,
)
from purefix_core.types.values import DATE_TYPES, TIMESTAMP_TYPES

_WIDTH = 88
"""Lines that fit into this stay one; longer ones are broken with a comma at the end, which formatters keep for any
line length from here on."""
_LONGEST = 120
_INDENT = "    "
GENERATED = "Generated; do not edit."
"""In the docstring of every generated package."""


class Named(Protocol):
    """A class or enum of a module of its own."""

    @property
    def name(self) -> str: ...
    @property
    def module(self) -> str: ...


def package_modules(plan: PackagePlan) -> Iterator[tuple[str, str]]:
    """The path of each module, relative to the package's folder and with slashes, and its text."""
    yield "__init__.py", _top_module(plan)
    yield "base.py", _base_module(plan)
    yield "provider.py", _provider_module(plan)
    for what, plans in (("messages", plan.messages), ("components", plan.components), ("enums", plan.enums)):
        yield f"{what}/__init__.py", _lazy_module(f"The {what} of {plan.dictionary}, one module each.", plans)
    for each in plan.messages:
        yield f"messages/{each.module}.py", _message_module(plan, each)
    for each in plan.components:
        yield f"components/{each.module}.py", _component_module(plan, each)
    for enum in plan.enums:
        yield f"enums/{enum.module}.py", _enum_module(enum)


# Modules


def _top_module(plan: PackagePlan) -> str:
    lines = [
        *_docstring(f"The messages of {plan.dictionary} ({plan.version}) as classes. {GENERATED}"),
        "",
        "from typing import TYPE_CHECKING",
        "",
        "from . import components as components",
        "from . import enums as enums",
        "from . import messages as messages",
        "from .base import UndefinedMessage as UndefinedMessage",
        "from .provider import TypeSystemProvider as TypeSystemProvider",
        "",
        *_typed_only(".messages", plan.messages),
        "else:",
        f"{_INDENT}__getattr__ = messages.__getattr__",
        f"{_INDENT}__all__ = sorted(messages.MODULES)",
        "",
        f"{_INDENT}def __dir__() -> list[str]:",
        f"{_INDENT}{_INDENT}return sorted({{*globals(), *messages.__dir__()}})",
    ]
    return _text(lines)


def _typed_only(package: str, plans: Sequence[Named]) -> list[str]:
    """Imports for type checkers and editors, which do not see what is imported when it is first used."""
    by_module = sorted(plans, key=lambda each: _natural(each.module))
    dot = "" if package.endswith(".") else "."
    blocks = (_from_import(f"{package}{dot}{each.module}", [f"{each.name} as {each.name}"]) for each in by_module)
    lines = [line for block in blocks for line in block]
    return ["if TYPE_CHECKING:", *(f"{_INDENT}{line}" for line in lines or ["pass"])]


def _natural(text: str) -> list[tuple[int, str]]:
    """The order in which import sorters have names: numbers in them count as numbers."""
    pieces = re.split(r"([0-9]+)", text)
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in pieces]


def _base_module(plan: PackagePlan) -> str:
    body = ["", f"{_INDENT}begin_string = {_literal(plan.begin_string)}"]
    if plan.data_tags:
        pairs = [f"{length}: {data}" for length, data in plan.data_tags]
        body += _broken(f"{_INDENT}data_tags: ClassVar[Mapping[int, int]] = {{", ["**Message.data_tags", *pairs], "}")
    body.append("")
    for attribute, name in (("header", plan.header), ("trailer", plan.trailer)):
        arguments = [f"lambda: components.{name}", "default=None"]
        body += _broken(f"{_INDENT}{attribute}: components.{name} = component(", arguments, ")")
    lines = [
        '"""What all messages have in common."""',
        "",
        "from __future__ import annotations",
        "",
        *(["from collections.abc import Mapping", "from typing import ClassVar", ""] if plan.data_tags else []),
        "from purefix_core.types import Message, component",
        "",
        "from . import components",
        "",
        "",
        "class UndefinedMessage(Message):",
        *_docstring(f"A message that {plan.dictionary} does not define; the base of those that it does.", _INDENT),
        *body,
    ]
    return _text(lines)


def _provider_module(plan: PackagePlan) -> str:
    by_msg_type = [f"{_literal(each.msg_type)}: {_literal(each.name)}" for each in plan.messages]
    lines = [
        f'"""The provider of the types of {_plain(plan.dictionary)}."""',
        "",
        "from __future__ import annotations",
        "",
        *_from_import(
            "purefix_core.types",
            ["FixMessageFactory", "Message", "SessionDescription", "SessionMessageFactory"],
        ),
        "",
        "from . import messages",
        "from .base import UndefinedMessage",
        "",
        *_broken("_NAMES: dict[str, str] = {", by_msg_type, "}"),
        "",
        "",
        "class TypeSystemProvider:",
        *_docstring(f"Gives the messages of {plan.dictionary} as classes.", _INDENT),
        "",
        "    def get_version(self) -> str:",
        f"        return {_literal(plan.version)}",
        "",
        "    def create_message_factory(self) -> FixMessageFactory:",
        "        find = self.get_message_type_by_msg_type",
        "        return FixMessageFactory(find, UndefinedMessage)",
        "",
        "    def create_session_message_factory(",
        "        self,",
        "        session_description: SessionDescription,",
        "    ) -> SessionMessageFactory:",
        "        factory = self.create_message_factory()",
        "        version = self.get_version()",
        "        return SessionMessageFactory(session_description, factory, version)",
        "",
        "    def get_message_types(self) -> list[type[Message]]:",
        "        return [getattr(messages, name) for name in _NAMES.values()]",
        "",
        "    def get_message_type_by_msg_type(self, msg_type: str) -> type[Message] | None:",
        "        name = _NAMES.get(msg_type)",
        "        return None if name is None else getattr(messages, name)",
    ]
    return _text(lines)


def _lazy_module(title: str, plans: Sequence[Named]) -> str:
    lines = [
        *_docstring(f"{title} Each is imported when it is first used."),
        "",
        "from typing import TYPE_CHECKING",
        "",
        "from purefix_core.types.lazy import lazy_attributes",
        "",
        *_typed_only(".", plans),
        "else:",
    ]
    modules = [f"{_literal(each.name)}: {_literal(each.module)}" for each in plans]
    lines += [f"{_INDENT}{line}" for line in _broken("MODULES = {", modules, "}", _WIDTH - len(_INDENT))]
    lines.append(f"{_INDENT}__getattr__, __dir__ = lazy_attributes(__name__, MODULES)")
    return _text(lines)


def _message_module(plan: PackagePlan, message: ClassPlan) -> str:
    title = f"{message.title}, MsgType {message.msg_type} of {plan.dictionary}."
    body = [f"{_INDENT}msg_type = {_literal(message.msg_type)}", f"{_INDENT}message_name = {_literal(message.title)}"]
    return _class_module(message, "UndefinedMessage", title, ["", *body])


def _component_module(plan: PackagePlan, component: ClassPlan) -> str:
    return _class_module(component, "Component", f"The component {component.title} of {plan.dictionary}.", [])


def _class_module(plan: ClassPlan, base: str, title: str, body: list[str]) -> str:
    used = set(_used(plan))
    imports = sorted(used & {"GroupEntry", "RawText", "UtcTimestamp", "component", "field", "group"})
    if base == "Component":
        imports = ["Component", *imports]
    standard = [f"from {module} import {name}" for module, name in _STANDARD if name in used]
    siblings = sorted(used & {"components", "enums"})
    own = [f"from .. import {', '.join(siblings)}"] if siblings else []
    own += ["from ..base import UndefinedMessage"] if base == "UndefinedMessage" else []
    lines = [*_docstring(title), "", "from __future__ import annotations", ""]
    lines += [*standard, *([""] if standard else [])]
    lines += [*_from_import("purefix_core.types", imports), ""] if imports else []
    lines += [*own, *([""] if own else []), "", f"class {plan.name}({base}):", *_docstring(title, _INDENT)]
    return _text([*lines, *body, *_members(plan, plan.name, _INDENT)])


_STANDARD = (("datetime", "date"), ("decimal", "Decimal"))


def _used(plan: ClassPlan) -> Iterator[str]:
    """The names from other modules that the members of a class use."""
    for member in plan.members:
        if isinstance(member, GroupPlan):
            yield from ("group", "GroupEntry")
            yield from _used(member.entry)
        elif isinstance(member, ComponentPlan):
            yield from ("component", "components")
        else:
            yield "field"
            yield from re.findall(r"\b(?:RawText|UtcTimestamp|Decimal|date|enums)\b(?=[ .])", _annotation(member))


def _enum_module(enum: EnumPlan) -> str:
    base = "IntEnum" if enum.is_numeric else "StrEnum"
    lines = [
        *_docstring(f"The values of {enum.field}({enum.tag})."),
        "",
        f"from enum import {base}",
        "",
        "",
        f"class {enum.name}({base}):",
        *_docstring(f"The values of {enum.field}({enum.tag}).", _INDENT),
        "",
    ]
    for name, value, meaning in enum.members:
        lines.append(f"{_INDENT}{name} = {int(value) if enum.is_numeric else _literal(value)}")
        if meaning.upper().replace(" ", "_") != name:
            lines += _docstring(meaning, _INDENT)
    return _text(lines)


# Members


def _members(plan: ClassPlan, owner: str, indent: str) -> Iterator[str]:
    for member in plan.members:
        yield ""
        if isinstance(member, GroupPlan):
            yield from _entry_class(member, owner, indent)
            yield ""
        yield from _member(member, indent)


def _entry_class(member: GroupPlan, owner: str, indent: str) -> Iterator[str]:
    yield f"{indent}class {member.entry.name}(GroupEntry):"
    yield from _docstring(f"An entry of {member.name}({member.tag}) in {owner}.", indent + _INDENT)
    yield from _members(member.entry, owner, indent + _INDENT)


def _member(member: MemberPlan, indent: str) -> Iterator[str]:
    required = ", required." if member.required else "."
    if isinstance(member, GroupPlan):
        kind, call = f"list[{member.entry.name}]", "group"
        arguments = [str(member.tag), member.entry.name, *_named(member.attribute, member.name), "default=()"]
        told = f"The entries of the group {member.name}({member.tag}){required}"
    elif isinstance(member, ComponentPlan):
        kind, call = f"components.{member.class_name}", "component"
        arguments = [f"lambda: components.{member.class_name}", *_named(member.attribute, member.name), "default=None"]
        told = f"The component {member.name}{required}"
    else:
        definition = member.definition
        kind, call = _annotation(member), "field"
        arguments = [str(definition.tag), _literal(definition.type)]
        if member.enum is not None:
            arguments.append(f"enum=lambda: enums.{member.enum.name}")
        if member.length_tag:
            arguments.append(f"length={member.length_tag}")
        arguments += [*_named(member.attribute, definition.name), "default=None"]
        told = f"{definition.name}({definition.tag}), {definition.type}{required}"
    yield from _broken(f"{indent}{member.attribute}: {kind} = {call}(", arguments, ")")
    yield from _docstring(told, indent)


def _named(attribute: str, name: str) -> list[str]:
    return [] if attribute == name else [f"name={_literal(name)}"]


def _annotation(member: FieldPlan) -> str:
    kind = member.definition.type
    enum = "" if member.enum is None else f"enums.{member.enum.name} | "
    if kind in MULTIPLE_VALUE_TYPES:
        return f"tuple[{enum}str, ...] | None"
    for kinds, name in _PYTHON_TYPES:
        if kind in kinds:
            return f"{enum}{name} | None"
    return f"{enum}str | None"


_PYTHON_TYPES: tuple[tuple[frozenset[str], str], ...] = (
    (INTEGER_TYPES, "int | RawText"),
    (DECIMAL_TYPES, "Decimal | RawText"),
    (frozenset({"BOOLEAN"}), "bool | RawText"),
    (TIMESTAMP_TYPES, "UtcTimestamp | RawText"),
    (DATE_TYPES, "date | RawText"),
    (DATA_TYPES, "bytes"),
)


# Text


def _text(lines: Iterable[str]) -> str:
    """A module. Where a name is so long that a line cannot be kept short, formatters are told to leave it alone."""
    text = "\n".join(lines).rstrip("\n") + "\n"
    lines_of_text = text.splitlines()
    if any(len(line) > _WIDTH for line in lines_of_text):
        text = f"# fmt: off\n{text}"
    if any(len(line) > _LONGEST and " " in line.strip() for line in lines_of_text):  # single words may be as long
        text = f"# ruff: noqa: E501\n{text}"
    return text


def _broken(start: str, items: Sequence[str], end: str, width: int = _WIDTH) -> list[str]:
    """`start`, the items with commas between them, and `end`: one line where that fits, else a line for each item."""
    line = f"{start}{', '.join(items)}{end}"
    if len(line) <= width:
        return [line]
    indent = " " * (len(start) - len(start.lstrip()))
    return [start, *(f"{indent}{_INDENT}{item}," for item in items), f"{indent}{end}"]


def _from_import(module: str, names: Sequence[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) + len(_INDENT) <= _WIDTH:
        return [line]
    return [f"from {module} import (", *(f"{_INDENT}{name}," for name in names), ")"]


def _literal(text: str) -> str:
    """A string literal with double quotes, as formatters prefer them, all ASCII."""
    shown = text.encode("unicode_escape").decode("ascii")
    if '"' in text and "'" not in text:
        return f"'{shown}'"
    return '"' + shown.replace('"', '\\"') + '"'


def _docstring(text: str, indent: str = "") -> list[str]:
    """A docstring on one or several lines; nothing in the text can end it or become an escape."""
    words = _plain(text).split()
    lines: list[str] = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) + len(indent) + 6 <= _WIDTH or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) == 1:
        return [f'{indent}"""{lines[0]}"""']
    return [f'{indent}"""{lines[0]}', *(f"{indent}{line}" for line in lines[1:]), f'{indent}"""']


def _plain(text: str) -> str:
    """Text for a docstring, on one line."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    plain = " ".join(shown.replace("\\", "/").replace('"', "'").split())
    return plain or "(no text)"
