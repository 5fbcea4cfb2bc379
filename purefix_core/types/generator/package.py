"""Puts a generated package into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from purefix_core.dictionary.definitions import Definitions
from purefix_core.types.generator.plan import PlanError, plan_package
from purefix_core.types.generator.render import package_modules

_MANIFEST = "generated.txt"
"""Lists every file of a generated package, so that nothing else is lost when it is generated again."""


@dataclass(frozen=True)
class GeneratedPackage:
    """What was written."""

    folder: Path
    """The package's own folder: what `assemblyPath` names."""
    messages: int
    components: int
    enums: int
    was_replaced: bool
    """Whether one that was generated before gave way to it."""


def generate_package(
    definitions: Definitions, parent: Path, namespace: str, messages: Sequence[str] = ()
) -> GeneratedPackage:
    """Write the package `namespace` for `definitions` below `parent`; a dot in the namespace is a folder.

    `messages`: MsgTypes or names, see `plan_package`. A package that was generated there before gives way to it; it is
    replaced as a whole, once all is written. Raises PlanError for a namespace or message that cannot be, and where a
    folder of that name holds anything else; OSError if it cannot be written.
    """
    plan = plan_package(definitions, namespace, messages)
    folder = parent.joinpath(*namespace.split("."))
    _check_replaceable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    was_there = (folder / _MANIFEST).is_file()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".purefix-") as temporary:
        new, old = Path(temporary) / "new", Path(temporary) / "old"
        for path, text in package_modules(plan):
            module = new / path
            module.parent.mkdir(parents=True, exist_ok=True)
            module.write_text(text, encoding="utf-8")
        (new / "py.typed").touch()
        written = sorted(str(path.relative_to(new)) for path in new.rglob("*") if path.is_file())
        (new / _MANIFEST).write_text("\n".join(written) + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
    return GeneratedPackage(folder, len(plan.messages), len(plan.components), len(plan.enums), was_there)


def _check_replaceable(folder: Path) -> None:
    """Raises PlanError unless nothing would be lost with the folder but what was generated."""
    if not folder.exists():
        return
    manifest = folder / _MANIFEST
    found = [] if not folder.is_dir() or folder.is_symlink() else list(folder.rglob("*"))
    listed = manifest.read_text("utf-8", errors="replace").split("\n") if manifest.is_file() else []
    generated = {folder / name for name in (*listed, _MANIFEST)}
    foreign = [path for path in found if path.is_file() and path not in generated and path.parent.name != "__pycache__"]
    if foreign:
        raise PlanError(f"{min(foreign)}: is there and was not generated; choose another namespace or folder")
    if not folder.is_dir() or folder.is_symlink():
        raise PlanError(f"{folder}: is there and is no folder; choose another namespace or folder")
