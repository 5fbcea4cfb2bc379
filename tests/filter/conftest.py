"""Filters are tested with the native module and without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from purefix_core.wire import native


@pytest.fixture(autouse=True, scope="module", params=["native", "python"])
def native_or_python(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.param == "native":
        if native.module is None:
            pytest.skip(f"no native module: {native.why_absent}")
        yield
    else:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(native, "module", None)
            yield
