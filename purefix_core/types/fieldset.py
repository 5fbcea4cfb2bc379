"""What messages, components and group entries have in common: an attribute for each member, converted when asked for.

A value is converted from its bytes at the first access and kept in a slot; from then on reading it costs no more than
any attribute. A value that is set is turned into bytes at once, so that what cannot be sent is refused where it is set.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, dataclass_transform

from purefix_core.types.block import Block
from purefix_core.types.content import content
from purefix_core.types.declare import Field, Group, Member, Part, component, field, group
from purefix_core.types.layout import Layout, build_layout
from purefix_core.types.text import repr_text
from purefix_core.wire import tags as wire_tags
from purefix_core.wire.secrets import SECRET_TAGS
from purefix_core.wire.separators import SOH

_NEVER_TOLD = SECRET_TAGS | {wire_tags.RAW_DATA}
"""Tags whose values are in no error."""

_keep = object.__setattr__


class FieldSetType(type):
    """Turns the declared members of a class into slots."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> FieldSetType:
        members = {key: value for key, value in namespace.items() if isinstance(value, Member)}
        for key, member in members.items():
            member.name = member.name or key
            del namespace[key]
        namespace.setdefault("__slots__", tuple(members))
        made = super().__new__(mcs, name, bases, namespace)
        inherited: dict[str, Member] = {}
        for base in bases:
            inherited.update(getattr(base, "members", {}))
        made.members = {**inherited, **members}  # type: ignore[attr-defined]
        return made


@dataclass_transform(kw_only_default=True, field_specifiers=(field, group, component))
class FieldSet(metaclass=FieldSetType):
    """An attribute for each member: None where a field is absent, an empty list for a group without entries. A
    component is always there, and false where none of its fields is."""

    __slots__ = ("_block",)

    if TYPE_CHECKING:
        _block: Block
    members: ClassVar[Mapping[str, Member]]
    """The declared members by attribute."""
    if TYPE_CHECKING:
        _by_tag: ClassVar[Mapping[int, Field | Group]]  # of each class that was used; never inherited
        _layout: ClassVar[Layout]

    def __init__(self, /, **values: object) -> None:
        """Fields, components and lists of group entries by attribute name; None leaves a member out.

        Raises TypeError for a name or a value that does not fit, ValueError for a value that cannot be sent.
        """
        _keep(self, "_block", Block(None, self.by_tag()))
        for name, value in values.items():
            member = self.members.get(name)
            if member is None:
                raise TypeError(self._no_member(name))
            if value is not None:
                self._put(name, member, value)

    @classmethod
    def over(cls, block: Block) -> Self:
        """A view of the fields in `block`."""
        self = object.__new__(cls)
        _keep(self, "_block", block)
        return self

    @classmethod
    def layout(cls) -> Layout | None:
        """The order of everything at the level of this class; None for a component, which has no level of its own."""
        return None

    @classmethod
    def by_tag(cls) -> Mapping[int, Field | Group]:
        """The members by tag, those of components in them, each at its first place."""
        found: dict[int, Field | Group] | None = cls.__dict__.get("_by_tag")
        if found is None:
            found = {}
            for member in cls.members.values():
                own = member.component.by_tag().values() if isinstance(member, Part) else (member,)
                for each in own:
                    if each.tag in found:
                        _mark_shared(found[each.tag], each)
                    else:
                        found[each.tag] = each
            cls._by_tag = found
        return found

    if not TYPE_CHECKING:  # type checkers shall find nothing but the declared members

        def __getattr__(self, name: str) -> object:
            """Called where the slot is still empty."""
            member = self.members.get(name)
            if member is None:
                raise AttributeError(self._no_member(name))
            value = member.read_from(self._block)
            if not member.is_shared:
                _keep(self, name, value)
            return value

        def __setattr__(self, name: str, value: object) -> None:
            member = self.members.get(name)
            if member is None:
                raise AttributeError(self._no_member(name))
            self._put(name, member, value)

        def __delattr__(self, name: str) -> None:
            setattr(self, name, None)

    def _put(self, name: str, member: Member, value: object) -> None:
        try:
            kept = member.write_to(self._block, value)
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            is_secret = isinstance(member, Field) and member.tag in _NEVER_TOLD
            told = "this value cannot be sent" if is_secret else error
            raise kind(f"{type(self).__name__}.{name}: {told}") from None
        if member.also_written:
            _forget(self, member.also_written)
            if isinstance(member, Part) and _kept(self, name) is not None:
                return  # the view that the user may hold goes on
        if not member.is_shared:
            _keep(self, name, kept)

    def copy(self) -> Self:
        """One with the same fields; changes of either do not concern the other."""
        return self.over(self._block.copy())

    __copy__ = copy

    def __deepcopy__(self, _memo: object) -> Self:
        return self.copy()

    def is_changed(self) -> bool:
        """Whether anything at this level was set since it was parsed."""
        return self._block.is_changed()

    def get(self, tag: int) -> bytes | None:
        """The bytes of the first field with that tag at this level, whether the dictionary has it or not; None without
        one. What was parsed is given as it stood in the message."""
        if type(tag) is not int:
            raise ValueError(f"{tag!r} is no tag")
        block = self._block
        if block.is_list_changed(tag):
            return b"%d" % len(block.lists[tag][0]) if block.lists[tag][0] else None
        return block.value(tag)

    def set(self, tag: int, value: bytes | None) -> None:
        """Set a field by its tag, be it in the dictionary or not; None takes it away.

        Raises ValueError for an empty value, for one with SOH in it, and for the counter of a group, which is set by
        the list of its entries.
        """
        member = self.by_tag().get(tag)
        if isinstance(member, Group):
            raise ValueError(f"{tag} counts the entries of a group, which are set as a list")
        if type(tag) is not int or not 0 < tag < 10**9:
            raise ValueError(f"{tag!r} is no tag")
        if value is not None and not isinstance(value, bytes):
            raise TypeError(f"{tag}: expected bytes, found {type(value).__name__}")
        length_tag = 0 if member is None else member.length_tag
        if value is not None and (not value or (SOH.text in value and not length_tag)):
            raise ValueError(f"{tag}: the value is empty or holds SOH (byte 1)")
        self._block.put(tag, value, length_tag)
        _forget(self, (tag, length_tag))

    def __repr__(self) -> str:
        return repr_text(self)

    def __eq__(self, other: object) -> bool:
        """Whether both are of one class and have the same values; the order of fields and the digits of equal numbers
        (1.1 and 1.10) make no difference."""
        if type(other) is not type(self):
            return NotImplemented
        return content(self) == content(other)

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled: keep the bytes of the message, and parse them again")

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def _no_member(cls, name: str) -> str:
        inside = _path_to(cls, name)
        close = difflib.get_close_matches(name, cls.members, n=1)
        hint = f"; it is in a component: {inside}" if inside else f"; did you mean {close[0]}?" if close else ""
        return f"{cls.__name__} has no member {name}{hint}"


