"""Residual codebooks against vector-quantize-pytorch, FSQ against the module of FlexTok's authors.

``TOKENRY_REPOSITORIES`` names a folder with a clone of ml-flextok.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.signals.bottlenecks.fsq import Fsq  # noqa: E402
from tokenry.signals.bottlenecks.residual import Residual  # noqa: E402
from tokenry.signals.bottlenecks.vq import Vq  # noqa: E402

FLEXTOK = Path(os.environ.get("TOKENRY_REPOSITORIES", "repositories")) / "ml-flextok"


def latents(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


@pytest.mark.parametrize("shared", [False, True])
def test_residual_agrees_with_vector_quantize_pytorch(shared: bool) -> None:
    theirs = pytest.importorskip("vector_quantize_pytorch").ResidualVQ
    module = Residual(leaf=Vq(codes=16, size=6), depth=3, shared=shared).build().eval()
    other = theirs(
        dim=6, codebook_size=16, num_quantizers=3, shared_codebook=shared, rotation_trick=False
    ).eval()
    with torch.no_grad():
        for depth, leaf in enumerate(module.leaves):
            leaf.book.table.copy_(latents(16, 6, seed=depth) / 2**depth)
        for depth, layer in enumerate(other.layers):
            layer._codebook.embed.copy_(module.leaves[0 if shared else depth].book.table[None])
    x = latents(2, 40, 6, seed=9)
    found = module(x, 1.0)
    vectors, codes, _ = other(x)
    assert torch.equal(found.codes, codes)
    torch.testing.assert_close(found.vectors, vectors, atol=1e-5, rtol=1e-5)
    again = module.part.vectors(module, found.codes)
    torch.testing.assert_close(again, other.get_output_from_indices(codes), atol=1e-5, rtol=1e-5)


def test_fsq_agrees_with_the_authors_of_flextok() -> None:
    folder = FLEXTOK / "flextok"
    if not (folder / "regularizers" / "quantize_fsq.py").is_file():
        pytest.skip("no clone of ml-flextok in TOKENRY_REPOSITORIES")
    names = ("flextok", "flextok.model", "flextok.model.utils", "flextok.regularizers")
    for name in names:  # without what their __init__ imports
        package = ModuleType(name)
        package.__path__ = [str(FLEXTOK.joinpath(*name.split(".")))]
        sys.modules[name] = package
    theirs = import_module("flextok.regularizers.quantize_fsq").FSQ
    x = latents(3, 200, 6) * 2
    digits = (8, 8, 8, 5, 5, 5)  # the published levels
    module = theirs("z", "q", "ids", list(digits), packed_call=False).eval()
    with torch.no_grad():
        given = module({"z": x})
    found = Fsq(digits=digits).build().eval()(x, 1.0)
    assert torch.equal(found.codes[..., 0], given["ids"])
    torch.testing.assert_close(found.vectors, given["q"], atol=1e-4, rtol=0)
    whole = module.indices_to_embedding(given["ids"])
    torch.testing.assert_close(Fsq(digits=digits).vectors(module, found.codes), whole)
