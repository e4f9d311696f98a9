"""Files of codes: safetensors, whose metadata say what they are; specified in docs/signals.md.

Each tensor has the smallest integer type that its levels fit into; nothing is pickled.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.extras import require
from tokenry.files import write_atomically
from tokenry.signals.codes import Codes

FORMAT: Final = "tokenry codes"
VERSION: Final = 1


def write_codes(codes: Codes, path: str | os.PathLike[str]) -> None:
    """Write codes, whole or not at all."""
    tensors = {"values": _small(codes.values, max(codes.levels)), "lengths": codes.lengths}
    if codes.places is not None:
        tensors["places"] = _small(codes.places, codes.layout)
    if codes.beside is not None:
        tensors["beside"] = codes.beside
    facts = {
        "levels": list(codes.levels),
        "layout": codes.layout,
        "fixed": codes.fixed,
        "losses": dict(codes.losses),
        "names": list(codes.names),
    }
    head = {
        "format": FORMAT, "version": str(VERSION), "codec": codes.codec, "facts": json.dumps(facts)
    }  # fmt: skip
    save = require("safetensors.numpy", "neural", "writing codes").save
    contiguous = {name: np.ascontiguousarray(each) for name, each in tensors.items()}
    write_atomically(path, save(contiguous, metadata=head))


def read_codes(path: str | os.PathLike[str]) -> Codes:
    """Read what `write_codes` wrote.

    Raises:
        SignalError: the file is none of these, of another version, or its content does not fit.
    """
    head, tensors = _read(Path(path))
    if head.get("format") != FORMAT:
        raise SignalError(f"{path} is not of the format {FORMAT!r}; encode the signals again")
    if head.get("version") != str(VERSION):
        raise SignalError(
            f"{path} has version {head.get('version')} of {FORMAT}, expected {VERSION}; encode the "
            "signals again"
        )
    try:
        facts = json.loads(head["facts"])
        lengths, values = tensors["lengths"].astype(np.int64), tensors["values"].astype(np.int64)
        places = tensors.get("places")
        return Codes(
            values,
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            tuple(int(each) for each in facts["levels"]),
            int(facts["layout"]),
            places=None if places is None else places.astype(np.int64),
            fixed=bool(facts["fixed"]),
            beside=tensors.get("beside"),
            losses=facts["losses"],
            names=tuple(facts["names"]),
            codec=head["codec"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = error if isinstance(error, SignalError) else f"{type(error).__name__}: {error}"
        raise SignalError(f"{path} is damaged: {reason}") from None


def _read(path: Path) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    safetensors = require("safetensors", "neural", "reading codes")
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            names = list(file.keys())
            return dict(file.metadata() or {}), {name: file.get_tensor(name) for name in names}
    except safetensors.SafetensorError as error:
        raise SignalError(f"{path} is no whole file of codes: {error}") from None


def _small(values: NDArray[np.int64], levels: int) -> NDArray[Any]:
    """The same in the smallest unsigned type that has so many levels."""
    for kind in (np.uint8, np.uint16, np.uint32):
        if levels <= np.iinfo(kind).max + 1:
            return values.astype(kind)
    return values
