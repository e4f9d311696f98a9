"""Routers on disk: a folder with ``config.json`` and ``model.safetensors``.

The rows by which the small model reads ids are not in it: they are read off the model that a router
is opened for, which has to be the one that it was trained for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from tokenry.decoding.generation.routing.learnt import LearntRouter, RouterNetwork, RouterSizes
from tokenry.decoding.generation.routing.making import rows_of_ids
from tokenry.errors import ModelError
from tokenry.json_data import plain, typed
from tokenry.models.causal import CausalModel
from tokenry.neural.saving import CONFIG, WEIGHTS, read_tensors, write_tensors
from tokenry.results import read_result, write_result

FORMAT: Final = "tokenry-router"
VERSION: Final = 1
ROWS: Final = "rows"


def save_router(router: LearntRouter, folder: str | os.PathLike[str]) -> Path:
    """Write a router; gives the folder."""
    folder, network = Path(folder), router.network
    tensors = {name: each for name, each in network.state_dict().items() if name != ROWS}
    write_tensors(folder / WEIGHTS, tensors)
    facts = {
        "threshold": router.threshold,
        "sizes": plain(network.sizes),
        "ids": len(network.state_dict()[ROWS]),
        "hidden": network.of_hidden.in_features,
    }
    write_result(folder / CONFIG, facts, format=FORMAT, version=VERSION)
    return folder


def open_router(folder: str | os.PathLike[str], small: CausalModel) -> LearntRouter:
    """The router of a folder, for the small model that it was trained for.

    Raises:
        ModelError: it holds no router, or one for a model of other sizes.
    """
    import torch

    folder = Path(folder)
    if not (folder / CONFIG).is_file():
        raise ModelError(f"{folder} holds no router: there is no {CONFIG} in it")
    remedy = "make a router with `tokenry decoding train-router`"
    facts = read_result(
        folder / CONFIG, format=FORMAT, version=VERSION, remedy=remedy, error=ModelError
    )
    found = small.start([[0]], logits="none", hidden=[small.layers]).hidden[small.layers].shape[-1]
    if (facts["ids"], facts["hidden"]) != (small.input_rows, found):
        raise ModelError(
            f"{folder} is for a small model of {facts['ids']:,} ids and vectors of "
            f"{facts['hidden']}, and this one has {small.input_rows:,} and {found}; {remedy}"
        )
    rows = rows_of_ids(small)
    network = RouterNetwork(typed(RouterSizes, facts["sizes"]), facts["hidden"], rows)
    tensors = {**read_tensors(folder / WEIGHTS), ROWS: torch.from_numpy(np.asarray(rows))}
    network.load_state_dict(tensors)
    return LearntRouter(network.eval(), float(facts["threshold"]))
