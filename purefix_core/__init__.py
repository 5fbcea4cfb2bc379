"""PureFix: FIX dialects, logs, stores and sessions, without a user interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purefix_core.type_registry import TypeRegistry as TypeRegistry
else:

    def __getattr__(name: str) -> object:
        """The names that the package exports, each imported when it is first used."""
        if name != "TypeRegistry":
            raise AttributeError(f"module 'purefix_core' has no attribute {name!r}")
        from purefix_core.type_registry import TypeRegistry

        return TypeRegistry
