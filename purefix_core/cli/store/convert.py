"""`purefix store convert`: a store in another layout."""

from __future__ import annotations

from pathlib import Path

import click

from purefix_core.cli.store.figures import numbers_to_json
from purefix_core.cli.store.lines import Line, print_lines
from purefix_core.cli.store.options import json_option, progress_line, store_argument, store_errors, tell
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.converting import convert, warnings_before_convert
from purefix_core.store.finding import PUREFIX, locate
from purefix_core.store.located import LAYOUT_TITLES
from purefix_core.store.quickfix.files import CPP

_LAYOUTS = {"purefix": PUREFIX, "quickfix": CPP}


@click.command("convert")
@store_argument
@click.argument("folder", metavar="NEWDIR")
@click.option("--to", "layout", type=click.Choice(list(_LAYOUTS)), required=True, help="The layout of the new store.")
@click.option(
    "--begin-string", default="", metavar="TEXT", help="For QuickFIX's file names, where no message tells it."
)
@json_option
def convert_command(path: str, folder: str, layout: str, begin_string: str, as_json: bool) -> None:
    """Write a store again in another layout.

    --to purefix makes a folder with the session's name in NEWDIR, which is then a messageStorePath; --to quickfix makes
    the four files of QuickFIX C++ in NEWDIR, its FileStorePath. Stores of QuickFIX/J, QuickFIX/n and QuickFIX/Go can be
    read for it. The old store stays as it is, and nothing is overwritten. Says what has no place in the new layout.
    """
    with store_errors():
        location = locate(Path(path))
        tell(warnings_before_convert(location))
        with progress_line() as on_progress:
            converted = convert(location, Path(folder), _LAYOUTS[layout], begin_string, on_progress)
    last_sent, last_received = converted.next_out - 1, converted.next_in - 1
    if as_json:
        click.echo(
            json_text(
                {
                    "path": str(converted.path),
                    "layout": converted.location.layout,
                    "from": str(location.path),
                    "messages": converted.messages,
                    **numbers_to_json(last_sent, last_received),
                    "notes": list(converted.lines),
                }
            )
        )
        return
    messages = f"{converted.messages:,} message{'' if converted.messages == 1 else 's'}"
    print_lines(
        [
            Line("", f"{converted.path}   {LAYOUT_TITLES[converted.location.layout]}"),
            Line("  ", f"{messages}, next out {converted.next_out}, next in {converted.next_in}"),
            *(Line("  note: ", line) for line in converted.lines),
        ]
    )
