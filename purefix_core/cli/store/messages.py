"""`purefix store messages`: what a store keeps, a line for each message."""

from __future__ import annotations

import sys

import click

from purefix_core.analysis.summary import summarise
from purefix_core.cli.options import dialect_options, load_dialects, one_form, user_errors
from purefix_core.cli.store.figures import iso
from purefix_core.cli.store.options import opened, range_options, store_argument
from purefix_core.cli.store.reading import MessageReader
from purefix_core.dictionary.json_text import json_text
from purefix_core.store.kept import Kept, kept_messages
from purefix_core.store.protocol import FixMsgStore
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire.message import as_text, printable


@click.command("messages")
@store_argument
@range_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line for each message.")
@click.option("--raw", is_flag=True, help="Print the bytes of each message and a line feed.")
@dialect_options
def messages_command(
    path: str, first: int, last: int | None, as_json: bool, raw: bool, registry: str | None, dialect: str | None
) -> None:
    """List the messages that the store keeps.

    A line each: number, when it was sent, MsgType, name, what happened. Marked are messages above the last number sent,
    those that are not to be resent, and damaged ones.
    """
    form = one_form(json=as_json, raw=raw)
    with user_errors():
        dialects = load_dialects(registry)
        if dialect is not None:
            dialects.load_definitions(dialect)
    with opened(path) as (_, store):
        reader = MessageReader(dialects, dialect, store)
        for kept in kept_messages(store, first, MAX_SEQ_NUM if last is None else last):
            if form == "raw":
                if kept.record is not None:
                    sys.stdout.buffer.write(kept.record.encoded + b"\n")
            else:
                click.echo(_line(store, kept, reader, form == "json"))


def _line(store: FixMsgStore, kept: Kept, reader: MessageReader, as_json: bool) -> str:
    marks = _marks(store, kept)
    record = kept.record
    if record is None:
        if as_json:
            return json_text({"seqNum": kept.seq_num, "marks": marks})
        return f"{kept.seq_num:>7}  ({', '.join(marks)})"
    message, definitions = reader.read(record.encoded)
    name = definitions.message_name(record.msg_type) or record.msg_type
    summary, time = summarise(message, definitions), iso(record.timestamp)
    if as_json:
        return json_text(
            {
                "seqNum": kept.seq_num,
                "marks": marks,
                "time": time,
                "msgType": record.msg_type,
                "name": name,
                "summary": summary.text,
                "reference": summary.reference,
                "message": as_text(record.encoded),
            }
        )
    reference = f"   [{summary.reference}]" if summary.reference else ""
    shown_marks = f"   ({', '.join(marks)})" if marks else ""
    line = f"{kept.seq_num:>7}  {time or '-':<27}  {record.msg_type:<2}  {name:<20}  {summary.text}"
    return printable(line + reference + shown_marks)


def _marks(store: FixMsgStore, kept: Kept) -> list[str]:
    marks = {
        "above last sent": kept.seq_num > store.get_last_sent_seq_num(),
        "not to be resent": store.is_gap_filled(kept.seq_num),
        "damaged": kept.record is None,
    }
    return [mark for mark, is_so in marks.items() if is_so]
