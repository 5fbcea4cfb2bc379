"""The user's own keys: a JSON object from ids of bindings to keys, `{"log.find": "ctrl+f,f3"}`."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from textual.binding import Binding, BindingType
from textual.keys import Keys

FILE_NAME = "keymap.json"

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))


@dataclass(frozen=True)
class Keymap:
    """Keys by id of a binding, separated by commas; and what is wrong with the file, a sentence each.

    What is wrong is left out: such bindings keep their own keys.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()


def load_keymap(path: Path, chains: Sequence[Sequence[BindingType]]) -> Keymap:
    """The keymap of a file; an empty one where there is none. `chains`: the bindings that work at the same time."""
    try:
        wanted = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Keymap()
    except OSError as error:
        return Keymap(problems=[f"It cannot be read: {error.strerror or error}."])
    except (ValueError, RecursionError) as error:
        return Keymap(problems=[f"It is not JSON: {error}."])
    if not isinstance(wanted, dict):
        return Keymap(problems=['It must be a JSON object, such as {"log.find": "ctrl+f,f3"}.'])
    defaults = {binding.id: keys_of(binding.key) for chain in chains for binding in _bindings(chain)}
    keys: dict[str, list[str]] = {}
    problems: list[str] = []
    for binding_id, value in wanted.items():
        problem = _what_is_wrong(binding_id, value, defaults)
        if problem:
            problems.append(problem)
        else:
            keys[binding_id] = keys_of(value)
    while clash := _first_clash(keys, defaults, chains):
        key, one, other = clash
        problems.append(f"{key} would be the key of {one} and of {other}.")
        keys.pop(one, None)
        keys.pop(other, None)
    return Keymap({binding_id: ",".join(each) for binding_id, each in keys.items()}, problems)


def keys_of(text: str) -> list[str]:
    """The keys in a comma-separated list, under the names that they have in the program: `?` is question_mark."""
    return list(dict.fromkeys(_name_of(key) for key in map(str.strip, text.split(","))))


def _name_of(key: str) -> str:
    return "comma" if key == "," else next(iter(Binding.make_bindings([Binding(key, "")]))).key


_NAMES = frozenset((*(key.value for key in Keys), *map(_name_of, string.punctuation)))


def _bindings(chain: Iterable[BindingType]) -> Iterable[Binding]:
    return (binding for binding in chain if isinstance(binding, Binding))


def _what_is_wrong(binding_id: str, value: object, defaults: Mapping[str | None, Sequence[str]]) -> str:
    if binding_id not in defaults:
        return f"{binding_id}: there is no such action."
    if not isinstance(value, str) or not all(map(str.strip, value.split(","))):
        return f"{binding_id}: keys are wanted as a text, such as ctrl+f,f3."
    unknown = [key for key in map(str.strip, value.split(",")) if not _is_key(key)]
    return f"{binding_id}: there is no key {unknown[0]}." if unknown else ""


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return True
    *modifiers, name = key.split("+")
    return _MODIFIERS.issuperset(modifiers) and (len(name) == 1 or name in _NAMES)


def _first_clash(
    keys: Mapping[str, Sequence[str]],
    defaults: Mapping[str | None, Sequence[str]],
    chains: Sequence[Sequence[BindingType]],
) -> tuple[str, str, str] | None:
    """A key that two bindings share which work at the same time, and do not share it by default."""
    for chain in chains:
        for one, other in combinations([binding.id or "" for binding in _bindings(chain)], 2):
            if one in keys or other in keys:
                shared = set(keys.get(one, defaults[one])) & set(keys.get(other, defaults[other]))
                shared -= set(defaults[one]) & set(defaults[other])
                if shared:
                    return min(shared), one, other
    return None
