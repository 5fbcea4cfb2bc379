"""Whatever the files of a store hold, the commands that read it end with a result or one clear error."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.quickfix import QuickFixFileStore
from tests.cli.store_samples import NOON, fill, run

OURS = ("session.meta", "messages.dat", "messages.idx", "resend.json")
QUICKFIX = tuple(f"FIX.4.4-CLI-SRV{suffix}" for suffix in (".seqnums", ".session", ".header", ".body"))
READING = (
    ("list",),
    ("show", "--json"),
    ("show", "--peer-expects", 1, "--peer-next", 7),
    ("messages",),
    ("messages", "--json"),
    ("verify",),
    ("backups",),
    ("export",),
)


@pytest.mark.parametrize("layout", ["purefix", "quickfix-cpp"])
@settings(max_examples=40)
@given(st.data())
def test_no_command_fails_on_what_files_hold(layout: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        if layout == "purefix":
            fill(FixMsgFileStore(folder, "CLI", "SRV", clock=lambda: NOON))
            path = Path(folder) / "CLI.SRV"
            changed = path / data.draw(st.sampled_from(OURS))
        else:
            fill(QuickFixFileStore.create(folder, "FIX.4.4", "CLI", "SRV", clock=lambda: NOON))
            path = Path(folder) / "FIX.4.4-CLI-SRV"
            changed = path.with_name(data.draw(st.sampled_from(QUICKFIX)))
        content = changed.read_bytes() if changed.exists() else b'{"gapFill": [{"from": 2, "to": 4}]}'
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        changed.write_bytes(content[:start] + data.draw(st.binary(max_size=12)) + content[start + length :])
        for command, *options in READING:
            result = run(command, folder if command == "list" else path, *options)
            assert result.exit_code in (0, 2) or (result.exit_code == 1 and command in ("verify", "export"))
            assert result.exit_code != 2 or result.stderr.startswith("purefix: ") or command == "list"
            assert "\x1b" not in result.stderr
