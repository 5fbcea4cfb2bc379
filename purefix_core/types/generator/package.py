"""Puts a generated package into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from purefix_core.dictionary.definitions import Definitions
from purefix_core.types.generator.plan import PlanError, plan_package
from purefix_core.types.generator.render import GENERATED, package_modules

_GENERATED_NAMES = frozenset("__init__.py base.py provider.py py.typed messages components enums __pycache__".split())


@dataclass(frozen=True)
class GeneratedPackage:
    """What was written."""

    folder: Path
    """The package's own folder: what `assemblyPath` names."""
    messages: int
    components: int
    enums: int


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
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".purefix-") as temporary:
        new, old = Path(temporary) / "new", Path(temporary) / "old"
        for path, text in package_modules(plan):
            module = new / path
            module.parent.mkdir(parents=True, exist_ok=True)
            module.write_text(text, encoding="utf-8")
        (new / "py.typed").touch()
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
    return GeneratedPackage(folder, len(plan.messages), len(plan.components), len(plan.enums))


def _check_replaceable(folder: Path) -> None:
    first = folder / "__init__.py"
    if not folder.exists():
        return
    if folder.is_dir() and not folder.is_symlink():
        if not any(folder.iterdir()):
            return
        foreign = sorted(each.name for each in folder.iterdir() if each.name not in _GENERATED_NAMES)
        if foreign:
            raise PlanError(
                f"{folder}: holds {foreign[0]}, which was not generated; choose another namespace or folder"
            )
        if first.is_file() and GENERATED in first.read_text("utf-8", errors="replace")[:1000]:
            return
    raise PlanError(f"{folder}: is there and was not generated; choose another namespace or folder")
