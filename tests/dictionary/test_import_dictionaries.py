"""The import tool: the package data is what it makes, and it makes the same from the same."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from purefix_core.dictionary.standard import STANDARD_NAMES, standard_path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "import_dictionaries.py"


def run(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), str(source), "--target", str(target)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def source(tmp_path):
    """A source distribution whose files are formatted otherwise than ours."""
    folder = tmp_path / "quickfix-9.9"
    (folder / "spec").mkdir(parents=True)
    for name in STANDARD_NAMES:
        text = standard_path(name).read_text(encoding="utf-8").replace("\n", "\r\n").replace("  ", "")
        (folder / "spec" / f"{name}.xml").write_text(text.replace("<fields>", "<fields><!-- all -->"), newline="")
    return folder


def test_folder_and_archive_give_the_package_data(source, tmp_path):
    archive = tmp_path / "quickfix-9.9.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(source, arcname="quickfix-9.9")
    for number, given in enumerate((source, archive)):
        target = tmp_path / f"out{number}"
        assert run(given, target).returncode == 0
        for name in STANDARD_NAMES:
            assert (target / f"{name}.xml").read_bytes() == standard_path(name).read_bytes()


def test_attributes_are_sorted_and_escaped(source, tmp_path):
    spec = source / "spec" / "FIX40.xml"
    spec.write_text("<fix type='FIX' minor='0' major='4'><fields><field number='1' name='A&amp;&lt;' /></fields></fix>")
    assert run(source, tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "FIX40.xml").read_text() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<fix major="4" minor="0" type="FIX">\n  <fields>\n'
        '    <field name="A&amp;&lt;" number="1"/>\n  </fields>\n</fix>\n'
    )


def test_what_is_missing_is_told(source, tmp_path):
    (source / "spec" / "FIX43.xml").unlink()
    done = run(source, tmp_path / "out")
    assert (done.returncode, "FIX43.xml does not exist" in done.stderr) == (1, True)
    empty = tmp_path / "empty.tar.gz"
    with tarfile.open(empty, "w:gz") as file:
        file.addfile(tarfile.TarInfo("x"), io.BytesIO())
    assert "holds no spec/FIX40.xml" in run(empty, tmp_path / "out").stderr
