"""`purefix store`: see and repair the sequence numbers and messages that an engine keeps on disk."""

from __future__ import annotations

import click

from purefix_core.cli.store.backups import backups_command, restore_command
from purefix_core.cli.store.checking import repair_command, verify_command
from purefix_core.cli.store.compare import compare_command
from purefix_core.cli.store.convert import convert_command
from purefix_core.cli.store.export import export_command
from purefix_core.cli.store.gap_fill import gap_fill_command
from purefix_core.cli.store.listing import list_command
from purefix_core.cli.store.messages import messages_command
from purefix_core.cli.store.numbers import reset_command, set_command
from purefix_core.cli.store.show import show_command


@click.group("store")
def command() -> None:
    """See and repair the numbers and messages that an engine keeps.

    DIR is the folder of a store, one of its files, or a folder with exactly one store in it; for QuickFIX also its
    files' names without the ending, as store/FIX.4.4-CLIENT-BROKER.

    \b
    Out is what you send, in is what you receive.
    Last is the number that was used last, next is one more.

    \b
    Examples:
      purefix store list /var/fix/store
      purefix store show DIR --peer-expects 135
      purefix store set DIR --next-out 135 --dry-run
    """


for each in (
    list_command,
    show_command,
    messages_command,
    verify_command,
    repair_command,
    set_command,
    reset_command,
    gap_fill_command,
    export_command,
    compare_command,
    convert_command,
    backups_command,
    restore_command,
):
    command.add_command(each)
