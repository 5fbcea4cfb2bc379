"""The compiled form on disk: used when whole and made from the same bytes, made again otherwise, never needed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from dictionary_samples import write_dictionary

from purefix_core.dictionary import cache
from purefix_core.dictionary.compiled import CompiledDictionary
from purefix_core.dictionary.loader import load_dictionary

FIELD = "<field number='54' name='Side' type='CHAR'><value enum='1' description='BUY'/></field>"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    return tmp_path / "xdg" / "purefix" / "dictionaries"


def no_compiling(monkeypatch):
    def refuse(*_):
        raise AssertionError("compiled again")

    monkeypatch.setattr("purefix_core.dictionary.xml_source.read_xml", refuse)


def test_second_load_reads_the_cache(tmp_path, folder, monkeypatch):
    path = write_dictionary(tmp_path, FIELD)
    first = load_dictionary(path)
    assert [entry.suffix for entry in folder.iterdir()] == [".bin"]
    no_compiling(monkeypatch)
    again = load_dictionary(path)
    assert again.field(54) == first.field(54)
    assert again.issues == first.issues


def test_a_changed_file_is_compiled_again(tmp_path, folder):
    load_dictionary(write_dictionary(tmp_path, FIELD))
    changed = load_dictionary(write_dictionary(tmp_path, FIELD.replace("BUY", "KAUF")))
    assert changed.field(54).values["1"] == "KAUF"
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:20],
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: content[:8] + b"\xff" + content[9:],
        lambda content: b"\0" * len(content),
    ],
)
def test_a_damaged_cache_file_is_replaced(tmp_path, folder, damage):
    path = write_dictionary(tmp_path, FIELD)
    load_dictionary(path)
    (cached,) = folder.iterdir()
    whole = cached.read_bytes()
    cached.write_bytes(damage(whole))
    assert load_dictionary(path).field(54).name == "Side"
    assert cached.read_bytes() == whole


def test_a_compiled_form_of_another_file_is_refused(tmp_path, folder):
    path = write_dictionary(tmp_path, FIELD)
    load_dictionary(path)
    (cached,) = folder.iterdir()
    with pytest.raises(ValueError, match="another source"):
        CompiledDictionary(cached.read_bytes(), b"\0" * 32)


def test_without_a_usable_cache_folder(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))
    assert load_dictionary(write_dictionary(tmp_path, FIELD)).field(54).name == "Side"
    monkeypatch.setattr(cache, "cache_folder", lambda: None)
    assert load_dictionary(write_dictionary(tmp_path, FIELD)).field(54).name == "Side"


def test_a_failed_write_leaves_nothing_behind(tmp_path, folder, monkeypatch):
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    assert load_dictionary(write_dictionary(tmp_path, FIELD)).field(54).name == "Side"
    assert list(folder.iterdir()) == []


def test_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/not/allowed")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / ".cache" / "purefix"


def test_a_file_of_absurd_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MAX_FILE_SIZE", 10)
    with pytest.raises(cache.DictionaryError, match="too many for a dictionary"):
        load_dictionary(write_dictionary(tmp_path, FIELD))


def test_lxml_is_not_imported_when_the_cache_has_it():
    script = (
        "import sys; from purefix_core.dictionary.standard import standard; standard('FIX42').message('D').members;"
        "print('lxml' in sys.modules)"
    )
    answers = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout for _ in "12"]
    assert answers[1] == "False\n"
