"""Missing packages are named with the extra that brings them."""

from __future__ import annotations

import pytest

from tokenry.errors import MissingExtraError
from tokenry.extras import importing, require


def test_gives_the_module() -> None:
    assert require("json", "study", "reading").loads("1") == 1


def test_names_package_extra_and_purpose() -> None:
    with pytest.raises(MissingExtraError, match=r"a plot needs the package 'no_such'.*\[study\]"):
        require("no_such.part", "study", "a plot")


def test_what_is_no_missing_package_comes_through() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"tokenry\.no_such"), importing("study", "it"):
        import tokenry.no_such  # noqa: F401
    with pytest.raises(ModuleNotFoundError), importing(None, "it"):
        import no_such_module_anywhere  # noqa: F401