def _path_to(kind: type[FieldSet], name: str) -> str:
    """`Instrument.Symbol`, where a component at the level of `kind` has the member; the shortest such path."""
    waiting: list[tuple[str, type[FieldSet]]] = [("", kind)]
    seen: set[type[FieldSet]] = set()
    for path, each in waiting:
        if path and name in each.members:
            return path + name
        for attribute, member in each.members.items():
            if isinstance(member, Part) and member.component not in seen:
                seen.add(member.component)
                waiting.append((f"{path}{attribute}.", member.component))
    return ""


def _kept(fields: FieldSet, name: str) -> object:
    """The converted value of a member, None where there is none."""
    try:
        return object.__getattribute__(fields, name)
    except AttributeError:
        return None


def _forget(fields: FieldSet, tags: Iterable[int]) -> None:
    """Drop the converted values of these tags, in `fields` and in the components that were asked for there."""
    wanted = set(tags)
    if not wanted:
        return
    for name, member in fields.members.items():
        if isinstance(member, Part):
            view = _kept(fields, name)
            if isinstance(view, FieldSet):
                _forget(view, wanted)
        elif member.tag in wanted and _kept(fields, name) is not None:
            object.__delattr__(fields, name)


def _mark_shared(*members: Field | Group) -> None:
    """Note that these are one field, in several places of one level."""
    for member in members:
        if isinstance(member, Field):
            member.is_shared = True


class Component(FieldSet):
    """The fields of a component. Assigning one copies its fields."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return any(self._block.has(tag) for tag in self.by_tag())


class GroupEntry(FieldSet):
    """One entry of a repeating group."""

    __slots__ = ()

    @classmethod
    def layout(cls) -> Layout:
        found: Layout | None = cls.__dict__.get("_layout")
        if found is None:
            found = cls._layout = build_layout(cls.by_tag())
        return found
