"""What a log holds, in numbers: messages, broken ones, skipped ranges, MsgTypes, sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from purefix_core.dictionary.json_text import JsonValue
from purefix_core.logs import index as columns
from purefix_core.logs.index import NO_SEQ_NUM, LogIndex, SessionKey, Skipped
from purefix_core.logs.log_file import LogFile
from purefix_core.wire.separators import SEPARATORS
from purefix_core.wire.timestamps import NO_TIME, to_iso


@dataclass(frozen=True)
class SessionStats:
    """One direction of a session. Numbers and times are those of its first and last message that has one."""

    key: SessionKey
    messages: int
    first_seq_num: int | None
    last_seq_num: int | None
    first_sending_time: int | None
    last_sending_time: int | None


@dataclass(frozen=True)
class FileStats:
    """Counts over a whole log. `problem` says why a compressed file or a stream ended early."""

    path: str
    size: int
    messages: int
    truncated: int
    skipped: tuple[Skipped, ...]
    body_length_bad: int
    check_sum_bad: int
    separators: dict[str, int]
    msg_types: dict[str, int]
    begin_strings: dict[str, int]
    dialect: str | None
    sessions: tuple[SessionStats, ...]
    problem: str | None


def stats_of(log: LogFile) -> FileStats:
    """The statistics of a log that has been indexed."""
    rows = log.rows
    flag_counts: Counter[int] = Counter()
    for segment in rows.segments:
        flag_counts.update(segment.flags)
    sessions = _sessions(rows)

    def having(bit: int) -> int:
        return sum(count for flags, count in flag_counts.items() if flags & bit)

    separators: Counter[str] = Counter()
    for flags, count in flag_counts.items():
        separators[SEPARATORS[(flags & columns.SEPARATOR_MASK) >> columns.SEPARATOR_SHIFT].name] += count
    begin_strings: Counter[str] = Counter()
    for stats in sessions:
        begin_strings[stats.key.begin_string] += stats.messages
    dialect = log.main_dialect()
    return FileStats(
        str(log.path),
        log.size,
        len(rows),
        having(columns.TRUNCATED),
        tuple(rows.skipped),
        having(columns.BODY_LENGTH_BAD),
        having(columns.CHECK_SUM_BAD),
        dict(separators.most_common()),
        rows.counts()[0],
        dict(begin_strings.most_common()),
        None if dialect is None else dialect.name,
        sessions,
        log.source.problem,
    )


def _sessions(rows: LogIndex) -> tuple[SessionStats, ...]:
    """Of every session, in the order of their first messages."""
    segments = tuple(rows.segments)
    counts = [Counter(segment.session) for segment in segments]
    first_numbers: dict[int, int] = {}
    first_times: dict[int, int] = {}
    for segment, count in zip(segments, counts, strict=True):
        _note_first(count, segment.session, segment.msg_seq_num, NO_SEQ_NUM, first_numbers)
        _note_first(count, segment.session, segment.sending_time, NO_TIME, first_times)
    last_numbers: dict[int, int] = {}
    last_times: dict[int, int] = {}
    for segment, count in zip(reversed(segments), reversed(counts), strict=True):
        _note_first(count, reversed(segment.session), reversed(segment.msg_seq_num), NO_SEQ_NUM, last_numbers)
        _note_first(count, reversed(segment.session), reversed(segment.sending_time), NO_TIME, last_times)
    messages: Counter[int] = Counter()
    for count in counts:
        messages.update(count)
    return tuple(
        SessionStats(
            rows.sessions[code],
            number,
            first_numbers.get(code),
            last_numbers.get(code),
            first_times.get(code),
            last_times.get(code),
        )
        for code, number in messages.items()
    )


def _note_first(
    codes: Counter[int], sessions: Iterable[int], values: Iterable[int], missing: int, found: dict[int, int]
) -> None:
    """Note the first value of each session that has none yet. Stops when none of `codes`, those that occur, lacks one:
    of most logs that is after a few rows, and statistics take less than half the time."""
    wanted = codes.keys() - found.keys()
    if not wanted:
        return
    for code, value in zip(sessions, values, strict=True):
        if value != missing and code in wanted:
            found[code] = value
            wanted.discard(code)
            if not wanted:
                return


def stats_to_json(stats: FileStats) -> dict[str, JsonValue]:
    """The statistics under the keys that `purefix stats --json` prints; times are ISO 8601 UTC."""
    return {
        "path": stats.path,
        "size": stats.size,
        "messages": stats.messages,
        "truncated": stats.truncated,
        "skipped": [{"offset": s.offset, "length": s.length, "reason": s.reason} for s in stats.skipped],
        "bodyLengthBad": stats.body_length_bad,
        "checksumBad": stats.check_sum_bad,
        "separators": stats.separators,
        "msgTypes": stats.msg_types,
        "beginStrings": stats.begin_strings,
        "dialect": stats.dialect,
        "sessions": [
            {
                "beginString": session.key.begin_string,
                "senderCompId": session.key.sender_comp_id,
                "targetCompId": session.key.target_comp_id,
                "messages": session.messages,
                "firstSeqNum": session.first_seq_num,
                "lastSeqNum": session.last_seq_num,
                "firstSendingTime": _iso(session.first_sending_time),
                "lastSendingTime": _iso(session.last_sending_time),
            }
            for session in stats.sessions
        ],
        **({"problem": stats.problem} if stats.problem else {}),
    }


def _iso(time: int | None) -> str | None:
    return None if time is None else to_iso(time)
