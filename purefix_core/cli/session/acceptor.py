"""`purefix acceptor`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from purefix_core.cli.options import one_form
from purefix_core.cli.session.loading import engine_errors, load_sessions, session_options

if TYPE_CHECKING:
    from purefix_core.session.application import Application
    from purefix_core.session.config import FixConfig


@click.command("acceptor")
@session_options
@click.option("--simulate", is_flag=True, help="Play a venue: take orders and fill them at made-up prices.")
@click.option("--echo", is_flag=True, help="Send orders back, as acceptance scripts want it.")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65_535), metavar="PORT", help="Listen on this port instead of the files'."
)
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    registry: str | None,
    messages: bool,
    verbose: bool,
    simulate: bool,
    echo: bool,
    port: int | None,
) -> None:
    """Listen for the sessions of each CONFIG.

    CONFIG is a session file, JSON or QuickFIX's .cfg. What happens is printed. Without --simulate and --echo messages
    are taken, and none is answered. Ctrl-C logs out and ends; a second one ends at once.

    \b
    Example:
      purefix acceptor examples/sessions/venue.json --simulate
    """
    form = one_form(simulate=simulate, echo=echo)
    configs, dialects = load_sessions(paths, registry, of_initiators=False)
    if port is not None:
        configs = [_on_port(each, port) for each in configs]

    from purefix_core.cli.session.running import run_sessions

    with engine_errors():
        ctx.exit(run_sessions(configs, _application(form), dialects, messages, verbose))


def _on_port(config: FixConfig, port: int) -> FixConfig:
    settings = config.settings
    return replace(config, settings=replace(settings, network=replace(settings.network, accept_port=port)))


def _application(form: str | None) -> Application:
    from purefix_core.session.application import Application
    from purefix_core.session.venue.echo import Echo
    from purefix_core.session.venue.simulator import Simulator

    if form == "simulate":
        return Simulator()
    return Echo(ascending=True) if form == "echo" else Application()
