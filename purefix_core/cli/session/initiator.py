"""`purefix initiator`."""

from __future__ import annotations

import click

from purefix_core.cli.session.loading import engine_errors, load_sessions, session_options


@click.command("initiator")
@session_options
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], registry: str | None, messages: bool, verbose: bool) -> None:
    """Connect the sessions of each CONFIG and keep them logged on.

    CONFIG is a session file, JSON or QuickFIX's .cfg. What happens is printed. Ctrl-C logs out and ends; a second one
    ends at once.
    """
    configs, dialects = load_sessions(paths, registry, of_initiators=True)

    from purefix_core.cli.session.running import run_sessions
    from purefix_core.session.application import Application

    with engine_errors():
        ctx.exit(run_sessions(configs, Application(), dialects, messages, verbose))
