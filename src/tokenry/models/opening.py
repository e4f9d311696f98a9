"""Anything that can be read as a causal model, by one call."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tokenry.arguments import checked
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models.causal import CausalModel
from tokenry.models.network import Memory, Network
from tokenry.models.reader import Reader
from tokenry.models.recomputing import Recomputing
from tokenry.models.registry import ADAPTERS, MODULES


@checked
def causal_model(
    source: Any, *, cache: bool | None = None, dtype: str = "auto", device: str = "cpu"
) -> CausalModel:
    """A model behind the protocol of `tokenry.models.causal.CausalModel`.

    Args:
        source: a folder of a model of transformers or of `tokenry.neural`; or such a model; or an
            `tokenry.models.enumerable.Enumerable`; or a `tokenry.models.network.Network`.
        cache: whether keys and values are kept; None: where the model can. Without, each call reads
            everything again.
        dtype: of the weights that are read from a folder, by torch's name; "auto": as they are.
        device: where they go.

    Raises:
        ModelError: there is no model, or none that we know.
        UnsupportedError: a cache was asked for, and the model cannot go on from one.
        MissingExtraError: torch or transformers are not installed.
    """
    network = _network(source, dtype, device)
    if network.why_uncached is not None and cache:
        raise UnsupportedError(f"this model is read without a cache: {network.why_uncached}")
    if network.why_uncached is not None or cache is False:
        return Reader(network, Recomputing())
    from tokenry.models.caching import Caching

    memory: Memory = Caching()
    return Reader(network, memory)


def _network(source: Any, dtype: str, device: str) -> Network:
    if isinstance(source, str | os.PathLike):
        folder = Path(source)
        opened: Network = ADAPTERS.load(_kind_of(folder)).open(folder, dtype=dtype, device=device)
        return opened
    for kind in type(source).__mro__:
        for module, name in MODULES.items():
            if kind.__module__ == module or kind.__module__.startswith(f"{module}."):
                made: Network = ADAPTERS.load(name)(source)
                return made
    if hasattr(source, "read") and hasattr(source, "why_uncached"):
        own: Network = source
        return own
    raise ModelError(
        f"{type(source).__name__} is no causal model; expected a folder, a model of transformers "
        "or of tokenry.neural, or an Enumerable"
    )


def _kind_of(folder: Path) -> str:
    """The adapter that reads a folder."""
    config = folder / "config.json"
    if not config.is_file():
        raise ModelError(f"{folder} holds no model: there is no config.json in it")
    content = json.loads(config.read_bytes())
    return "small" if content.get("format") == "tokenry part" else "transformers"
