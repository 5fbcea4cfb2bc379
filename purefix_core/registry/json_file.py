"""Reads one JSON file that anybody may have written: bounded, and with one line for what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from purefix_core.registry.signatures import Signature, file_signature
from purefix_core.registry.small_file import UnreadableFile, read_small_file
from purefix_core.wire.message import printable

MAX_FILE_SIZE = 8 * 1024 * 1024


class Fault(NamedTuple):
    """Something wrong in a file: where, and what was expected there."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class JsonFile(NamedTuple):
    """A file as it was read. `document` is None where `problem` says what is wrong."""

    signature: Signature | None
    document: Mapping[str, object] | None
    problem: str


def read_json_object(path: Path) -> JsonFile:
    """The JSON object in a file of UTF-8 text, with or without BOM. Of a key that stands twice the last one counts."""
    signature = file_signature(path)
    try:
        content = read_small_file(path, MAX_FILE_SIZE)
    except UnreadableFile as error:
        return JsonFile(signature, None, str(error))
    document, problem = parse_json_object(content)
    return JsonFile(signature, document, problem)


class _Twice(Exception):
    pass


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if found.setdefault(key, value) is not value:
            raise _Twice(key)
    return found


def parse_json_object(content: bytes, twice: bool = True) -> tuple[Mapping[str, object] | None, str]:
    """The JSON object in UTF-8 text, with or without BOM; None, and what is wrong, where it is none.

    Of a key that stands `twice` the last one counts, unless that is not allowed.
    """
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text) if twice else json.loads(text, object_pairs_hook=_once)
    except _Twice as error:
        return None, f"{printable(str(error))}: expected once, found twice"
    except UnicodeDecodeError as error:
        return None, f"expected UTF-8 text, but byte {error.start} is not"
    except json.JSONDecodeError as error:
        return None, f"expected JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except ValueError:  # the only other thing that `json` objects to
        return None, "expected JSON, found a number of too many digits"
    except RecursionError:
        return None, "expected JSON that is not nested so deeply"
    if not isinstance(document, dict):
        return None, f"expected a JSON object, found {shown(document)}"
    return document, ""


def shown(value: object) -> str:
    """A JSON value as the user wrote it, cut to a readable length, without what a terminal would obey."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        text = "something nested deeply"
    return printable(text if len(text) <= 60 else text[:57] + "...")
