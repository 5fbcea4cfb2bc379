"""The headless commands, run as a user runs them."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from purefix_core.cli import commands
from tests.conftest import REPOSITORY

ORDER = (
    b"8=FIX.4.4|9=88|35=D|49=A|56=B|34=2|52=20240102-09:30:00|11=1|55=EUR/USD|54=1|38=1000|40=1|60=20240102-09:30:00|"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def python_m(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "purefix_core", *(str(argument) for argument in arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=REPOSITORY, **options)  # type: ignore[call-overload, no-any-return]


def cut_off(log: Path) -> int:
    """The offset of the message without a trailer."""
    return int(json.loads(run("grep", "--json", "flag:truncated", log).stdout)["offset"])


class TestStats:
    def test_json_has_every_promised_key(self, example_log: Path) -> None:
        result = run("stats", "--json", example_log)
        assert result.exit_code == 0
        (stats,) = json.loads(result.stdout)["files"]
        assert stats["messages"] == 2425
        assert (stats["truncated"], stats["bodyLengthBad"], stats["checksumBad"]) == (1, 1, 1)
        assert stats["skipped"] == []
        assert stats["separators"] == {"SOH": 2425}
        assert sum(stats["msgTypes"].values()) == 2425
        assert stats["beginStrings"] == {"FIX.4.4": 2425}
        assert stats["dialect"] == "fix44"
        first = stats["sessions"][0]
        assert list(first) == [
            "beginString",
            "senderCompId",
            "targetCompId",
            "messages",
            "firstSeqNum",
            "lastSeqNum",
            "firstSendingTime",
            "lastSendingTime",
        ]
        assert (first["senderCompId"], first["firstSendingTime"]) == ("BUYSIDE", "2025-03-11T08:00:00Z")

    def test_skipped_ranges_are_listed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.log"
        path.write_bytes(b"8=FIX.4.4 9=5 35=0 10=000\n8=FIX.4.4|9=5|35=0|10=000|\n")
        (stats,) = json.loads(run("stats", "--json", path).stdout)["files"]
        assert stats["skipped"] == [{"offset": 0, "length": 25, "reason": "no known separator behind BeginString"}]
        assert stats["messages"] == 1

    def test_text(self, example_log: Path) -> None:
        result = run("stats", example_log)
        assert "2,425 messages" in result.stdout
        assert "FIX.4.4 BUYSIDE → BROKER" in result.stdout

    def test_standard_input(self, example_log: Path) -> None:
        with example_log.open("rb") as stdin:
            process = python_m("stats", "--json", "-", stdin=stdin)
            out, _ = process.communicate(timeout=30)
        assert json.loads(out)["files"][0]["messages"] == 2425

    def test_standard_input_may_be_compressed(self, example_log: Path) -> None:
        packed = gzip.compress(example_log.read_bytes())
        process = python_m("stats", "--json", "-", stdin=subprocess.PIPE)
        out, errors = process.communicate(packed, timeout=30)
        assert (process.returncode, errors) == (0, b"")
        assert json.loads(out)["files"][0]["messages"] == 2425
        process = python_m("grep", "--count", "35=D", "-", stdin=subprocess.PIPE)
        assert process.communicate(packed, timeout=30) == (b"249\n", b"")

    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_a_dictionary_that_cannot_be_loaded(self, tmp_path: Path, options: tuple[str, ...]) -> None:
        """Numbers need none; the dialect is that of the sessions that have one."""
        broken, registry, path = tmp_path / "broken.xml", tmp_path / "registry.json", tmp_path / "a.log"
        broken.write_text("<fix><fields>")
        good = REPOSITORY / "purefix_core" / "dictionaries" / "FIX44.xml"
        entries = [
            {"name": "mine", "displayName": "", "dictionaryPath": str(broken), "isDefault": True},
            {"name": "theirs", "displayName": "", "dictionaryPath": str(good), "senderCompIds": ["GOOD"]},
        ]
        registry.write_text(json.dumps({"registrations": entries}))
        bad = b"8=FIX.4.4|9=5|35=D|49=BAD|56=X|34=7|10=000|\n"
        path.write_bytes(bad * 3)
        result = run("stats", *options, "-r", registry, path)
        assert (result.exit_code, result.stderr) == (0, "")
        if options:
            (stats,) = json.loads(result.stdout)["files"]
            assert (stats["messages"], stats["dialect"]) == (3, None)
        else:
            assert "3 messages" in result.stdout
            assert "None" not in result.stdout
        path.write_bytes(bad * 3 + b"8=FIX.4.4|9=5|35=0|49=GOOD|56=X|34=1|10=000|\n")
        result = run("stats", "--json", "-r", registry, path)
        (stats,) = json.loads(result.stdout)["files"]
        assert (result.exit_code, stats["messages"], stats["dialect"]) == (0, 4, "theirs")
        assert [session["messages"] for session in stats["sessions"]] == [3, 1]


class TestErrors:
    """One clear line on stderr and exit code 2."""

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (None, "no such file"),
            (b"", "is empty"),
            (b"no messages here\n", "holds no FIX message"),
            (b"8=FIX.4.4 9=5 35=0\n", "looks like FIX, but: no known separator behind BeginString"),
        ],
    )
    @pytest.mark.parametrize("command", [("stats",), ("show", "--offset", "0")])
    def test_files(self, tmp_path: Path, command: tuple[str, ...], content: bytes | None, says: str) -> None:
        path = tmp_path / "a.log"
        if content is not None:
            path.write_bytes(content)
        result = run(*command, path)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert str(path) in result.stderr
        assert says in result.stderr

    def test_a_directory(self, tmp_path: Path) -> None:
        result = run("stats", tmp_path)
        assert (result.exit_code, "is a directory" in result.stderr) == (2, True)

    def test_a_registry_that_is_not_there(self, example_log: Path) -> None:
        result = run("stats", "-r", "none.json", example_log)
        assert (result.exit_code, result.stderr) == (2, "purefix: none.json: no such registry file\n")

    def test_an_unknown_dialect(self, example_log: Path) -> None:
        result = run("stats", "-d", "nope", example_log)
        assert (result.exit_code, "'nope' is not registered" in result.stderr) == (2, True)

    def test_a_wrong_expression_points_at_its_column(self, example_log: Path) -> None:
        result = run("grep", "Side = 1 and Smybol = X", example_log)
        assert result.exit_code == 2
        *_, expression, caret = result.stderr.rstrip("\n").split("\n")
        assert expression[caret.index("^") :].startswith("Smybol")

    def test_a_wrong_msg_type_expression(self, example_log: Path) -> None:
        assert run("grep", "-m", "(", "", example_log).exit_code == 2

    @pytest.mark.parametrize(
        ("command", "says"),
        [
            (("grep", "--count", "--json", ""), "--json and --count exclude each other"),
            (("grep", "--json", "--raw", ""), "--json and --raw exclude each other"),
            (("grep", "-b", "--raw", ""), "--byte-offset and --raw exclude each other"),
            (("grep", "-b", "--count", ""), "--byte-offset and --count exclude each other"),
            (("grep", "-F", "--count", ""), "--follow takes one PATH and no --count"),
            (("show", "--offset", "163", "--tree", "--raw"), "--tree and --raw exclude each other"),
        ],
    )
    def test_options_that_contradict_each_other(self, example_log: Path, command: tuple[str, ...], says: str) -> None:
        result = run(*command, example_log)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"purefix: {says}\n")


class TestGrep:
    def test_exit_codes_are_those_of_grep(self, example_log: Path) -> None:
        assert run("grep", "35=8", example_log).exit_code == 0
        assert run("grep", "35=nothing", example_log).exit_code == 1

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", ""),
            (b"no messages here\n", "holds no FIX message"),
            (b"8=FIX.4.4 9=5 35=0\n", "looks like FIX, but: no known separator behind BeginString"),
        ],
    )
    def test_a_file_without_messages_has_no_match(
        self, example_log: Path, tmp_path: Path, content: bytes, says: str
    ) -> None:
        path = tmp_path / "a.log"
        path.write_bytes(content)
        result = run("grep", "35=D", path)
        assert (result.exit_code, result.stdout) == (1, "")
        assert says in result.stderr
        assert result.stderr.count("\n") == (1 if content else 0)
        assert run("grep", "--count", "35=D", path).stdout == "0\n"
        among = run("grep", "--count", "35=D", path, example_log)
        assert (among.exit_code, among.stdout) == (0, f"{path}:0\n{example_log}:249\n")

    def test_a_wrong_expression_is_an_error_for_an_empty_file_too(self, tmp_path: Path) -> None:
        path = tmp_path / "a.log"
        path.write_bytes(b"")
        assert run("grep", "35=", path).exit_code == 2
        assert run("grep", "35=D", tmp_path / "none.log").exit_code == 2

    def test_a_hit_can_be_shown_by_its_offset(self, example_log: Path) -> None:
        pipe = example_log.with_name("pipe.log")
        (first, *_) = run("grep", "-b", "35=D", example_log).stdout.splitlines()
        offset, _, text = first.partition(":")
        assert text.startswith("2025-03-11")
        assert "NewOrderSingle" in run("show", example_log, "--offset", offset).stdout
        (first, *_) = run("grep", "-b", "35=D", example_log, pipe).stdout.splitlines()
        assert first == f"{example_log}:{offset}:{text}"

    def test_raw_is_read_and_written_in_blocks(self, example_log: Path) -> None:
        out = run("grep", "--raw", "", example_log).stdout_bytes
        assert out.count(b"8=FIX.4.4\x01") == 2425
        assert out.count(b"\n") == 2425

    def test_count(self, example_log: Path) -> None:
        assert run("grep", "--count", "35=8", example_log).stdout == "857\n"
        assert run("grep", "--count", "", "-m", "^(8|D)$", example_log).stdout == f"{857 + 249}\n"

    def test_several_files_are_named(self, example_log: Path) -> None:
        pipe = example_log.with_name("pipe.log")
        lines = run("grep", "--count", "35=A", example_log, pipe).stdout.splitlines()
        assert lines[0] == f"{example_log}:12"
        assert lines[1].startswith(f"{pipe}:")

    def test_raw_masks_credentials_unless_asked(self, example_log: Path) -> None:
        masked = run("grep", "--raw", "554", example_log).stdout_bytes
        assert b"554=***" in masked
        assert b"not-a-real-password" not in masked
        assert b"not-a-real-password" in run("grep", "--raw", "--show-secrets", "554", example_log).stdout_bytes

    def test_json_lines(self, example_log: Path) -> None:
        lines = run("grep", "--json", "35=D", example_log).stdout.splitlines()
        assert len(lines) == 249
        assert all(json.loads(line)["msgType"] == "D" for line in lines)

    def test_json_says_which_file(self, example_log: Path) -> None:
        pipe = example_log.with_name("pipe.log")
        for paths in ((example_log,), (example_log, pipe)):
            lines = run("grep", "--json", "35=A", *paths).stdout.splitlines()
            assert {json.loads(line)["path"] for line in lines} == set(map(str, paths))
            assert all(line.startswith('{"path": ') for line in lines)

    def test_text_says_what_happened(self, example_log: Path) -> None:
        line = run("grep", "35=A", example_log).stdout.splitlines()[0]
        assert line.split()[:7] == ["2025-03-11", "08:00:00.000", "BUYSIDE", "→", "BROKER", "1", "Logon"]

    def test_follow_prints_what_is_appended(self, tmp_path: Path) -> None:
        path = tmp_path / "live.log"
        path.write_bytes(ORDER + b"10=000|\n")
        process = python_m("grep", "-F", "--raw", "35=D", path)
        assert process.stdout is not None
        assert process.stdout.readline() == ORDER + b"10=000|\n"
        with path.open("ab") as out:
            out.write(ORDER.replace(b"34=2", b"34=3") + b"10=000|\n")
        assert b"34=3" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors) == (0, b"")

    def test_a_reader_that_leaves_is_no_error(self, example_log: Path) -> None:
        process = python_m("grep", "", example_log)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        process.wait(20)

    def test_following_prints_no_message_twice(self, tmp_path: Path) -> None:
        """A BodyLength that reaches behind the end leaves all that follows undecided."""
        path = tmp_path / "live.log"
        lines = [b"8=FIX.4.4|9=%d|35=0|34=%d|10=000|\n" % (900_000 if n == 1 else 10, n) for n in range(1, 6)]
        path.write_bytes(b"")
        process = python_m("grep", "-F", "--raw", "", path)
        assert process.stdout is not None
        for line in lines:
            with path.open("ab", buffering=0) as out:
                out.write(line[:20])
                time.sleep(0.3)
                out.write(line[20:])
            assert process.stdout.readline() == line
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
        assert (rest, process.returncode, errors) == (b"", 0, b"")

    def test_following_a_stream_ends_with_it(self, example_log: Path) -> None:
        with example_log.open("rb") as stdin:
            process = python_m("grep", "-F", "--raw", "35=D", "-", stdin=stdin)
            out, _ = process.communicate(timeout=30)
        assert out.count(b"\n") == 249
        assert process.returncode == 0

    def test_one_bad_path_does_not_end_the_others(self, example_log: Path, tmp_path: Path) -> None:
        missing = tmp_path / "GLOBAL.log"
        result = run("grep", "--count", "35=D", example_log, missing, example_log)
        assert result.stdout == f"{example_log}:249\n" * 2
        assert result.stderr == f"purefix: {missing}: no such file\n"
        assert result.exit_code == 2
        result = run("stats", "--json", missing, example_log)
        assert [stats["messages"] for stats in json.loads(result.stdout)["files"]] == [2425]
        assert result.exit_code == 2

    def test_a_compressed_file_that_is_cut_off_is_told(self, example_log: Path, tmp_path: Path) -> None:
        path = tmp_path / "day.log.gz"
        path.write_bytes(gzip.compress(example_log.read_bytes())[:-5000])
        result = run("grep", "--count", "", path)
        assert 100 < int(result.stdout) < 2425
        assert "the compressed file is cut off" in result.stderr
        assert result.exit_code == 2

    def test_what_a_terminal_would_obey_is_escaped(self, tmp_path: Path) -> None:
        path = tmp_path / "evil.log"
        path.write_bytes(b"8=FIX.4.4|9=9|35=\x1b[2J|49=\x1b]0;x\x07|56=\xc2\x9b|\x1b[31m|10=000|\n")
        for command in (("grep", ""), ("stats",), ("stats", "--json"), ("grep", "--json", "")):
            out = run(*command, path).stdout
            assert "\x1b" not in out
            assert "\x9b" not in out
        out = run("show", path, "--offset", "0").stdout
        assert "\x1b" not in out


class TestShow:
    def test_json_shape(self, example_log: Path) -> None:
        offset = json.loads(run("grep", "--json", "35=D", example_log).stdout.splitlines()[0])["offset"]
        message = json.loads(run("show", example_log, "--offset", offset, "--json").stdout)
        keys = ["offset", "length", "msgType", "name", "dialect", "header", "body", "trailer", "findings"]
        assert list(message) == keys
        assert message["name"] == "NewOrderSingle"
        assert message["header"]["MsgSeqNum"] > 0
        assert message["findings"] == []

    def test_tree(self, example_log: Path) -> None:
        result = run("show", example_log, "--offset", cut_off(example_log))
        assert "✗ The message ends without CheckSum (10)" in result.stdout
        assert "39 OrdStatus = 2   FILLED" in result.stdout

    def test_raw(self, example_log: Path) -> None:
        offset = cut_off(example_log)
        out = run("show", example_log, "--offset", offset + 10, "--raw").stdout_bytes
        assert out == example_log.read_bytes()[offset:].partition(b"\n")[0] + b"\n"

    def test_an_offset_between_messages(self, example_log: Path) -> None:
        result = run("show", example_log, "--offset", "0")
        assert result.exit_code == 2
        assert "no message at offset 0; the nearest begin at 163" in result.stderr


def test_output_that_cannot_be_written(example_log: Path) -> None:
    command = f"{sys.executable} -m purefix_core stats {example_log} > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert done.returncode == 2
    assert done.stderr == "purefix: the output cannot be written: no space left on device\n"


def test_a_terminal_that_is_not_utf8(example_log: Path) -> None:
    process = python_m("stats", example_log, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    out, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, b"")
    assert b"BUYSIDE \\u2192 BROKER" in out


def test_doctor_is_content(tmp_path: Path) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    assert result.stdout.count("✓") == 9


def test_doctor_names_what_is_missing_and_goes_on(tmp_path: Path) -> None:
    entries = [{"name": "a@1", "dictionaryPath": "none.xml"}]
    entries.append({"name": "a@2", "dictionaryPath": str(REPOSITORY / "purefix_core/dictionaries/FIX42.xml")})
    path = tmp_path / "TypeRegistry.json"
    path.write_text(json.dumps({"registrations": entries}))
    result = run("doctor", "-r", path)
    assert result.exit_code == 1
    assert "✗ a@1: " in result.stdout
    assert "found none at" in result.stdout
    assert "✓ a@2" in result.stdout
    newest = run("doctor", "-r", path, "-d", "A")
    assert (newest.exit_code, newest.stdout.count("✓"), newest.stdout.count("✗")) == (0, 1, 0)


def test_help_lists_the_commands() -> None:
    result = run("--help")
    assert all(name in result.stdout for name in ("stats", "show", "grep", "registry", "types", "doctor"))


def test_the_registry_in_the_current_folder_is_used(tmp_path: Path, example_log: Path) -> None:
    (tmp_path / "TypeRegistry.json").write_text("{broken")
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        result = run("stats", example_log)
    finally:
        os.chdir(before)
    assert result.exit_code == 2
    assert "TypeRegistry.json" in result.stderr


def test_importing_the_library_is_cheap() -> None:
    heavy = ("lxml", "click", "asyncio", "numpy", "textual")
    code = f"import sys, purefix_core; print([name for name in {heavy!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
