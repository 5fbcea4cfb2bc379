"""What the opened logs are called in the line of files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path


def tab_names(paths: Sequence[Path]) -> list[str]:
    """The file name of each path. Where several have the same, as many of their folders stand before it as it takes
    to tell them apart."""
    parts = [path.absolute().parts for path in paths]
    taken = [1] * len(paths)
    while True:
        same: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, (each, count) in enumerate(zip(parts, taken, strict=True)):
            same[each[-count:]].append(at)
        unclear = [at for group in same.values() if len({parts[at] for at in group}) > 1 for at in group]
        unclear = [at for at in unclear if taken[at] < len(parts[at])]
        if not unclear:
            return [str(Path(*each[-count:])) for each, count in zip(parts, taken, strict=True)]
        for at in unclear:
            taken[at] += 1
