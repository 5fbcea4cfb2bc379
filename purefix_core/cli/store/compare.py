"""`purefix store compare`: two stores, number by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from purefix_core.cli.store.figures import numbers_to_json
from purefix_core.cli.store.lines import BLANK, Line, print_lines
from purefix_core.cli.store.options import json_option, progress_line, store_errors, tell
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.store.comparing import ComparedRange, Comparison, Match, Side, compare
from purefix_core.store.finding import StoreLocation, locate
from purefix_core.store.located import LAYOUT_TITLES
from purefix_core.store.next_logon import span
from purefix_core.store.progress import OnProgress

_WHOSE = {Side.SAME: "the same side's", Side.COUNTERPARTY: "the counterparty's"}
_MOST_IN_JSON = 100_000
"""Ranges; more are only counted, so that the document stays readable."""


@click.command("compare")
@click.argument("first", metavar="DIR")
@click.argument("second", metavar="OTHER")
@click.option(
    "--side",
    type=click.Choice([each.value for each in Side]),
    help="Whose store OTHER is. Default: as the CompIDs tell.",
)
@click.option("--all", "show_all", is_flag=True, help="List the numbers that agree as well.")
@json_option
@click.pass_context
def compare_command(
    ctx: click.Context, first: str, second: str, side: str | None, show_all: bool, as_json: bool
) -> None:
    """Compare two stores number by number.

    OTHER is a copy of the store of DIR, whose messages are compared byte by byte, or the counterparty's store: then
    what one side sent is compared with how far the other one has received. Nothing is changed.

    Exit code 0 where all agrees, 1 where something differs, 2 where a store cannot be read.
    """
    with store_errors():
        found = compare(locate(Path(first)), locate(Path(second)), None if side is None else Side(side))
        tell(found.notices)
        with progress_line() as on_progress:
            counted = _Counted(found, show_all, on_progress)
            if as_json:
                document = json_text(_to_json(found, counted))
            else:
                print_lines(_title_lines(found))
                print_lines(Line("  ", _row(each)) for each in counted)
        if as_json:
            click.echo(document)
        else:
            print_lines(_summary_lines(counted))
    ctx.exit(0 if counted.all_agrees else 1)


class _Counted:
    """The ranges to be shown, counting all of them on the way."""

    def __init__(self, found: Comparison, show_all: bool, on_progress: OnProgress) -> None:
        self._found = found
        self._show_all = show_all
        self._on_progress = on_progress
        self.counts: Counter[Match] = Counter()
        self.all_agrees = found.numbers_known

    def __iter__(self) -> Iterator[ComparedRange]:
        for each in self._found.ranges(self._on_progress):
            self.counts[each.verdict] += each.size
            self.all_agrees = self.all_agrees and each.agrees
            if self._show_all or not each.agrees:
                yield each


def _title_lines(found: Comparison) -> Iterator[Line]:
    stores = (("first", found.ours, found.our_numbers), ("second", found.theirs, found.their_numbers))
    for name, location, (sent, received) in stores:
        layout = LAYOUT_TITLES[location.layout]
        yield Line(f"{name:<8}", f"{location.path}   {layout}   next out {sent + 1}, next in {received + 1}")
    yield BLANK
    yield Line("", f"The second store is {_WHOSE[found.side]}.")
    for sentence in found.sentences:
        yield Line("  ", sentence)
    yield BLANK


def _row(each: ComparedRange) -> str:
    numbers = span(each.first, each.last)
    return f"{each.direction:<5}{numbers:<23}{each.ours:<24}{each.theirs:<24}{each.verdict}"


def _summary_lines(counted: _Counted) -> Iterator[Line]:
    if counted.all_agrees:
        yield Line("", "every number agrees" if counted.counts else "neither has sent or received anything")
        return
    yield BLANK
    counts = [f"{count:,} {verdict}" for verdict, count in counted.counts.items()]
    yield Line("", "; ".join(counts) or "numbers that cannot be read agree with nothing")


def _to_json(found: Comparison, counted: _Counted) -> dict[str, JsonValue]:
    listed: list[JsonValue] = []
    left_out = 0
    for each in counted:
        if len(listed) < _MOST_IN_JSON:
            listed.append(_range_to_json(each))
        else:
            left_out += 1
    return {
        "first": _store_to_json(found.ours, found.our_numbers),
        "second": _store_to_json(found.theirs, found.their_numbers),
        "side": found.side.value,
        "numbersAgree": found.numbers_agree,
        "text": list(found.sentences),
        "counts": {verdict.value: count for verdict, count in counted.counts.items()},
        "ranges": listed,
        "rangesLeftOut": left_out,
    }


def _store_to_json(location: StoreLocation, numbers: tuple[int, int]) -> dict[str, JsonValue]:
    return {"path": str(location.path), "layout": location.layout, **numbers_to_json(*numbers)}


def _range_to_json(each: ComparedRange) -> JsonValue:
    return {
        "direction": each.direction,
        "from": each.first,
        "to": each.last,
        "first": each.ours.value,
        "second": each.theirs.value,
        "verdict": each.verdict.value,
        "agrees": each.agrees,
    }
