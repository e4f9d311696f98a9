"""The embeddings of a checkpoint, by the names that its files give them."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError, UnsupportedError
from tokenry.transfer.architecture import row_tensors
from tokenry.transfer.model_folder import ModelFolder


@dataclass(frozen=True, eq=False)
class Embeddings:
    """Rows of ids.

    Attributes:
        input: shape (ids, width).
        output: of the logits; None where the model has the input's.
    """

    input: NDArray[np.float32]
    output: NDArray[np.float32] | None


def read_embeddings(folder: str | os.PathLike[str]) -> Embeddings:
    """Read them; no other weights are.

    Raises:
        ModelError: the folder has no embeddings under the names of its architecture.
        MissingExtraError: torch or transformers are not installed.
    """
    try:
        found = row_tensors(ModelFolder.open(folder))
    except (ModelError, UnsupportedError) as error:
        raise ModelError(
            f"{folder} has no named embeddings: {error} (without model= a tokenizer is scanned "
            "alone)"
        ) from error
    output = None if found.tied else found.matrices["output"].floats()
    return Embeddings(found.matrices["input"].floats(), output)
