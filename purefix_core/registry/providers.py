"""Finds the provider in an imported package of typed messages."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from types import ModuleType
from typing import TYPE_CHECKING, cast

from purefix_core.registry.registration import TypeRegistryError
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.types.provider import TypeSystemProvider


def find_provider(package: ModuleType, where: str) -> TypeSystemProvider:
    """An object of the one class of the package that has the methods of a TypeSystemProvider.

    Only what stands in the package's own namespace and was defined in it counts, not what it imported from elsewhere.
    Raises TypeRegistryError, which begins with `where`, if there is no such class or more than one.
    """
    from purefix_core.types.provider import PROVIDER_METHODS

    providers: dict[str, object] = {}
    nearest: tuple[int, str] = (0, "")
    for candidate in _own_classes(package):
        lacking = [name for name in PROVIDER_METHODS if not callable(getattr(candidate, name, None))]
        has = len(PROVIDER_METHODS) - len(lacking)
        reason = f"which lacks {', '.join(lacking)}"
        if not lacking:
            try:
                provider = candidate()
            except Exception as error:
                reason = f"which cannot be called without arguments: {' '.join(str(error).split())}"
            else:
                wrong = [name for name, count in PROVIDER_METHODS.items() if not _takes(getattr(provider, name), count)]
                if not wrong:
                    providers[candidate.__qualname__] = provider
                    continue
                reason = f"which takes other arguments in {', '.join(wrong)}"
        if has > nearest[0]:
            nearest = has, f"{candidate.__qualname__}, {reason}"
    if len(providers) > 1:
        found = ", ".join(providers)
    elif not providers:
        found = f"none; the nearest is {nearest[1]}" if nearest[1] else "none, and no class with any of its methods"
    else:
        (provider,) = providers.values()
        return cast("TypeSystemProvider", provider)
    expected = f"expected one class with the methods {', '.join(PROVIDER_METHODS)}"
    raise TypeRegistryError(printable(f"{where}: {expected}, found {found}"))


def _takes(method: Callable[..., object], count: int) -> bool:
    """Whether a method can be called with so many arguments."""
    try:
        signature(method).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:  # it does not tell
        return True
    return True


def _own_classes(package: ModuleType) -> list[type]:
    """Each once, whatever other names it has."""
    inside = f"{package.__name__}."
    found = (each for each in vars(package).values() if isinstance(each, type))
    return list(dict.fromkeys(each for each in found if f"{each.__module__}.".startswith(inside)))
