"""Names of a package that are imported when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """What a package assigns to ``__getattr__``, so that importing it costs next to nothing.

    Args:
        package: its ``__name__``.
        homes: by module, the names that it defines, between spaces; a module that begins with a
            dot is in the package.
    """
    known = {name: module for module, names in homes.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in known:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(known[name], package), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
