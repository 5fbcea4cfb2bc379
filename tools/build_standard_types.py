"""Builds the distribution purefix-standard-types: generated packages for FIX 4.4 and 5.0 SP2 (`make standard-types`).

    python tools/build_standard_types.py [FOLDER]

Puts a wheel into FOLDER (dist by default). Once it is installed, the packages are imported as
`purefix_types.fix44` and `purefix_types.fix50sp2`, with or without a registry. `purefix_types` has no module of its
own, so that other distributions may add dialects to it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from purefix_core.registry.dialects import Dialects
from purefix_core.types.generator.package import generate_package

ROOT = Path(__file__).resolve().parents[1]
DIALECTS = ("fix44", "fix50sp2")

_PROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "purefix-standard-types"
version = "{version}"
description = "Typed messages of FIX 4.4 and FIX 5.0 SP2 for PureFix"
requires-python = ">=3.11"
license = "MIT"
license-files = ["LICENSE", "NOTICE"]
dependencies = ["purefix=={version}"]

[tool.setuptools.packages.find]
include = ["purefix_types*"]
namespaces = true

[tool.setuptools.package-data]
"*" = ["py.typed"]
"""


def build(target: Path) -> Path:
    """Generate the packages and build a wheel of them in `target`; its path."""
    target.mkdir(parents=True, exist_ok=True)
    dialects = Dialects.standard()
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        for name in DIALECTS:
            generate_package(dialects.load_definitions(name), project, f"purefix_types.{name}")
        (project / "pyproject.toml").write_text(_PROJECT.format(version=version("purefix")), encoding="utf-8")
        for name in ("LICENSE", "NOTICE"):
            (project / name).write_bytes((ROOT / name).read_bytes())
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--wheel-dir", str(target.resolve()), str(project)], check=True)
    return next(target.glob(f"purefix_standard_types-{version('purefix')}-*.whl"))


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
