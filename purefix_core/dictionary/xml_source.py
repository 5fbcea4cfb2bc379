"""Reads QuickFIX XML into a Draft, whatever state the file is in.

The reader of the file may have written it by hand, cut pieces out or pasted two dictionaries together. What cannot
be understood is left out, what is missing is taken from the standard dictionary of the same version where that is
possible, and either is recorded as a DictionaryIssue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from purefix_core.dictionary.compiled import Kind
from purefix_core.dictionary.datatypes import DATA_TYPES, canonical_type
from purefix_core.dictionary.definitions import Definitions, DictionaryError, DictionaryIssue
from purefix_core.dictionary.draft import Draft, DraftField, DraftMember, DraftMessage
from purefix_core.dictionary.members import ComponentMember, GroupMember, Member
from purefix_core.dictionary.versions import VERSION_BY_NAME, name_for_begin_string
from purefix_core.wire.tags import ADMIN_MSG_TYPES, DATA_TAG_BY_LENGTH_TAG

MAX_ISSUES = 1_000
MAX_DEPTH = 24
"""Groups and components inside each other beyond this are left out (the standard dictionaries stay below 10)."""

_MAX_TAG = 999_999_999
_FREE_TEXT_CHAR = ("FIX.4.0", "FIX.4.1")
_EXEC_INST = 18


def read_xml(content: bytes, path: Path, standard: Callable[[str], Definitions | None]) -> Draft:
    """Read the dictionary in `content`, the bytes of the file at `path`.

    `standard` gives the standard dictionary of a name (FIX44), or None. Raises DictionaryError if the content is
    not XML or defines no field. External and internal entities are not expanded, no DTD is read.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DictionaryError(path, error.lineno or 0, f"not well-formed XML: {error.msg}") from error
    return _Reader(root, path, standard).read()


def _local_name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments, instructions and entities."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _line(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _local_name(child) == name)


