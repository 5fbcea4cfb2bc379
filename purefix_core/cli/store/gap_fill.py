"""`purefix store gap-fill`: says which messages are not to be resent."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import closing

import click

from purefix_core.cli.options import UserError
from purefix_core.cli.store.editing import edit_lines, edit_to_json, title_line, to_edit
from purefix_core.cli.store.forecasts import counted_text, counted_to_json
from purefix_core.cli.store.lines import Line, print_lines
from purefix_core.cli.store.options import dry_run_option, json_option, parse_range, store_argument, store_errors, tell
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.changing import Edit, gap_fill, resend_again, warnings_before_edit
from purefix_core.store.finding import StoreLocation
from purefix_core.store.located import LocatedStore, open_store
from purefix_core.store.next_logon import Resend, count_messages, span
from purefix_core.store.records import MAX_SEQ_NUM, StoreError


@click.command("gap-fill")
@store_argument
@click.argument("numbers", metavar="FROM[-TO]")
@click.option("--reason", default="", metavar="TEXT", help="Why, for who reads resend.json later.")
@click.option("--remove", is_flag=True, help="Let these messages be resent again.")
@dry_run_option
@json_option
def gap_fill_command(path: str, numbers: str, reason: str, remove: bool, dry_run: bool, as_json: bool) -> None:
    """Let messages be gap-filled instead of resent.

    For stale orders, say, when the counterparty asks for them. The range is written to resend.json beside the store.
    For QuickFIX C++ the messages' entries in the .header file are removed; --remove puts them back.
    """
    first, last = parse_range(numbers)
    if remove and reason:
        raise UserError("--reason and --remove exclude each other: what is resent needs no reason")
    with store_errors():
        location = to_edit(path)
        warnings = warnings_before_edit(location)
        with closing(open_store(location)) as store:
            if not remove:
                _refuse_unknown(location, store, last)
                counted = count_messages(store, first, last)
        if remove:
            edit = resend_again(location, first, last, dry_run)
            with closing(open_store(location)) as store:
                counted = count_messages(store, first, last)
        else:
            edit = gap_fill(location, first, last, reason, dry_run)
    tell(warnings)
    if as_json:
        values = {**edit_to_json(location, edit, dry_run), **counted_to_json(counted), "ranges": _ranges_to_json(edit)}
        click.echo(json_text(values))
        return
    print_lines([title_line(location, dry_run), *edit_lines(location, edit)])
    print_lines(Line("  ", text) for text in _effect(counted, edit, remove, dry_run))
    if reason and edit.ranges is None:
        print_lines([Line("  ", "the reason is not kept: QuickFIX has no place for it")])


def _refuse_unknown(location: StoreLocation, store: LocatedStore, last: int) -> None:
    """Messages of numbers that come later would be kept from being resent, which nobody remembers then."""
    sent = store.get_last_sent_seq_num()
    known = max((sent, *deque(store.kept_numbers(sent + 1, MAX_SEQ_NUM), maxlen=1)))
    if last > known:
        raise StoreError(f"{location.path}: {last} is above {known}, the greatest number that the store knows")


def _effect(counted: Resend, edit: Edit, remove: bool, dry_run: bool) -> Iterator[str]:
    """How many messages it is about."""
    numbers = span(counted.first, counted.last)
    if remove and not edit.changed:
        yield f"nothing to remove: no message of {numbers} was kept from being resent"
    elif not remove:
        yield f"{numbers}: {counted_text(counted)}; instead of them a gap will be filled"
    elif not dry_run:
        yield f"{numbers}: {counted_text(counted)}, which can be resent again"


def _ranges_to_json(edit: Edit) -> list[JsonValue] | None:
    """What resend.json lists; None where the layout has no such list."""
    if edit.ranges is None:
        return None
    return [{"from": first, "to": last, "reason": reason} for first, last, reason in edit.ranges]
