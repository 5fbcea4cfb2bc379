"""Write purefix_core/dictionaries/*.xml from the source distribution of QuickFIX, in a formatting of our own.

    python tools/import_dictionaries.py quickfix-1.16.0.tar.gz

takes the archive or the folder it was unpacked into. What is carried over: tags, names, types, enum values,
membership and required flags. Elements keep their order, attributes are sorted, the indent is two blanks, and
comments are dropped, so that the same source always gives the same bytes and a diff is readable.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

NAMES = ("FIX40", "FIX41", "FIX42", "FIX43", "FIX44", "FIX50", "FIX50SP1", "FIX50SP2", "FIXT11")
TARGET = Path(__file__).resolve().parent.parent / "purefix_core" / "dictionaries"


def read_spec(source: Path, name: str) -> bytes:
    """The bytes of spec/<name>.xml in an archive or an unpacked folder; KeyError where it is absent."""
    if source.is_dir():
        path = source / "spec" / f"{name}.xml"
        if not path.is_file():
            raise KeyError(f"{path} does not exist")
        return path.read_bytes()
    with tarfile.open(source) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(f"/spec/{name}.xml"):
                file = archive.extractfile(member)
                if file is not None:
                    return file.read()
    raise KeyError(f"{source} holds no spec/{name}.xml")


def canonical(content: bytes) -> str:
    """The XML text of a dictionary in the canonical formatting."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *_lines(etree.fromstring(content, parser), ""), ""))


def _lines(element: etree._Element, indent: str) -> Iterator[str]:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in sorted(element.attrib.items()))
    if not len(element):
        yield f"{indent}<{element.tag}{attributes}/>"
        return
    yield f"{indent}<{element.tag}{attributes}>"
    for child in element:
        yield from _lines(child, indent + "  ")
    yield f"{indent}</{element.tag}>"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=Path, help="quickfix-*.tar.gz or the folder it was unpacked into")
    arguments.add_argument("--target", type=Path, default=TARGET, help="folder to write to (the package's own)")
    options = arguments.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        try:
            text = canonical(read_spec(options.source, name))
        except (KeyError, OSError, tarfile.TarError, etree.XMLSyntaxError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        (options.target / f"{name}.xml").write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}.xml  {len(text):,} characters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
