"""`purefix stats`: what logs hold, in numbers."""

from __future__ import annotations

from contextlib import closing

import click

from purefix_core.cli.options import PathErrors, dialect_options, load_dialects, open_indexed, user_errors
from purefix_core.dictionary.json_text import json_text
from purefix_core.logs.stats import FileStats, SessionStats, stats_of, stats_to_json
from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import to_iso

_LISTED_RANGES = 10


@click.command("stats")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@dialect_options
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[str, ...], as_json: bool, registry: str | None, dialect: str | None
) -> None:
    """Count messages, broken messages, MsgTypes and sessions of each PATH (`-` is standard input)."""
    found: list[FileStats] = []
    with user_errors():
        dialects = load_dialects(registry)
    errors = PathErrors()
    for path in paths:
        with errors, closing(open_indexed(path, dialects, dialect)) as log:
            found.append(stats_of(log))
            errors.note_problem(log)
    if as_json:
        click.echo(json_text({"files": [stats_to_json(stats) for stats in found]}))
    elif found:
        click.echo("\n\n".join(_text(stats) for stats in found))
    ctx.exit(errors.exit_code)


def _text(stats: FileStats) -> str:
    lines = [
        f"{stats.path}   {stats.size:,} bytes   {stats.messages:,} messages   dialect {stats.dialect or 'unknown'}",
        f"  separators   {_counts(stats.separators)}",
        f"  versions     {_counts(stats.begin_strings)}",
        f"  types        {_counts(stats.msg_types)}",
    ]
    broken = {
        "BodyLength wrong": stats.body_length_bad,
        "CheckSum wrong": stats.check_sum_bad,
        "without trailer": stats.truncated,
    }
    if any(broken.values()):
        lines.append(f"  broken       {_counts({name: count for name, count in broken.items() if count})}")
    if stats.problem:
        lines.append(f"  problem      {stats.problem}")
    if stats.skipped:
        lines.append(f"  skipped      {len(stats.skipped):,} ranges that look like FIX but are no message:")
        lines += [f"    {s.length:,} bytes at {s.offset:,}: {s.reason}" for s in stats.skipped[:_LISTED_RANGES]]
        if len(stats.skipped) > _LISTED_RANGES:
            lines.append(f"    and {len(stats.skipped) - _LISTED_RANGES:,} more (--json lists all)")
    lines.append("  sessions")
    lines += [f"    {_session(session)}" for session in stats.sessions]
    return "\n".join(printable(line) for line in lines)


def _counts(counts: dict[str, int]) -> str:
    return "   ".join(f"{name} {count:,}" for name, count in counts.items())


def _session(session: SessionStats) -> str:
    begin_string, sender, target = session.key
    numbers = "" if session.first_seq_num is None else f"   seq {session.first_seq_num}..{session.last_seq_num}"
    first, last = session.first_sending_time, session.last_sending_time
    times = "" if first is None or last is None else f"   {to_iso(first)} to {to_iso(last)}"
    return f"{begin_string} {sender} → {target}   {session.messages:,} messages{numbers}{times}"
