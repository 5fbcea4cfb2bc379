"""A message as one line of text: when, who to whom, which, and what happened."""

from __future__ import annotations

from purefix_core.analysis.summary import summarise
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import NO_TIME, to_datetime


def row_text(log: LogFile, row: int) -> str:
    """One row of a log: SendingTime (UTC), session, MsgSeqNum, message name and summary."""
    entry = log.rows.entry(row)
    message = log.message(row)
    definitions = log.definitions_for(message, entry.session)
    summary = summarise(message, definitions)
    time = "-" if entry.sending_time == NO_TIME else f"{to_datetime(entry.sending_time):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    session = f"{entry.session.sender_comp_id} → {entry.session.target_comp_id}"
    seq_num = "-" if entry.msg_seq_num is None else f"{entry.msg_seq_num:,}"
    name = definitions.message_name(entry.msg_type) or entry.msg_type
    reference = f"   [{summary.reference}]" if summary.reference else ""
    return printable(f"{time:<23}  {session}  {seq_num:>6}  {name:<20}  {summary.text}{reference}")
