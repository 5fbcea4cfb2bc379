"""`purefix store set` and `reset`: change the sequence numbers of a store."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from purefix_core.cli.options import UserError
from purefix_core.cli.store.editing import edit_to_json, print_edit, state_before, to_edit
from purefix_core.cli.store.figures import forecast_lines, forecast_to_json, numbers_to_json
from purefix_core.cli.store.options import (
    LAST_NUMBER,
    NEXT_NUMBER,
    json_option,
    peer_options,
    store_argument,
    store_errors,
)
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.located import Edit, open_store, reset, set_numbers
from purefix_core.store.next_logon import forecast
from purefix_core.store.records import FixMsgStoreState
from purefix_core.wire.message import printable


@click.command("set")
@store_argument
@click.option("--last-sent", type=LAST_NUMBER, metavar="N", help="The last number that was sent.")
@click.option("--last-received", type=LAST_NUMBER, metavar="N", help="The last number that was received.")
@click.option("--next-out", type=NEXT_NUMBER, metavar="N", help="The number to send next: --last-sent and one.")
@click.option("--next-in", type=NEXT_NUMBER, metavar="N", help="The number expected next: --last-received and one.")
@peer_options
@click.option("--dry-run", is_flag=True, help="Change nothing, only say what would be.")
@json_option
def set_command(
    path: str,
    last_sent: int | None,
    last_received: int | None,
    next_out: int | None,
    next_in: int | None,
    peer_expects: int | None,
    peer_next: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Set the sequence numbers of the store, and say what will happen at the next Logon.

    A number that is not given stays as it is. The old file is kept under a dated name. A session.meta that is missing
    or damaged is written anew; both numbers must be given for that.
    """
    sent = _last("--last-sent", last_sent, "--next-out", next_out)
    received = _last("--last-received", last_received, "--next-in", next_in)
    if sent is None and received is None:
        raise UserError("name a number to set: --next-out, --next-in, --last-sent or --last-received")
    with store_errors():
        location = to_edit(path)
        before = state_before(location)
        sent = before.last_sent_seq_num if sent is None and before is not None else sent
        received = before.last_received_seq_num if received is None and before is not None else received
        if sent is None or received is None:
            raise UserError("the store cannot be read, so both numbers must be given, out and in")
        if dry_run and before is None:
            raise UserError("the store cannot be read, so nothing can be said about the next Logon")
        stays = before is not None and (sent, received) == before[1:3]
        edit = Edit() if dry_run or stays else set_numbers(location, sent, received)
        with closing(open_store(location)) as store:
            coming = forecast(store, peer_expects, peer_next, last_sent=sent, last_received=received)
    if as_json:
        values: dict[str, JsonValue] = {**edit_to_json(location, edit), "dryRun": dry_run}
        values |= {**_changes_to_json(before, sent, received), "forecast": forecast_to_json(coming)}
        click.echo(json_text(values))
        return
    click.echo(printable(f"{location.path}{'   (dry run: nothing was changed)' if dry_run else ''}"))
    _print_changes(before, sent, received)
    print_edit(edit)
    for line in ["", *forecast_lines(coming)]:
        click.echo(printable(line))


def _last(last_name: str, last: int | None, next_name: str, following: int | None) -> int | None:
    """The last number, of whichever option was given. Raises UserError for both."""
    if last is not None and following is not None:
        raise UserError(f"{last_name} and {next_name} exclude each other: next is last and one")
    return following - 1 if following is not None else last


@click.command("reset")
@store_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def reset_command(path: str, yes: bool, as_json: bool) -> None:
    """Begin both sequences with 1 again and forget all messages.

    The counterparty must do the same. The old files are kept under dated names.
    """
    with store_errors():
        location = to_edit(path)
        before = state_before(location)
    if not yes:
        if not sys.stdin.isatty():
            raise UserError("reset asks before it does anything; without a terminal it needs --yes")
        stands = ""
        if before is not None:
            numbers = f"next out {before.last_sent_seq_num + 1}, next in {before.last_received_seq_num + 1}"
            stands = f"{numbers}, {before.messages:,} messages. "
        question = f"{location.path}: {stands}Begin with 1 and 1, and forget all messages?"
        if not click.confirm(printable(question), err=True):
            raise UserError("nothing was changed")
    with store_errors():
        edit = reset(location)
    if as_json:
        click.echo(json_text({**edit_to_json(location, edit), **_changes_to_json(before, 0, 0)}))
        return
    click.echo(printable(str(location.path)))
    _print_changes(before, 0, 0)
    print_edit(edit)


def _changes_to_json(before: FixMsgStoreState | None, sent: int, received: int) -> dict[str, JsonValue]:
    """The numbers as they are now, and under `before` as they were."""
    old = None if before is None else numbers_to_json(before.last_sent_seq_num, before.last_received_seq_num)
    return {**numbers_to_json(sent, received), "before": old}


def _print_changes(before: FixMsgStoreState | None, sent: int, received: int) -> None:
    click.echo(f"  out   {_change(None if before is None else before.last_sent_seq_num, sent)}")
    click.echo(f"  in    {_change(None if before is None else before.last_received_seq_num, received)}")


def _change(before: int | None, after: int) -> str:
    now = f"last {after}, next {after + 1}"
    if before is None:
        return now
    return f"{now}, stays" if before == after else f"{now}   (before: last {before}, next {before + 1})"
