"""Optional dependencies: imported where they are used, named where they are missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from tokenry.errors import MissingExtraError


@contextmanager
def importing(extra: str | None, purpose: str) -> Iterator[None]:
    """Turn a failed import of another package into an error that names the extra.

    Args:
        extra: the extra of tokenry that installs what is imported; None leaves errors as they are.
        purpose: what the package is needed for.

    Raises:
        MissingExtraError: a package that is not part of tokenry is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if extra is None or package in ("", "tokenry") or isinstance(error, MissingExtraError):
            raise
        raise MissingExtraError(package, extra, purpose) from None


def require(module: str, extra: str, purpose: str) -> Any:
    """Import an optional dependency.

    Raises:
        MissingExtraError: it is not installed; the message names the extra that brings it.
    """
    with importing(extra, purpose):
        return import_module(module)
