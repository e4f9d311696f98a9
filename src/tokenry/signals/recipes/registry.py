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
        _recipe("titok-proxy", "titok_proxy:TWO_STAGES",
                "Yu et al. 2024, arXiv:2406.07550", "S022"),
        _recipe("ta-titok", "ta_titok:TEXT_AWARE", "Kim et al. 2025, arXiv:2501.07730", "S022"),
        _recipe("flextok", "flextok:FLEXIBLE", "Bachmann et al. 2025, arXiv:2502.13967", "S023"),
        _recipe("karl", "karl:HALTING", "Duggal et al. 2025, arXiv:2507.07995", "S046"),
        _recipe("retok", "retok:PADDED", "Fu et al. 2026, arXiv:2601.01535", "S078"),
        _recipe("textok", "textok:GUIDED", "Zha et al. 2024, arXiv:2412.05796", "S000"),
        _recipe("tokenflow", "tokenflow:SHARED_INDEX", "Qu et al. 2024, arXiv:2412.03069", "S105"),
        _recipe("uniflow", "uniflow:PIXEL_FLOW", "Yue et al. 2025, arXiv:2510.10575", "S084"),
        _recipe("ett", "ett:TUNED", "Wang et al. 2025, arXiv:2505.10562", "S072"),
        _recipe("gpstoken", "gpstoken:GAUSSIANS", "Zhang et al. 2025, arXiv:2509.01109", "S075"),
        _recipe("seed", "seed:PLANTED", "Ge et al. 2023, arXiv:2307.08041", "S107"),
        _recipe("slot-mllm", "slot_mllm:SHARED_OUT", "Chi et al. 2025, arXiv:2505.17726", "S010"),
        _recipe("lavit", "lavit:SELECTED", "Jin et al. 2023, arXiv:2309.04669", "S016"),
        _recipe("vl-gpt", "vl_gpt:CONTINUOUS", "Zhu et al. 2023, arXiv:2312.09251", "S113"),
        _recipe("illume", "illume:ILLUMINATED", "Wang et al. 2024, arXiv:2412.06673", "S116"),
        _recipe("vistallm", "vistallm:INSTRUCTED", "Pramanick et al. 2023, arXiv:2312.12423",
                "S027"),
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
