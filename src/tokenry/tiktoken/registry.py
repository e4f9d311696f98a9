"""Encodings by name: the published ones, and those of plugins in ``tiktoken_ext``."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
import threading
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

from tokenry.arguments import is_set
from tokenry.errors import ArgumentError, UnsupportedError
from tokenry.tiktoken.core import Encoding
from tokenry.tiktoken.load import load_pieces
from tokenry.tiktoken.published import PUBLISHED

Constructor = Callable[[], Mapping[str, Any]]
ENCODINGS: Final[dict[str, Encoding]] = {}
"""Those that were asked for, by name."""
_PLUGINS: Final = "tiktoken_ext"
_OWN: Final = "tiktoken_ext.openai_public"  # the published encodings, which `PUBLISHED` has too
_lock = threading.RLock()


def get_encoding(
    encoding_name: str,
    *,
    folder: str | PathLike[str] | None = None,
    download: bool = False,
) -> Encoding:
    """The encoding of a name; asked for again, the same object.

    Args:
        encoding_name: one of `list_encoding_names`.
        folder: has the encoding's file; looked into before tiktoken's own cache
            (``TIKTOKEN_CACHE_DIR``, ``DATA_GYM_CACHE_DIR``, or ``data-gym-cache`` among the
            temporary files).
        download: fetch a published file that is found nowhere.

    Raises:
        ArgumentError: ``folder`` is no path, or ``download`` neither True nor False.
        UnsupportedError: a ValueError; no encoding has this name.
        FormatError: a ValueError; the file is not found, or is not the published one.
    """
    if not isinstance(encoding_name, str):
        raise UnsupportedError(
            f"encoding_name is {encoding_name!r}; expected a text, one of {list_encoding_names()}"
        )
    if not isinstance(folder, str | PathLike | None):
        raise ArgumentError(f"folder {folder!r:.80}; expected a path or None")
    is_set(download, "download")
    with _lock:
        known = ENCODINGS.get(encoding_name)
        if known is None:
            known = _make(encoding_name, folder, download)
            ENCODINGS[encoding_name] = known
        return known


def list_encoding_names() -> list[str]:
    """All names: published encodings, then those of installed plugins."""
    return [*PUBLISHED, *_plugins()]


def _make(name: str, folder: str | PathLike[str] | None, download: bool) -> Encoding:
    published = PUBLISHED.get(name)
    if published is not None:
        place = None if folder is None else Path(folder)
        pieces = load_pieces(published, place, download=download)
        return Encoding.of_pieces(
            name,
            published.known.pattern,
            pieces,
            published.known.special_tokens,
            found_again=folder is None,
        )
    plugin = _plugins().get(name)
    if plugin is None:
        raise UnsupportedError(
            f"no encoding is named {name!r}; there are {', '.join(list_encoding_names())}"
        )
    return Encoding(**plugin())


@functools.cache
def _plugins() -> Mapping[str, Constructor]:
    """Constructors of the modules in the namespace package ``tiktoken_ext``."""
    package = importlib.util.find_spec(_PLUGINS)
    places = None if package is None else package.submodule_search_locations
    found: dict[str, Constructor] = {}
    for module in pkgutil.iter_modules(places or (), f"{_PLUGINS}."):
        if module.name == _OWN:
            continue
        constructors = getattr(importlib.import_module(module.name), "ENCODING_CONSTRUCTORS", None)
        if constructors is None:
            raise UnsupportedError(f"the plugin {module.name} defines no ENCODING_CONSTRUCTORS")
        twice = [name for name in constructors if name in found or name in PUBLISHED]
        if twice:
            raise UnsupportedError(f"the plugin {module.name} defines {twice} a second time")
        found.update(constructors)
    return found
