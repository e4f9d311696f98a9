"""The recipes: a line each."""

from __future__ import annotations

from typing import Final

from tokenry.errors import SignalError
from tokenry.registry import Entry, Registry
from tokenry.signals.recipe import SignalRecipe

_ROOM = "tokenry.signals.recipes"

_SURVEY = "Li et al. 2025, arXiv:2507.22920"


def _recipe(name: str, target: str, source: str, *systems: str) -> Entry[SignalRecipe]:
    return Entry(name, f"{_ROOM}.{target}", source, systems, extra="neural")


RECIPES: Final[Registry[SignalRecipe]] = Registry(
    "recipe",
    (
        _recipe("titok", "titok:ONE_STAGE", "Yu et al. 2024, arXiv:2406.07550", "S022"),
        _recipe("one-d-piece", "one_d_piece:ONE_D_PIECE", "Miwa et al. 2025, arXiv:2501.10064",
                "S093"),
        _recipe("vq", "quantizers:VQ", _SURVEY, "S017"),
        _recipe("residual", "quantizers:RESIDUAL", _SURVEY, "S017"),
        _recipe("product", "quantizers:PRODUCT", _SURVEY, "S017"),
        _recipe("additive", "quantizers:ADDITIVE", _SURVEY, "S017"),
        _recipe("fsq", "quantizers:FSQ", _SURVEY, "S017"),
        _recipe("lfq", "quantizers:LFQ", _SURVEY, "S017"),
        _recipe("bsq", "quantizers:BSQ", _SURVEY, "S017"),
        _recipe("anchors", "quantizers:ANCHORS", _SURVEY, "S017"),
        _recipe("t2t", "t2t:SOFT_SPLIT", "Yuan et al. 2021, arXiv:2101.11986", "S066"),
        _recipe("duoformer", "duoformer:SCALES_AND_PATCHES", "Tang et al. 2024, arXiv:2407.13920",
                "S003"),
        _recipe("cellvta", "cellvta:WITH_DETAILS", "Yang et al. 2025, arXiv:2504.00784", "S002"),
        _recipe("elm", "elm:BINARY_AUTOENCODER", "Wang et al. 2024, arXiv:2410.16257", "S108"),
        _recipe("vitok", "vitok:SCALED_AUTOENCODER",
                "Hansen-Estruch et al. 2025, arXiv:2501.09755", "S111"),
        _recipe("robusttok", "robusttok:PERTURBED", "Qiu et al. 2025, arXiv:2503.08354", "S043"),
        _recipe("instella", "instella:BINARY_LATENTS", "Instella-T2I 2025, arXiv:2506.21022",
                "S091"),
        _recipe("fqgan", "fqgan:FACTORIZED", "Bai et al. 2024, arXiv:2411.16681", "S009"),
    ),
    error=SignalError,
)  # fmt: skip
