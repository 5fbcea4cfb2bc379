"""`purefix store show`: where a store stands, and what the next Logon brings."""

from __future__ import annotations

import click

from purefix_core.cli.store.figures import forecast_lines, forecast_to_json, store_lines, store_to_json
from purefix_core.cli.store.options import json_option, opened, peer_options, store_argument
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.located import holder_of
from purefix_core.store.next_logon import forecast
from purefix_core.wire.message import printable


@click.command("show")
@store_argument
@peer_options
@json_option
def show_command(path: str, peer_expects: int | None, peer_next: int | None, as_json: bool) -> None:
    """Show where the store stands, and what will happen at the next Logon."""
    with opened(path) as (location, store):
        holder = holder_of(location)
        coming = forecast(store, peer_expects, peer_next)
        if as_json:
            values = {**store_to_json(location, store), "inUseBy": holder, "forecast": forecast_to_json(coming)}
            click.echo(json_text(values))
            return
        lines = store_lines(location, store)
        if holder is not None:
            lines.append(f"  in use by  {holder}")
        for line in [*lines, "", *forecast_lines(coming)]:
            click.echo(printable(line))
