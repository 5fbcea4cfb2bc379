"""`purefix store set` and `reset`: change the sequence numbers of a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import click

from purefix_core.cli.options import UserError
from purefix_core.cli.store.editing import edit_lines, edit_to_json, title_line, to_edit
from purefix_core.cli.store.figures import numbers_to_json
from purefix_core.cli.store.forecasts import forecast_lines, forecast_to_json
from purefix_core.cli.store.lines import BLANK, Line, print_lines
from purefix_core.cli.store.options import (
    LAST_NUMBER,
    NEXT_NUMBER,
    dry_run_option,
    json_option,
    peer_options,
    store_argument,
    store_errors,
    tell,
)
from purefix_core.cli.store.passed import Passed, passed_lines, passed_to_json, what_is_passed
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.changing import Edit, check_numbers, reset, set_numbers, warnings_before_edit
from purefix_core.store.finding import StoreLocation
from purefix_core.store.located import open_store, unreadable_numbers
from purefix_core.store.next_logon import forecast
from purefix_core.store.records import MAX_SEQ_NUM, StoreError
from purefix_core.wire.message import printable


class Before(NamedTuple):
    """Where a store stands before it is changed. Numbers are None where they cannot be read."""

    sent: int | None = None
    received: int | None = None
    messages: int | None = None
    problem: str = ""
    """Why the store cannot be opened; "" where it can."""
    passed: Passed = Passed()
    """What the new last number sent passes by."""


def _state_before(location: StoreLocation, sent: int | None = None) -> Before:
    """`sent`: the new last number sent; None where it stays."""
    try:
        with closing(open_store(location)) as store:
            state = store.get_state()
            odd_out, odd_in = unreadable_numbers(store)
            before = None if odd_out else state.last_sent_seq_num
            return Before(
                before,
                None if odd_in else state.last_received_seq_num,
                state.messages,
                passed=Passed() if sent is None else what_is_passed(location, store, before, sent),
            )
    except StoreError as error:
        return Before(problem=str(error))


@click.command("set")
@store_argument
@click.option("--last-sent", type=LAST_NUMBER, metavar="N", help="The last number that was sent.")
@click.option("--last-received", type=LAST_NUMBER, metavar="N", help="The last number that was received.")
@click.option("--next-out", type=NEXT_NUMBER, metavar="N", help="The number to send next: --last-sent and one.")
@click.option("--next-in", type=NEXT_NUMBER, metavar="N", help="The number expected next: --last-received and one.")
@peer_options
@dry_run_option
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
    """Set the sequence numbers.

    A number that is not given stays as it is. Says which messages then count as sent, or no longer do, and what will
    happen at the next Logon. The old file is kept under a dated name. A session.meta, or a .seqnums, that is missing or
    damaged is written anew; both numbers must be given for that.
    """
    sent = _last("--last-sent", last_sent, "--next-out", next_out)
    received = _last("--last-received", last_received, "--next-in", next_in)
    if sent is None and received is None:
        raise UserError("name a number to set: --next-out, --next-in, --last-sent or --last-received")
    with store_errors():
        location = to_edit(path)
        before = _state_before(location, sent)
        given = sent, received
        sent = before.sent if sent is None else sent
        received = before.received if received is None else received
        if sent is None or received is None:
            problem = before.problem or f"{location.path}: a number cannot be read"
            raise UserError(f"{problem}; both numbers must be given, out and in")
        check_numbers(location, sent, received)
        if dry_run and before.problem:
            raise UserError(f"{before.problem}; so nothing can be said about the next Logon")
        warnings = warnings_before_edit(location)
        passed = before.passed
        stays = (sent, received) == before[:2]
        edit = Edit() if dry_run or stays else set_numbers(location, *given)
        tell(warnings)
        with closing(open_store(location)) as store:
            kept_to = MAX_SEQ_NUM if passed.withdrawn is None or before.sent is None else before.sent
            coming = forecast(store, peer_expects, peer_next, last_sent=sent, last_received=received, kept_to=kept_to)
            if before.problem:
                passed = what_is_passed(location, store, None, sent)
    if as_json:
        values: dict[str, JsonValue] = {**edit_to_json(location, edit, dry_run)}
        values |= {**_changes_to_json(before, sent, received), **passed_to_json(passed)}
        click.echo(json_text({**values, "forecast": forecast_to_json(location, coming)}))
        return
    print_lines([title_line(location, dry_run), *_change_lines(before, sent, received), *edit_lines(location, edit)])
    print_lines([*passed_lines(location, passed), BLANK, *forecast_lines(location, coming)])


def _last(last_name: str, last: int | None, next_name: str, following: int | None) -> int | None:
    """The last number, of whichever option was given. Raises UserError for both."""
    if last is not None and following is not None:
        raise UserError(f"{last_name} and {next_name} exclude each other: next is last and one")
    return following - 1 if following is not None else last


@click.command("reset")
@store_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
@json_option
def reset_command(path: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Begin both sequences with 1 again and forget all messages.

    The counterparty must do the same. The old files are kept under dated names; purefix store restore DIR last puts
    them back.
    """
    with store_errors():
        location = to_edit(path)
        before = _state_before(location)
        warnings = warnings_before_edit(location)
    if not (yes or dry_run):
        if not sys.stdin.isatty():
            raise UserError("reset asks before it does anything; without a terminal it needs --yes")
        tell(warnings)
        warnings = []
        if not click.confirm(printable(_question(location, before)), err=True):
            raise UserError("nothing was changed")
    with store_errors():
        edit = Edit() if dry_run else reset(location)
    tell(warnings)
    if as_json:
        click.echo(json_text({**edit_to_json(location, edit, dry_run), **_changes_to_json(before, 0, 0)}))
        return
    print_lines([title_line(location, dry_run), *_change_lines(before, 0, 0), *edit_lines(location, edit)])


def _question(location: StoreLocation, before: Before) -> str:
    if before.problem:
        stands = f"it cannot be read ({before.problem}). "
    else:
        following = ["cannot be read" if last is None else str(last + 1) for last in before[:2]]
        stands = f"next out {following[0]}, next in {following[1]}, {before.messages:,} messages. "
    return f"{location.path}: {stands}Begin with 1 and 1, and forget all messages?"


def _changes_to_json(before: Before, sent: int, received: int) -> dict[str, JsonValue]:
    """The numbers as they are now, and under `before` as they were."""
    readable = before.sent is not None and before.received is not None
    return {
        **numbers_to_json(sent, received),
        "before": numbers_to_json(before.sent or 0, before.received or 0) if readable else None,
    }


def _change_lines(before: Before, sent: int, received: int) -> Iterator[Line]:
    yield Line("  out  ", _change(before.sent, sent))
    yield Line("  in   ", _change(before.received, received))


def _change(before: int | None, after: int) -> str:
    now = f"last {after}, next {after + 1}"
    if before is None:
        return f"{now}   (before: cannot be read)"
    return f"{now}, stays" if before == after else f"{now}   (before: last {before}, next {before + 1})"
