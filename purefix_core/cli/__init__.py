"""The headless commands: `purefix stats`, `show`, `grep`, `registry`, `types`, `doctor`. One module each.

`commands` is the click group.
"""

from purefix_core.cli.group import commands, main, run

__all__ = ["commands", "main", "run"]
