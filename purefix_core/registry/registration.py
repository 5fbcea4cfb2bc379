"""One entry of a type registry: a dialect, its dictionary, and the sessions that speak it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class ProblemsError(Exception):
    """What somebody wrote cannot be used. `problems` lists everything that is wrong, a line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TypeRegistryError(ProblemsError):
    """A registry cannot be used as asked. Each problem names file, entry, key and what was expected there."""


@dataclass(frozen=True)
class TypeRegistration:
    """A registered dialect. Not to be changed after it was made, so that any thread may read it."""

    name: str
    """What users and session files call it; upper and lower case make no difference."""
    display_name: str
    dictionary_path: Path
    """The dictionary in QuickFIX's XML format."""
    assembly_path: Path | None = None
    """Where the typed message classes lie, if there are any."""
    sender_comp_ids: tuple[str, ...] = ()
    """SenderCompIDs(49) that speak the dialect: each in full or as a beginning, or `*` for all."""
    target_comp_ids: tuple[str, ...] = ()
    """TargetCompIDs(56) that it is spoken with, written alike; none means all."""
    version: str = ""
    """FIX.4.4, FIX.5.0SP2, FIXT.1.1; empty where unknown, which agrees with every session."""
    root_namespace: str = ""
    message_store_path: Path | None = None
    enabled: bool = True
    """Whether it takes part in matching."""
    is_default: bool = False
    """Whether it is taken for sessions that nothing else matches."""