class _Reader:
    def __init__(self, root: etree._Element, path: Path, standard: Callable[[str], Definitions | None]) -> None:
        self.root = root
        self.path = path
        self.issues: list[DictionaryIssue] = []
        self.version = self._version()
        self.standard_name = name_for_begin_string(self.version)
        self._standard = standard
        self.fields: dict[int, DraftField] = {}
        self.tags: dict[str, int] = {}
        self.components: dict[str, tuple[DraftMember, ...]] = {}
        self.heights: dict[str, int] = {}
        self._component_elements: dict[str, etree._Element] = {}

    def read(self) -> Draft:
        for section in self._sections("fields"):
            for element in _children(section, "field"):
                self._read_field(element)
        if not self.fields:
            raise DictionaryError(self.path, _line(self.root), "defines no fields")
        self._collect_components()
        for name in self._component_elements:
            self._component(name, 1)  # one below a message, so that a message can hold it
        header, trailer = self._section_members("header"), self._section_members("trailer")
        messages = self._read_messages()
        drafts = (*self.components.values(), header, trailer, *(message.members for message in messages))
        data_tags = self._data_tags(drafts)
        return Draft(
            version=self.version,
            fields=self.fields,
            components=self.components,
            header=header,
            trailer=trailer,
            messages=messages,
            data_tags=data_tags,
            issues=tuple(sorted(self.issues, key=lambda issue: issue.line)),
        )

    def _issue(self, severity: str, element: etree._Element, text: str) -> None:
        if len(self.issues) < MAX_ISSUES:
            name = element.get("name") or element.get("number") or ""
            what = f"{_local_name(element)} {name}".rstrip()
            self.issues.append(DictionaryIssue(severity, _line(element), what, text))
        elif len(self.issues) == MAX_ISSUES:
            text = f"more than {MAX_ISSUES} issues, the rest are not listed"
            self.issues.append(DictionaryIssue("error", 0, "fix", text))

    def _version(self) -> str:
        attributes = {name: self.root.get(name, "").strip() for name in ("type", "major", "minor", "servicepack")}
        kind = attributes["type"]
        if not kind:
            kind = "FIXT" if attributes["major"] == "1" else "FIX"
            self._issue("warning", self.root, f'no attribute "type", taken as {kind}')
        if not attributes["major"] or not attributes["minor"]:
            self._issue("error", self.root, 'no attribute "major" or "minor", the version is unknown')
        pack = attributes["servicepack"]
        suffix = f"SP{pack}" if pack not in ("", "0") else ""
        return f"{kind}.{attributes['major']}.{attributes['minor']}{suffix}"

    def _sections(self, name: str) -> list[etree._Element]:
        found = list(_children(self.root, name))
        if not found and name not in ("components", "fields"):
            self._issue("warning", self.root, f"no section <{name}>")
        for repeated in found[1:]:
            self._issue("warning", repeated, f"a further section <{name}>, both are used")
        return found

    # Fields

    def _read_field(self, element: etree._Element) -> None:
        number, name = element.get("number", "").strip(), element.get("name", "").strip()
        tag = int(number) if number.isdecimal() and len(number) <= 9 else 0
        if not 0 < tag <= _MAX_TAG:
            self._issue("error", element, f'number "{number}" is not a tag, the field is left out')
            return
        if not name:
            self._issue("error", element, "no name, the field is named after its number")
            name = number
        field = DraftField(tag, name, self._type(element, tag))
        field.allows_other_values = element.get("allowOtherValues", "").strip().upper() in ("Y", "TRUE")
        self._read_values(element, field)
        known = self.fields.get(tag)
        if known is None:
            self.fields[tag] = field
            if self.tags.setdefault(name, tag) != tag:
                text = f"the name is used for {self.tags[name]} and {tag}; members mean the first"
                self._issue("error", element, text)
            return
        same = (known.name, known.type) == (field.name, field.type)
        self._issue("warning" if same else "error", element, f"tag {tag} is already {known.name} ({known.type})")
        for value, meaning in field.values.items():
            known.values.setdefault(value, meaning)
        self.tags.setdefault(name, tag)

    def _type(self, element: etree._Element, tag: int) -> str:
        text = element.get("type")
        if text is None or not text.strip():
            self._issue("error", element, "no type, taken as STRING")
            return "STRING"
        kind = canonical_type(text)
        if kind is None:
            self._issue("error", element, f'type "{text}" is unknown, taken as STRING')
            return "STRING"
        if kind != text:
            self._issue("warning", element, f'type "{text}" taken as {kind}')
        if kind == "CHAR" and self.version in _FREE_TEXT_CHAR:
            # CHAR was free text before FIX 4.2 introduced STRING; ExecInst alone could hold several values.
            return "MULTIPLEVALUESTRING" if tag == _EXEC_INST else "STRING"
        return kind

    def _read_values(self, element: etree._Element, field: DraftField) -> None:
        for value in element.iter("{*}value"):
            code, meaning = value.get("enum"), value.get("description", "").strip()
            if code is None or not code.strip():
                self._issue("error", value, f"a value of {field.name} without enum is left out")
            elif code in field.values:
                if meaning != field.values[code]:
                    self._issue("warning", value, f'value "{code}" of {field.name} is defined twice, the first is used')
            else:
                if not meaning:
                    self._issue("warning", value, f'value "{code}" of {field.name} has no description')
                field.values[code] = meaning or code

    def _standard_tag(self, name: str) -> int | None:
        """Take a field that the file does not define from the standard dictionary of its version; its tag."""
        known = self.standard()
        field = None if known is None else known.field_named(name)
        if field is None or field.tag in self.fields:
            return None
        self.fields[field.tag] = DraftField(field.tag, field.name, field.type, dict(field.values))
        self.tags[name] = field.tag
        return field.tag

    def standard(self) -> Definitions | None:
        """The standard dictionary of this file's version, or None (also for the standard dictionaries themselves)."""
        return None if self.standard_name is None else self._standard(self.standard_name)

    # Members

    def _members(self, parent: etree._Element, depth: int) -> tuple[DraftMember, ...]:
        found: dict[tuple[bool, str], DraftMember] = {}
        for element in parent:
            if not isinstance(element.tag, str):
                continue
            kind, name = _local_name(element), element.get("name", "").strip()
            member: DraftMember | None = None
            if kind in ("field", "group"):
                tag = self._tag(element, name)
                if tag is not None:
                    name = self.fields[tag].name
                    member = self._field_or_group(element, tag, depth)
            elif kind == "component":
                member = self._component_reference(element, name, depth)
            else:
                self._issue("error", element, "is no member of a message, component or group")
            if member is None:
                continue
            if (kind == "component", name) in found:
                self._issue("warning", element, "stands twice here, the first is used")
            else:
                found[(kind == "component", name)] = member
        return tuple(found.values())

    def _tag(self, element: etree._Element, name: str) -> int | None:
        tag = self.tags.get(name)
        if tag is not None:
            return tag
        tag = self._standard_tag(name) if name else None
        if tag is None:
            self._issue("error", element, "is not defined in <fields> and left out")
        else:
            self._issue("error", element, f"is not defined in <fields>, taken from {self.standard_name} as tag {tag}")
        return tag

    def _field_or_group(self, element: etree._Element, tag: int, depth: int) -> DraftMember:
        field, required = self.fields[tag], self._required(element)
        if _local_name(element) == "field":
            return DraftMember(Kind.FIELD, tag, field.name, required)
        if depth >= MAX_DEPTH:
            self._issue("error", element, "groups and components are nested too deeply; taken as a plain field")
            return DraftMember(Kind.FIELD, tag, field.name, required)
        if field.type not in ("NUMINGROUP", "INT", "LENGTH"):
            self._issue("warning", element, f"the counter of a group has type {field.type}")
        members = self._members(element, depth + 1)
        if not members:
            self._issue("error", element, "a group without members; taken as a plain field")
            return DraftMember(Kind.FIELD, tag, field.name, required)
        return DraftMember(Kind.GROUP, tag, field.name, required, members)

    def _required(self, element: etree._Element) -> bool:
        text = element.get("required")
        if text is None:
            self._issue("warning", element, 'no attribute "required", taken as N')
        elif text.strip().upper() not in ("Y", "N"):
            self._issue("warning", element, f'required="{text}" taken as N')
        return text is not None and text.strip().upper() == "Y"

    # Components

    def _collect_components(self) -> None:
        for section in self._sections("components"):
            for element in _children(section, "component"):
                name = element.get("name", "").strip()
                if not name:
                    self._issue("error", element, "a component without name is left out")
                elif name in self._component_elements:
                    self._issue("warning", element, "a component of that name is already defined, the first is used")
                else:
                    self._component_elements[name] = element

    def _component(self, name: str, depth: int) -> None:
        """Read a component and those inside it. Its height stays unset while that goes on, which is how a component
        inside itself is noticed."""
        if name not in self.components:
            self.components[name] = ()
            self.components[name] = self._members(self._component_elements[name], depth)
            self.heights[name] = 1 + self._height(self.components[name])

    def _height(self, members: tuple[DraftMember, ...]) -> int:
        below = [0]
        for member in members:
            if member.kind is Kind.GROUP:
                below.append(1 + self._height(member.members))
            elif member.kind is Kind.COMPONENT:
                below.append(self.heights[member.name])
        return max(below)

    def _component_reference(self, element: etree._Element, name: str, depth: int) -> DraftMember | None:
        required = self._required(element)
        if name not in self._component_elements:
            self._issue("error", element, "is not defined in <components> and left out")
            return None
        if depth < MAX_DEPTH:
            self._component(name, depth + 1)
        height = self.heights.get(name)
        if height is None and name in self.components:
            self._issue("error", element, "the component contains itself; left out here")
            return None
        if height is None or depth + height > MAX_DEPTH:
            self._issue("error", element, "groups and components are nested too deeply; left out here")
            return None
        return DraftMember(Kind.COMPONENT, 0, name, required)

    # Header, trailer, messages

    def _section_members(self, name: str) -> tuple[DraftMember, ...]:
        found = [member for section in self._sections(name) for member in self._members(section, 0)]
        if found or self.version.startswith("FIX.5."):  # from FIX 5.0 on they belong to the transport, FIXT
            return tuple(found)
        known = self.standard()
        if known is None and self.version not in VERSION_BY_NAME.values():
            known = self._standard("FIX44")
        if known is None:
            return ()
        self._issue("error", self.root, f"<{name}> is empty, that of {known.name} is used")
        members = known.header if name == "header" else known.trailer
        return tuple(self._copied(known, members))

    def _copied(self, known: Definitions, members: tuple[Member, ...]) -> Iterator[DraftMember]:
        """Members of a standard dictionary, with the fields that this file lacks."""
        for member in members:
            if isinstance(member, ComponentMember):
                yield from self._copied(known, member.members)
                continue
            field = known.field(member.tag)
            if field is not None and member.tag not in self.fields:
                self.fields[field.tag] = DraftField(field.tag, field.name, field.type, dict(field.values))
                self.tags.setdefault(field.name, field.tag)
            name = self.fields[member.tag].name
            if isinstance(member, GroupMember):
                inner = tuple(self._copied(known, member.members))
                yield DraftMember(Kind.GROUP, member.tag, name, member.required, inner)
            else:
                yield DraftMember(Kind.FIELD, member.tag, name, member.required)

    def _read_messages(self) -> tuple[DraftMessage, ...]:
        found: dict[str, DraftMessage] = {}
        for section in self._sections("messages"):
            for element in _children(section, "message"):
                msg_type, name = element.get("msgtype", "").strip(), element.get("name", "").strip()
                if not msg_type:
                    self._issue("error", element, "a message without msgtype is left out")
                    continue
                if msg_type in found:
                    text = f"MsgType {msg_type} is already {found[msg_type].name}, the first is used"
                    self._issue("error", element, text)
                    continue
                category = element.get("msgcat", "").strip().lower()
                if category not in ("admin", "app"):
                    category = "admin" if msg_type in ADMIN_MSG_TYPES else "app"
                    self._issue("warning", element, f"no msgcat, taken as {category}")
                found[msg_type] = DraftMessage(msg_type, name or msg_type, category, self._members(element, 0))
        if not found:
            self._issue("error", self.root, "defines no messages")
        return tuple(found.values())

    # Data fields

    def _data_tags(self, lists: tuple[tuple[DraftMember, ...], ...]) -> dict[int, int]:
        """The pairs of LENGTH and DATA fields that are not among the standard ones: by name (RawDataLength,
        RawData), else the LENGTH field directly before the DATA field in a message."""
        before: dict[int, int] = {}
        for members in lists:
            self._note_neighbours(members, before)
        length_tags = {data: length for length, data in DATA_TAG_BY_LENGTH_TAG.items()}
        pairs: dict[int, int] = {}
        for field in self.fields.values():
            if field.type not in DATA_TYPES:
                continue
            named = (self.tags.get(f"{field.name}{suffix}") for suffix in ("Len", "Length"))
            tag = next((tag for tag in named if tag is not None), None) or before.get(field.tag)
            if tag is not None and DATA_TAG_BY_LENGTH_TAG.get(tag) != field.tag:
                pairs[tag] = field.tag
            elif tag is None and length_tags.get(field.tag) not in self.fields:
                self._data_issue(field)
        return pairs

    def _note_neighbours(self, members: tuple[DraftMember, ...], before: dict[int, int]) -> None:
        previous: DraftMember | None = None
        for member in members:
            if member.kind is Kind.GROUP:
                self._note_neighbours(member.members, before)
            elif (
                previous is not None
                and member.kind is Kind.FIELD
                and self.fields[member.tag].type in DATA_TYPES
                and self.fields[previous.tag].type == "LENGTH"
            ):
                before.setdefault(member.tag, previous.tag)
            previous = member if member.kind is Kind.FIELD else None

    def _data_issue(self, field: DraftField) -> None:
        if len(self.issues) < MAX_ISSUES:
            text = "a data field without its length field ends at the next separator"
            self.issues.append(DictionaryIssue("warning", 0, f"field {field.name}", text))
