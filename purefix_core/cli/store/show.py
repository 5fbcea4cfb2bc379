"""`purefix store show`: where a store stands, and what the next Logon brings."""

from __future__ import annotations

import click

from purefix_core.cli.store.figures import content_lines, number_lines, store_to_json
from purefix_core.cli.store.forecasts import forecast_lines, forecast_to_json
from purefix_core.cli.store.lines import BLANK, print_lines
from purefix_core.cli.store.options import json_option, opened, peer_options, store_argument
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.located import holder_of
from purefix_core.store.next_logon import forecast


@click.command("show")
@store_argument
@peer_options
@json_option
def show_command(path: str, peer_expects: int | None, peer_next: int | None, as_json: bool) -> None:
    """Show where the store stands and what the next Logon brings.

    What is odd about the store stands in lines that begin with an exclamation mark.
    """
    with opened(path, tell_notices=False) as (location, store):
        holder = holder_of(location)
        coming = forecast(store, peer_expects, peer_next)  # which may find damaged messages
        if as_json:
            values = store_to_json(location, store)
            click.echo(json_text({**values, "inUseBy": holder, "forecast": forecast_to_json(location, coming)}))
            return
        print_lines(
            [
                *number_lines(location, store, holder),
                BLANK,
                *forecast_lines(location, coming),
                BLANK,
                *content_lines(store),
            ]
        )
